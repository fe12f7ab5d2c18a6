import { FsBlobStore } from './fs-store.js';
import { S3BlobStore } from './s3-store.js';
import { type BlobStore, type FsBlobConfig, type S3BlobConfig } from './types.js';

/** Opens the configured blob store. Nothing is touched before the first call of a method. */
export function createBlobStore(config: FsBlobConfig | S3BlobConfig): BlobStore {
  return config.kind === 'fs' ? new FsBlobStore(config.dir) : new S3BlobStore(config);
}
