import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '#kernel';
import type { VerifyReport } from '#contracts';
import {
  hashFile,
  jsonReport,
  reconcileVerifications,
  shownName,
  sweepVerifications,
  VerificationRunner,
  Verifications,
  type ReportMaker,
  type RunnerParts,
} from '#domain/verification';
import { Database } from '#platform/database';
import { QueueClient } from '#platform/queue';
import { createBlobStore, createScratch, type BlobStore, type ScratchSpace } from '#platform/storage';
import { freshDatabase } from '../support/fresh-database.js';
import { sampleReport } from '../support/report.js';
import { freePort } from '../support/service.js';
import { startStub, type StubAnswer, type StubServer } from '../support/stub-http.js';

const KEEP_MS = 3600_000;
const MINUTE_MS = 60_000;
const CONTEXT = { attempt: 2, last: true };

let database: Database;
let databaseUrl: string;
let dir: string;
let blobs: BlobStore;
let scratch: ScratchSpace;
let now = new Date('2026-03-01T12:00:00Z');
const clock = { now: () => now };
let faults: unknown[] = [];

beforeAll(async () => {
  databaseUrl = await freshDatabase();
  database = new Database(databaseUrl, 4);
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-verifications-'));
  blobs = createBlobStore({ kind: 'fs', dir: join(dir, 'blobs') });
  scratch = createScratch(join(dir, 'scratch'));
});
afterAll(async () => {
  await database.$disconnect();
  await rm(dir, { recursive: true, force: true });
});
beforeEach(async () => {
  now = new Date('2026-03-01T12:00:00Z');
  faults = [];
  await database.verificationJob.deleteMany();
  await database.outbox.deleteMany();
});

const api = (most = 40) => new Verifications(database, blobs, clock, { most, keepMs: KEEP_MS }, 'api');

/** What the real verifier gives, as far as this room looks at it. */
async function examined(path: string): Promise<VerifyReport> {
  const { sha256, bytes } = await hashFile(path);
  return sampleReport({ file: { name: null, sha256, sha512: 'cd'.repeat(64), bytes, container: null } });
}

function worker(change: Partial<RunnerParts> = {}): VerificationRunner {
  return new VerificationRunner({
    database,
    blobs,
    scratch,
    clock,
    examine: (path, onProgress) => (onProgress(0.5), examined(path)),
    maker: jsonReport(scratch),
    fetch: { maxBytes: 1000, timeoutMs: 5000 },
    keepMs: KEEP_MS,
    actor: 'worker',
    onFault: (error) => faults.push(error),
    ...change,
  });
}

async function submitted(content = 'bytes', name: string | null = 'clip.mp4'): Promise<{ id: string; path: string }> {
  const { path } = await scratch.file('upload');
  await writeFile(path, content);
  const id = await api().reserve('upload');
  await api().submit(id, { path, name, sha256: sha256Hex(content), receivedAt: now });
  return { id, path };
}

async function submittedUrl(url: string): Promise<string> {
  const id = await api().reserve('url');
  await api().submit(id, { url });
  return id;
}

const scratchFiles = () => readdir(join(dir, 'scratch')).catch(() => []);
const blobFiles = async () =>
  (await readdir(join(dir, 'blobs'), { recursive: true, withFileTypes: true }).catch(() => [])).filter((one) =>
    one.isFile(),
  );
const promised = async () => (await database.outbox.findMany({ orderBy: { id: 'asc' } })).map(({ job }) => job);

async function nothingIsLeft(): Promise<void> {
  expect(await scratchFiles()).toEqual([]);
  expect(await blobFiles()).toEqual([]);
}

async function text(stream: AsyncIterable<unknown>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

describe('places', () => {
  it('are as many as the setting says, whoever asks at once and in whichever process', async () => {
    const processes = [api(7), api(7)];
    const asked = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => processes[i % 2]!.reserve('upload')));
    const refused = asked.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(asked.length - refused.length).toBe(7);
    for (const reason of refused) {
      expect(reason).toMatchObject({ code: 'verification_busy', kind: 'rate_limited', details: { retryAfterS: 15 } });
    }
  });

  it('are left to uploads by half, and are given back', async () => {
    const service = api(4);
    const ids = [await service.reserve('url'), await service.reserve('url')];
    await expect(service.reserve('url')).rejects.toMatchObject({ code: 'verification_busy' });
    ids.push(await service.reserve('upload'), await service.reserve('upload'));
    await expect(service.reserve('upload')).rejects.toMatchObject({ code: 'verification_busy' });
    await service.release(ids[3]!);
    await service.reserve('upload');
    expect(new Set(ids.map((id) => id.length))).toEqual(new Set(['ver_'.length + 32]));
  });

  it('are not given back once something was submitted; one that is gone takes nothing', async () => {
    const { id } = await submitted();
    await api().release(id);
    expect(await api().view(id)).toMatchObject({ status: 'queued', progress: 0, report: null, files: null });
    await expect(api().submit('ver_none', { url: 'https://example.com/' })).rejects.toMatchObject({
      code: 'verification_not_found',
    });
    await api().remove(id);
    await nothingIsLeft();
  });
});

describe('a verification', () => {
  it('is examined, reported and deleted, and the chain of custody says so', async () => {
    const { id, path } = await submitted('some bytes', 'a\u0000b/../c\u202e.mp4');
    expect(await promised()).toEqual(['file.verify']);
    const made: VerifyReport[] = [];
    const maker: ReportMaker = {
      make: async (report, submittedPath) => {
        expect(await readFile(submittedPath, 'utf8')).toBe('some bytes');
        made.push(report);
        return jsonReport(scratch).make(report, submittedPath);
      },
    };
    await worker({ maker }).examine(id, CONTEXT);
    expect(await scratchFiles()).toEqual([]);
    const job = await api().view(id);
    expect(job).toMatchObject({ status: 'completed', progress: 100, error: null });
    expect(job.files).toEqual({ json: `/v1/verify/${id}/report.json`, pdf: null, bundle: null });
    const { report } = job;
    expect(report).toMatchObject({ id, file: { name: 'a\ufffdb/../c\ufffd.mp4', bytes: 10 } });
    const sha256 = sha256Hex('some bytes');
    expect(report!.custody.map(({ what, actor, sha256 }) => [what, actor, sha256])).toEqual([
      ['received', 'api', sha256],
      ['hashed', 'worker', sha256],
      ['examined', 'worker', sha256],
      ['reported', 'worker', sha256],
      ['deleted', 'worker', sha256],
    ]);
    const file = await api().open(id, 'json');
    expect(file.name).toBe(`verification-${id.slice(4, 12)}.json`);
    // The file was written while the upload was still there.
    const written = JSON.parse(await text(file.stream)) as VerifyReport;
    expect(written).toEqual({ ...report, custody: report!.custody.slice(0, -1) });
    expect(made).toEqual([written]);
    await expect(api().open(id, 'pdf')).rejects.toMatchObject({ kind: 'not_found', code: 'report_not_made' });
    expect(await api().wait(id, 1000, new AbortController().signal)).toEqual(report);
    expect((await database.verificationJob.findUniqueOrThrow({ where: { id } })).path).toBeNull();
    expect(path).not.toContain('clip');
    await api().remove(id);
    await nothingIsLeft();
    await expect(api().view(id)).rejects.toMatchObject({ kind: 'not_found', code: 'verification_not_found' });
  });

  it('counts without its files when they cannot be made', async () => {
    const { id } = await submitted();
    await worker({ maker: { make: () => Promise.reject(new Error('no ink')) } }).examine(id, CONTEXT);
    expect(await api().view(id)).toMatchObject({
      status: 'completed',
      files: { json: null, pdf: null, bundle: null },
      report: { id },
    });
    expect(faults).toHaveLength(1);
    await nothingIsLeft();
  });

  it('has no files before its end', async () => {
    const { id } = await submitted();
    await expect(api().open(id, 'json')).rejects.toMatchObject({ code: 'report_not_ready' });
    await api().remove(id);
  });

  it('of a file that changed on the disk, or is gone, fails', async () => {
    const changed = await submitted('one');
    await writeFile(changed.path, 'two');
    const lost = await submitted();
    await rm(lost.path);
    await worker().examine(changed.id, CONTEXT);
    await worker().examine(lost.id, CONTEXT);
    const codes = [(await api().view(changed.id)).error?.code, (await api().view(lost.id)).error?.code];
    expect(codes).toEqual(['upload_changed', 'upload_lost']);
    await nothingIsLeft();
  });

  it('takes feedback once, with the code of the answer and without its id', async () => {
    const { id } = await submitted();
    await expect(api().feedback(id, { helpful: true })).rejects.toMatchObject({ code: 'verification_not_finished' });
    await worker().examine(id, CONTEXT);
    await api().feedback(id, { helpful: false, comment: '  too many words ' });
    await expect(api().feedback(id, { helpful: true })).rejects.toMatchObject({ code: 'feedback_taken' });
    const rows = await database.verificationFeedback.findMany();
    expect(rows.map(({ code, helpful, comment }) => ({ code, helpful, comment }))).toEqual([
      { code: 'no_evidence', helpful: false, comment: 'too many words' },
    ]);
    expect(Object.keys(rows[0]!).sort()).toEqual(['at', 'code', 'comment', 'helpful', 'id']);
    await api().remove(id);
  });
});

describe('workers that die', () => {
  const never = () => new Promise<VerifyReport>(() => undefined);

  it('leave their work to the next one; a slow one that comes back changes nothing', async () => {
    const { id } = await submitted();
    let goOn = () => undefined as void;
    const slow = worker({
      examine: async (path) => {
        const report = await examined(path);
        await new Promise<void>((done) => (goOn = done));
        return { ...report, at: '2020-01-01T00:00:00.000Z' };
      },
    });
    const late = slow.examine(id, CONTEXT);
    while ((await api().view(id)).progress < 15) await new Promise((done) => setTimeout(done, 10));
    await worker().examine(id, CONTEXT);
    const first = await api().view(id);
    expect(first.status).toBe('completed');
    goOn();
    await late;
    expect(await api().view(id)).toEqual(first);
    expect(await blobFiles()).toHaveLength(1);
    await api().remove(id);
    await nothingIsLeft();
  });

  it('over the same file again and again end in a failure', async () => {
    const { id } = await submitted();
    for (let i = 0; i < 4; i++) void worker({ examine: never }).examine(id, CONTEXT);
    while ((await database.verificationJob.findUniqueOrThrow({ where: { id } })).starts < 4) {
      await new Promise((done) => setTimeout(done, 10));
    }
    await worker().examine(id, CONTEXT);
    expect(await api().view(id)).toMatchObject({ status: 'failed', error: { code: 'verification_crashed' } });
    await nothingIsLeft();
  });

  it('between report and deletion leave only the deletion to do', async () => {
    const { id, path } = await submitted();
    await worker().examine(id, CONTEXT);
    await writeFile(path, 'bytes');
    await database.verificationJob.update({ where: { id }, data: { status: 'examining', path } });
    await worker({ examine: never }).examine(id, CONTEXT);
    expect(await api().view(id)).toMatchObject({ status: 'completed', report: { id } });
    expect(await scratchFiles()).toEqual([]);
    await api().remove(id);
  });

  it('by a fault of ours: tried again, and a failure in the end', async () => {
    const { id } = await submitted();
    const broken = worker({ examine: () => Promise.reject(new Error('no database')) });
    await expect(broken.examine(id, { attempt: 1, last: false })).rejects.toThrow('no database');
    expect((await api().view(id)).status).toBe('examining');
    await broken.examine(id, CONTEXT);
    expect(await api().view(id)).toMatchObject({ status: 'failed', error: { code: 'verification_failed' } });
    await expect(api().wait(id, 100, new AbortController().signal)).rejects.toMatchObject({
      code: 'verification_failed',
    });
    await nothingIsLeft();
  });

  it('and jobs that the queue lost are asked for again', async () => {
    const queue = new QueueClient({ databaseUrl });
    const file = await submitted();
    const url = await submittedUrl('https://example.com/a.mp4');
    expect(await reconcileVerifications(database, queue, clock)).toBe(0);
    now = new Date(now.getTime() + MINUTE_MS);
    expect(await reconcileVerifications(database, queue, clock)).toBe(2);
    expect(await reconcileVerifications(database, queue, clock)).toBe(2);
    const { verify, fetch } = await queue.counts();
    expect([verify.waiting, fetch.waiting]).toEqual([1, 1]);
    await queue.close();
    await api().remove(file.id);
    await api().remove(url);
  });
});

describe('an address', () => {
  let server: StubServer;
  let answer: StubAnswer | 'silence' = { status: 200 };
  let closedPort: number;
  beforeAll(async () => {
    closedPort = await freePort();
    server = await startStub(() => (answer === 'silence' ? new Promise<StubAnswer>(() => undefined) : answer));
  });
  afterAll(() => server.close());
  const allowed = { maxBytes: 1000, timeoutMs: 5000, allowPrivate: ['127.0.0.1'] };

  it('is fetched, its type not trusted, and then examined like an upload', async () => {
    answer = { status: 200, bytes: Buffer.from('a film'), headers: { 'content-type': 'text/html' } };
    const id = await submittedUrl(`${server.url}/films/one%20two.mp4?x=1`);
    expect(await promised()).toEqual(['url.fetch']);
    const runner = worker({ fetch: allowed });
    await runner.fetch(id, CONTEXT);
    expect(await promised()).toEqual(['url.fetch', 'file.verify']);
    expect(await api().view(id)).toMatchObject({ status: 'examining', progress: 12 });
    await runner.fetch(id, CONTEXT); // once more, as a queue may
    await runner.examine(id, CONTEXT);
    const { report, status } = await api().view(id);
    expect([status, report?.file.name, report?.file.bytes]).toEqual(['completed', 'one%20two.mp4', 6]);
    expect(report!.custody.map(({ what }) => what)).toEqual(['fetched', 'hashed', 'examined', 'reported', 'deleted']);
    const row = await database.verificationJob.findUniqueOrThrow({ where: { id } });
    expect([row.url, row.path, JSON.stringify(report).includes('x=1')]).toEqual([null, null, false]);
    await api().remove(id);
    await nothingIsLeft();
  });

  it.each<[string, string, StubAnswer | 'silence', (path: string) => string, Partial<typeof allowed>]>([
    ['on this machine', 'url_forbidden', { status: 200 }, (at) => server.url + at, { allowPrivate: [] }],
    ['in a private network', 'url_forbidden', { status: 200 }, () => 'http://10.0.0.1/a.mp4', {}],
    ['of a metadata service', 'url_forbidden', { status: 200 }, () => 'http://169.254.169.254/', {}],
    ['written in another way', 'url_forbidden', { status: 200 }, () => 'http://[::ffff:7f00:1]/', { allowPrivate: [] }],
    [
      'that leads to one of these',
      'url_forbidden',
      { status: 302, headers: { location: 'http://192.168.0.1/' } },
      (at) => server.url + at,
      {},
    ],
    ['where nobody is', 'url_unreachable', { status: 200 }, () => `http://127.0.0.1:${closedPort}/`, {}],
    [
      'that breaks off',
      'url_unreachable',
      { status: 200, bytes: Buffer.alloc(900), cutAfter: 10 },
      (at) => server.url + at,
      {},
    ],
    ['where there is nothing', 'url_refused', { status: 404 }, (at) => server.url + at, {}],
    ['of a large file', 'url_too_large', { status: 200, bytes: Buffer.alloc(2000) }, (at) => server.url + at, {}],
    ['of an empty file', 'url_empty', { status: 200, bytes: Buffer.alloc(0) }, (at) => server.url + at, {}],
    ['that does not answer', 'url_timeout', 'silence', (at) => server.url + at, { timeoutMs: 200 }],
  ])('%s: %s', async (_, code, reply, url, limits) => {
    answer = reply;
    const id = await submittedUrl(url('/a.mp4'));
    await worker({ fetch: { ...allowed, ...limits } }).fetch(id, CONTEXT);
    const job = await api().view(id);
    expect([job.status, job.error?.code, job.report]).toEqual(['failed', code, null]);
    expect(job.error?.message).not.toMatch(/127\.|192\.|10\.0|resolves/);
    await expect(api().wait(id, 100, new AbortController().signal)).rejects.toMatchObject({
      code,
      kind: code === 'url_too_large' ? 'too_large' : 'invalid',
    });
    await nothingIsLeft();
    await api().remove(id);
  });
});

describe('deletion', () => {
  it('in the middle of an examination leaves nothing', async () => {
    const { id } = await submitted();
    const run = worker({
      examine: async (path) => {
        const report = await examined(path);
        await api().remove(id);
        return report;
      },
    });
    await run.examine(id, CONTEXT);
    await nothingIsLeft();
    const other = await submitted();
    await worker({
      maker: {
        make: async (report, path) => {
          const made = await jsonReport(scratch).make(report, path);
          await api().remove(other.id);
          return made;
        },
      },
    }).examine(other.id, CONTEXT);
    await nothingIsLeft();
    expect(await database.verificationJob.count()).toBe(0);
  });

  it('comes by itself when a report expires; before the sweep nobody is served any more', async () => {
    const { id } = await submitted();
    await worker().examine(id, CONTEXT);
    const sweep = () => sweepVerifications(database, blobs, clock, KEEP_MS);
    expect(new Date((await api().view(id)).expires_at).getTime()).toBe(now.getTime() + KEEP_MS);
    expect(await sweep()).toBe(0);
    now = new Date(now.getTime() + KEEP_MS);
    await expect(api().view(id)).rejects.toMatchObject({ code: 'verification_not_found' });
    await expect(api().open(id, 'json')).rejects.toMatchObject({ code: 'verification_not_found' });
    expect(await sweep()).toBe(1);
    await nothingIsLeft();
  });

  it('takes back places that nobody holds any more, and gives up what nobody examined', async () => {
    const sweep = () => sweepVerifications(database, blobs, clock, KEEP_MS);
    const [held, left] = [await api().reserve('upload'), await api().reserve('upload')];
    const { id } = await submitted();
    now = new Date(now.getTime() + 2 * MINUTE_MS);
    await api().keep(held);
    expect(await sweep()).toBe(1);
    expect((await api().view(held)).status).toBe('queued');
    await expect(api().view(left)).rejects.toMatchObject({ code: 'verification_not_found' });
    await api().release(held);
    now = new Date(now.getTime() + 44 * MINUTE_MS);
    expect(await sweep()).toBe(1);
    expect(await api().view(id)).toMatchObject({ status: 'failed', error: { code: 'verification_overdue' } });
    await nothingIsLeft();
  });
});

describe('names', () => {
  it('are shown without control characters and at most 255 characters long', () => {
    expect(shownName('x'.repeat(300))).toHaveLength(255);
    expect(shownName('a\u0007b\ud83dc')).toBe('a\ufffdb\ufffdc');
    expect([shownName(' \t'), shownName(null)]).toEqual([null, null]);
  });
});
