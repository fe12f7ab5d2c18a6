import { createDetector, createMarker, type WatermarkReading, type WatermarkSearch } from './index.js';
import { Mask } from './mask.js';

interface Picture {
  data: Uint8Array;
  width: number;
  height: number;
}

type Attack = (picture: Picture) => Picture;

const KEY = Uint8Array.from({ length: 32 }, (_, index) => 11 * index + 5);
const OTHER_KEY = Uint8Array.from({ length: 32 }, (_, index) => 13 * index + 1);
const ID = '8badf00d12345678';
const WIDTH = 640;
const HEIGHT = 360;
const FRAMES = 3;
// Bound once: in Jest's sandbox every look-up of a global is slow.
const { floor, hypot, max, min, round } = Math;
const code = (expected: string) => expect.objectContaining({ code: expected }) as Error;

let state = 1;
function uniform(): number {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 0x1_0000_0000;
}
beforeEach(() => {
  state = 1;
});

function bytes(count: number, value: (index: number) => number): Uint8Array {
  const out = new Uint8Array(count);
  for (let index = 0; index < count; index++) out[index] = max(0, min(255, round(value(index))));
  return out;
}

/** Smooth random field: bilinear between random nodes `cell` pixels apart. */
function field(cell: number): (x: number, y: number) => number {
  const nodes = Float32Array.from({ length: 64 * 64 }, () => uniform() - 0.5);
  return (x, y) => {
    const [gx, gy] = [x / cell, y / cell];
    const [x0, y0] = [floor(gx), floor(gy)];
    const [tx, ty] = [gx - x0, gy - y0];
    const at = (dx: number, dy: number) => nodes[((y0 + dy) & 63) * 64 + ((x0 + dx) & 63)]!;
    return (1 - ty) * ((1 - tx) * at(0, 0) + tx * at(1, 0)) + ty * ((1 - tx) * at(0, 1) + tx * at(1, 1));
  };
}

/** A drifting many-scaled texture with a hard-edged moving disc, or a nearly flat wall with the disc. */
function clip(kind: 'texture' | 'flat', width = WIDTH, height = HEIGHT): Picture[] {
  state = 7;
  const scales: Array<[number, number]> = kind === 'texture' ? [[90, 90], [23, 50], [7, 30], [3, 16]] : [[150, 30]]; // prettier-ignore
  const fields = scales.map(([cell, depth]) => ({ depth, at: field(cell) }));
  return Array.from({ length: FRAMES }, (_, frame) => {
    const data = bytes(width * height, (index) => {
      const [x, y] = [index % width, floor(index / width)];
      if (hypot(x - width / 3 - 9 * frame, y - height / 2) < height / 9) return 60;
      const shade = fields.reduce((sum, { depth, at }) => sum + depth * at(x + 5 * frame, y + 2 * frame), 130);
      return shade + 2.4 * (uniform() + uniform() - 1);
    });
    return { data, width, height };
  });
}

function markClip(pictures: Picture[], key = KEY, id = ID): Picture[] {
  const { width, height } = pictures[0]!;
  const marker = createMarker({ key, releaseId: id, width, height });
  return pictures.map((picture, index) => {
    const data = picture.data.slice();
    marker.apply(data, index);
    return { ...picture, data };
  });
}

function read(pictures: Picture[], search: WatermarkSearch, keys = [KEY]): WatermarkReading {
  const detector = createDetector({ keys });
  for (const { data, width, height } of pictures) detector.push(data, width, height);
  return detector.finish({ search });
}

/** Draws by looking up, for each pixel centre of the result, a place in the source; outside is black. */
function warp(source: Picture, width: number, height: number, from: (x: number, y: number) => [number, number]) {
  const data = bytes(width * height, (index) => {
    const [px, py] = from((index % width) + 0.5, floor(index / width) + 0.5);
    const [sx, sy] = [px - 0.5, py - 0.5];
    const [x0, y0] = [floor(sx), floor(sy)];
    if (x0 < -1 || y0 < -1 || x0 >= source.width || y0 >= source.height) return 16;
    const at = (x: number, y: number) =>
      source.data[max(0, min(source.height - 1, y)) * source.width + max(0, min(source.width - 1, x))]!;
    const [tx, ty] = [sx - x0, sy - y0];
    return (
      (1 - ty) * ((1 - tx) * at(x0, y0) + tx * at(x0 + 1, y0)) +
      ty * ((1 - tx) * at(x0, y0 + 1) + tx * at(x0 + 1, y0 + 1))
    );
  });
  return { data, width, height };
}

const perPixel =
  (change: (value: number) => number): Attack =>
  (picture) => ({ ...picture, data: bytes(picture.data.length, (index) => change(picture.data[index]!)) });

const crop =
  (share: number, left: number, top: number): Attack =>
  (picture) => {
    const [width, height] = [round(share * picture.width), round(share * picture.height)];
    const [x0, y0] = [round((picture.width - width) * left), round((picture.height - height) * top)];
    return warp(picture, width, height, (x, y) => [x + x0, y + y0]);
  };

const resize =
  (width: number, height: number): Attack =>
  (picture) =>
    warp(picture, width, height, (x, y) => [(x * picture.width) / width, (y * picture.height) / height]);

const flip: Attack = (picture) => warp(picture, picture.width, picture.height, (x, y) => [picture.width - x, y]);

const rotate =
  (degrees: number, zoom: number): Attack =>
  (picture) => {
    const [cos, sin] = [Math.cos((degrees * Math.PI) / 180) / zoom, Math.sin((degrees * Math.PI) / 180) / zoom];
    const [cx, cy] = [picture.width / 2, picture.height / 2];
    return warp(picture, picture.width, picture.height, (x, y) => [
      cx + cos * (x - cx) + sin * (y - cy),
      cy - sin * (x - cx) + cos * (y - cy),
    ]);
  };

const blur: Attack = ({ data, width, height }) => {
  const soft = bytes(data.length, (index) => {
    let sum = 0;
    for (const dy of [-width, 0, width]) for (const dx of [-1, 0, 1]) sum += data[index + dx + dy] ?? data[index]!;
    return sum / 9;
  });
  return { data: soft, width, height };
};

const pad =
  (width: number, height: number): Attack =>
  (picture) =>
    warp(picture, width, height, (x, y) => [x - (width - picture.width) / 2, y - (height - picture.height) / 2]);

const COSINES = Array.from({ length: 64 }, (_, index) => {
  const [k, n] = [floor(index / 8), index % 8];
  return (k === 0 ? Math.SQRT1_2 : 1) * 0.5 * Math.cos(((2 * n + 1) * k * Math.PI) / 16);
});
// Table K.1 of ITU-T T.81: JPEG's luminance quantiser at quality 50.
const QUANTISER = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
  87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
  72, 92, 95, 98, 112, 100, 103, 99,
];

/** 8x8 DCT, quantisation and back, as in JPEG. */
const jpeg: Attack = ({ data, width, height }) => {
  const out = data.slice();
  const turn = (block: Float64Array, inverse: boolean) => {
    for (const [along, across] of [
      [1, 8],
      [8, 1],
    ] as const) {
      // prettier-ignore
      const input = block.slice();
      for (let line = 0; line < 8; line++) {
        for (let k = 0; k < 8; k++) {
          let sum = 0;
          for (let n = 0; n < 8; n++)
            sum += COSINES[inverse ? n * 8 + k : k * 8 + n]! * input[line * across + n * along]!;
          block[line * across + k * along] = sum;
        }
      }
    }
  };
  for (let top = 0; top + 8 <= height; top += 8) {
    for (let left = 0; left + 8 <= width; left += 8) {
      const place = (index: number) => (top + (index >> 3)) * width + left + (index & 7);
      const block = Float64Array.from({ length: 64 }, (_, index) => data[place(index)]! - 128);
      turn(block, false);
      for (let index = 0; index < 64; index++)
        block[index] = round(block[index]! / QUANTISER[index]!) * QUANTISER[index]!;
      turn(block, true);
      for (let index = 0; index < 64; index++) out[place(index)] = max(0, min(255, round(block[index]! + 128)));
    }
  }
  return { data: out, width, height };
};

const noise = () => perPixel((value) => value + 14 * (uniform() + uniform() + uniform() - 1.5));

function psnr(a: Picture, b: Picture): number {
  const squares = a.data.reduce((sum, value, index) => sum + (value - b.data[index]!) ** 2, 0);
  return 10 * Math.log10((255 ** 2 * a.data.length) / squares);
}

const plain = { texture: clip('texture'), flat: clip('flat') };
const marked = { texture: markClip(plain.texture), flat: markClip(plain.flat) };

describe('marker', () => {
  it('stays below the visibility caps', () => {
    for (const kind of ['texture', 'flat'] as const) {
      for (const [index, picture] of plain[kind].entries()) {
        expect(psnr(picture, marked[kind][index]!)).toBeGreaterThanOrEqual(42.5);
      }
    }
    const grey: Picture = { data: new Uint8Array(WIDTH * HEIGHT).fill(128), width: WIDTH, height: HEIGHT };
    const mask = new Mask(WIDTH, HEIGHT);
    mask.measure(grey.data, 1);
    expect(Math.max(...mask.gain)).toBeLessThanOrEqual(0.6 + 1e-6);
    // 0.6 level RMS drawn; dithered rounding to whole levels adds the rest.
    expect(psnr(grey, markClip([grey])[0]!)).toBeGreaterThan(10 * Math.log10(255 ** 2 / 0.72 ** 2));
  });

  it('draws no more on a flat area beside an edge than on any flat area, and nothing on black', () => {
    const edge = bytes(WIDTH * HEIGHT, (index) => (index % WIDTH < WIDTH / 2 ? 60 : 200));
    const mask = new Mask(WIDTH, HEIGHT);
    mask.measure(edge, 1);
    const middle = mask.columns / 2;
    const row = mask.gain.subarray(10 * mask.columns, 11 * mask.columns);
    expect(Math.max(...row.subarray(0, middle - 2), ...row.subarray(middle + 2))).toBeLessThanOrEqual(0.6 + 1e-6);
    const black = new Uint8Array(WIDTH * HEIGHT).fill(16);
    createMarker({ key: KEY, releaseId: ID, width: WIDTH, height: HEIGHT }).apply(black, 0);
    expect(black.every((value) => value === 16)).toBe(true);
  });

  it('is deterministic and refuses what it cannot mark', () => {
    const again = markClip([plain.texture[2]!]);
    expect(Buffer.compare(again[0]!.data, marked.texture[2]!.data)).toBe(0);
    const opts = { key: KEY, releaseId: ID, width: WIDTH, height: HEIGHT };
    expect(() => createMarker({ ...opts, key: KEY.subarray(1) })).toThrow(code('watermark_bad_key'));
    expect(() => createMarker({ ...opts, releaseId: 'no' })).toThrow(code('watermark_bad_release_id'));
    expect(() => createMarker({ ...opts, height: 64 })).toThrow(code('watermark_bad_frame'));
    expect(() => createMarker({ ...opts, strength: 0 })).toThrow(code('watermark_bad_strength'));
    expect(() => createMarker(opts).apply(new Uint8Array(10), 0)).toThrow(code('watermark_bad_frame'));
  });
});

describe('detector', () => {
  const outcome = ({ found, releaseId }: WatermarkReading) => ({ found, releaseId });
  const hit = { found: true, releaseId: ID };

  it('re-reads a marked clip, and a single frame of it, at once', () => {
    for (const kind of ['texture', 'flat'] as const) {
      const reading = read(marked[kind], 'identity');
      expect(reading).toMatchObject({ ...hit, keyIndex: 0, framesUsed: FRAMES, threshold: 13.5 });
      expect(reading.z).toBeGreaterThan(25);
      expect(reading.falsePositiveBound).toBeLessThanOrEqual(1.7e-10);
      expect(outcome(read(marked[kind].slice(0, 1), 'identity'))).toEqual(hit);
    }
  });

  const attacks: Array<[string, Attack, Partial<NonNullable<WatermarkReading['geometry']>>]> = [
    ['noise', noise(), { flipped: false }],
    ['box blur', blur, {}],
    ['brightness and contrast', perPixel((value) => 1.25 * (value - 110) + 120), {}],
    ['darkening', perPixel((value) => 0.6 * value), {}],
    ['8x8 DCT quantisation', jpeg, {}],
    ['crop to 80 %', crop(0.8, 0.2, 0.9), { scale: 1.25 }],
    ['crop to 70 %', crop(0.7, 0.9, 0.1), { scale: 1 / 0.7 }],
    ['mirroring', flip, { flipped: true, scale: 1 }],
    [
      'mirroring, crop and DCT',
      (picture) => jpeg(crop(0.85, 0.5, 0.5)(flip(picture))),
      { flipped: true, scale: 1 / 0.85 },
    ],
    ['scaling down', resize(448, 252), { scale: 1 }],
    ['scaling up', resize(1024, 576), { scale: 1 }],
    ['padding to a square', pad(WIDTH, WIDTH), { scale: HEIGHT / WIDTH }],
    ['portrait reframing', (picture) => pad(360, 640)(resize(360, 202)(picture)), { scale: 202 / 360 }],
    ['rotation by 0.6 degrees', rotate(0.6, 1.03), { scale: 1.03 }],
  ];
  for (const [name, attack, geometry] of attacks) {
    it(`survives ${name}`, () => {
      for (const kind of ['texture', 'flat'] as const) {
        const reading = read(marked[kind].map(attack), 'scale');
        expect({ kind, ...outcome(reading) }).toEqual({ kind, ...hit });
        if (geometry.scale !== undefined) expect(reading.geometry!.scale / geometry.scale).toBeCloseTo(1, 1);
        if (geometry.flipped !== undefined) expect(reading.geometry!.flipped).toBe(geometry.flipped);
      }
    });
  }

  it('finds rotation and stretching in the full search only', () => {
    const turned = marked.texture.map(rotate(-1.9, 1.08));
    expect(read(turned, 'scale').found).toBe(false);
    const reading = read(turned, 'full');
    expect(outcome(reading)).toEqual(hit);
    expect(Math.abs(Math.abs(reading.geometry!.rotationDeg) - 1.9)).toBeLessThan(0.25);
    expect(outcome(read(marked.texture.map(resize(680, HEIGHT)), 'full'))).toEqual(hit);
  });

  it('says nothing about clips without the mark, with another key, or with a destroyed mark', () => {
    const destroyed = marked.texture.map((picture) => resize(WIDTH, HEIGHT)(resize(64, 36)(picture)));
    const cases = [read(plain.texture, 'scale'), read(plain.flat, 'scale'), read(destroyed, 'scale')];
    cases.push(read(marked.texture, 'scale', [OTHER_KEY]));
    for (const reading of cases) {
      expect(reading).toMatchObject({ found: false, releaseId: null, keyIndex: null, geometry: null });
      expect(reading.z).toBeLessThan(12);
    }
  });

  it('names the key that read, and reads both of two marks made with different keys', () => {
    expect(read(marked.texture, 'identity', [OTHER_KEY, KEY])).toMatchObject({ ...hit, keyIndex: 1 });
    const twice = markClip(marked.texture, OTHER_KEY, '00000000000000ff');
    expect(outcome(read(twice, 'identity'))).toEqual(hit);
    expect(read(twice, 'identity', [OTHER_KEY]).releaseId).toBe('00000000000000ff');
  });

  it('never calls an unexamined clip unmarked', () => {
    const detector = createDetector({ keys: [KEY] });
    expect(() => detector.finish()).toThrow(code('watermark_no_frames'));
    expect(() => createDetector({ keys: [] })).toThrow(code('watermark_bad_key'));
    detector.push(new Uint8Array(WIDTH * HEIGHT), WIDTH, HEIGHT);
    expect(detector.finish()).toMatchObject({ found: false, framesUsed: 1 });
    expect(() => detector.push(new Uint8Array(200 * 200), 200, 200)).toThrow(code('watermark_frame_size_changed'));
  });

  it('goes on after a first answer', () => {
    const detector = createDetector({ keys: [KEY] });
    for (const { data } of marked.flat.map(flip)) detector.push(data, WIDTH, HEIGHT);
    expect(detector.finish({ search: 'identity' }).found).toBe(false);
    expect(outcome(detector.finish({ search: 'scale' }))).toEqual(hit);
  });
});
