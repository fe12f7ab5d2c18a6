import { apply, invert, overlap, similarity, suppress, warp, type PixelFrame } from './index.js';

const frame = (width: number, height: number, at: (x: number, y: number) => number): PixelFrame => ({
  timeS: 0,
  width,
  height,
  rgb: Uint8Array.from({ length: 3 * width * height }, (_, i) =>
    at(Math.floor(i / 3) % width, Math.floor(i / 3 / width)),
  ),
});

describe('similarity', () => {
  const turned = (p: { x: number; y: number }) => ({ x: 2 * -p.y + 5, y: 2 * p.x - 3 });
  const points = [
    { x: 1, y: 2 },
    { x: 4, y: 7 },
    { x: -3, y: 5 },
  ];

  it('finds a quarter turn at twice the size exactly', () => {
    const m = similarity(points, points.map(turned));
    for (const p of points) {
      expect(apply(m, p).x).toBeCloseTo(turned(p).x, 9);
      expect(apply(m, p).y).toBeCloseTo(turned(p).y, 9);
    }
  });

  it('is undone by its inverse', () => {
    const m = similarity(points, points.map(turned));
    const back = apply(invert(m), apply(m, { x: 11, y: -4 }));
    expect(back.x).toBeCloseTo(11, 9);
    expect(back.y).toBeCloseTo(-4, 9);
    expect(() => invert({ a: 1, b: 2, c: 2, d: 4, tx: 0, ty: 0 })).toThrow(/no area/);
  });
});

describe('warp', () => {
  it('copies under the identity', () => {
    const source = frame(5, 4, (x, y) => 10 * x + y);
    expect(warp(source, { a: 1, b: 0, tx: 0, c: 0, d: 1, ty: 0 }, 5, 4)).toEqual(source);
  });

  it('averages when it shrinks, so that stripes become grey', () => {
    const stripes = frame(32, 8, (x) => (x % 2 ? 200 : 0));
    const small = warp(stripes, { a: 4, b: 0, tx: 0, c: 0, d: 4, ty: 0 }, 8, 2);
    expect([...small.rgb].every((v) => Math.abs(v - 100) <= 13)).toBe(true);
  });

  it('repeats the edge or paints black outside', () => {
    const white = frame(2, 2, () => 255);
    const shift = { a: 1, b: 0, tx: 5, c: 0, d: 1, ty: 0 };
    expect([...warp(white, shift, 1, 1).rgb]).toEqual([255, 255, 255]);
    expect([...warp(white, shift, 1, 1, { outside: 'black' }).rgb]).toEqual([0, 0, 0]);
  });
});

describe('boxes', () => {
  it('measures overlap and keeps the strongest', () => {
    const a = { x: 0, y: 0, width: 10, height: 10 };
    const b = { x: 5, y: 0, width: 10, height: 10 };
    expect(overlap(a, a)).toBe(1);
    expect(overlap(a, b)).toBeCloseTo(1 / 3, 9);
    expect(overlap(a, { ...a, x: 20 })).toBe(0);
    const kept = suppress(
      [
        { box: a, score: 0.5 },
        { box: b, score: 0.9 },
        { box: { ...a, x: 40 }, score: 0.1 },
      ],
      0.3,
    );
    expect(kept.map(({ score }) => score)).toEqual([0.9, 0.1]);
  });
});
