import { link, readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { StorageError } from './errors.js';
import { checkId, remove } from './files.js';
import { FsBlobStore } from './fs-store.js';
import { S3Bucket } from './s3-client.js';
import { type BlobStore, type ByteRange, type LocalFile, type S3BlobConfig } from './types.js';

const PIN_TRIES = 5;
const CACHE_BYTES = 2 * 1024 ** 3;
/** Other processes may delete a blob: an unused local copy does not outlive it for long. */
const UNUSED_MS = 3_600_000;

/**
 * Blobs as objects named by their hash. Every byte that is served comes from a verified local copy, which is dropped
 * when the cache is full or the copy went unused for an hour.
 */
export class S3BlobStore implements BlobStore {
  private readonly bucket: S3Bucket;
  private readonly dir: string;
  private readonly local: FsBlobStore;
  private readonly used = new Map<string, number>();
  private readonly fetching = new Map<string, Promise<void>>();

  constructor(private readonly config: S3BlobConfig) {
    this.bucket = new S3Bucket(config);
    this.dir = config.cacheDir ?? join(tmpdir(), `imprimatur-blobs-${process.pid}`);
    this.local = new FsBlobStore(this.dir);
  }

  async put(source: AsyncIterable<Uint8Array> | string, options: { move?: boolean } = {}) {
    const written = await this.local.put(source, options);
    this.used.set(written.sha256, Date.now());
    const copy = await this.pin(written.sha256);
    try {
      await this.bucket.put(written.sha256, copy.path, written.bytes);
    } finally {
      await copy.release();
    }
    await this.prune(written.sha256);
    return written;
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.stat(sha256)) !== null;
  }

  async stat(sha256: string): Promise<{ bytes: number } | null> {
    checkId(sha256);
    return this.bucket.head(sha256);
  }

  async open(sha256: string, range?: ByteRange): Promise<Readable> {
    await this.ensure(sha256);
    return this.local.open(sha256, range);
  }

  async localPath(sha256: string): Promise<LocalFile> {
    await this.ensure(sha256);
    return this.pin(sha256);
  }

  /** Downloads the object again, whatever lies in the cache. */
  async verify(sha256: string): Promise<boolean> {
    checkId(sha256);
    try {
      await this.fetch(sha256);
      return true;
    } catch (error) {
      if (error instanceof StorageError && ['blob_corrupt', 'blob_not_found'].includes(error.code)) return false;
      throw error;
    }
  }

  async delete(sha256: string): Promise<void> {
    checkId(sha256);
    await this.bucket.delete(sha256);
    this.used.delete(sha256);
    await this.local.delete(sha256);
  }

  /** Sees to a verified local copy of an object that still exists. */
  private async ensure(sha256: string): Promise<void> {
    if (!(await this.has(sha256))) {
      await this.local.delete(sha256);
      throw new StorageError('blob_not_found', 'There is no such blob.');
    }
    this.used.set(sha256, Date.now());
    if (!(await this.local.verify(sha256))) await this.fetch(sha256);
  }

  /** A second name for the local copy, so that pruning cannot take it away from under its user. */
  private async pin(sha256: string): Promise<LocalFile> {
    const path = await this.local.temporaryPath();
    for (let tries = 1; ; tries++) {
      try {
        await link(this.local.pathOf(sha256), path);
        break;
      } catch (error) {
        // Another writer of the same content may put its copy in place of the one that was just looked up.
        if (tries < PIN_TRIES) continue;
        throw new StorageError('storage_unavailable', 'The local copy of a blob is gone; try again.', error);
      }
    }
    return {
      path,
      release: async () => {
        await remove(path);
      },
    };
  }

  private fetch(sha256: string): Promise<void> {
    let running = this.fetching.get(sha256);
    if (!running) {
      running = this.download(sha256).finally(() => this.fetching.delete(sha256));
      this.fetching.set(sha256, running);
    }
    return running;
  }

  private async download(sha256: string): Promise<void> {
    const got = await this.local.put((await this.bucket.get(sha256)) as AsyncIterable<Uint8Array>);
    if (got.sha256 !== sha256) {
      await this.local.delete(got.sha256);
      throw new StorageError('blob_corrupt', 'The stored bytes are not the ones that were put there.');
    }
    this.used.set(sha256, Date.now());
    await this.prune(sha256);
  }

  private async prune(keep: string): Promise<void> {
    const copies = await this.copies();
    let total = copies.reduce((sum, copy) => sum + copy.bytes, 0);
    for (const { sha256, bytes, usedAt } of copies) {
      if (total <= (this.config.cacheBytes ?? CACHE_BYTES) && usedAt > Date.now() - UNUSED_MS) return;
      if (sha256 === keep || this.fetching.has(sha256)) continue;
      await this.local.delete(sha256);
      this.used.delete(sha256);
      total -= bytes;
    }
  }

  /** Local copies, the longest unused first. */
  private async copies(): Promise<{ sha256: string; bytes: number; usedAt: number }[]> {
    const root = join(this.dir, 'blobs');
    const found: { sha256: string; bytes: number; usedAt: number }[] = [];
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
      const info = entry.isFile() ? await stat(join(entry.parentPath, entry.name)).catch(() => null) : null;
      if (info) found.push({ sha256: entry.name, bytes: info.size, usedAt: this.used.get(entry.name) ?? info.mtimeMs });
    }
    return found.sort((a, b) => a.usedAt - b.usedAt);
  }
}
