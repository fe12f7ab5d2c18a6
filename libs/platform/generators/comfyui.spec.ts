import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type GenerationRequest } from '#contracts';
import { startStubComfy, stubClip, type StubComfy, type StubComfyOptions } from '../../../tests/support/stub-engine.js';
import { comfyUiGenerator, GeneratorError, pollUntilDone, type ComfyUiOptions } from './index.js';

const clip = stubClip();
const signal = new AbortController().signal;
const req: GenerationRequest = {
  clipId: 'clip_1',
  prompt: 'a kite',
  seconds: 4,
  size: '720x1280',
  seed: '42',
  model: 'wan',
};
const graph = {
  '3': { class_type: 'KSampler', inputs: { seed: 0, steps: 20, model: ['4', 0] } },
  '5': { class_type: 'EmptyHunyuanLatentVideo', inputs: { width: 1, height: 1, length: 1 } },
  '6': { class_type: 'CLIPTextEncode', inputs: { text: '' } },
  '9': { class_type: 'VHS_VideoCombine', inputs: { frame_rate: 1 } },
  '11': { class_type: 'LoadImage', inputs: { image: 'none.png' } },
};
const slots = {
  prompt: '/6/inputs/text',
  seed: '/3/inputs/seed',
  width: '/5/inputs/width',
  height: '/5/inputs/height',
  frames: '/5/inputs/length',
  fps: '/9/inputs/frame_rate',
  image: '/11/inputs/image',
};
const quick = { intervalMs: 5, deadlineMs: 5000, signal };

let dir: string;
let stub: StubComfy;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'comfy-'));
});
afterAll(() => rm(dir, { recursive: true }));
afterEach(() => stub.close());

async function start(options: Omit<StubComfyOptions, 'clip'> = {}, more: Partial<ComfyUiOptions> = {}) {
  stub = await startStubComfy({ clip, ...options });
  return comfyUiGenerator({
    name: 'comfy',
    baseUrl: stub.url,
    graph,
    slots,
    fps: 16,
    extraFrames: 1,
    allowPrivate: true,
    ...more,
  });
}

async function failure(work: Promise<unknown>): Promise<GeneratorError> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof GeneratorError) return thrown;
    throw thrown;
  }
  throw new Error('it was expected to fail');
}

describe('comfyUiGenerator', () => {
  it('fills the graph, follows the websocket, and fetches the clip', async () => {
    const generator = await start({ ticks: 4 });
    const before = structuredClone(graph);
    const ref = await generator.create(req, signal);
    const sent = stub.calls.find((call) => call.path === '/prompt')?.fields['prompt'] as typeof graph;
    expect(sent['6'].inputs.text).toBe('a kite');
    expect(sent['3'].inputs).toEqual({ seed: 42, steps: 20, model: ['4', 0] });
    expect(sent['5'].inputs).toEqual({ width: 720, height: 1280, length: 65 });
    expect(sent['9'].inputs.frame_rate).toBe(16);
    expect(sent['11'].inputs.image).toBe('none.png');
    expect(graph).toEqual(before);
    expect((await failure(generator.fetch(ref, join(dir, 'x'), signal))).code).toBe('generator_not_ready');
    const seen: number[] = [];
    await pollUntilDone(generator, ref, { ...quick, intervalMs: 30, onProgress: (p) => void seen.push(p) });
    // Events of the second of five nodes: between one and two fifths.
    expect(seen.some((percent) => percent > 20 && percent < 40)).toBe(true);
    expect(seen.at(-1)).toBe(100);
    const path = join(dir, 'clip.mp4');
    expect(await generator.fetch(ref, path, signal)).toEqual({ bytes: clip.length });
    expect(await readFile(path)).toEqual(clip);
    const view = stub.calls.find((call) => call.path === '/view');
    expect(Object.fromEntries(view?.query ?? [])).toEqual({
      filename: 'clip_00001_.mp4',
      subfolder: 'video',
      type: 'output',
    });
    for (let i = 0; i < 50 && stub.sockets() > 0; i++) await wait(10);
    expect(stub.sockets()).toBe(0);
  });

  it('works without its websocket', async () => {
    const generator = await start({ faults: { noSocket: true } });
    const ref = await generator.create(req, signal);
    expect((await pollUntilDone(generator, ref, quick)).status).toBe('completed');
  });

  it('uploads the reference image, or refuses it where the graph takes none', async () => {
    const generator = await start();
    const referencePath = join(dir, 'ref.webp');
    await writeFile(referencePath, 'webp');
    await generator.create({ ...req, referencePath }, signal);
    const upload = stub.calls.find((call) => call.path === '/upload/image');
    expect(upload?.files).toEqual([
      { field: 'image', filename: 'clip_1.webp', type: 'image/webp', bytes: Buffer.from('webp') },
    ]);
    const sent = stub.calls.find((call) => call.path === '/prompt')?.fields['prompt'] as typeof graph;
    expect(sent['11'].inputs.image).toBe('clip_1.webp [temp]');
    // Where the engine does not keep it.
    expect(upload!.fields).toMatchObject({ type: 'temp' });
    const { image: _, ...without } = slots;
    const blind = comfyUiGenerator({
      name: 'c',
      baseUrl: stub.url,
      graph,
      slots: without,
      fps: 16,
      allowPrivate: true,
    });
    expect((await failure(blind.create({ ...req, referencePath }, signal))).code).toBe('generator_rejected');
  });

  it('cancels running and waiting jobs, and only its own', async () => {
    const generator = await start({ faults: { neverEnds: true } });
    const first = await generator.create(req, signal);
    const second = await generator.create(req, signal);
    expect((await generator.poll(second, signal)).status).toBe('queued');
    expect(await generator.cancel(second)).toBe('aborted');
    expect((await failure(generator.poll(second, signal))).code).toBe('generator_job_lost');
    expect((await generator.poll(first, signal)).status).toBe('in_progress');
    expect(await generator.cancel('unknown')).toBe('detached');
    expect(stub.calls.filter((call) => call.path === '/interrupt')).toHaveLength(0);
    expect(await generator.cancel(first)).toBe('aborted');
    expect(await generator.poll(first, signal)).toMatchObject({ status: 'failed', error: { code: 'interrupted' } });
  });

  it.each([
    [{ badGraph: true }, 'generator_rejected', 'never'],
    [{ fails: true }, 'generator_failed', 'create'],
    [{ forgetAfter: 1 }, 'generator_job_lost', 'create'],
    [{ noClip: true }, 'generator_bad_content', 'never'],
    [{ truncateContent: true }, 'generator_bad_content', 'same'],
    [{ badJson: true }, 'generator_bad_answer', 'same'],
    [{ neverEnds: true }, 'generator_timeout', 'never'],
  ] as const)('%j gives %s', async (faults, code, retry) => {
    const generator = await start({ faults });
    const thrown = await failure(
      (async () => {
        const ref = await generator.create(req, signal);
        await pollUntilDone(generator, ref, { ...quick, deadlineMs: 500 });
        await generator.fetch(ref, join(dir, 'bad.mp4'), signal);
      })(),
    );
    expect(thrown).toMatchObject({ code, retry });
    expect((await readdir(dir)).filter((name) => name.startsWith('bad'))).toEqual([]);
  });

  it('knows whether the server is up, and keeps to allowed addresses', async () => {
    const generator = await start();
    expect((await generator.health()).ok).toBe(true);
    const refused = comfyUiGenerator({ name: 'c', baseUrl: stub.url, graph, slots, fps: 16 });
    expect((await refused.health()).ok).toBe(false);
    const sent = stub.calls.length;
    expect((await failure(refused.create(req, signal))).code).toBe('generator_rejected');
    expect(stub.calls).toHaveLength(sent);
    expect(stub.sockets()).toBe(0);
  });

  it('refuses slots that point to nothing', async () => {
    await expect(start({}, { slots: { prompt: '/66/inputs/text' } })).rejects.toMatchObject({
      code: 'generator_graph_invalid',
    });
    await stub.close();
    await expect(start({}, { slots: { prompt: '/__proto__/x' } })).rejects.toMatchObject({
      code: 'generator_graph_invalid',
    });
  });
});
