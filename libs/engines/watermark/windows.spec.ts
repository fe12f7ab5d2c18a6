import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { decodeLuma, type LumaFrame } from '#engines/media';
import { createDetector, createMarker, type WatermarkSearch, type WindowsReading } from './index.js';
import { WindowStore } from './windows.js';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => 3 * index + 1);
const [A, B] = ['0123456789abcdef', 'fedcba9876543210'];
const CLIP = join(projectRoot, 'tests', 'fixtures', 'clips', 'portrait-chair-360p.mp4');
/** Frames a second that are pushed. */
const RATE = 6;

let frames: LumaFrame[];
beforeAll(async () => {
  frames = [];
  for await (const frame of decodeLuma(CLIP, { shortSide: 384, every: 5 })) frames.push(frame);
});

/** Frames of the clip one after the other, marked as told: a list of id and number of frames. */
function parts(list: [string | null, number][]): LumaFrame[] {
  let at = 0;
  return list.flatMap(([id, count]) => {
    const { width, height } = frames[0]!;
    const marker = id ? createMarker({ key: KEY, releaseId: id, width, height }) : null;
    return Array.from({ length: count }, () => {
      const frame = frames[at++ % frames.length]!;
      const data = frame.data.slice();
      marker?.apply(data, at);
      return { ...frame, data };
    });
  });
}

/** Keeps the middle 85 %. */
function cropped({ data, width, height, ...rest }: LumaFrame): LumaFrame {
  const [w, h] = [Math.round(0.85 * width), Math.round(0.85 * height)];
  const [left, top] = [(width - w) >> 1, (height - h) >> 1];
  const to = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) to.set(data.subarray((y + top) * width + left, (y + top) * width + left + w), y * w);
  return { ...rest, data: to, width: w, height: h };
}

function read(all: LumaFrame[], search: WatermarkSearch): WindowsReading & { found: boolean } {
  const detector = createDetector({ keys: [KEY] });
  all.forEach(({ data, width, height }, i) => detector.push(data, width, height, i / RATE));
  const { found } = detector.finish({ search });
  return { found, ...detector.windows({ search }) };
}

/** One letter for each half second. */
const letters = ({ windows }: WindowsReading) =>
  windows.map(({ releaseId }) => (releaseId === A ? 'A' : releaseId === B ? 'B' : '.')).join('');

it('shows in which half seconds the mark is', () => {
  const { found, windows, placement, ...rest } = read(parts([[null, 9], [A, 12], [null, 9]]), 'identity'); // prettier-ignore
  expect(found).toBe(true);
  expect(letters({ windows, placement, ...rest })).toBe('...AAAA...');
  expect(windows[0]).toMatchObject({ startS: 0, endS: 0.5, frames: 3 });
});

it('tells two ids that lie alike from each other', () => {
  expect(letters(read(parts([[A, 15], [B, 15]]), 'identity'))).toBe('AAAAABBBBB'); // prettier-ignore
});

it('searches parts by themselves where nothing was found as a whole', () => {
  const detector = createDetector({ keys: [KEY] });
  parts([[null, 12], [A, 6]]).forEach(({ data, width, height }, i) => detector.push(data, width, height, i / RATE)); // prettier-ignore
  // Without a reading of the whole, parts are all there is.
  expect(letters(detector.windows({ search: 'identity' }))).toBe('....AA');
});

it('finds where the marked picture lies in a crop', () => {
  const reading = read(parts([[A, 12]]).map(cropped), 'scale'); // prettier-ignore
  expect(letters(reading)).toBe('AAAA');
  const { xx, yy, x0, y0, content } = reading.placement!;
  // The short side of the marked picture is 384 pixels of the crop; the middles coincide.
  expect([xx * 384, yy * 384]).toEqual([expect.closeTo(1, 2), expect.closeTo(1, 2)]);
  expect(xx * (content.width / 2) + x0).toBeCloseTo(0, 1);
  expect(yy * (content.height / 2) + y0).toBeCloseTo(0, 1);
});

it('says nothing of a clip without a mark, and needs times', () => {
  expect(read(parts([[null, 12]]), 'identity')).toEqual({ found: false, windows: [], placement: null }); // prettier-ignore
  const detector = createDetector({ keys: [KEY] });
  const { data, width, height } = frames[0]!;
  for (let i = 0; i < 9; i++) detector.push(data, width, height);
  expect(() => detector.windows()).toThrow(expect.objectContaining({ code: 'watermark_no_frames' }) as Error);
});

it('keeps long clips in bounded memory, in stretches that double', () => {
  const [width, height] = [64, 64];
  const store = new WindowStore(width, height, 32 * 2 * width * height);
  const sum = new Float32Array(width * height).fill(0.5);
  for (let number = 0; number < 32; number++) store.add(store.numberOf(number / 2), sum, 4);
  expect(store.lengthS).toBe(0.5);
  store.add(store.numberOf(16), sum, 4);
  expect(store.lengthS).toBe(1);
  const [first, second] = store.parts(8, 2);
  expect([first![7], second![7]]).toEqual([9, 7.5]);
});
