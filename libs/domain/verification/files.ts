import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Database, VerificationJob } from '#platform/database';
import type { BlobStore } from '#platform/storage';

/** SHA-256 of a file, 64 hex digits, and its length. @throws file system errors */
export async function hashFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).length;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Removes the report's files that a row names. */
export async function removeReport(blobs: BlobStore, row: VerificationJob): Promise<void> {
  const named = [row.jsonSha256, row.pdfSha256, row.bundleSha256].filter((one) => one !== null);
  await Promise.all(named.map((sha256) => blobs.delete(sha256)));
}

async function removeFiles(blobs: BlobStore, row: VerificationJob): Promise<void> {
  if (row.path) await rm(row.path, { force: true });
  await removeReport(blobs, row);
}

/** Deletes a verification with all its files; a worker that is at it notices. */
export async function erase(database: Database, blobs: BlobStore, row: VerificationJob): Promise<void> {
  await removeFiles(blobs, row);
  const { id } = row;
  const [last] = await database.$transaction([
    database.verificationJob.findUnique({ where: { id } }),
    database.verificationJob.deleteMany({ where: { id } }),
  ]);
  // Named meanwhile by a worker that was at it.
  if (last) await removeFiles(blobs, last);
}
