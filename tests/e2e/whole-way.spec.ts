import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type OpenAI from 'openai';
import {
  ClipView,
  ErrorEnvelope,
  StatementOfReasons,
  VerifyReport,
  type Category,
  type ClipView as Clip,
  type VerifyReport as Report,
} from '#contracts';
import { projectRoot, sha256Hex } from '#kernel';
import { promptThat } from '../support/prompts.js';
import { startService, type TestService } from '../support/service.js';
import { inspect, refusal, scratchIsEmpty, sdk, waitFor, waitForState } from '../support/wire.js';

const SECONDS = '4';
const PROMPT = promptThat('allow');

let service: TestService;
let client: OpenAI;
let dir: string;
let clip: Clip;
let released: Buffer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-way-'));
  service = await startService({ VERIFY_PER_MINUTE: '1000' });
  client = sdk(service).client;
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await rm(dir, { recursive: true, force: true });
});

async function verify(bytes: Buffer): Promise<Report> {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(bytes)], 'clip.mp4', { type: 'video/mp4' }));
  const answer = await fetch(`${service.baseURL}/verify`, { method: 'POST', body: form });
  expect(answer.status).toBe(200);
  return VerifyReport.parse(await answer.json());
}

/** A copy as a messenger makes it, in a process of its own: native code stays out of the test's sandbox. */
async function transcoded(bytes: Buffer, options: Record<string, unknown>): Promise<Buffer> {
  const [input, output] = [join(dir, 'in.mp4'), join(dir, 'out.mp4')];
  await writeFile(input, bytes);
  const script = `import { transcode } from '#engines/media'; await transcode(...${JSON.stringify([input, output, options])});`;
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { cwd: projectRoot });
  return readFile(output);
}

/** Offset and length of a top-level box. */
function boxOf(bytes: Buffer, type: string): { at: number; length: number } {
  for (let at = 0; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    if (bytes.toString('latin1', at + 4, at + 8) === type) return { at, length };
    if (length < 8) break;
    at += length;
  }
  throw new Error(`no box ${type}`);
}

function decide(id: string, outcome: 'release' | 'refuse', category: Category): Promise<Clip> {
  return client.post(`/clips/${id}/decision`, { body: { outcome, category, reason: 'Looked at it: a rehearsal.' } });
}

describe('a clip goes the whole way', () => {
  it('is made, inspected, marked, signed, read back and released', async () => {
    const video = await client.videos.create({ prompt: PROMPT, seconds: SECONDS });
    await waitFor(client, video.id, 'completed');
    released = Buffer.from(await (await client.videos.downloadContent(video.id)).arrayBuffer());
    clip = ClipView.parse(await inspect(client, video.id));
    expect(clip).toMatchObject({
      state: 'released',
      held_at: null,
      review: null,
      error: null,
      statement_id: null,
      audience: 'teen',
    });
    expect(clip.release).toMatchObject({ sha256: sha256Hex(released), credentials: 'ours' });
    expect(clip.release?.id).toMatch(/^[0-9a-f]{16}$/);
  }, 180_000);

  it('leaves signals, decisions, timings and a history', () => {
    expect(clip.decisions.map(({ stage, outcome }) => [stage, outcome])).toEqual([
      ['prompt', 'allow'],
      ['clip', 'allow'],
    ]);
    for (const { policy } of clip.decisions)
      expect(policy).toMatchObject({ id: 'default', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
    const measured = clip.signals
      .filter(({ state }) => state === 'measured')
      .map(({ detector, source }) => `${detector} ${source}`);
    expect(measured).toEqual(expect.arrayContaining(['text.linear prompt', 'text.rules prompt', 'vision.nsfw frames']));
    for (const { model } of clip.signals) expect(model.version).not.toBe('');
    expect(Object.keys(clip.timings).sort()).toEqual(['generate', 'inspect', 'log', 'mark', 'reread', 'sign']);
    expect(Object.values(clip.timings).every((ms) => ms > 0)).toBe(true);
    const way = ['queued', 'generating', 'inspecting', 'marking', 'signing', 'rereading', 'logging', 'released'];
    expect(clip.events.map(({ to }) => to)).toEqual(way);
    expect(clip.events.map(({ from }) => from)).toEqual([null, ...way.slice(0, -1)]);
    expect(clip.events[0]?.actor).toMatch(/^key:key_/);
  });

  it('leaves nothing in the scratch folder', () => scratchIsEmpty(service));
});

describe('what can be said of a copy', () => {
  it('byte for byte: released_exact, in English and in French', async () => {
    const report = await verify(released);
    expect(report.verdict.code).toBe('released_exact');
    expect(report.verdict.text.en).toContain(clip.release!.id);
    expect(report.verdict.text.fr).toContain(clip.release!.id);
    expect(report).toMatchObject({
      file: { sha256: clip.release!.sha256, bytes: released.length },
      credentials: { state: 'ours', softBinding: clip.release!.id, manifestId: clip.release!.manifest_id },
      watermark: { state: 'found', releaseId: clip.release!.id },
      registry: { state: 'same_bytes', releaseId: clip.release!.id, by: 'sha256' },
      failed: [],
    });
    expect(report.credentials.signedAt).not.toBeNull();
    expect(report.checked).toEqual(expect.arrayContaining(['credentials', 'watermark', 'registry', 'log']));
  });

  it('with a box appended: released_repackaged', async () => {
    const free = Buffer.alloc(32);
    free.writeUInt32BE(32, 0);
    free.write('free', 4, 'latin1');
    const report = await verify(Buffer.concat([released, free]));
    expect(report.verdict.code).toBe('released_repackaged');
    expect(report.registry).toMatchObject({ state: 'known', releaseId: clip.release!.id });
  });

  it('coded anew at 480p without metadata: derived, with this release’s id', async () => {
    const copy = await transcoded(released, { crf: 28, shortSide: 480 });
    expect(copy.includes('c2pa')).toBe(false);
    const report = await verify(copy);
    expect(report).toMatchObject({
      failed: [],
      verdict: { code: 'derived' },
      credentials: { state: 'none' },
      watermark: { state: 'found', releaseId: clip.release!.id },
    });
    expect(report.verdict.text.en).toContain(clip.release!.id);
  });

  it('with one byte of the pictures changed: the credentials no longer fit', async () => {
    const changed = Buffer.from(released);
    const { at, length } = boxOf(changed, 'mdat');
    changed[at + Math.floor(length / 2)]! ^= 0x01;
    const report = await verify(changed);
    expect(report.credentials.state).toBe('mismatch');
    expect(['credentials_do_not_match_content', 'credentials_on_other_content', 'unable']).toContain(
      report.verdict.code,
    );
  });

  it('with its credentials cut out: no origin is claimed by credentials, the pictures still speak', async () => {
    const { at, length } = boxOf(released, 'uuid');
    const hidden = Buffer.from(released);
    hidden.write('free', at + 4, 'latin1');
    hidden.fill(0, at + 8, at + length);
    const report = await verify(hidden);
    expect(report.credentials.state).toBe('none');
    expect(report.verdict.code).toBe('derived');
  });

  it('of another clip: no_evidence', async () => {
    const other = await readFile(join(projectRoot, 'tests/fixtures/clips/flat-door-360p.mp4'));
    expect((await verify(other)).verdict.code).toBe('no_evidence');
  });
});

describe('what the policy stops', () => {
  it.each(['en', 'fr'] as const)(
    'a prompt that is refused (%s): its categories, and a statement of reasons to fetch',
    async (language) => {
      const error = await refusal(client.videos.create({ prompt: promptThat('refuse', language) }));
      expect(error).toMatchObject({ status: 400, code: 'moderation_blocked', param: 'prompt' });
      const { categories, statement_id } = ErrorEnvelope.parse({ error: error.error }).error;
      const statement = StatementOfReasons.parse(await client.get(`/statements/${statement_id}`));
      expect(statement).toMatchObject({ decision: 'refuse', automated: true, categories });
      expect(statement.text.en).toMatch(/Appeal/);
      expect(statement.text.fr).toMatch(/Recours/);
      const refused = await inspect(client, statement.clip_id);
      expect(refused).toMatchObject({ state: 'refused', statement_id, release: null });
      expect(refused.events.map(({ to }) => to)).toEqual(['refused']);
      const ids: string[] = [];
      for await (const { id } of client.videos.list({ limit: 100 })) ids.push(id);
      expect(ids).not.toContain(statement.clip_id);
    },
  );

  it.each(['en', 'fr'] as const)(
    'a prompt that is held (%s) looks in progress to the SDK, and is on the list of those who decide',
    async (language) => {
      const video = await client.videos.create({ prompt: promptThat('hold', language) });
      expect(video).toMatchObject({ status: 'in_progress', progress: 0, error: null });
      const held = await inspect(client, video.id);
      expect(held).toMatchObject({ state: 'held', held_at: 'prompt', timings: {} });
      expect(held.decisions.at(-1)?.reasons[0]?.text.fr.length).toBeGreaterThan(10);
      const list = await client.get<{ data: Clip[] }>('/clips/held');
      expect(list.data.map(({ id }) => id)).toContain(video.id);
      expect(await refusal(client.videos.downloadContent(video.id))).toMatchObject({
        status: 400,
        code: 'video_not_ready',
      });
      const refused = await decide(video.id, 'refuse', held.decisions[0]!.categories[0]!);
      expect(refused).toMatchObject({ state: 'refused', review: { outcome: 'refuse' } });
      const shown = await client.videos.retrieve(video.id);
      expect(shown).toMatchObject({ status: 'failed', error: { code: 'moderation_blocked' } });
      expect(await client.get(`/statements/${refused.statement_id}`)).toMatchObject({
        automated: false,
        clip_id: video.id,
      });
      expect(
        await refusal(
          client.post(`/clips/${video.id}/decision`, {
            body: { outcome: 'release', category: 'other', reason: 'again' },
          }),
        ),
      ).toMatchObject({ status: 400, code: 'clip_not_held' });
    },
  );

  it('a held prompt that a person lets go is made and released, and both decisions stay on record', async () => {
    const video = await client.videos.create({ prompt: promptThat('hold'), seconds: SECONDS });
    const going = await decide(video.id, 'release', 'other');
    expect(going).toMatchObject({
      held_at: null,
      review: { outcome: 'release', reason: 'Looked at it: a rehearsal.' },
    });
    await waitFor(client, video.id, 'completed');
    const done = await inspect(client, video.id);
    expect(done.review?.reviewer).toMatch(/^key:/);
    expect(done.decisions.map(({ outcome }) => outcome)).toEqual(['hold', 'allow']);
    expect(done.events.slice(0, 2).map(({ to }) => to)).toEqual(['held', 'queued']);
    const report = await verify(Buffer.from(await (await client.videos.downloadContent(video.id)).arrayBuffer()));
    expect(report).toMatchObject({ verdict: { code: 'released_exact' }, registry: { releaseId: done.release!.id } });
  }, 180_000);

  it('a finished clip in which something was found is refused, is labelled as a rehearsal, and is never served', async () => {
    const found = [{ category: 'graphic_violence', score: 0.97, reason: 'rehearsal' }];
    const headers = { 'x-imprimatur-synthetic-signals': JSON.stringify(found) };
    const video = await client.videos.create({ prompt: PROMPT, seconds: SECONDS }, { headers });
    const failed = await waitFor(client, video.id, 'failed');
    expect(failed.error).toMatchObject({
      code: 'moderation_blocked',
      message: expect.stringMatching(/sor_/) as string,
    });
    const refused = await inspect(client, video.id);
    expect(refused).toMatchObject({ state: 'refused', held_at: 'clip', release: null });
    expect(refused.decisions.at(-1)).toMatchObject({
      outcome: 'refuse',
      categories: ['graphic_violence'],
      reasons: [{ synthetic: true, detector: 'synthetic' }],
    });
    expect(refused.signals.filter(({ synthetic }) => synthetic)).toHaveLength(1);
    for (const variant of ['video', 'thumbnail', 'spritesheet'] as const) {
      expect(await refusal(client.videos.downloadContent(video.id, { variant }))).toMatchObject({
        status: 400,
        code: 'video_not_available',
      });
    }
    expect(refused.timings).not.toHaveProperty('mark');
  }, 120_000);

  it('synthetic signals that are no signals are refused', async () => {
    for (const wrong of ['no json', '{}', '[{"category":"none","score":1}]', '[{"category":"sexual","score":7}]']) {
      const headers = { 'x-imprimatur-synthetic-signals': wrong };
      expect(await refusal(client.videos.create({ prompt: PROMPT }, { headers }))).toMatchObject({ status: 400 });
    }
  });

  it('what a doubt about a finished clip holds waits, is let go, and is released', async () => {
    const headers = {
      'x-imprimatur-synthetic-signals': JSON.stringify([{ category: 'violence', score: 0.5, reason: 'rehearsal' }]),
    };
    const video = await client.videos.create({ prompt: PROMPT, seconds: SECONDS }, { headers });
    const held = await waitForState(client, video.id, 'held', 120_000);
    expect(held).toMatchObject({ held_at: 'clip', release: null });
    expect(await client.videos.retrieve(video.id)).toMatchObject({ status: 'in_progress', progress: 80 });
    await decide(video.id, 'refuse', 'violence');
    expect(await client.videos.retrieve(video.id)).toMatchObject({ status: 'failed' });
    await scratchIsEmpty(service);
  }, 150_000);
});
