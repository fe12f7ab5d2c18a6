import { bindKernels, DLIB, FACERES, LANES, SKETCH_BYTES, VECTOR_BYTES } from './kernels.js';
import { NearestFaces, type FaceVectors } from './nearest.js';

let state = 1;
const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
const TABLE = Float32Array.from(
  { length: 4099 },
  () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
);
const normal = () => TABLE[Math.floor(TABLE.length * next())]!;

function unit(v: Float32Array): Float32Array {
  const length = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));
  return v.map((x) => x / length);
}

function face(): FaceVectors {
  return {
    dlib: unit(Float32Array.from({ length: 128 }, normal)),
    faceres: unit(Float32Array.from({ length: 1024 }, () => 0.6 + normal())),
  };
}

/** The same face in a worse picture. */
function again({ dlib, faceres }: FaceVectors): FaceVectors {
  return {
    dlib: dlib.map((v) => v + 0.03 * normal()),
    faceres: unit(faceres.map((v) => v + 0.015 * normal())),
  };
}

function score(a: FaceVectors, b: FaceVectors): number {
  const squares = a.dlib.reduce((sum, v, i) => sum + (v - b.dlib[i]!) ** 2, 0);
  return a.faceres.reduce((sum, v, i) => sum + v * b.faceres[i]!, 0) - Math.sqrt(squares);
}

describe('the kernels', () => {
  it('count differing bits of every sketch of a block', () => {
    const memory = new WebAssembly.Memory({ initial: 2 });
    const bytes = new Uint8Array(memory.buffer);
    const at = 8192;
    const sketches = Array.from({ length: 2 * LANES }, (_, k) =>
      Uint8Array.from({ length: SKETCH_BYTES }, () => (k === 3 ? 255 : Math.floor(256 * next()))),
    );
    // The farthest: nothing may overflow.
    const asked = new Uint8Array(SKETCH_BYTES);
    sketches.forEach((sketch, k) => {
      const block = at + SKETCH_BYTES * LANES * Math.floor(k / LANES) + (k % LANES);
      sketch.forEach((byte, i) => (bytes[block + LANES * i] = byte));
    });
    const out = 4096;
    bindKernels(memory).scan(at, at + 2 * SKETCH_BYTES * LANES, out);
    const ones = (byte: number) => byte.toString(2).replaceAll('0', '').length;
    const expected = sketches.map((sketch) => sketch.reduce((sum, byte, i) => sum + ones(byte ^ asked[i]!), 0));
    expect([...new Uint16Array(memory.buffer, out, 2 * LANES)]).toEqual(expected);
    expect(expected[3]).toBe(8 * SKETCH_BYTES);
  });

  it('add squared differences without overflow', () => {
    const memory = new WebAssembly.Memory({ initial: 2 });
    const [list, out, first] = [4096, 4224, 8192];
    const asked = new Int8Array(memory.buffer, SKETCH_BYTES * LANES, VECTOR_BYTES);
    const vectors = [0, 1, 2].map((k) => new Int8Array(memory.buffer, first + k * 1024, VECTOR_BYTES));
    asked.fill(127);
    vectors[0]!.fill(-127);
    vectors[1]!.forEach((_, i) => (vectors[1]![i] = Math.floor(255 * next()) - 127));
    vectors[2]!.fill(127);
    new Uint32Array(memory.buffer, list, 3).set([first, first + 1024, first + 2048]);
    bindKernels(memory).near(list, list + 12, out, 0);
    const expected = vectors.flatMap((vector) =>
      [0, 0].map((_, half) => {
        const part = half === 0 ? vector.subarray(0, DLIB) : vector.subarray(DLIB);
        return part.reduce((sum, v) => sum + (127 - v) ** 2, 0);
      }),
    );
    expect([...new Uint32Array(memory.buffer, out, 6)]).toEqual(expected);
    expect(expected[1]).toBe(FACERES * 254 ** 2);
  });
});

describe('faces among many', () => {
  it('are found in another picture, with about their score, before and after sketches are used', () => {
    const index = new NearestFaces(30_000, 500);
    const known = Array.from({ length: 40 }, face);
    const entries = known.map((one) => index.add(one, 0));
    const check = () =>
      known.forEach((one, i) => {
        const asked = again(one);
        const [best] = index.find(asked, 0, 3);
        expect(best!.entry).toBe(entries[i]);
        expect(Math.abs(best!.estimate - score(asked, one))).toBeLessThan(0.06);
      });
    check();
    while (index.size < 3000) index.add(face(), 0);
    check();
    // Removed ones are gone, and their numbers are given to others.
    index.remove(entries[0]!);
    expect(index.find(known[0]!, 0, 50).map(({ entry }) => entry)).not.toContain(entries[0]);
    index.remove(entries[0]!);
    expect(index.size).toBe(2999);
    expect(index.add(known[0]!, 0)).toBe(entries[0]);
    check();
  });

  it('of another scope do not count, nor crowd out those that do', () => {
    const index = new NearestFaces(40_000, 500);
    const one = face();
    const mine = index.add(one, 7);
    for (let i = 0; i < 1500; i++) index.add(one, 8);
    for (let i = 0; i < 1500; i++) index.add(face(), 0);
    expect(index.find(one, 7, 5)[0]!.entry).toBe(mine);
    expect(index.find(one, 9, 5).map(({ entry }) => entry)).not.toContain(mine);
    expect(index.find(one, 8, 5).every(({ estimate }) => estimate > 0.99)).toBe(true);
    expect(index.find(one, 8, 5)).toHaveLength(5);
  });

  it('beyond the capacity are refused', () => {
    const index = new NearestFaces(2);
    index.add(face(), 0);
    const last = index.add(face(), 0);
    expect(() => index.add(face(), 0)).toThrow(expect.objectContaining({ code: 'faces_full' }) as Error);
    index.remove(last);
    expect(index.add(face(), 0)).toBe(last);
    expect(new NearestFaces(9).find(face(), 0, 5)).toEqual([]);
  });
});
