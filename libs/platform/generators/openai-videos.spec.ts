import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GenerationRequest } from '#contracts';
import {
  startStubEngine,
  stubClip,
  stubClipWithoutMoov,
  type StubEngine,
  type StubEngineOptions,
} from '../../../tests/support/stub-engine.js';
import {
  GeneratorError,
  openAiVideosGenerator,
  pollUntilDone,
  PROFILE_NAMES,
  type OpenAiVideosOptions,
} from './index.js';

const clip = stubClip();
const signal = new AbortController().signal;
const req: GenerationRequest = {
  clipId: 'clip_1',
  prompt: 'a paper boat ✓',
  seconds: 8,
  size: '1280x720',
  seed: 'blue',
  model: 'sora-2',
};

let dir: string;
let stub: StubEngine | undefined;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gen-'));
});
afterAll(() => rm(dir, { recursive: true }));
afterEach(async () => {
  await stub?.close();
  stub = undefined;
  for (const name of await readdir(dir)) await rm(join(dir, name));
});

async function start(
  options: Omit<StubEngineOptions, 'clip'> & { clip?: Buffer },
  more: Partial<OpenAiVideosOptions> = {},
) {
  stub = await startStubEngine({ clip, ...options });
  const generator = openAiVideosGenerator({
    name: 'engine',
    baseUrl: stub.url,
    profile: options.profile,
    allowPrivate: true,
    ...more,
  });
  return { stub, generator };
}

const quick = { intervalMs: 5, deadlineMs: 5000, signal };

async function failure(work: Promise<unknown>): Promise<GeneratorError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof GeneratorError) return thrown;
    throw thrown;
  }
  throw new Error('it was expected to fail');
}

describe.each(PROFILE_NAMES)('%s', (profile) => {
  it('makes a clip from create to file', async () => {
    const { stub, generator } = await start({ profile, ticks: 3 }, { apiKey: 'sk-1' });
    const ref = await generator.create(req, signal);
    const early = await failure(generator.fetch(ref, join(dir, 'early.mp4'), signal));
    expect(early).toMatchObject({ code: 'generator_not_ready', retry: 'same' });
    const seen: number[] = [];
    const done = await pollUntilDone(generator, ref, { ...quick, onProgress: (p) => void seen.push(p) });
    expect(done).toEqual({ status: 'completed', progress: 100, error: null });
    expect(seen.at(-1)).toBe(100);
    expect([...seen].sort((a, b) => a - b)).toEqual(seen);
    const path = join(dir, 'clip.mp4');
    expect(await generator.fetch(ref, path, signal)).toEqual({ bytes: clip.length });
    expect(await readFile(path)).toEqual(clip);
    expect(await readdir(dir)).toEqual(['clip.mp4']);
    expect(stub.calls.every((call) => call.headers.authorization === 'Bearer sk-1')).toBe(true);
    expect(stub.calls[0]?.fields['prompt']).toBe(req.prompt);
    expect(String(stub.calls[0]?.fields['seconds'])).toBe('8');
    expect(stub.calls[0]?.fields['size']).toBe('1280x720');
  });

  it('sends a reference image as a file', async () => {
    const { stub, generator } = await start({ profile });
    const referencePath = join(dir, 'secret name.png');
    await writeFile(referencePath, 'png bytes');
    await generator.create({ ...req, referencePath }, signal);
    expect(stub.calls[0]).toMatchObject({ encoding: 'multipart', fields: { prompt: req.prompt } });
    expect(stub.calls[0]?.files).toEqual([
      { field: 'input_reference', filename: 'reference.png', type: 'image/png', bytes: Buffer.from('png bytes') },
    ]);
  });

  it('429 carries the wait; a second try succeeds', async () => {
    const { generator } = await start({ profile, faults: { create429Times: 1, retryAfterS: 7 } });
    expect(await failure(generator.create(req, signal))).toMatchObject({
      code: 'generator_rate_limited',
      kind: 'rate_limited',
      retryable: true,
      details: { retryAfterS: 7, data: { upstreamStatus: 429 } },
    });
    await expect(generator.create(req, signal)).resolves.toEqual(expect.any(String));
  });

  it('500 on create is worth a retry', async () => {
    const { generator } = await start({ profile, faults: { create500Times: 1 } });
    expect(await failure(generator.create(req, signal))).toMatchObject({
      code: 'generator_unavailable',
      retry: 'same',
    });
    await expect(generator.create(req, signal)).resolves.toEqual(expect.any(String));
  });

  it('500 on polls is endured, but not for ever', async () => {
    const { generator, stub } = await start({ profile, faults: { poll500Times: 3 } });
    const ref = await generator.create(req, signal);
    expect((await pollUntilDone(generator, ref, quick)).status).toBe('completed');
    stub.faults.poll500Times = 1000;
    const other = await generator.create(req, signal);
    expect((await failure(pollUntilDone(generator, other, quick))).code).toBe('generator_unavailable');
  });

  it('slow answers end in a timeout that may be retried', async () => {
    const { generator } = await start(
      { profile, faults: { slowMs: 1000 } },
      { timeouts: { createMs: 80, pollMs: 80, fetchMs: 80, healthMs: 80 } },
    );
    expect(await failure(generator.create(req, signal))).toMatchObject({
      code: 'generator_unavailable',
      retryable: true,
    });
    expect((await failure(generator.poll('video_x', signal))).code).toBe('generator_unavailable');
    expect((await failure(generator.fetch('video_x', join(dir, 'x'), signal))).code).toBe('generator_unavailable');
    expect(await generator.cancel('video_x')).toBe('detached');
    expect((await generator.health()).ok).toBe(false);
  });

  it('truncated and foreign content never becomes a file', async () => {
    const { generator, stub } = await start({ profile, faults: { truncateContent: true } });
    const ref = await generator.create(req, signal);
    await pollUntilDone(generator, ref, quick);
    const path = join(dir, 'clip.mp4');
    expect(await failure(generator.fetch(ref, path, signal))).toMatchObject({
      code: 'generator_bad_content',
      retry: 'same',
    });
    stub.faults.truncateContent = false;
    stub.faults.wrongContentType = true;
    expect(await failure(generator.fetch(ref, path, signal))).toMatchObject({
      code: 'generator_bad_content',
      retry: 'never',
    });
    expect(await readdir(dir)).toEqual([]);
    stub.faults.wrongContentType = false;
    await expect(generator.fetch(ref, path, signal)).resolves.toEqual({ bytes: clip.length });
  });

  it('a forgotten job needs a new create', async () => {
    const { generator } = await start({ profile, faults: { forgetAfterPolls: 1 }, ticks: 3 });
    const ref = await generator.create(req, signal);
    expect(await failure(pollUntilDone(generator, ref, quick))).toMatchObject({
      code: 'generator_job_lost',
      retry: 'create',
    });
    expect((await failure(generator.fetch(ref, join(dir, 'x'), signal))).code).toBe('generator_job_lost');
  });

  it('a job that never ends is given up at the deadline', async () => {
    const { generator } = await start({ profile, faults: { neverEnds: true } });
    const ref = await generator.create(req, signal);
    const started = Date.now();
    const thrown = await failure(pollUntilDone(generator, ref, { ...quick, deadlineMs: 200 }));
    expect(thrown).toMatchObject({ code: 'generator_timeout', retryable: false });
    expect(Date.now() - started).toBeLessThan(1500);
  });

  it.each(['create', 'later'] as const)('a refusal (%s) is final and keeps its code', async (refuse) => {
    const { generator } = await start({ profile, faults: { refuse } });
    const thrown = await failure(generator.create(req, signal).then((ref) => pollUntilDone(generator, ref, quick)));
    expect(thrown).toMatchObject({
      code: 'generator_refused',
      kind: 'invalid',
      retryable: false,
      details: { data: { generator: 'engine', upstreamCode: 'moderation_blocked' } },
    });
  });

  it('a failed job is a failure that says nothing of the engine', async () => {
    const { generator } = await start({ profile, faults: { fails: true } });
    const ref = await generator.create(req, signal);
    const thrown = await failure(pollUntilDone(generator, ref, quick));
    expect(thrown).toMatchObject({ code: 'generator_failed', retry: 'create' });
    expect(thrown.message).not.toMatch(/CUDA/);
    expect((thrown.cause as Error).message).toMatch(/CUDA/);
  });

  it('unreadable answers are reported as such', async () => {
    const { generator, stub } = await start({ profile });
    const ref = await generator.create(req, signal);
    stub.faults.badJson = true;
    expect((await failure(generator.poll(ref, signal))).code).toBe('generator_bad_answer');
    expect(await failure(generator.create(req, signal))).toMatchObject({
      code: 'generator_bad_answer',
      retryable: true,
    });
  });

  it.each([
    [400, 'generator_rejected'],
    [401, 'generator_unauthorized'],
    [403, 'generator_unauthorized'],
    [404, 'generator_rejected'],
  ] as const)('%i on create is final', async (status, code) => {
    const { generator } = await start({ profile, faults: { status } });
    expect(await failure(generator.create(req, signal))).toMatchObject({ code, retryable: false });
  });

  it('cancels as far as the server can', async () => {
    const { generator, stub } = await start({ profile, faults: { neverEnds: true } });
    const ref = await generator.create(req, signal);
    await generator.poll(ref, signal);
    const expected = profile === 'vllm-omni' || profile === 'imprimatur' ? 'aborted' : 'detached';
    expect(await generator.cancel(ref)).toBe(expected);
    expect(stub.calls.filter((call) => call.method === 'DELETE')).toHaveLength(profile === 'litellm' ? 0 : 1);
    if (expected === 'aborted') expect((await failure(generator.poll(ref, signal))).code).toBe('generator_job_lost');
  });

  it('knows whether the server is up', async () => {
    const { generator, stub } = await start({ profile });
    expect(await generator.health()).toMatchObject({ ok: true });
    await stub.close();
    expect(await generator.health()).toMatchObject({ ok: false });
    expect(await failure(generator.create(req, signal))).toMatchObject({
      code: 'generator_unavailable',
      retryable: true,
    });
    expect(await generator.cancel('video_1')).toBe('detached');
  });
});

describe('what each server is sent', () => {
  it.each([
    ['openai', { model: 'sora-2', seconds: '8' }, ['seed', 'fps', 'width', 'num_frames'], 'multipart'],
    ['litellm', { model: 'sora-2', seconds: '8' }, ['seed', 'fps', 'width', 'num_frames'], 'multipart'],
    ['imprimatur', { model: 'sora-2', seconds: '8', seed: 'blue' }, ['fps', 'width'], 'multipart'],
    [
      'vllm-omni',
      { seconds: '8', width: '1280', height: '720', fps: '16', num_frames: '128', seed: '186891076' },
      ['model'],
      'multipart',
    ],
    ['sglang', { seconds: 8, fps: 16, num_frames: 128, seed: 186891076 }, ['model', 'width'], 'json'],
  ] as const)('%s', async (profile, fields, absent, encoding) => {
    const { stub, generator } = await start({ profile }, { fps: 16 });
    await generator.create(req, signal);
    const call = stub.calls[0];
    expect(call).toMatchObject({ encoding, fields });
    for (const name of absent) expect(call?.fields).not.toHaveProperty(name);
    const key = profile === 'openai' || profile === 'imprimatur' ? 'clip_1' : undefined;
    expect(call?.headers['idempotency-key']).toBe(key);
  });

  it('the idempotency key stays until a job exists, and is new for the next job of the clip', async () => {
    const { stub, generator } = await start({ profile: 'imprimatur', faults: { create500Times: 2 } });
    for (let i = 0; i < 2; i++) await failure(generator.create(req, signal));
    await generator.create(req, signal);
    await generator.create(req, signal);
    const keys = stub.calls.map((call) => call.headers['idempotency-key']);
    expect(keys).toEqual(['clip_1', 'clip_1', 'clip_1', 'clip_1.1']);
  });

  it('a configured model and further fields win; /v1 may be in the base URL', async () => {
    stub = await startStubEngine({ profile: 'vllm-omni', clip });
    const options = {
      name: 'w',
      profile: 'vllm-omni',
      allowPrivate: true,
      model: 'wan',
      extra: { guidance_scale: 4, seed: 3 },
    } as const;
    const generator = openAiVideosGenerator({ ...options, baseUrl: `${stub.url}/v1/` });
    await generator.create(req, signal);
    expect(stub.calls[0]).toMatchObject({
      path: '/v1/videos',
      fields: { model: 'wan', guidance_scale: '4', seed: '3' },
    });
    expect(generator.describe()).toEqual({
      name: 'w',
      version: 'wan',
      digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
    });
  });

  it('a private engine is refused unless the operator allowed it', async () => {
    const { generator, stub } = await start({ profile: 'openai' }, { allowPrivate: false });
    expect(await failure(generator.create(req, signal))).toMatchObject({
      code: 'generator_rejected',
      retryable: false,
    });
    expect(stub.calls).toHaveLength(0);
    const listed = openAiVideosGenerator({
      name: 'e',
      baseUrl: stub.url,
      profile: 'openai',
      allowPrivate: ['127.0.0.0/8'],
    });
    await expect(listed.create(req, signal)).resolves.toEqual(expect.any(String));
  });

  it('a file without an index or cut at its end is refused', async () => {
    for (const bytes of [
      stubClipWithoutMoov(),
      clip.subarray(0, clip.length - 5),
      Buffer.alloc(0),
      Buffer.from('RIFF....WEBP'),
    ]) {
      const { generator } = await start({ profile: 'openai', clip: bytes, ticks: 1 });
      const ref = await generator.create(req, signal);
      await pollUntilDone(generator, ref, quick);
      expect((await failure(generator.fetch(ref, join(dir, 'x.mp4'), signal))).code).toBe('generator_bad_content');
      expect(await readdir(dir)).toEqual([]);
      await stub?.close();
      stub = undefined;
    }
  });

  it('the caller can abort a call and a wait', async () => {
    const { generator } = await start({ profile: 'openai', faults: { neverEnds: true } });
    const ref = await generator.create(req, signal);
    const controller = new AbortController();
    const reason = new Error('shutting down');
    setTimeout(() => controller.abort(reason), 60);
    await expect(pollUntilDone(generator, ref, { ...quick, signal: controller.signal })).rejects.toBe(reason);
    await expect(generator.poll(ref, controller.signal)).rejects.toBe(reason);
  });
});
