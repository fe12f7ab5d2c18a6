import { type BlobStore, type FsBlobConfig, type S3BlobConfig } from './types.js';

/** Opens the configured blob store. Nothing is touched before the first call of a method. */
export function createBlobStore(_config: FsBlobConfig | S3BlobConfig): BlobStore {
  throw new Error('to be written');
}
