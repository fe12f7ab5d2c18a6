import type { PixelFrame } from '#engines/pixels';
import { shrink, SIDE } from './filter.js';
import { formatHash, WORDS } from './hash.js';
import { lumaOf, type Luma } from './luma.js';

/** A fingerprint of one picture. */
export interface PdqHash {
  /** 256 bits as 64 lower-case hex digits. */
  hash: string;
  /** How much there is to see, 0..100; under {@link MIN_QUALITY} the hash says too little to be matched. */
  quality: number;
}

/** The eight ways in which a square can be turned and mirrored, by the names of the reference. */
export const DIHEDRAL = [
  'original',
  'rotate90',
  'rotate180',
  'rotate270',
  'flipX',
  'flipY',
  'flipPlus1',
  'flipMinus1',
] as const;
export type Dihedral = (typeof DIHEDRAL)[number];

/** Frequencies that are kept, along each axis. */
const KEPT = 16;
/** The reference hashes nothing smaller. */
const LEAST_SIDE = 5;

/** Rows 1..16 of the 64-point cosine transform. */
const COSINES = Float64Array.from({ length: KEPT * SIDE }, (_, at) => {
  const [i, j] = [Math.floor(at / SIDE), at % SIDE];
  return Math.sqrt(2 / SIDE) * Math.cos((Math.PI / 2 / SIDE) * (i + 1) * (2 * j + 1));
});

/** The 16x16 lowest frequencies but the constant ones, of a 64x64 picture. */
function transform(block: Float32Array): Float32Array {
  const half = new Float64Array(KEPT * SIDE);
  for (let i = 0; i < KEPT; i++) {
    for (let k = 0; k < SIDE; k++) {
      const weight = COSINES[i * SIDE + k] as number;
      for (let j = 0; j < SIDE; j++) half[i * SIDE + j]! += weight * (block[k * SIDE + j] as number);
    }
  }
  const out = new Float32Array(KEPT * KEPT);
  for (let i = 0; i < KEPT; i++) {
    for (let j = 0; j < KEPT; j++) {
      let sum = 0;
      for (let k = 0; k < SIDE; k++) sum += (half[i * SIDE + k] as number) * (COSINES[j * SIDE + k] as number);
      out[i * KEPT + j] = sum;
    }
  }
  return out;
}

/** Each bit says whether a frequency is stronger than the median; the last frequency is the first bit. */
function bitsOf(frequencies: Float32Array): string {
  const median = Float32Array.from(frequencies).sort()[(KEPT * KEPT) / 2 - 1] as number;
  const words = new Uint32Array(WORDS);
  frequencies.forEach((value, at) => {
    if (value > median) words[WORDS - 1 - (at >> 5)]! |= 1 << (at & 31);
  });
  return formatHash(words);
}

/** The reference's measure: strong differences between neighbours of the 64x64 picture, scaled to 0..100. */
function qualityOf(block: Float32Array): number {
  const step = (a: number, b: number) =>
    Math.abs(Math.trunc((((block[a] as number) - (block[b] as number)) * 100) / 255));
  let sum = 0;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const at = y * SIDE + x;
      if (y + 1 < SIDE) sum += step(at, at + SIDE);
      if (x + 1 < SIDE) sum += step(at, at + 1);
    }
  }
  return Math.min(100, Math.floor(sum / 90));
}

/** Frequencies of the picture turned or mirrored: some change their sign, some their place. */
function turned(from: Float32Array, way: Dihedral): Float32Array {
  const odd = {
    original: () => true,
    rotate90: (_i: number, j: number) => j & 1,
    rotate180: (i: number, j: number) => ((i + j) & 1) === 0,
    rotate270: (i: number) => i & 1,
    flipX: (i: number) => i & 1,
    flipY: (_i: number, j: number) => j & 1,
    flipPlus1: () => true,
    flipMinus1: (i: number, j: number) => ((i + j) & 1) === 0,
  }[way];
  const swapped = ['rotate90', 'rotate270', 'flipPlus1', 'flipMinus1'].includes(way);
  const to = new Float32Array(from.length);
  for (let i = 0; i < KEPT; i++) {
    for (let j = 0; j < KEPT; j++) {
      const value = from[i * KEPT + j] as number;
      to[swapped ? j * KEPT + i : i * KEPT + j] = odd(i, j) ? value : -value;
    }
  }
  return to;
}

const EMPTY: PdqHash = { hash: '0'.repeat(64), quality: 0 };

/** {@link pdq} of a brightness; its values are overwritten. */
export function pdqOfLuma(luma: Luma): PdqHash {
  if (luma.width < LEAST_SIDE || luma.height < LEAST_SIDE) return { ...EMPTY };
  const block = shrink(luma);
  return { hash: bitsOf(transform(block)), quality: qualityOf(block) };
}

/** {@link pdqOfLuma}, and the hash of the picture mirrored left to right. */
export function pdqBothWays(luma: Luma): PdqHash & { mirrored: string } {
  if (luma.width < LEAST_SIDE || luma.height < LEAST_SIDE) return { ...EMPTY, mirrored: EMPTY.hash };
  const block = shrink(luma);
  const frequencies = transform(block);
  return {
    hash: bitsOf(frequencies),
    mirrored: bitsOf(turned(frequencies, 'flipY')),
    quality: qualityOf(block),
  };
}

/**
 * PDQ fingerprint of a picture, as Meta's reference takes it (ThreatExchange, `pdq/`): brightness, two passes of a box
 * filter, 64x64 values, 16x16 frequencies, median. A picture under 5 pixels has the hash of zeros and quality 0.
 * @throws PixelError `frame_invalid`
 */
export function pdq(frame: PixelFrame): PdqHash {
  return pdqOfLuma(lumaOf(frame));
}

/**
 * The fingerprints of a picture in all eight orientations: what somebody who turns or mirrors it would get.
 * @throws PixelError `frame_invalid`
 */
export function pdqDihedral(frame: PixelFrame): { hashes: Record<Dihedral, string>; quality: number } {
  const luma = lumaOf(frame);
  const small = luma.width < LEAST_SIDE || luma.height < LEAST_SIDE;
  const block = small ? new Float32Array(SIDE * SIDE) : shrink(luma);
  const frequencies = transform(block);
  const hashes = Object.fromEntries(
    DIHEDRAL.map((way) => [way, small ? EMPTY.hash : bitsOf(turned(frequencies, way))]),
  ) as Record<Dihedral, string>;
  return { hashes, quality: small ? 0 : qualityOf(block) };
}
