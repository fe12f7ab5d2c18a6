import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeAudio, probe, sampleFrames } from '#engines/media';
import { renderScene } from './index.js';
import { type SceneRequest, type SceneSource } from './types.js';

const base: SceneRequest = { prompt: 'A fox in a meadow by day', seed: '7', seconds: 1, width: 192, height: 128 };
let folder: string;
let clip: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scene-edit-'));
  clip = join(folder, 'clip.mp4');
  await renderScene(base, clip);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let count = 0;
async function made(how: SceneSource['how'], change: string, more: Partial<SceneRequest> = {}): Promise<string> {
  const path = join(folder, `${count++}.mp4`);
  const source = { how, change, path: clip, seconds: 1 };
  await renderScene({ ...base, prompt: `${base.prompt}\n${change}`, source, ...more }, path);
  return path;
}

/** Every picture of a clip. */
async function pictures(path: string): Promise<Uint8Array[]> {
  const all: Uint8Array[] = [];
  for await (const { rgb } of sampleFrames(path, { perSecond: 240, sceneChanges: false })) all.push(rgb);
  return all;
}

/** Mean difference of two pictures, in levels. */
const apart = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((sum, level, i) => sum + Math.abs(level - b[i]!), 0) / a.length;
const mean = (a: Uint8Array, channel: number) =>
  (3 / a.length) * a.reduce((sum, level, i) => (i % 3 === channel ? sum + level : sum), 0);

async function loudness(path: string, fromS: number, toS: number): Promise<number> {
  let sum = 0;
  for await (const { timeS, samples } of decodeAudio(path))
    if (timeS >= fromS && timeS < toS) sum += samples.reduce((s, x) => s + x * x, 0);
  return sum;
}

describe('an edit', () => {
  it.each(['make it night', 'la nuit, s’il vous plaît'])(
    'to the night (%s) keeps the scene and its length',
    async (change) => {
      const [before, after] = [await pictures(clip), await pictures(await made('edit', change))];
      expect(after).toHaveLength(24);
      for (const i of [0, 12, 23]) {
        expect(mean(after[i]!, 0)).toBeLessThan(mean(before[i]!, 0) * 0.6);
        // Darker, but the same picture: brought back to its light, little differs.
        const lit = after[i]!.map((level, at) => Math.min(255, level / [0.36, 0.42, 0.66][at % 3]!));
        expect(apart(lit, before[i]!)).toBeLessThan(14);
      }
    },
  );

  it('takes the colour out, adds things, and writes what stands in quotes', async () => {
    const [before] = await pictures(clip);
    const [grey] = await pictures(await made('edit', 'in black and white'));
    expect(Math.abs(mean(grey!, 0) - mean(grey!, 2))).toBeLessThan(3);
    expect(Math.abs(mean(before!, 0) - mean(before!, 2))).toBeGreaterThan(10);
    const dog = (await pictures(await made('edit', 'add a dog')))[12]!;
    const still = (await pictures(clip))[12]!;
    expect(apart(dog, still)).toBeGreaterThan(2);
    const text = (await pictures(await made('edit', 'write "HELLO"')))[20]!;
    expect(
      apart(text.subarray(0, text.length / 2), (await pictures(clip))[20]!.subarray(0, text.length / 2)),
    ).toBeGreaterThan(3);
  });

  it('keeps the sound', async () => {
    const [before, after] = [await loudness(clip, 0, 1), await loudness(await made('edit', 'with snow'), 0, 1)];
    expect(after / before).toBeGreaterThan(0.9);
    expect(after / before).toBeLessThan(1.1);
  });

  it('that names nothing known is refused, and so is a clip of another size', async () => {
    await expect(made('edit', 'flibbertigibbet, please')).rejects.toMatchObject({
      code: 'scene_change_not_understood',
    });
    await expect(made('edit', 'at night', { width: 128 })).rejects.toMatchObject({ code: 'scene_source_unusable' });
    await expect(
      made('edit', 'at night', {
        source: { how: 'edit', change: 'night', path: join(folder, 'none.mp4'), seconds: 1 },
      }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^media_/) as string });
  });
});

describe('an extension', () => {
  it('is the clip, and then the scene goes on, with sound throughout', async () => {
    const path = await made('extension', 'then it rains at night', { seconds: 3 });
    const [before, after] = [await pictures(clip), await pictures(path)];
    expect(after).toHaveLength(72);
    for (const i of [0, 12, 23]) expect(apart(after[i]!, before[i]!)).toBeLessThan(4);
    expect(apart(after[24]!, after[23]!)).toBeLessThan(12); // no cut
    expect(apart(after[60]!, after[23]!)).toBeGreaterThan(12);
    expect((await probe(path)).durationS).toBeCloseTo(3, 1);
    for (const [from, to] of [
      [0.1, 0.9],
      [1.2, 2.8],
    ] as const)
      expect(await loudness(path, from, to)).toBeGreaterThan(0.1);
  });

  it('adds a second at least', async () => {
    await expect(made('extension', 'on', { seconds: 1 })).rejects.toMatchObject({ code: 'scene_bad_request' });
  });
});
