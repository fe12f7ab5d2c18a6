import { writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeAudio, decodeLuma, openClipWriter, sampleFrames, watchClip, type WatchedFrame } from './index.js';
import { collect, mean, openFiles, picture, scratch, writeClip } from './testing/clips.js';
import { writeAtTimes } from './testing/remux.js';

const { dir, remove } = scratch();
afterAll(remove);
const at = (name: string) => join(dir, name);
const clip = at('clip.mp4');
const audio = { sampleRate: 48000, channels: 1 } as const;

beforeAll(() => writeClip(clip, { audio }));

/** What `onFrame` gets. */
async function watched(path: string, opts: Parameters<typeof watchClip>[1] = {}) {
  const frames: WatchedFrame[] = [];
  const summary = await watchClip(path, opts, { onFrame: (frame) => void frames.push(frame) });
  return { frames, summary };
}

describe('watchClip', () => {
  it('gives the frames of sampleFrames, every luma, and the sound, in one pass', async () => {
    const frames: WatchedFrame[] = [];
    const lumas: { index: number; timeS: number; size: number[]; mean: number }[] = [];
    const cuts: number[] = [];
    let samples = 0;
    const summary = await watchClip(
      clip,
      {},
      {
        onFrame: (frame) => void frames.push(frame),
        onLuma: ({ index, timeS, width, height, data }, cut) => {
          lumas.push({ index, timeS, size: [width, height, data.length], mean: mean(data) });
          if (cut) cuts.push(index);
        },
        onAudio: (block) => void (samples += block.samples.length),
      },
    );
    const plain = await collect(sampleFrames(clip));
    expect(frames.map(({ newShot: _, ...frame }) => frame)).toEqual(plain);
    expect(frames.map((f) => [f.index, f.newShot])).toEqual([
      [0, false],
      [12, false],
      [20, true],
      [24, false],
      [36, false],
      [47, false],
    ]);
    expect(cuts).toEqual([20]);
    const full = await collect(decodeLuma(clip));
    expect(lumas.map((l) => [l.index, l.timeS])).toEqual(full.map((l) => [l.index, l.timeS]));
    lumas.forEach((l, i) => {
      expect(l.size).toEqual([160, 90, 160 * 90]);
      expect(l.mean).toBeCloseTo(mean(full[i]?.data ?? new Uint8Array()), 0);
    });
    const sound = await collect(decodeAudio(clip));
    expect(samples).toBe(sound.reduce((sum, block) => sum + block.samples.length, 0));
    expect(summary).toMatchObject({
      ...{ decodedFrames: 48, sampledFrames: 6, cuts: 1, damaged: 0, retimed: 0, capped: false, complete: true },
      ...{ claimedFrames: 48, sound: { state: 'decoded', damaged: 0 } },
    });
    expect(summary.durationS).toBeCloseTo(2, 3);
    expect(summary.claimedS).toBeCloseTo(2, 3);
  });

  it('waits for a watcher, passes its error on as it is, and keeps nothing open', async () => {
    await watched(clip);
    const before = openFiles();
    let [running, most] = [0, 0];
    const slowly = async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setTimeout(resolve, 3));
      running--;
    };
    await watchClip(clip, {}, { onFrame: slowly, onLuma: slowly, onAudio: slowly });
    expect(most).toBe(1);
    for (const name of ['onFrame', 'onLuma', 'onAudio']) {
      const failing = {
        [name]: () => {
          throw new RangeError(name);
        },
      };
      await expect(watchClip(clip, {}, failing)).rejects.toThrow(new RangeError(name));
    }
    const stop = new AbortController();
    const abort = () => stop.abort(new Error('enough'));
    await expect(watchClip(clip, { signal: stop.signal }, { onFrame: abort })).rejects.toThrow('enough');
    expect(openFiles()).toBe(before);
  });

  it('says when there is no sound', async () => {
    await writeClip(at('silent.mp4'), { frames: 5 });
    const summary = await watchClip(at('silent.mp4'), {}, { onAudio: () => undefined });
    expect(summary.sound).toEqual({ state: 'none', damaged: 0 });
  });
});

describe('bounds', () => {
  it('holds against a cut at every frame, and spreads what it gives', async () => {
    const writer = await openClipWriter(at('flash.mp4'), { width: 64, height: 64, fps: 60, preset: 'ultrafast' });
    for (let n = 0; n < 240; n++) await writer.writeRgb(picture(0, 64, 64, n % 2 ? 1 : 0));
    await writer.close();
    const { frames, summary } = await watched(at('flash.mp4'));
    expect(frames.length).toBeLessThanOrEqual(4 * 4 + 2);
    expect(summary).toMatchObject({ decodedFrames: 240, capped: true, complete: true, sampledFrames: frames.length });
    const few = await watched(at('flash.mp4'), { maxFrames: 6 });
    expect(few.frames).toHaveLength(6);
    expect(few.frames.map((f) => Math.floor(f.timeS))).toEqual(expect.arrayContaining([0, 1, 2, 3]));
    expect(few.summary.capped).toBe(true);
  });

  it('gives a frame of every 128, however fast the clip claims to be', async () => {
    const tight = Array.from({ length: 600 }, (_, i) => i);
    await writeAtTimes(at('tight.mkv'), tight);
    const { frames } = await watched(at('tight.mkv'));
    expect(frames.map((f) => f.index)).toEqual([0, 128, 256, 384, 500, 599]);
  });

  it('marks a clip that ends early, and one that goes on', async () => {
    const bytes = readFileSync(clip);
    writeFileSync(at('cut.mp4'), bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    const { summary, frames } = await watched(at('cut.mp4'));
    expect(frames.length).toBeGreaterThan(0);
    expect(summary.complete).toBe(false);
    expect(summary.decodedFrames).toBeLessThan(48);
  });
});
