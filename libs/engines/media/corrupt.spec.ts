import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MediaError, openClipWriter, transcode, watchClip, type WatchSummary } from './index.js';
import { openFiles, scratch } from './testing/clips.js';

const { dir, remove } = scratch();
afterAll(remove);
const at = (name: string) => join(dir, name);
const [width, height, frames] = [160, 96, 36];

/** xorshift32: the same damage in every run. */
function numbers(seed: number): () => number {
  let state = seed;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let i = 0; i < 9; i++) next();
  return next;
}

/** A textured picture that moves, so that every packet holds something. */
async function writeSource(path: string): Promise<void> {
  const random = numbers(7);
  const wide = width + frames * 3;
  const texture = Uint8Array.from({ length: wide * height * 3 }, (_, i) => {
    const [x, y] = [Math.floor(i / 3) % wide, Math.floor(i / 3 / wide)];
    return 128 + 60 * Math.sin(x / 9) * Math.cos(y / 7) + 40 * random();
  });
  const writer = await openClipWriter(path, { width, height, fps: 24, preset: 'ultrafast' });
  for (let n = 0; n < frames; n++) {
    const rgb = new Uint8Array(width * height * 3);
    for (let y = 0; y < height; y++) {
      const from = (y * wide + n * 3) * 3;
      rgb.set(texture.subarray(from, from + width * 3), y * width * 3);
    }
    await writer.writeRgb(rgb);
  }
  await writer.close();
}

interface Seen {
  summary: WatchSummary | undefined;
  lumas: Map<number, Uint8Array>;
}

async function look(path: string): Promise<Seen> {
  const lumas = new Map<number, Uint8Array>();
  try {
    const onLuma = ({ timeS, data }: { timeS: number; data: Uint8Array }) =>
      void lumas.set(Math.round(timeS * 1000), data);
    return { summary: await watchClip(path, { lumaWidth: 48 }, { onLuma }), lumas };
  } catch (thrown) {
    // Nothing decoded at all is an outcome too, as long as it is said.
    expect((thrown as MediaError).code).toMatch(/^media_(empty|unreadable)$/);
    return { summary: undefined, lumas };
  }
}

/** Pictures of the undamaged clip that are missing or look different. */
function compare(good: Seen, bad: Seen): { missing: number; changed: number; firstChanged: number } {
  let [missing, changed, firstChanged] = [0, 0, Infinity];
  for (const [ms, luma] of good.lumas) {
    const other = bad.lumas.get(ms);
    let error = 0;
    for (let i = 0; i < luma.length; i++) error += Math.abs((luma[i] ?? 0) - (other?.[i] ?? 0));
    error /= luma.length;
    if (other === undefined) missing++;
    else if (error > 2) changed++;
    if (other === undefined || error > 2) firstChanged = Math.min(firstChanged, ms);
  }
  return { missing, changed, firstChanged };
}

const files = ['h264.mp4', 'hevc.mp4', 'av1.mp4', 'vp9.mp4', 'vp9.webm', 'h264.mkv'] as const;
const whole = new Map<string, Seen>();

beforeAll(async () => {
  await writeSource(at('source.mp4'));
  for (const name of files) {
    const codec = name.split('.')[0] as 'h264' | 'hevc' | 'av1' | 'vp9';
    await transcode(at('source.mp4'), at(name), { codec });
    whole.set(name, await look(at(name)));
  }
});

/** Where the packets lie. */
function payload(name: string, bytes: Buffer): { from: number; to: number } {
  if (name.endsWith('.mp4')) return { from: bytes.indexOf('mdat') + 4, to: bytes.length };
  return { from: bytes.indexOf(Buffer.from('1f43b675', 'hex')) + 64, to: Math.floor(bytes.length * 0.95) };
}

/** Looks at damaged copies: `hits` random bytes from `share` of the packets on. */
async function* damaged(name: string, hits: number, share = 0): AsyncGenerator<Seen> {
  const bytes = readFileSync(at(name));
  const { from, to } = payload(name, bytes);
  const start = from + (to - from) * share;
  for (const seed of [11, 22, 33]) {
    const random = numbers(seed * 7919 + hits);
    const copy = Buffer.from(bytes);
    for (let i = 0; i < hits; i++) copy[Math.floor(start + random() * (to - start))] = Math.floor(random() * 256);
    const path = at(`damaged.${name.split('.')[1]}`);
    writeFileSync(path, copy);
    yield await look(path);
  }
}

const clean = (summary: WatchSummary | undefined) => summary?.complete === true;

describe('bytes overwritten in the packets', () => {
  it.each(files)('%s as it was is complete', (name) => {
    expect(whole.get(name)?.summary).toMatchObject({ complete: true, damaged: 0, decodedFrames: frames, retimed: 0 });
  });

  it.each(['h264.mp4', 'h264.mkv', 'av1.mp4'] as const)('%s is never taken for whole', async (name) => {
    const good = whole.get(name)!;
    for (const hits of [8, 60]) {
      for await (const bad of damaged(name, hits)) {
        const { missing, changed } = compare(good, bad);
        if (missing + changed > 0) expect(clean(bad.summary)).toBe(false);
      }
    }
  });

  // VP9 and HEVC have no check: most altered bytes decode as another valid picture, which is what viewers see as well.
  it.each(files)('%s never loses a picture in silence, and leaves nothing open', async (name) => {
    const good = whole.get(name)!;
    const before = openFiles();
    let flagged = 0;
    for (const hits of [1, 200]) {
      for await (const bad of damaged(name, hits)) {
        if (!clean(bad.summary)) flagged++;
        if (compare(good, bad).missing > 0) expect(clean(bad.summary)).toBe(false);
      }
    }
    expect(flagged).toBeGreaterThan(0);
    expect(openFiles()).toBe(before);
  });

  it.each(files)('%s: the pictures before the damage are looked at as they are', async (name) => {
    for await (const bad of damaged(name, 40, 0.75)) {
      const { firstChanged } = compare(whole.get(name)!, bad);
      expect(firstChanged).toBeGreaterThan(0);
      expect(bad.lumas.size).toBeGreaterThan(1);
    }
  });
});
