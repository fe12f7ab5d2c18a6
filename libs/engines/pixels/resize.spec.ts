import { stretchInto } from './resize.js';
import { PixelError } from './types.js';

const SIZE = 4;
function stretch(width: number, height: number, rgb: number[]): Float32Array {
  const target = new Float32Array(3 * SIZE * SIZE);
  stretchInto({ timeS: 0, width, height, rgb: Uint8Array.from(rgb) }, SIZE, target, 0);
  return target;
}
const red = (values: Float32Array) => [...values].filter((_, i) => i % 3 === 0).map((v) => Math.round(v * 255));

describe('stretchInto', () => {
  it('keeps a picture of the right size exactly', () => {
    const rgb = Array.from({ length: 48 }, (_, i) => (i * 37) % 256);
    expect([...stretch(4, 4, rgb)].map((v) => Math.round(v * 255))).toEqual(rgb);
  });

  it('averages areas when shrinking', () => {
    // 8x4, each pair of columns is (0, 200): every target pixel is their mean.
    const rgb = Array.from({ length: 32 }, (_, i) => (i % 2 ? [200, 10, 0] : [0, 30, 0])).flat();
    const out = stretch(8, 4, rgb);
    expect(red(out)).toEqual(new Array(16).fill(100));
    expect(out[1]).toBeCloseTo(20 / 255, 6);
  });

  it('weighs partly covered pixels by their area', () => {
    // 5 columns into 4: the first target column covers column 0 whole and a quarter of column 1.
    const row = [100, 200, 0, 0, 50].flatMap((v) => [v, 0, 0]);
    const out = stretch(5, 4, [row, row, row, row].flat());
    expect(out[0]).toBeCloseTo((100 + 0.25 * 200) / 1.25 / 255, 6);
    expect(out[9]).toBeCloseTo(50 / 1.25 / 255, 6);
  });

  it('interpolates when enlarging, edges repeated', () => {
    expect(red(stretch(2, 1, [0, 0, 0, 100, 0, 0])).slice(0, 4)).toEqual([0, 25, 75, 100]);
    expect(red(stretch(1, 1, [7, 0, 0]))).toEqual(new Array(16).fill(7));
  });

  it('does not overshoot on a large flat picture', () => {
    const out = stretch(1283, 719, new Array<number>(3 * 1283 * 719).fill(255));
    expect(Math.max(...out)).toBeLessThan(1.0001);
    expect(Math.min(...out)).toBeGreaterThan(0.9999);
  });

  it('refuses a frame whose bytes do not fit its size', () => {
    expect(() => stretch(4, 4, [1, 2, 3])).toThrow(PixelError);
    expect(() => stretch(0, 4, [])).toThrow(PixelError);
  });
});
