export { once, readBlob } from './bytes.js';
export { createBlobStore } from './create.js';
export { StorageError } from './errors.js';
export { createScratch } from './scratch.js';
export type {
  BlobStore,
  ByteRange,
  FsBlobConfig,
  LocalFile,
  S3BlobConfig,
  ScratchFile,
  ScratchSpace,
} from './types.js';
