import { join } from 'node:path';
import sharp from 'sharp';
import { collect, picture, scratch, writeClip } from './testing/clips.js';
import { writeAtTimes } from './testing/remux.js';
import { denseFrames, makeJpeg, makeStill, transcode, watchClip, type WatchedFrame } from './index.js';

const { dir, remove } = scratch();
afterAll(remove);
const at = (name: string) => join(dir, name);
const clip = at('clip.mp4');

/** Every frame of a clip, in full. */
async function all(path: string) {
  const frames: WatchedFrame[] = [];
  const summary = await watchClip(path, { perSecond: 1000, maxFrames: 1e4 }, { onFrame: (f) => void frames.push(f) });
  return { frames, timeline: summary.timeline };
}

beforeAll(() => writeClip(clip, { frames: 300, width: 160, height: 90, preset: 'ultrafast' }));

describe('denseFrames', () => {
  it.each(['h264', 'hevc', 'av1', 'vp9'] as const)('gives the very frames of the first pass (%s)', async (codec) => {
    const path = codec === 'h264' ? clip : at(`${codec}.mkv`);
    if (codec !== 'h264') await transcode(clip, path, { codec });
    const { frames, timeline } = await all(path);
    expect(frames).toHaveLength(300);
    expect(timeline.seekable).toBe(true);
    const spans = [
      { fromS: 0, toS: 0.1 },
      { fromS: 11.5, toS: 12 },
      { fromS: 5, toS: 5.2 },
      { fromS: 5.1, toS: 5.3 },
    ];
    const dense = await collect(denseFrames(path, spans, { timeline }));
    const want = frames.filter(({ timeS }) => spans.some((s) => timeS >= s.fromS - 5e-4 && timeS <= s.toS + 5e-4));
    expect(dense.length).toBe(want.length);
    dense.forEach((frame, i) => {
      const { index, timeS, rgb } = want[i] as WatchedFrame;
      expect([frame.index, frame.timeS, frame.why]).toEqual([index, timeS, 'dense']);
      expect(Buffer.compare(frame.rgb, rgb)).toBe(0);
    });
  });

  it('is bounded, and then spread over the spans', async () => {
    const { timeline } = await all(clip);
    const dense = await collect(denseFrames(clip, [{ fromS: 0, toS: 99 }], { timeline, maxFrames: 5, maxSide: 32 }));
    expect(dense.map((f) => f.index)).toEqual([30, 90, 150, 210, 270]);
    expect(dense[0]?.width).toBe(32);
    expect(await collect(denseFrames(clip, [{ fromS: 50, toS: 60 }], { timeline }))).toEqual([]);
  });

  it('refuses a timeline of another clip', async () => {
    const { timeline } = await all(clip);
    await writeAtTimes(at('other.mkv'), [0, 7, 13]);
    const other = collect(denseFrames(at('other.mkv'), [{ fromS: 3, toS: 4 }], { timeline }));
    await expect(other).rejects.toMatchObject({ code: 'media_unreadable' });
  });
});

describe('evidence', () => {
  it('makes two small WebP pictures, one of which shows nothing', async () => {
    const rgb = Uint8Array.from(
      { length: 1280 * 720 * 3 },
      (_, i) => 255 * ((Math.floor(i / 3 / 24) + Math.floor(i / 3 / 1280 / 24)) % 2),
    );
    const { width, height, clear, blurred } = await makeStill({ width: 1280, height: 720, rgb });
    expect([width, height]).toEqual([480, 270]);
    for (const bytes of [clear, blurred]) {
      expect(await sharp(bytes).metadata()).toMatchObject({ format: 'webp', width, height });
      expect(bytes.length).toBeLessThan(40_000);
    }
    const spread = async (bytes: Uint8Array) => (await sharp(bytes).stats()).channels[0]?.stdev ?? 0;
    expect(await spread(clear)).toBeGreaterThan(35);
    expect(await spread(blurred)).toBeLessThan(12);
    const small = await makeStill({ width: 64, height: 36, rgb: picture(0, 64, 36, 5) });
    expect([small.width, small.height]).toEqual([64, 36]);
  });

  it('makes a JPEG, and refuses bytes that do not fit', async () => {
    const jpeg = await makeJpeg({ width: 320, height: 180, rgb: picture(0, 320, 180, 5) }, 100);
    expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 100, height: 56 });
    const wrong = { width: 10, height: 10, rgb: new Uint8Array(5) };
    await expect(makeJpeg(wrong)).rejects.toMatchObject({ code: 'image_unreadable' });
    await expect(makeStill(wrong)).rejects.toMatchObject({ code: 'image_unreadable' });
  });
});
