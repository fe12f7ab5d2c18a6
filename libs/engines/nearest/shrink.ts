import { DLIB, FACERES, SKETCH_BYTES } from './kernels.js';

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
const SKETCH_SIGNS = [signs(DLIB, 0x85ebca6b), signs(DLIB, 0xc2b2ae35)] as const;

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
const turned = new Float32Array(DLIB);
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

/**
 * 512 bits of a small vector: on which side of planes through the middle of all faces it lies. Two faces differ in about
 * as many bits as the angle between them is wide (Charikar 2002).
 * @param middle mean of the small vectors
 */
export function sketch(vector: Int8Array, middle: Float32Array, to: Uint8Array): void {
  to.fill(0);
  SKETCH_SIGNS.forEach((all, half) => {
    for (let i = 0; i < DLIB; i++) turned[i] = (vector[i]! - middle[i]!) * all[i]!;
    hadamard(turned);
    for (let i = 0; i < DLIB; i++) if (turned[i]! > 0) to[16 * half + (i >> 3)]! |= 1 << (i & 7);
  });
  for (let i = DLIB; i < DLIB + 4 * SKETCH_BYTES; i++) {
    if (vector[i]! > middle[i]!) to[SKETCH_BYTES / 2 + ((i - DLIB) >> 3)]! |= 1 << (i & 7);
  }
}
