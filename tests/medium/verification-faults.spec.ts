import { readFile, writeFile } from 'node:fs/promises';
import type { VerifyReport } from '#contracts';
import { jsonReport, reconcileVerifications, sweepVerifications, type ReportMaker } from '#domain/verification';
import { QueueClient } from '#platform/queue';
import { freePort } from '../support/service.js';
import { startStub, type StubAnswer, type StubServer } from '../support/stub-http.js';
import { examined, KEEP_MS, LAST, MINUTE_MS, VerificationHarness } from '../support/verifications.js';

let room: VerificationHarness;
beforeAll(async () => {
  room = await VerificationHarness.open();
});
afterAll(() => room.close());
beforeEach(() => room.clear());

const nothingIsLeft = async () => expect(await room.files()).toEqual({ scratch: [], stored: [] });

describe('workers that die', () => {
  const never = () => new Promise<VerifyReport>(() => undefined);

  it('leave their work to the next one; a slow one that comes back changes nothing', async () => {
    const { id } = await room.submitted();
    let goOn = () => undefined as void;
    const slow = room.worker({
      examine: async (path) => {
        const report = await examined(path);
        await new Promise<void>((done) => (goOn = done));
        return { ...report, at: '2020-01-01T00:00:00.000Z' };
      },
    });
    const late = slow.examine(id, LAST);
    while ((await room.api().view(id)).progress < 15) await new Promise((done) => setTimeout(done, 10));
    await room.worker().examine(id, LAST);
    const first = await room.api().view(id);
    expect(first.status).toBe('completed');
    goOn();
    await late;
    expect(await room.api().view(id)).toEqual(first);
    expect((await room.files()).stored).toHaveLength(1);
    await room.api().remove(id);
    await nothingIsLeft();
  });

  it('over the same file again and again end in a failure', async () => {
    const { id } = await room.submitted();
    for (let i = 0; i < 4; i++) void room.worker({ examine: never }).examine(id, LAST);
    while ((await room.row(id)).starts < 4) {
      await new Promise((done) => setTimeout(done, 10));
    }
    await room.worker().examine(id, LAST);
    expect(await room.api().view(id)).toMatchObject({ status: 'failed', error: { code: 'verification_crashed' } });
    await nothingIsLeft();
  });

  it('between report and deletion leave only the deletion to do', async () => {
    const { id, path } = await room.submitted();
    await room.worker().examine(id, LAST);
    await writeFile(path, 'bytes');
    await room.database.verificationJob.update({ where: { id }, data: { status: 'examining', path } });
    await room.worker({ examine: never }).examine(id, LAST);
    expect(await room.api().view(id)).toMatchObject({ status: 'completed', report: { id } });
    expect((await room.files()).scratch).toEqual([]);
    await room.api().remove(id);
  });

  it('by a fault of ours: tried again, and a failure in the end', async () => {
    const { id } = await room.submitted();
    const broken = room.worker({ examine: () => Promise.reject(new Error('no database')) });
    await expect(broken.examine(id, { attempt: 1, last: false })).rejects.toThrow('no database');
    expect((await room.api().view(id)).status).toBe('examining');
    await broken.examine(id, LAST);
    expect(await room.api().view(id)).toMatchObject({ status: 'failed', error: { code: 'verification_failed' } });
    await expect(room.api().wait(id, 100, new AbortController().signal)).rejects.toMatchObject({
      code: 'verification_failed',
    });
    await nothingIsLeft();
  });

  it('and jobs that the queue lost are asked for again', async () => {
    const queue = new QueueClient({ databaseUrl: room.databaseUrl });
    const file = await room.submitted();
    const url = await room.submittedUrl('https://example.com/a.mp4');
    expect(await reconcileVerifications(room.database, queue, room.clock)).toBe(0);
    room.pass(MINUTE_MS);
    expect(await reconcileVerifications(room.database, queue, room.clock)).toBe(2);
    expect(await reconcileVerifications(room.database, queue, room.clock)).toBe(2);
    const { verify, fetch } = await queue.counts();
    expect([verify.waiting, fetch.waiting]).toEqual([1, 1]);
    await queue.close();
    await room.api().remove(file.id);
    await room.api().remove(url);
  });
});

describe('workers that die between a report and its files', () => {
  const never: ReportMaker = { make: () => new Promise(() => undefined) };
  const examine = () => Promise.reject(new Error('examined again'));
  const withoutFiles = { status: 'completed', files: { json: null, pdf: null, bundle: null } };

  /** A verification whose report was answered by a worker that came no further. */
  async function answered() {
    const { id, path } = await room.submitted();
    void room.worker({ maker: never }).examine(id, LAST);
    const report = await room.api().wait(id, 5000, new AbortController().signal);
    expect(report).not.toBeNull();
    return { id, path, report };
  }

  it('leave the files to the next one, which holds them to the same document', async () => {
    const { id, report } = await answered();
    const made: VerifyReport[] = [];
    const maker: ReportMaker = {
      make: async (given, path) => {
        expect(await readFile(path, 'utf8')).toBe('bytes');
        made.push(given);
        return jsonReport(room.scratch).make(given, path);
      },
    };
    room.pass(MINUTE_MS);
    await room.worker({ examine, maker }).examine(id, LAST);
    const job = await room.api().view(id);
    expect([job.status, job.report, room.faults]).toEqual(['completed', report, []]);
    expect(made).toEqual([report]);
    expect(job.custody.map(({ what }) => what)).toEqual(['received', 'hashed', 'examined', 'reported', 'deleted']);
    const files = await room.files();
    expect([files.scratch, files.stored]).toEqual([[], [(await room.row(id)).jsonSha256]]);
    await room.api().remove(id);
    await nothingIsLeft();
  });

  it('in the middle of storing them: what was named is made anew', async () => {
    const { id } = await answered();
    const named = { jsonSha256: 'ab'.repeat(32), pdfSha256: 'cd'.repeat(32) };
    await room.database.verificationJob.update({ where: { id }, data: named });
    await room.worker({ examine }).examine(id, LAST);
    expect((await room.api().view(id)).files).toEqual({
      json: `/v1/verify/${id}/report.json`,
      pdf: null,
      bundle: null,
    });
    (await room.api().open(id, 'json')).stream.destroy();
    await room.api().remove(id);
    await nothingIsLeft();
  });

  it('or come back while they store them: only those of the next one stay', async () => {
    const { id } = await room.submitted();
    let [stuck, goOn] = [false, () => undefined as void];
    const slowStore = Object.assign(Object.create(room.blobs) as typeof room.blobs, {
      put: async (...given: Parameters<typeof room.blobs.put>) => {
        stuck = true;
        await new Promise<void>((done) => (goOn = done));
        return room.blobs.put(...given);
      },
    });
    const stampedBy = (who: string): ReportMaker => ({
      make: (report, path) => jsonReport(room.scratch).make({ ...report, id: who }, path),
    });
    const late = room.worker({ blobs: slowStore, maker: stampedBy('first') }).examine(id, LAST);
    while (!stuck) await new Promise((done) => setTimeout(done, 10));
    await room.worker({ examine, maker: stampedBy('second') }).examine(id, LAST);
    goOn();
    await late;
    expect((await room.files()).stored).toEqual([(await room.row(id)).jsonSha256]);
    expect((await room.api().view(id)).status).toBe('completed');
    await room.api().remove(id);
    await nothingIsLeft();
  });

  it('over its files again and again: the answer that was given stays', async () => {
    const { id, report } = await answered();
    for (let i = 0; i < 3; i++) void room.worker({ examine, maker: never }).examine(id, LAST);
    while ((await room.row(id)).starts < 4) await new Promise((done) => setTimeout(done, 10));
    await room.worker({ examine }).examine(id, LAST);
    expect(await room.api().view(id)).toMatchObject({ ...withoutFiles, report, error: null });
    await nothingIsLeft();
  });

  it('and are followed by nobody in time: the answer stays, and the upload does not', async () => {
    const { id, report } = await answered();
    room.pass(46 * MINUTE_MS);
    expect(await sweepVerifications(room.database, room.blobs, room.clock, KEEP_MS)).toBe(1);
    const job = await room.api().view(id);
    expect(job).toMatchObject({ ...withoutFiles, report, error: null });
    expect(job.custody.at(-1)).toMatchObject({ what: 'deleted', sha256: report!.file.sha256 });
    await nothingIsLeft();
  });

  it('leave an upload that is changed meanwhile: no file is made of it', async () => {
    const { id, path, report } = await answered();
    await writeFile(path, 'other');
    await room.worker({ examine }).examine(id, LAST);
    expect(await room.api().view(id)).toMatchObject({ ...withoutFiles, report });
    expect(room.faults).toMatchObject([{ code: 'upload_changed' }]);
    await nothingIsLeft();
  });

  it('a store that takes nothing: tried again, and in the end the answer stays alone', async () => {
    const { id } = await room.submitted();
    const full = Object.assign(Object.create(room.blobs) as typeof room.blobs, {
      put: () => Promise.reject(new Error('disk full')),
    });
    const worker = room.worker({ blobs: full });
    await expect(worker.examine(id, { attempt: 1, last: false })).rejects.toThrow('disk full');
    const { report, status } = await room.api().view(id);
    expect([status, report?.id]).toEqual(['examining', id]);
    await worker.examine(id, LAST);
    expect(await room.api().view(id)).toMatchObject({ ...withoutFiles, report });
    await nothingIsLeft();
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
    const id = await room.submittedUrl(`${server.url}/films/one%20two.mp4?x=1`);
    expect(await room.promised()).toEqual(['url.fetch']);
    const runner = room.worker({ fetch: allowed });
    await runner.fetch(id, LAST);
    expect(await room.promised()).toEqual(['url.fetch', 'file.verify']);
    expect(await room.api().view(id)).toMatchObject({ status: 'examining', progress: 12 });
    await runner.fetch(id, LAST); // once more, as a queue may
    await runner.examine(id, LAST);
    const { report, status, custody } = await room.api().view(id);
    expect([status, report?.file.name, report?.file.bytes]).toEqual(['completed', 'one%20two.mp4', 6]);
    expect(custody.map(({ what }) => what)).toEqual(['fetched', 'hashed', 'examined', 'reported', 'deleted']);
    const row = await room.row(id);
    expect([row.url, row.path, JSON.stringify(report).includes('x=1')]).toEqual([null, null, false]);
    await room.api().remove(id);
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
    const id = await room.submittedUrl(url('/a.mp4'));
    await room.worker({ fetch: { ...allowed, ...limits } }).fetch(id, LAST);
    const job = await room.api().view(id);
    expect([job.status, job.error?.code, job.report]).toEqual(['failed', code, null]);
    expect(job.error?.message).not.toMatch(/127\.|192\.|10\.0|resolves/);
    await expect(room.api().wait(id, 100, new AbortController().signal)).rejects.toMatchObject({
      code,
      kind: code === 'url_too_large' ? 'too_large' : 'invalid',
    });
    await nothingIsLeft();
    await room.api().remove(id);
  });
});
