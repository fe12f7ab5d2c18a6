import { DLIB, FACERES, SKETCH_BYTES, TABLE_BYTES, TABLES } from './kernels.js';

/** Values of dlib stay well inside +-0.5. */
export const DLIB_SCALE = 254;
/** Values of a shrunk faceres (of length 1, in 512 parts) stay well inside +-0.28. */
export const FACERES_SCALE = 450;
const WHOLE = 1024;

/** Fixed signs, so that every process shrinks alike (xorshift32). */
function signs(count: number, seed: number): Int8Array {
  let state = seed;
  return Int8Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 1 ? 1 : -1;
  });
}

const FACERES_SIGNS = signs(WHOLE, 0x9e3779b9);
const SKETCH_SIGNS = signs(DLIB, 0x85ebca6b);
const SKETCH_BITS = 8 * SKETCH_BYTES;

/** Walsh-Hadamard transform in place: with random signs before it, a rotation that spreads any vector evenly. */
function hadamard(values: Float32Array): void {
  for (let step = 1; step < values.length; step *= 2) {
    for (let start = 0; start < values.length; start += 2 * step) {
      for (let i = start; i < start + step; i++) {
        const [a, b] = [values[i]!, values[i + step]!];
        values[i] = a + b;
        values[i + step] = a - b;
      }
    }
  }
}

const whole = new Float32Array(WHOLE);
const turned = new Float32Array(SKETCH_BITS);
const turnedDlib = turned.subarray(0, DLIB);
const clamp = (value: number) => Math.max(-127, Math.min(127, Math.round(value)));

/**
 * A face in 640 small numbers: dlib as it is, faceres turned at random and the first half of its 1024 parts taken
 * (Ailon and Chazelle 2009): squared distances stay what they were, within about a twentieth.
 */
export function shrink(dlib: Float32Array, faceres: Float32Array, to: Int8Array): void {
  for (let i = 0; i < DLIB; i++) to[i] = clamp(DLIB_SCALE * dlib[i]!);
  for (let i = 0; i < WHOLE; i++) whole[i] = faceres[i]! * FACERES_SIGNS[i]!;
  hadamard(whole);
  // Length 1 stays length 1 on average: sqrt(1024) of the transform, sqrt(1024 / 512) of the parts taken.
  const scale = FACERES_SCALE / Math.sqrt(FACERES);
  for (let i = 0; i < FACERES; i++) to[DLIB + i] = clamp(scale * whole[i]!);
}

/** Squared distances of the small numbers as what they stand for. @returns estimate of cosine(faceres) - distance(dlib) */
export function estimate(dlibSquares: number, faceresSquares: number): number {
  return 1 - faceresSquares / (2 * FACERES_SCALE ** 2) - Math.sqrt(dlibSquares) / DLIB_SCALE;
}

/** A small vector seen from the middle of all faces: dlib turned at random, and the first parts of faceres. */
function turn(vector: Int8Array, middle: Float32Array): void {
  for (let i = 0; i < DLIB; i++) turned[i] = (vector[i]! - middle[i]!) * SKETCH_SIGNS[i]!;
  hadamard(turnedDlib);
  for (let i = DLIB; i < SKETCH_BITS; i++) turned[i] = vector[i]! - middle[i]!;
}

/**
 * 256 bits of a small vector: on which side of planes through the middle of all faces it lies (Charikar 2002).
 * @param middle mean of the small vectors
 */
export function sketch(vector: Int8Array, middle: Float32Array, to: Uint8Array): void {
  turn(vector, middle);
  for (let byte = 0; byte < SKETCH_BYTES; byte++) {
    let bits = 0;
    for (let i = 0; i < 8; i++) if (turned[8 * byte + i]! > 0) bits |= 1 << i;
    to[byte] = bits;
  }
}

/** Of sums of the tables: where strangers are on average. Sums end at 255, so who is farther is not told apart. */
const STRANGERS = 300;
/** A difference of dlib changes the score about twice as much: it counts as distance, not as its square. */
const DLIB_WEIGHT = 2 / DLIB_SCALE / Math.sqrt(DLIB);
const FACERES_WEIGHT = 1 / FACERES_SCALE;

/**
 * How far sketches are from a question, as a table for each 4 bits: a plane that they lie on the other side of counts as
 * much as the question is away from it. So the question is not made coarse, which halves the bits that are needed
 * (Gao and Long 2024; the tables as André, Kermarrec and Le Scouarnec 2015).
 */
export function tables(asked: Int8Array, middle: Float32Array, to: Uint8Array): void {
  turn(asked, middle);
  let all = 0;
  for (let i = 0; i < SKETCH_BITS; i++) {
    turned[i]! *= i < DLIB ? DLIB_WEIGHT : FACERES_WEIGHT;
    all += Math.abs(turned[i]!);
  }
  // Strangers lie on the other side of half of the planes.
  const scale = all > 0 ? STRANGERS / (all / 2) : 0;
  for (let at = 0; at < TABLES * TABLE_BYTES; at++) {
    let sum = 0;
    for (let bit = 0; bit < 4; bit++) {
      const value = turned[4 * Math.floor(at / TABLE_BYTES) + bit]!;
      if (value > 0 !== (((at >> bit) & 1) === 1)) sum += Math.abs(value);
    }
    to[at] = Math.min(255, Math.round(scale * sum));
  }
}
