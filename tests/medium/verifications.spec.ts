import { readFile, rm, writeFile } from 'node:fs/promises';
import { canonicalJson, sha256Hex } from '#kernel';
import type { VerifyReport } from '#contracts';
import { jsonReport, shownName, sweepVerifications, type ReportMaker } from '#domain/verification';
import { examined, KEEP_MS, LAST, MINUTE_MS, VerificationHarness } from '../support/verifications.js';

let room: VerificationHarness;
beforeAll(async () => {
  room = await VerificationHarness.open();
});
afterAll(() => room.close());
beforeEach(() => room.clear());

const nothingIsLeft = async () => expect(await room.files()).toEqual({ scratch: [], stored: [] });

async function text(stream: AsyncIterable<unknown>): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of stream) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

describe('places', () => {
  it('are as many as the setting says, whoever asks at once and in whichever process', async () => {
    const processes = [room.api(7), room.api(7)];
    const asked = await Promise.allSettled(Array.from({ length: 50 }, (_, i) => processes[i % 2]!.reserve('upload')));
    const refused = asked.filter((one) => one.status === 'rejected').map(({ reason }) => reason as unknown);
    expect(asked.length - refused.length).toBe(7);
    for (const reason of refused) {
      expect(reason).toMatchObject({ code: 'verification_busy', kind: 'rate_limited', details: { retryAfterS: 15 } });
    }
  });

  it('are left to uploads by half, and are given back', async () => {
    const service = room.api(4);
    const ids = [await service.reserve('url'), await service.reserve('url')];
    await expect(service.reserve('url')).rejects.toMatchObject({ code: 'verification_busy' });
    ids.push(await service.reserve('upload'), await service.reserve('upload'));
    await expect(service.reserve('upload')).rejects.toMatchObject({ code: 'verification_busy' });
    await service.release(ids[3]!);
    await service.reserve('upload');
    expect(new Set(ids.map((id) => id.length))).toEqual(new Set(['ver_'.length + 32]));
  });

  it('are not given back once something was submitted; one that is gone takes nothing', async () => {
    const { id } = await room.submitted();
    await room.api().release(id);
    expect(await room.api().view(id)).toMatchObject({ status: 'queued', progress: 0, report: null, files: null });
    await expect(room.api().submit('ver_none', { url: 'https://example.com/' })).rejects.toMatchObject({
      code: 'verification_not_found',
    });
    await room.api().remove(id);
    await nothingIsLeft();
  });
});

describe('a verification', () => {
  it('is examined, reported and deleted, and the chain of custody says so', async () => {
    const { id, path } = await room.submitted('some bytes', 'a\u0000b/../c\u202e.mp4');
    expect(await room.promised()).toEqual(['file.verify']);
    const made: VerifyReport[] = [];
    const maker: ReportMaker = {
      make: async (report, submittedPath) => {
        expect(await readFile(submittedPath, 'utf8')).toBe('some bytes');
        made.push(report);
        return jsonReport(room.scratch).make(report, submittedPath);
      },
    };
    await room.worker({ maker }).examine(id, LAST);
    expect((await room.files()).scratch).toEqual([]);
    const job = await room.api().view(id);
    expect(job).toMatchObject({ status: 'completed', progress: 100, error: null });
    expect(job.files).toEqual({ json: `/v1/verify/${id}/report.json`, pdf: null, bundle: null });
    const { report } = job;
    expect(report).toMatchObject({ id, file: { name: 'a\ufffdb/../c\ufffd.mp4', bytes: 10 } });
    const sha256 = sha256Hex('some bytes');
    expect(job.custody.map(({ what, actor, sha256 }) => [what, actor, sha256])).toEqual([
      ['received', 'api', sha256],
      ['hashed', 'worker', sha256],
      ['examined', 'worker', sha256],
      ['reported', 'worker', sha256],
      ['deleted', 'worker', sha256],
    ]);
    const file = await room.api().open(id, 'json');
    expect(file.name).toBe(`verification-${id.slice(4, 12)}.json`);
    // The report was fixed while the upload was still there.
    expect(report!.custody).toEqual(job.custody.slice(0, -1));
    expect(JSON.parse(await text(file.stream))).toEqual(report);
    expect(made).toEqual([report]);
    await expect(room.api().open(id, 'pdf')).rejects.toMatchObject({ kind: 'not_found', code: 'report_not_made' });
    expect(await room.api().wait(id, 1000, new AbortController().signal)).toEqual(report);
    expect((await room.row(id)).path).toBeNull();
    expect(path).not.toContain('clip');
    await room.api().remove(id);
    await nothingIsLeft();
    await expect(room.api().view(id)).rejects.toMatchObject({ kind: 'not_found', code: 'verification_not_found' });
  });

  it('is answered before its files are made, by the document that they hold', async () => {
    const { id, path } = await room.submitted();
    let goOn = () => undefined as void;
    const maker: ReportMaker = {
      make: async (report, submittedPath) => {
        await new Promise<void>((done) => (goOn = done));
        return jsonReport(room.scratch).make(report, submittedPath);
      },
    };
    const run = room.worker({ maker }).examine(id, LAST);
    const answered = await room.api().wait(id, 5000, new AbortController().signal);
    const before = await room.api().view(id);
    expect(before).toMatchObject({ status: 'examining', files: null });
    expect(before.report).toEqual(answered);
    expect(await readFile(path, 'utf8')).toBe('bytes');
    await expect(room.api().open(id, 'json')).rejects.toMatchObject({
      kind: 'conflict',
      code: 'report_not_ready',
      details: { retryAfterS: 1 },
    });
    await room.api().feedback(id, { helpful: true });
    goOn();
    await run;
    const after = await room.api().view(id);
    expect([after.status, after.report]).toEqual(['completed', answered]);
    const written = await text((await room.api().open(id, 'json')).stream);
    expect(canonicalJson(JSON.parse(written))).toBe(canonicalJson(answered));
    const [promised] = await room.database.logPending.findMany({ where: { dedupeKey: `report:${id}` } });
    expect(promised?.leaf).toMatchObject({ type: 'report', reportSha256: sha256Hex(canonicalJson(answered)) });
    expect((await room.files()).scratch).toEqual([]);
    await room.api().remove(id);
    await nothingIsLeft();
  });

  it('of which nobody fetches files has none made', async () => {
    const { id } = await room.submitted('bytes', null, false);
    await room.worker({ maker: { make: () => Promise.reject(new Error('asked for')) } }).examine(id, LAST);
    expect(room.faults).toEqual([]);
    expect(await room.api().view(id)).toMatchObject({
      status: 'completed',
      report: { id },
      files: { json: null, pdf: null, bundle: null },
    });
    await nothingIsLeft();
  });

  it('counts without its files when they cannot be made', async () => {
    const { id } = await room.submitted();
    await room.worker({ maker: { make: () => Promise.reject(new Error('no ink')) } }).examine(id, LAST);
    expect(await room.api().view(id)).toMatchObject({
      status: 'completed',
      files: { json: null, pdf: null, bundle: null },
      report: { id },
    });
    expect(room.faults).toHaveLength(1);
    await nothingIsLeft();
  });

  it('has no files before its end', async () => {
    const { id } = await room.submitted();
    await expect(room.api().open(id, 'json')).rejects.toMatchObject({
      kind: 'conflict',
      code: 'report_not_ready',
      details: { retryAfterS: 3 },
    });
    await room.api().remove(id);
  });

  it('of a file that changed on the disk, or is gone, fails', async () => {
    const changed = await room.submitted('one');
    await writeFile(changed.path, 'two');
    const lost = await room.submitted();
    await rm(lost.path);
    await room.worker().examine(changed.id, LAST);
    await room.worker().examine(lost.id, LAST);
    const codes = [(await room.api().view(changed.id)).error?.code, (await room.api().view(lost.id)).error?.code];
    expect(codes).toEqual(['upload_changed', 'upload_lost']);
    await nothingIsLeft();
  });

  it('takes feedback once, with the code of the answer and without its id', async () => {
    const { id } = await room.submitted();
    await expect(room.api().feedback(id, { helpful: true })).rejects.toMatchObject({
      code: 'verification_not_finished',
    });
    await room.worker().examine(id, LAST);
    await room.api().feedback(id, { helpful: false, comment: '  too many words ' });
    await expect(room.api().feedback(id, { helpful: true })).rejects.toMatchObject({ code: 'feedback_taken' });
    const rows = await room.database.verificationFeedback.findMany();
    expect(rows.map(({ code, helpful, comment }) => ({ code, helpful, comment }))).toEqual([
      { code: 'no_evidence', helpful: false, comment: 'too many words' },
    ]);
    expect(Object.keys(rows[0]!).sort()).toEqual(['at', 'code', 'comment', 'helpful', 'id']);
    await room.api().remove(id);
  });
});

describe('deletion', () => {
  it('in the middle of an examination leaves nothing', async () => {
    const { id } = await room.submitted();
    const run = room.worker({
      examine: async (path) => {
        const report = await examined(path);
        await room.api().remove(id);
        return report;
      },
    });
    await run.examine(id, LAST);
    await nothingIsLeft();
    const other = await room.submitted();
    await room
      .worker({
        maker: {
          make: async (report, path) => {
            const made = await jsonReport(room.scratch).make(report, path);
            await room.api().remove(other.id);
            return made;
          },
        },
      })
      .examine(other.id, LAST);
    await nothingIsLeft();
    expect(await room.database.verificationJob.count()).toBe(0);
  });

  it('comes by itself when a report expires; before the sweep nobody is served any more', async () => {
    const { id } = await room.submitted();
    await room.worker().examine(id, LAST);
    const sweep = () => sweepVerifications(room.database, room.blobs, room.clock, KEEP_MS);
    expect(new Date((await room.api().view(id)).expires_at).getTime()).toBe(room.now.getTime() + KEEP_MS);
    expect(await sweep()).toBe(0);
    room.pass(KEEP_MS);
    await expect(room.api().view(id)).rejects.toMatchObject({ code: 'verification_not_found' });
    await expect(room.api().open(id, 'json')).rejects.toMatchObject({ code: 'verification_not_found' });
    expect(await sweep()).toBe(1);
    await nothingIsLeft();
  });

  it('takes back places that nobody holds any more, and gives up what nobody examined', async () => {
    const sweep = () => sweepVerifications(room.database, room.blobs, room.clock, KEEP_MS);
    const [held, left] = [await room.api().reserve('upload'), await room.api().reserve('upload')];
    const { id } = await room.submitted();
    room.pass(2 * MINUTE_MS);
    await room.api().keep(held);
    expect(await sweep()).toBe(1);
    expect((await room.api().view(held)).status).toBe('queued');
    await expect(room.api().view(left)).rejects.toMatchObject({ code: 'verification_not_found' });
    await room.api().release(held);
    room.pass(44 * MINUTE_MS);
    expect(await sweep()).toBe(1);
    expect(await room.api().view(id)).toMatchObject({ status: 'failed', error: { code: 'verification_overdue' } });
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
