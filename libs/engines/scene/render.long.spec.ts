import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import sharp from 'sharp';

import { probe, sampleFrames } from '#engines/media';

import { renderScene } from './index.js';
import { type SceneRequest } from './types.js';

const small: SceneRequest = {
  prompt: 'A fox runs in the forest at dusk',
  seed: '7',
  seconds: 1,
  width: 192,
  height: 128,
};
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scene-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
const render = async (change: Partial<SceneRequest> = {}) => {
  const path = join(folder, `${count++}.mp4`);
  const result = await renderScene({ ...small, ...change }, path);
  return { path, result, bytes: await readFile(path) };
};

describe('renderScene', () => {
  it('gives the same bytes for the same prompt and seed, and others for another seed', async () => {
    const [a, b, other] = [await render(), await render(), await render({ seed: '8' })];
    expect(a.bytes.equals(b.bytes)).toBe(true);
    expect(a.bytes.equals(other.bytes)).toBe(false);
  });

  it.each([
    [720, 1280, 'Un chat marche dans la rue sous la pluie'],
    [1280, 720, 'A sailboat on the sea at sunrise "Hello"'],
    [1024, 1792, 'une fusée dans l’espace'],
    [1792, 1024, 'two horses in a meadow'],
  ])('makes a playable clip of %i x %i', async (width, height, prompt) => {
    const { path, result } = await render({ width, height, prompt });
    const info = await probe(path);
    expect(info.video).toMatchObject({ codec: 'h264', width, height });
    expect(info.video?.fps).toBeCloseTo(24, 1);
    expect(info.audio).toMatchObject({ codec: 'aac', sampleRate: 48000, channels: 2 });
    expect(info.durationS).toBeGreaterThan(0.95);
    expect(info.durationS).toBeLessThan(1.1);
    expect(result.frames).toBe(24);
  });

  it('moves: the first and last frames differ over much of the picture', async () => {
    const { path } = await render({ seconds: 2 });
    const frames = [];
    for await (const frame of sampleFrames(path)) frames.push(frame);
    const [first, last] = [frames[0]?.rgb ?? new Uint8Array(), frames.at(-1)?.rgb ?? new Uint8Array()];
    let changed = 0;
    for (let i = 0; i < first.length; i += 3) if (Math.abs((first[i] ?? 0) - (last[i] ?? 0)) > 12) changed++;
    expect(changed).toBeGreaterThan((first.length / 3) * 0.1);
  });

  it('reports progress that never falls, from 0 to 1', async () => {
    const seen: number[] = [];
    await renderScene(small, join(folder, 'progress.mp4'), { onProgress: (fraction) => seen.push(fraction) });
    expect(seen[0]).toBe(0);
    expect(seen.at(-1)).toBe(1);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.length).toBeGreaterThan(20);
  });

  it('stops when aborted and leaves no file', async () => {
    const path = join(folder, 'aborted.mp4');
    const stop = new AbortController();
    const onProgress = (fraction: number) => fraction > 0.3 && stop.abort();
    await expect(renderScene(small, path, { signal: stop.signal, onProgress })).rejects.toThrow(/abort/i);
    expect(existsSync(path)).toBe(false);
  });

  it('hangs a reference picture in the scene, and refuses what is no picture', async () => {
    const reference = await sharp({ create: { width: 300, height: 400, channels: 3, background: '#ff00ff' } })
      .png()
      .toBuffer();
    const { path } = await render({ reference });
    const frames = [];
    for await (const frame of sampleFrames(path)) frames.push(frame);
    const last = frames.at(-1)?.rgb ?? new Uint8Array();
    let magenta = 0;
    for (let i = 0; i < last.length; i += 3)
      if ((last[i] ?? 0) > 200 && (last[i + 1] ?? 255) < 70 && (last[i + 2] ?? 0) > 200) magenta++;
    expect(magenta / (last.length / 3)).toBeGreaterThan(0.05);
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    await expect(render({ reference: svg })).rejects.toMatchObject({ code: 'scene_reference_unreadable' });
    await expect(render({ reference: new Uint8Array([1, 2, 3]) })).rejects.toMatchObject({
      code: 'scene_reference_unreadable',
    });
  });

  it('refuses lengths and sizes that make no clip', async () => {
    for (const change of [{ seconds: 0 }, { seconds: Number.NaN }, { width: 0 }, { height: 101 }, { width: 9000 }]) {
      await expect(render(change)).rejects.toMatchObject({ code: 'scene_bad_request' });
    }
  });

  it.each([
    ['nothing', ''],
    ['emoji only', '🎉🎉🐙🚀👨‍👩‍👧‍👦🏳️‍🌈'],
    ['right to left', 'כלב רץ "שלום" قط ينام'],
    ['XML in quotes', 'a dog "</svg><script>alert(1)</script>" and "&xxe; <!ENTITY x SYSTEM \'file:///etc/passwd\'>"'],
    ['XML outside quotes', '<svg onload=x><image href="http://localhost:1/x.png"/></svg> ]]> --> cat'],
    ['control characters', '\u0000\u0007\u202Ea cat "\u202Egnp\u0000" \ud800'],
    ['one endless word', `"${'W'.repeat(400)}" ${'x'.repeat(9000)}`],
    ['prototype names', 'constructor __proto__ toString hasOwnProperty'],
  ])('survives a hostile prompt: %s', async (_name, prompt) => {
    const { result } = await render({ prompt, width: 96, height: 64 });
    expect(result.frames).toBe(24);
  });
});
