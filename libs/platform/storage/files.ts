import { createHash, randomBytes } from 'node:crypto';
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { StorageError } from './errors.js';

/** Error code of the operating system, `ENOENT` and the like. */
export function systemCode(thrown: unknown): string | undefined {
  const { code } = (thrown ?? {}) as { code?: unknown };
  return typeof code === 'string' ? code : undefined;
}

/** Refuses what is not 64 lower-case hex digits, so that an id can never name another file. */
export function checkId(sha256: string): void {
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw new StorageError('blob_id_invalid', 'A blob is named by the 64 lower-case hex digits of its SHA-256.');
  }
}

/** A fresh file name that starts with the time, so that leftovers can be told from files in use. */
export function temporaryName(now = Date.now()): string {
  return `${now}-${randomBytes(8).toString('hex')}`;
}

/** Writes all chunks to a new file, flushed to the disk, and gives hash and length. */
export async function writeHashed(
  path: string,
  source: AsyncIterable<Uint8Array>,
): Promise<{ sha256: string; bytes: number }> {
  const file = await open(path, 'wx', 0o600);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of source) {
      hash.update(chunk);
      bytes += chunk.byteLength;
      await writeAll(file, chunk);
    }
    await file.chmod(0o444);
    await file.sync();
    return { sha256: hash.digest('hex'), bytes };
  } finally {
    await file.close();
  }
}

async function writeAll(file: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.byteLength;) at += (await file.write(chunk, at)).bytesWritten;
}

/** Hash and length of an open file, flushed to the disk and made read-only. */
export async function sealHashed(path: string): Promise<{ sha256: string; bytes: number }> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    await file.chmod(0o444);
    const result = await hashOf(file);
    await file.sync();
    return result;
  } finally {
    await file.close();
  }
}

/** Hash and length of an open file, from its first byte. */
export async function hashOf(file: FileHandle): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false, highWaterMark: 1 << 20 })) {
    hash.update(chunk as Buffer);
    bytes += (chunk as Buffer).byteLength;
  }
  return { sha256: hash.digest('hex'), bytes };
}

/** Takes a file over by renaming it; false when it must be copied: another disk, a link, or a second name for it. */
export async function takeOver(path: string, target: string): Promise<boolean> {
  const info = await lstat(path);
  if (!info.isFile() || info.nlink !== 1) return false;
  try {
    await rename(path, target);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EXDEV') return false;
    throw error;
  }
}

/** Reads a file as a stream; a path that is missing shows as an error of the stream. */
export function readFileStream(path: string): AsyncIterable<Uint8Array> {
  return createReadStream(path, { highWaterMark: 1 << 20 });
}

/** Makes a rename durable. Some file systems cannot flush a folder; they need not. */
export async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  try {
    await folder.sync();
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR', 'ENOTSUP'].includes(systemCode(error) ?? '')) throw error;
  } finally {
    await folder.close();
  }
}

/** Removes a file; no error when it is gone already. */
export async function remove(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/**
 * Removes files that {@link temporaryName} named, parts of them among these, that nobody touched for that long; only
 * those whose names end so, where that is given. Gives their number.
 */
export async function sweepFolder(dir: string, olderThanMs: number, ending = ''): Promise<number> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const before = Date.now() - olderThanMs;
  let count = 0;
  for (const name of await readdir(dir)) {
    if (!name.endsWith(ending)) continue;
    const made = Number(/^(\d+)-[0-9a-f]{16}(\.[a-z0-9]+)*$/.exec(name)?.[1] ?? Infinity);
    const touched = made > before ? made : await lastWritten(join(dir, name));
    if (touched <= before && (await remove(join(dir, name)))) count++;
  }
  return count;
}

async function lastWritten(path: string): Promise<number> {
  // The second name of a blob has the blob's old time; only what is still being written is younger than its name.
  return (await stat(path).catch(() => null))?.mtimeMs ?? Infinity;
}
