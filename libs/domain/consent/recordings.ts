import { readFile, writeFile } from 'node:fs/promises';
import { sha256Hex } from '#kernel';
import type { Sealer } from '#platform/keys';
import type { BlobStore } from '#platform/storage';
import { ConsentError } from './errors.js';

/** Largest recording: a minute and a half at 5 Mbit/s and more. It is sealed in memory. */
export const RECORDING_MAX_BYTES = 64_000_000;

const context = (id: string) => `recording:${id}`;

/**
 * Seals a recording for its enrolment.
 * @returns bytes to store, and the name that they will have there
 * @throws ConsentError `recording_too_large`
 */
export async function sealRecording(
  sealer: Sealer,
  id: string,
  { path, bytes }: { path: string; bytes: number },
): Promise<{ sealed: Buffer; sha256: string }> {
  if (bytes > RECORDING_MAX_BYTES) {
    const message = `A recording may have at most ${RECORDING_MAX_BYTES / 1e6} MB. Record it at a lower quality.`;
    throw new ConsentError('too_large', 'recording_too_large', message, { param: 'video' });
  }
  const sealed = Buffer.from(sealer.seal(await readFile(path), context(id)), 'base64');
  return { sealed, sha256: sha256Hex(sealed) };
}

/** Writes an opened recording to a path, readable by this user only. @throws StorageError, KeyError */
export async function openRecording(
  { sealer, blobs }: { sealer: Sealer; blobs: BlobStore },
  id: string,
  sha256: string,
  path: string,
): Promise<void> {
  const sealed = await bytesOf(blobs, sha256);
  await writeFile(path, sealer.open(sealed.toString('base64'), context(id)), { flag: 'wx', mode: 0o600 });
}

/** All bytes of a blob. @throws StorageError */
export async function bytesOf(blobs: BlobStore, sha256: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await blobs.open(sha256)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A few bytes as the stream that a blob store takes. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
