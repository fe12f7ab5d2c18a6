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

/** Columns of a row that name the files of its report. */
export const COLUMNS = { json: 'jsonSha256', pdf: 'pdfSha256', bundle: 'bundleSha256' } as const;

/** SHA-256 of the files of a report, by column. */
export type NamedFiles = Partial<Record<(typeof COLUMNS)[keyof typeof COLUMNS], string>>;

/** A row that names no files. */
export const NO_FILES = { jsonSha256: null, pdfSha256: null, bundleSha256: null };

function namedBy(row: VerificationJob): NamedFiles {
  const named = Object.values(COLUMNS).map((column) => [column, row[column]] as const);
  return Object.fromEntries(named.filter(([, sha256]) => sha256 !== null));
}

/** Removes the report's files that a row names. */
export async function removeReport(blobs: BlobStore, row: VerificationJob): Promise<void> {
  await Promise.all(Object.values(namedBy(row)).map((sha256) => blobs.delete(sha256)));
}

/** Progress of a row from when the files that it names are all in the store; before, they may be half there. */
export const FILED = 96;

/** The files of a row's report, once they were all stored; before that, what there is of them is removed. */
export async function storedFiles(blobs: BlobStore, row: VerificationJob): Promise<NamedFiles> {
  if (row.report !== null && row.progress >= FILED) return namedBy(row);
  await removeReport(blobs, row);
  return {};
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
