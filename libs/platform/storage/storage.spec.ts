import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Readable } from 'node:stream';
import { AppError, projectRoot, sha256Hex, sleep } from '#kernel';
import { startStubS3, STUB_S3, type StubS3 } from '../../../tests/support/stub-s3.js';
import { type BlobStore, createBlobStore, createScratch, StorageError } from './index.js';

const root = mkdtempSync(join(tmpdir(), 'storage-spec-'));
let counter = 0;
const folder = () => join(root, String(counter++));
let s3: StubS3;

beforeAll(async () => {
  s3 = await startStubS3();
});
afterAll(async () => {
  await s3.close();
  rmSync(root, { recursive: true, force: true });
});

const openS3 = (more = {}) =>
  createBlobStore({ kind: 's3', endpoint: s3.endpoint, forcePathStyle: true, cacheDir: folder(), ...STUB_S3, ...more });

async function* chunksOf(data: Uint8Array, size = 50_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
}

async function read(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return error instanceof AppError ? error.code : String(error);
  }
  return 'no error';
}

function filesIn(dir: string): string[] {
  return existsSync(dir)
    ? readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((e) => (e.isFile() ? [e.name] : []))
    : [];
}

const stores: [string, () => BlobStore][] = [
  ['in a folder', () => createBlobStore({ kind: 'fs', dir: folder() })],
  ['in a bucket', () => openS3()],
];

describe.each(stores)('a blob store %s', (_, create) => {
  it('stores streams and files under their hash, and serves wholes and ranges', async () => {
    const store = create();
    const data = randomBytes(300_000);
    const sha256 = sha256Hex(data);
    expect([await store.has(sha256), await store.stat(sha256)]).toEqual([false, null]);
    expect(await store.put(chunksOf(data))).toEqual({ sha256, bytes: data.length });
    expect([await store.has(sha256), await store.stat(sha256)]).toEqual([true, { bytes: data.length }]);
    expect((await read(await store.open(sha256))).equals(data)).toBe(true);
    expect((await read(await store.open(sha256, { start: 1000, end: 1999 }))).equals(data.subarray(1000, 2000))).toBe(
      true,
    );
    expect((await read(await store.open(sha256, { start: 299_990 }))).equals(data.subarray(299_990))).toBe(true);
    expect((await read(await store.open(sha256, { start: 299_990, end: 1e9 }))).length).toBe(10);
    for (const range of [{ start: 300_000 }, { start: -1 }, { start: 5, end: 4 }, { start: 0.5 }]) {
      expect(await codeOf(store.open(sha256, range))).toBe('range_invalid');
    }

    const empty = await store.put(chunksOf(new Uint8Array(0)));
    expect(empty).toEqual({ sha256: sha256Hex(''), bytes: 0 });
    expect((await read(await store.open(empty.sha256))).length).toBe(0);

    const path = join(root, 'source.bin');
    writeFileSync(path, 'kept');
    const kept = await store.put(path);
    expect([existsSync(path), kept.sha256]).toEqual([true, sha256Hex('kept')]);
    await store.put(path, { move: true });
    expect(existsSync(path)).toBe(false);
    expect(String(await read(await store.open(kept.sha256)))).toBe('kept');
  });

  it('lends a file, verifies, deletes, and knows what it does not have', async () => {
    const store = create();
    const { sha256 } = await store.put(chunksOf(Buffer.from('lend me')));
    const file = await store.localPath(sha256);
    expect(readFileSync(file.path, 'utf8')).toBe('lend me');
    await file.release();
    expect(await store.verify(sha256)).toBe(true);
    const stream = await store.open(sha256);
    await store.delete(sha256);
    expect(String(await read(stream))).toBe('lend me');
    await store.delete(sha256);
    expect([await store.has(sha256), await store.verify(sha256)]).toEqual([false, false]);
    expect(await codeOf(store.open(sha256))).toBe('blob_not_found');
    expect(await codeOf(store.localPath(sha256))).toBe('blob_not_found');
    for (const id of ['../../etc/passwd', '', sha256.toUpperCase(), `${sha256}/x`]) {
      expect(await codeOf(store.open(id))).toBe('blob_id_invalid');
      expect(await codeOf(store.delete(id))).toBe('blob_id_invalid');
    }
  });

  it('stands two writers of the same content, and passes a failing source on', async () => {
    const store = create();
    const data = randomBytes(2_000_000);
    const results = await Promise.all([1, 2, 3].map(() => store.put(chunksOf(data))));
    expect(new Set(results.map((r) => r.sha256)).size).toBe(1);
    expect((await read(await store.open(sha256Hex(data)))).equals(data)).toBe(true);
    const tooLarge = (async function* () {
      yield randomBytes(10);
      throw new AppError('too_large', 'file_too_large', 'Too large.');
    })();
    expect(await codeOf(store.put(tooLarge))).toBe('file_too_large');
  });
});

describe('the folder store', () => {
  it('never serves bytes that changed on the disk, also after it served the right ones', async () => {
    const dir = folder();
    const store = createBlobStore({ kind: 'fs', dir });
    const data = randomBytes(100_000);
    const { sha256 } = await store.put(chunksOf(data));
    const { path } = await store.localPath(sha256);
    expect(statSync(path).mode & 0o777).toBe(0o444);
    await sleep(150);
    expect(await store.verify(sha256)).toBe(true);
    const { atime, mtime } = statSync(path);
    chmodSync(path, 0o644);
    const altered = Buffer.from(data);
    altered[50_000]! ^= 1;
    writeFileSync(path, altered);
    utimesSync(path, atime, mtime);
    expect(await codeOf(store.open(sha256, { start: 0, end: 9 }))).toBe('blob_corrupt');
    expect(await codeOf(store.localPath(sha256))).toBe('blob_corrupt');
    expect(await store.verify(sha256)).toBe(false);
    await store.put(chunksOf(data));
    expect(await store.verify(sha256)).toBe(true);
  });

  it('does not take over a file that has a second name', async () => {
    const store = createBlobStore({ kind: 'fs', dir: folder() });
    const [path, second] = [join(root, 'first.bin'), join(root, 'second.bin')];
    writeFileSync(path, 'two names');
    linkSync(path, second);
    const { sha256 } = await store.put(path, { move: true });
    writeFileSync(second, 'rewritten');
    expect(existsSync(path)).toBe(false);
    expect(String(await read(await store.open(sha256)))).toBe('two names');
  });

  it('survives a writer that is killed, and sweeps what it left after an hour', async () => {
    const dir = folder();
    const writer = spawn(process.execPath, [join(projectRoot, 'tests/support/storage-writer.mjs'), dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(writer.stdout, 'data');
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    expect(filesIn(join(dir, 'blobs'))).toEqual([]);
    const [left] = filesIn(join(dir, 'tmp'));
    expect(left).toBeDefined();
    const old = join(dir, 'tmp', `${Date.now() - 3_700_000}-${'0'.repeat(16)}`);
    const foreign = join(dir, 'tmp', 'notes.txt');
    for (const path of [old, foreign]) {
      writeFileSync(path, 'x');
      utimesSync(path, 1, 1);
    }
    const { sha256 } = await createBlobStore({ kind: 'fs', dir }).put(chunksOf(Buffer.from('next')));
    expect(filesIn(join(dir, 'tmp')).sort()).toEqual([left, 'notes.txt'].sort());
    expect(filesIn(join(dir, 'blobs'))).toEqual([sha256]);
  });

  it('says so when the disk cannot be used', async () => {
    const dir = folder();
    writeFileSync(dir, 'a file where the folder should be');
    const error: unknown = await createBlobStore({ kind: 'fs', dir })
      .put(chunksOf(Buffer.from('x')))
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(StorageError);
    expect(error).toMatchObject({ kind: 'unavailable', code: 'storage_unavailable' });
  });
});

describe('the bucket store', () => {
  it('refuses an object that was changed in the bucket', async () => {
    const { sha256 } = await openS3().put(chunksOf(Buffer.from('right')));
    s3.objects.set(sha256, Buffer.from('wrong'));
    const other = openS3();
    expect(await codeOf(other.open(sha256))).toBe('blob_corrupt');
    expect(await codeOf(other.localPath(sha256))).toBe('blob_corrupt');
    expect(await other.verify(sha256)).toBe(false);
  });

  it('downloads once, and not after another process deleted the object', async () => {
    const { sha256 } = await openS3().put(chunksOf(Buffer.from('shared')));
    const store = openS3();
    s3.calls.length = 0;
    await Promise.all([1, 2, 3].map(async () => read(await store.open(sha256))));
    expect(s3.calls.filter((call) => call.startsWith('GET'))).toHaveLength(1);
    await openS3().delete(sha256);
    expect(await codeOf(store.open(sha256))).toBe('blob_not_found');
  });

  it('keeps its local copies within bounds, but not those in use', async () => {
    const cacheDir = folder();
    const store = openS3({ cacheDir, cacheBytes: 250_000 });
    const blobs: { sha256: string; bytes: number }[] = [];
    for (let i = 0; i < 2; i++) blobs.push(await store.put(chunksOf(randomBytes(100_000))));
    const lent = await store.localPath(blobs[0]!.sha256);
    for (let i = 0; i < 3; i++) blobs.push(await store.put(chunksOf(randomBytes(100_000))));
    expect(filesIn(join(cacheDir, 'blobs'))).toHaveLength(2);
    expect(sha256Hex(readFileSync(lent.path))).toBe(blobs[0]!.sha256);
    await lent.release();
    expect(filesIn(join(cacheDir, 'tmp'))).toEqual([]);
    expect((await read(await store.open(blobs[0]!.sha256))).length).toBe(100_000);
  });

  it('tries again when the store is busy, and fails closed when it stays so', async () => {
    const store = openS3();
    s3.failNext(1);
    const { sha256 } = await store.put(chunksOf(randomBytes(1000)));
    s3.failNext(1);
    expect(await store.has(sha256)).toBe(true);
    s3.failNext(100);
    expect(await codeOf(store.open(sha256))).toBe('storage_unavailable');
    s3.failNext(0);
    const stranger = openS3({ secretAccessKey: 'wrong' });
    expect(await codeOf(stranger.put(chunksOf(randomBytes(10))))).toBe('storage_unavailable');
  });
});

describe('scratch space', () => {
  it('gives paths that are disposed of, and sweeps old ones', async () => {
    const scratch = createScratch(folder());
    const [a, b] = [await scratch.file('mp4'), await scratch.file('png')];
    expect(a.path).toMatch(/\.mp4$/);
    expect(existsSync(a.path)).toBe(false);
    for (const file of [a, b]) writeFileSync(file.path, 'upload');
    await a.dispose();
    await a.dispose();
    expect([existsSync(a.path), await scratch.sweep(60_000)]).toEqual([false, 0]);
    await sleep(20);
    expect([await scratch.sweep(1, 'mp4'), existsSync(b.path)]).toEqual([0, true]);
    expect([await scratch.sweep(1, 'png'), existsSync(b.path)]).toEqual([1, false]);
    writeFileSync(b.path, 'upload');
    expect([await scratch.sweep(1), existsSync(b.path)]).toEqual([1, false]);
    expect(await codeOf(scratch.file('../x'))).toBe('scratch_extension_invalid');
  });
});
