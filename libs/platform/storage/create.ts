import { FsBlobStore } from './fs-store.js';
import { type BlobStore, type FsBlobConfig, type S3BlobConfig } from './types.js';

/** A store whose code is loaded when it is first used: the S3 client is large, and most deployments have none. */
function lazily(load: () => Promise<BlobStore>): BlobStore {
  let loading: Promise<BlobStore> | undefined;
  const store = () => (loading ??= load());
  return {
    put: async (source, options) => (await store()).put(source, options),
    has: async (sha256) => (await store()).has(sha256),
    stat: async (sha256) => (await store()).stat(sha256),
    open: async (sha256, range) => (await store()).open(sha256, range),
    localPath: async (sha256) => (await store()).localPath(sha256),
    verify: async (sha256) => (await store()).verify(sha256),
    delete: async (sha256) => (await store()).delete(sha256),
  };
}

/** Opens the configured blob store. Nothing is touched before the first call of a method. */
export function createBlobStore(config: FsBlobConfig | S3BlobConfig): BlobStore {
  if (config.kind === 'fs') return new FsBlobStore(config.dir);
  return lazily(async () => {
    const { S3BlobStore } = await import('./s3-store.js');
    return new S3BlobStore(config);
  });
}
