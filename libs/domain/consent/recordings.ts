import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { newStreamKey, openStream, sealStream, type Sealer } from '#platform/keys';
import type { BlobStore } from '#platform/storage';
import { ConsentError } from './errors.js';

/** Largest recording: a minute and a half at 5 Mbit/s and more. */
export const RECORDING_MAX_BYTES = 64_000_000;

const context = (id: string) => `recording:${id}`;

/** A recording under seal, in a file beside the one that was sent. */
export interface SealedRecording {
  path: string;
  /** The name that it will have in the store. */
  sha256: string;
  /** Its key, sealed with that of the enrolment. */
  key: string;
  discard(): Promise<void>;
}

/**
 * Seals a recording for its enrolment, piece by piece.
 * @param sealer of the enrolment
 * @throws ConsentError `recording_too_large`
 */
export async function sealRecording(
  sealer: Sealer,
  id: string,
  { path, bytes }: { path: string; bytes: number },
): Promise<SealedRecording> {
  if (bytes > RECORDING_MAX_BYTES) {
    const message = `A recording may have at most ${RECORDING_MAX_BYTES / 1e6} MB. Record it at a lower quality.`;
    throw new ConsentError('too_large', 'recording_too_large', message, { param: 'video' });
  }
  const key = newStreamKey();
  const hash = createHash('sha256');
  const sealed = `${path}.sealed`;
  const discard = () => rm(sealed, { force: true });
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of sealStream(key, createReadStream(path))) {
      hash.update(piece);
      yield piece;
    }
  }
  try {
    await pipeline(counted, createWriteStream(sealed, { flags: 'wx', mode: 0o600 }));
  } catch (e) {
    await discard();
    throw e;
  }
  return { path: sealed, sha256: hash.digest('hex'), key: sealer.seal(key, context(id)), discard };
}

/** Writes an opened recording to a path, readable by this user only. @throws StorageError, KeyError */
export async function openRecording(
  { sealer, blobs }: { sealer: Sealer; blobs: BlobStore },
  id: string,
  { sha256, key }: { sha256: string; key: string },
  path: string,
): Promise<void> {
  const sealed = await blobs.open(sha256);
  const fileKey = sealer.open(key, context(id));
  // Whatever ends the opening ends the reading.
  await pipeline(openStream(fileKey, sealed), createWriteStream(path, { flags: 'wx', mode: 0o600 })).finally(() =>
    sealed.destroy(),
  );
}
