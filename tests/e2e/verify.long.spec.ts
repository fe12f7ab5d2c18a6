import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { request, type ClientRequest } from 'node:http';
import { join } from 'node:path';
import { ErrorEnvelope, SignedReport, Verification, VerifyReport } from '#contracts';
import { canonicalJson, projectRoot, sha256Hex } from '#kernel';
import { startService, until, type TestService } from '../support/service.js';
import { query, scratchIsEmpty } from '../support/wire.js';

const PLACES = 12;
const CLIP = join(projectRoot, 'tests/fixtures/clips/flat-door-360p.mp4');
const LATER = { prefer: 'respond-async' };

let service: TestService;
let clip: Buffer;

beforeAll(async () => {
  clip = await readFile(CLIP);
  service = await startService({ VERIFY_PER_MINUTE: '1000', VERIFY_QUEUE_MAX: String(PLACES), VERIFY_FILES: 'all' });
}, 120_000);

afterAll(() => service?.stop());

function form(bytes: Buffer, name = 'clip.mp4'): FormData {
  const data = new FormData();
  data.set('file', new File([new Uint8Array(bytes)], name, { type: 'video/mp4' }));
  return data;
}

const post = (body: FormData, headers: Record<string, string> = {}) =>
  fetch(`${service.baseURL}/verify`, { method: 'POST', headers, body });
const postUrl = (url: string, headers: Record<string, string> = {}) =>
  fetch(`${service.baseURL}/verify`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ url }),
  });
const at = (id: string, path = '', init: RequestInit = {}) => fetch(`${service.baseURL}/verify/${id}${path}`, init);
const jobOf = async (answer: Response) => Verification.parse(await answer.json());
const codeOf = async (answer: Response) => ErrorEnvelope.strict().parse(await answer.json()).error.code;

/** Asks until the job has ended. @returns every state that was seen */
async function followed(id: string, timeoutMs = 90_000): Promise<Verification[]> {
  const seen: Verification[] = [];
  await until(
    async () => {
      seen.push(await jobOf(await at(id)));
      return ['completed', 'failed'].includes(seen.at(-1)!.status);
    },
    timeoutMs,
    () => `not ended: ${JSON.stringify(seen.at(-1))}\n${service.output()}`,
  );
  return seen;
}

describe('a job', () => {
  let id: string;

  it('is taken at once, moves, and ends in a report', async () => {
    const answer = await post(form(clip, 'été 🦊.mp4'), LATER);
    const job = await jobOf(answer);
    id = job.id;
    expect([answer.status, answer.headers.get('location')]).toEqual([202, `/v1/verify/${id}`]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(job).toMatchObject({ status: 'queued', report: null, files: null, error: null });
    expect(id).toMatch(/^ver_[0-9a-f]{32}$/);
    const early = await at(id, '/report.pdf');
    expect([early.status, early.headers.get('retry-after'), await codeOf(early)]).toEqual([
      409,
      '3',
      'report_not_ready',
    ]);
    const seen = await followed(id);
    const progress = seen.map((one) => one.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(new Set(progress).size).toBeGreaterThanOrEqual(4);
    expect(seen.at(-1)).toMatchObject({
      status: 'completed',
      progress: 100,
      report: { id, verdict: { code: 'no_evidence' }, file: { name: 'été 🦊.mp4', sha256: sha256Hex(clip) } },
      files: {
        json: `/v1/verify/${id}/report.json`,
        pdf: `/v1/verify/${id}/report.pdf`,
        bundle: `/v1/verify/${id}/bundle.zip`,
      },
    });
    const kept = Date.parse(seen.at(-1)!.expires_at) - Date.now();
    expect(Math.round(kept / 60_000)).toBe(60);
    expect(seen.at(-1)!.custody.map(({ what }) => what)).toEqual([
      ...['received', 'hashed', 'examined', 'reported'],
      'deleted',
    ]);
    await scratchIsEmpty(service);
  });

  it('has its report as signed JSON, as PDF and as a bundle', async () => {
    const file = await at(id, '/report.json');
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; filename="verification-[0-9a-f]{8}\.json"$/);
    expect(file.headers.get('cache-control')).toMatch(/no-store/);
    const { report } = SignedReport.parse(await file.json());
    expect(report).toMatchObject({ id });
    // Taken away, it becomes an entry of the public log.
    const logged = await query(
      service,
      `SELECT leaf->>'reportSha256' AS sha256 FROM log_pending WHERE dedupe_key = $1 UNION ALL
       SELECT convert_from(entry, 'UTF8')::jsonb->>'reportSha256' FROM log_leaves WHERE dedupe_key = $1`,
      [`report:${id}`],
    );
    expect(logged).toEqual([{ sha256: sha256Hex(canonicalJson(report)) }]);
    for (const [path, begins] of [
      ['/report.pdf', '%PDF-'],
      ['/bundle.zip', 'PK'],
    ] as const) {
      const bytes = Buffer.from(await (await at(id, path)).arrayBuffer());
      expect(bytes.subarray(0, begins.length).toString('latin1')).toBe(begins);
    }
  });

  it('takes feedback, within limits', async () => {
    const say = (body: unknown) =>
      at(id, '/feedback', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    for (const wrong of [
      {},
      { helpful: 'yes' },
      { helpful: true, comment: 'x'.repeat(2001) },
      { helpful: true, name: 'me' },
    ])
      expect((await say(wrong)).status).toBe(400);
    expect((await say({ helpful: true, comment: 'clear' })).status).toBe(200);
    expect((await say({ helpful: true })).status).toBe(409);
    expect(await query(service, 'SELECT code, helpful, comment FROM verification_feedback')).toEqual([
      { code: 'no_evidence', helpful: true, comment: 'clear' },
    ]);
  });

  it('is deleted with its files when asked; then there is nothing at its address', async () => {
    const [row] = await query(service, 'SELECT json_sha256 FROM verification_jobs WHERE id = $1', [id]);
    const sha256 = String(row?.json_sha256);
    const blob = join(service.dataDir, 'blobs/blobs', sha256.slice(0, 2), sha256.slice(2, 4), sha256);
    await readFile(blob);
    expect(await (await at(id, '', { method: 'DELETE' })).json()).toEqual({
      id,
      object: 'verification.job',
      deleted: true,
    });
    await expect(readFile(blob)).rejects.toMatchObject({ code: 'ENOENT' });
    for (const path of ['', '/report.json']) {
      const gone = await at(id, path);
      expect([gone.status, await codeOf(gone)]).toEqual([404, 'verification_not_found']);
    }
    expect((await at(id, '', { method: 'DELETE' })).status).toBe(404);
  });

  it('of an address inside is refused, with a job and without', async () => {
    for (const url of [`${service.url}/healthz`, 'http://169.254.169.254/latest', 'http://localhost:1/']) {
      const direct = await postUrl(url);
      expect([url, direct.status, await codeOf(direct)]).toEqual([url, 400, 'url_forbidden']);
    }
    const job = await jobOf(await postUrl(`${service.url}/healthz`, LATER));
    expect((await followed(job.id)).at(-1)).toMatchObject({ status: 'failed', error: { code: 'url_forbidden' } });
    for (const url of [
      'ftp://example.com/a',
      'file:///etc/passwd',
      'nonsense',
      `http://example.com/${'x'.repeat(2000)}`,
    ]) {
      const refused = await postUrl(url);
      expect([url.slice(0, 30), refused.status, await codeOf(refused)]).toEqual([
        url.slice(0, 30),
        400,
        'invalid_value',
      ]);
    }
  });

  it('is forgotten when nobody waits for it any more', async () => {
    const gone = new AbortController();
    const waiting = fetch(`${service.baseURL}/verify`, { method: 'POST', body: form(clip), signal: gone.signal });
    const rows = () => query(service, 'SELECT id FROM verification_jobs WHERE name = $1', ['clip.mp4']);
    await until(async () => (await rows()).length === 1, 10_000);
    gone.abort();
    await expect(waiting).rejects.toThrow();
    await until(async () => (await rows()).length === 0, 10_000);
    await scratchIsEmpty(service);
  });
});

describe('a worker killed in the middle', () => {
  it('leaves no job behind that is examined for ever', async () => {
    const { id } = await jobOf(await post(form(clip), LATER));
    await until(async () => (await jobOf(await at(id))).status === 'examining', 20_000);
    for (const pid of await service.workerPids()) process.kill(pid, 'SIGKILL');
    const [row] = await query(service, 'SELECT status, path FROM verification_jobs WHERE id = $1', [id]);
    expect(row).toMatchObject({ status: 'examining', path: expect.any(String) as string });
    const end = (await followed(id)).at(-1)!;
    expect(end).toMatchObject({ status: 'completed', report: { verdict: { code: 'no_evidence' } } });
    await scratchIsEmpty(service);
  }, 120_000);
});

describe('fifty at once', () => {
  it('each get an answer or an honest 429, and the service goes on', async () => {
    const small = await readFile(join(projectRoot, 'tests/fixtures/c2pa/dashinit.mp4'));
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(form(small))));
    const counts: Record<number, number> = {};
    for (const answer of answers) {
      counts[answer.status] = (counts[answer.status] ?? 0) + 1;
      if (answer.status === 429) {
        expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        expect(await codeOf(answer)).toBe('verification_busy');
      } else if (answer.status === 200) VerifyReport.parse(await answer.json());
      // Where a machine needs more than a minute for all of them.
      else expect((await followed((await jobOf(answer)).id)).at(-1)?.status).toBe('completed');
    }
    const answered = (counts[200] ?? 0) + (counts[202] ?? 0);
    expect(answered + (counts[429] ?? 0)).toBe(50);
    expect(answered).toBeGreaterThanOrEqual(PLACES);
    expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
    await scratchIsEmpty(service);
  }, 120_000);

  it('that hardly send their files: the next one is refused before its body; they are cut and give their places back', async () => {
    const answers: (number | undefined)[] = [];
    const open = Array.from({ length: PLACES }, (): ClientRequest => {
      const waiting = request(`${service.baseURL}/verify`, {
        method: 'POST',
        headers: { 'content-type': 'video/mp4', 'content-length': '1000000' },
      });
      waiting.on('error', () => undefined);
      waiting.on('response', (answer) => answers.push(answer.statusCode));
      waiting.write('x');
      return waiting;
    });
    const taken = async () =>
      Number((await query(service, "SELECT count(*) FROM verification_jobs WHERE status = 'receiving'"))[0]?.count);
    await until(async () => (await taken()) === PLACES, 20_000);
    const refused = await new Promise<{ status?: number; after?: string }>((done, fail) => {
      const late = request(`${service.baseURL}/verify`, {
        method: 'POST',
        headers: { 'content-type': 'video/mp4', 'content-length': '100000000' },
      });
      late.on('error', fail).on('response', (answer) => {
        done({ status: answer.statusCode, after: answer.headers['retry-after'] });
        late.removeAllListeners('error').on('error', () => undefined);
        late.destroy();
      });
      late.flushHeaders(); // not one byte of the body
    });
    expect(refused).toEqual({ status: 429, after: '15' });
    const half = open.splice(0, PLACES / 2);
    half.forEach((one) => one.destroy());
    await until(async () => (await taken()) === open.length, 10_000);
    await until(async () => answers.length === open.length, 40_000);
    expect(new Set(answers)).toEqual(new Set([400]));
    await until(async () => (await taken()) === 0, 20_000);
    await scratchIsEmpty(service);
  }, 90_000);
});

describe('imprimatur verify', () => {
  const cli = (...args: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((done) => {
      const command = ['dist/apps/cli/main.js', 'verify', ...args, '--url', service.url];
      execFile(process.execPath, command, { cwd: projectRoot }, (error, out, err) =>
        done({ code: error ? Number(error.code) : 0, out, err }),
      );
    });

  it('says of a file what the API says', async () => {
    const { code, out } = await cli(CLIP, '--json');
    const here = VerifyReport.parse(JSON.parse(out));
    const there = VerifyReport.parse(await (await post(form(clip))).json());
    expect([code, here.verdict.row, here.verdict.code]).toEqual([0, there.verdict.row, there.verdict.code]);
    expect(here.custody.map(({ what }) => what)).toEqual(['received', 'hashed', 'examined', 'reported']);
  });

  it('hands addresses to the service, and says why one was refused', async () => {
    const refused = await cli('http://127.0.0.1:9/a.mp4', '--lang', 'fr');
    expect([refused.code, refused.out]).toEqual([1, '']);
    expect(refused.err).toMatch(/réseau privé/);
    expect((await cli('https://example.com/a.mp4', '--local')).err).toMatch(/only be examined by the service/);
  });
});

describe('a worker killed after its answer', () => {
  it('leaves the files to the next one, and they hold what was answered', async () => {
    const answer = VerifyReport.parse(await (await post(form(clip))).json());
    for (const pid of await service.workerPids()) process.kill(pid, 'SIGKILL');
    const end = (await followed(answer.id)).at(-1)!;
    expect([end.status, end.report, end.files?.bundle]).toEqual([
      'completed',
      answer,
      `/v1/verify/${answer.id}/bundle.zip`,
    ]);
    const { report } = SignedReport.parse(await (await at(answer.id, '/report.json')).json());
    expect(canonicalJson(report)).toBe(canonicalJson(answer));
  }, 120_000);
});

describe('after all this', () => {
  it('no process fell over but the one that was killed', () => {
    expect(service.output()).not.toMatch(/out of memory|unhandled/i);
  });
});
