import { type BigIntStats } from 'node:fs';
import { type FileHandle, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Readable } from 'node:stream';
import { AppError } from '#kernel';
import { StorageError } from './errors.js';
import {
  checkId,
  hashOf,
  readFileStream,
  remove,
  sealHashed,
  sweepFolder,
  syncFolder,
  systemCode,
  takeOver,
  temporaryName,
  writeHashed,
} from './files.js';
import { type BlobStore, type ByteRange, type LocalFile } from './types.js';

const STALE_MS = 3_600_000;
const KNOWN_MAX = 10_000;
/** Two writes within one tick of the file system's clock leave the same time behind. */
const CLOCK_TICK_NS = 100_000_000n;

/** Changes whenever the file's content could have changed: ctime cannot be set back. */
function stampOf(info: BigIntStats): string {
  return [info.dev, info.ino, info.size, info.mtimeNs, info.ctimeNs].join(':');
}

function wrap(error: unknown): AppError {
  // Among them what the source of a put throws, such as an upload that is too large.
  if (error instanceof AppError) return error;
  if (systemCode(error) === 'ENOENT') return new StorageError('blob_not_found', 'There is no such blob.', error);
  return new StorageError('storage_unavailable', 'The blob store cannot be used now; try again later.', error);
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw wrap(error);
  }
}

/** Checks a range against the blob's size. */
export function clampRange(range: ByteRange, bytes: number): { start: number; end: number } {
  const { start, end = bytes - 1 } = range;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || start >= bytes || end < start) {
    throw new StorageError('range_invalid', `The range is outside the blob of ${bytes} bytes.`);
  }
  return { start, end: Math.min(end, bytes - 1) };
}

/** Blobs as files `blobs/ab/cd/<sha256>`, written to `tmp/` first and moved into place when they are on the disk. */
export class FsBlobStore implements BlobStore {
  /** Stamp of each blob at the time its hash was found right. */
  private readonly known = new Map<string, string>();
  private readonly checking = new Map<string, Promise<boolean>>();
  private started: Promise<unknown> | null = null;

  constructor(private readonly dir: string) {}

  put(source: AsyncIterable<Uint8Array> | string, options: { move?: boolean } = {}) {
    return guarded(async () => {
      await this.start();
      const temporary = join(this.dir, 'tmp', temporaryName());
      try {
        const written = await this.write(temporary, source, options.move === true);
        const target = this.pathOf(written.sha256);
        await mkdir(dirname(target), { recursive: true, mode: 0o700 });
        await rename(temporary, target);
        await syncFolder(dirname(target));
        return written;
      } finally {
        await remove(temporary);
      }
    });
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.stat(sha256)) !== null;
  }

  stat(sha256: string): Promise<{ bytes: number } | null> {
    return guarded(async () => {
      try {
        return { bytes: (await stat(this.pathOf(sha256))).size };
      } catch (error) {
        if (systemCode(error) === 'ENOENT') return null;
        throw error;
      }
    });
  }

  open(sha256: string, range?: ByteRange): Promise<Readable> {
    return this.withVerified(sha256, async (file, bytes) => {
      const { start, end } = range ? clampRange(range, bytes) : { start: 0, end: bytes - 1 };
      // A stream cannot end before it starts: of an empty blob the byte that is not there is read.
      return file.createReadStream({ start, end: Math.max(start, end), highWaterMark: 1 << 18 });
    });
  }

  async localPath(sha256: string): Promise<LocalFile> {
    await this.withVerified(sha256, (file) => file.close());
    return { path: this.pathOf(sha256), release: () => Promise.resolve() };
  }

  async verify(sha256: string): Promise<boolean> {
    try {
      await this.withVerified(sha256, (file) => file.close());
      return true;
    } catch (error) {
      if (error instanceof StorageError && ['blob_corrupt', 'blob_not_found'].includes(error.code)) return false;
      throw error;
    }
  }

  async delete(sha256: string): Promise<void> {
    this.known.delete(sha256);
    await guarded(() => remove(this.pathOf(sha256)));
  }

  /** Where a blob lies, or would lie. */
  pathOf(sha256: string): string {
    checkId(sha256);
    return join(this.dir, 'blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
  }

  /** A fresh path on the same disk that is swept an hour after it was left behind. */
  async temporaryPath(): Promise<string> {
    await this.start();
    return join(this.dir, 'tmp', temporaryName());
  }

  private start(): Promise<unknown> {
    this.started ??= sweepFolder(join(this.dir, 'tmp'), STALE_MS).catch((error: unknown) => {
      this.started = null;
      throw error;
    });
    return this.started;
  }

  private async write(temporary: string, source: AsyncIterable<Uint8Array> | string, move: boolean) {
    if (typeof source !== 'string') return writeHashed(temporary, source);
    if (move && (await takeOver(source, temporary))) return sealHashed(temporary);
    const written = await writeHashed(temporary, readFileStream(source));
    if (move) await remove(source);
    return written;
  }

  /** Hands over an open file whose hash was checked; `use` has to close it unless it throws. */
  private withVerified<T>(sha256: string, use: (file: FileHandle, bytes: number) => Promise<T>): Promise<T> {
    return guarded(async () => {
      const file = await open(this.pathOf(sha256), 'r');
      try {
        const info = await file.stat({ bigint: true });
        if (!(await this.isIntact(sha256, file, info))) {
          throw new StorageError('blob_corrupt', 'The stored bytes are not the ones that were put there.');
        }
        return await use(file, Number(info.size));
      } catch (error) {
        await file.close();
        throw error;
      }
    });
  }

  private isIntact(sha256: string, file: FileHandle, info: BigIntStats): Promise<boolean> {
    const stamp = stampOf(info);
    if (this.known.get(sha256) === stamp) return Promise.resolve(true);
    const key = `${sha256} ${stamp}`;
    let check = this.checking.get(key);
    if (!check) {
      check = this.check(sha256, file, info).finally(() => this.checking.delete(key));
      this.checking.set(key, check);
    }
    return check;
  }

  private async check(sha256: string, file: FileHandle, before: BigIntStats): Promise<boolean> {
    const startedNs = BigInt(Date.now()) * 1_000_000n;
    const intact = (await hashOf(file)).sha256 === sha256;
    const after = await file.stat({ bigint: true });
    const settled = startedNs - before.ctimeNs > CLOCK_TICK_NS && stampOf(before) === stampOf(after);
    if (intact && settled) this.remember(sha256, stampOf(after));
    return intact;
  }

  private remember(sha256: string, stamp: string): void {
    this.known.delete(sha256);
    this.known.set(sha256, stamp);
    const [oldest] = this.known.keys();
    if (this.known.size > KNOWN_MAX && oldest) this.known.delete(oldest);
  }
}
