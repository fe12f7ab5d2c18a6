import { CANONICAL_SHORT_SIDE, TILE } from './params.js';
import { type Bins, codewordOf, type Layout } from './layout.js';

// Bound once: these run per pixel or per bin.
const { cos, max, min, round, sin, sqrt } = Math;
const TURN = 2 * Math.PI;

/** Steps of the stored pattern per unit of its RMS: 4.2 times the RMS still fits a byte. */
export const PATTERN_SCALE = 30;

interface Term {
  u: number;
  v: number;
  re: number;
  im: number;
}

/** Complex amplitude of every bin: pilots carry their phase, data bins two coded bits turned by theirs. */
function terms(layout: Layout, releaseId: string): Term[] {
  const coded = codewordOf(layout, releaseId);
  const { pilots, data, codedBitOf } = layout;
  const all: Term[] = [];
  const add = (bins: Bins, slot: number, c1: number, c2: number) => {
    const c = bins.cos[slot]!;
    const s = bins.sin[slot]!;
    all.push({ u: bins.u[slot]!, v: bins.v[slot]!, re: c1 * c - c2 * s, im: c1 * s + c2 * c });
  };
  for (let slot = 0; slot < pilots.count; slot++) add(pilots, slot, 1, 0);
  for (let slot = 0; slot < data.count; slot++) {
    const c1 = coded[codedBitOf[2 * slot]!]! ? Math.SQRT1_2 : -Math.SQRT1_2;
    const c2 = coded[codedBitOf[2 * slot + 1]!]! ? Math.SQRT1_2 : -Math.SQRT1_2;
    add(data, slot, c1, c2);
  }
  return all;
}

/** For one v: the sum over u at every native column, real and imaginary parts. */
function columnSums(row: Term[], width: number, toTile: number, amplitude: number): [Float32Array, Float32Array] {
  const re = new Float32Array(width);
  const im = new Float32Array(width);
  for (const term of row) {
    for (let x = 0; x < width; x++) {
      const angle = TURN * term.u * (x + 0.5 - width / 2) * toTile;
      const c = amplitude * cos(angle);
      const s = amplitude * sin(angle);
      re[x] = re[x]! + term.re * c - term.im * s;
      im[x] = im[x]! + term.re * s + term.im * c;
    }
  }
  return [re, im];
}

/**
 * The pattern of one id at the frame's own size: RMS {@link PATTERN_SCALE}, row by row. It is the band-limited
 * tile evaluated exactly at each pixel centre, with its origin at the middle of the frame.
 */
export function drawPattern(layout: Layout, releaseId: string, width: number, height: number): Int8Array {
  const all = terms(layout, releaseId);
  const toTile = CANONICAL_SHORT_SIDE / min(width, height) / TILE;
  // Each bin and its mirror image add 2 a^2 of power.
  const amplitude = (2 * PATTERN_SCALE) / sqrt(2 * all.length);
  const rows = new Map<number, Term[]>();
  for (const term of all) rows.set(term.v, [...(rows.get(term.v) ?? []), term]);
  const sums = [...rows].map(([v, row]) => ({ v, parts: columnSums(row, width, toTile, amplitude) }));
  const pattern = new Int8Array(width * height);
  const line = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    for (const { v, parts } of sums) {
      const angle = TURN * v * (y + 0.5 - height / 2) * toTile;
      addTurned(line, parts[0], parts[1], cos(angle), sin(angle));
    }
    for (let x = 0; x < width; x++) {
      pattern[y * width + x] = max(-127, min(127, round(line[x]!)));
    }
  }
  return pattern;
}

function addTurned(line: Float32Array, re: Float32Array, im: Float32Array, c: number, s: number): void {
  for (let x = 0; x < line.length; x++) line[x] = line[x]! + re[x]! * c - im[x]! * s;
}
