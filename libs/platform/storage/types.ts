import { type Readable } from 'node:stream';

/** First and last byte, both included, counted from 0; without `end`, to the last byte. */
export interface ByteRange {
  start: number;
  end?: number;
}

/** A file on this machine with exactly the blob's bytes; read only. Call `release` when done with it. */
export interface LocalFile {
  path: string;
  release: () => Promise<void>;
}

/**
 * Store of immutable bytes named by their SHA-256 (64 lower-case hex digits).
 * Every method throws StorageError: `blob_id_invalid`, `blob_not_found`, `blob_corrupt`, `range_invalid`,
 * `storage_unavailable`.
 */
export interface BlobStore {
  /** Stores a stream of bytes or the file at a path (copied; with `move` it is taken over where that is cheap, and gone after). */
  put(
    source: AsyncIterable<Uint8Array> | string,
    options?: { move?: boolean },
  ): Promise<{ sha256: string; bytes: number }>;
  has(sha256: string): Promise<boolean>;
  stat(sha256: string): Promise<{ bytes: number } | null>;
  /** Streams the blob or a part. The whole blob is verified first; nothing is served when its hash differs. */
  open(sha256: string, range?: ByteRange): Promise<Readable>;
  /** A verified file that workers can read; downloaded for S3. */
  localPath(sha256: string): Promise<LocalFile>;
  /** Hashes the stored bytes again; false when they differ or are missing. */
  verify(sha256: string): Promise<boolean>;
  /** Removes the blob; no error when there is none. */
  delete(sha256: string): Promise<void>;
}

/** Blobs in a folder of this machine. */
export interface FsBlobConfig {
  kind: 'fs';
  dir: string;
}

/** Blobs in an S3 bucket or a compatible store. */
export interface S3BlobConfig {
  kind: 's3';
  endpoint?: string;
  region: string;
  bucket: string;
  accessKeyId: string;
  secretAccessKey: string;
  forcePathStyle: boolean;
  /** Folder for verified local copies; a folder under the system's temporary one by default. */
  cacheDir?: string;
  /** Size at which unused local copies are dropped, oldest first. 2 GiB by default. */
  cacheBytes?: number;
}

/** A file that is not kept: delete it with `dispose`. */
export interface ScratchFile {
  path: string;
  dispose: () => Promise<void>;
}

/** Place for uploads that must not be kept. */
export interface ScratchSpace {
  /** A fresh path ending in `.<ext>`; the file does not exist yet and its folder does, readable by this user only. */
  file(ext: string): Promise<ScratchFile>;
  /** Deletes what is older than that many milliseconds, of one extension where one is named; gives the number of files. */
  sweep(olderThanMs: number, ext?: string): Promise<number>;
}
