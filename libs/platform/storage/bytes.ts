import { type BlobStore } from './types.js';

/** Bytes in memory as a stream of one chunk, for stores that take streams. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** All bytes of a blob, for those that are small. @throws StorageError */
export async function readBlob(blobs: Pick<BlobStore, 'open'>, sha256: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await blobs.open(sha256)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
