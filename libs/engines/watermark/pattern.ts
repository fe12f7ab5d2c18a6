import { CANONICAL_SHORT_SIDE, TILE } from './params.js';
import { type Bins, codewordOf, type Layout } from './layout.js';

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
    const cos = bins.cos[slot]!;
    const sin = bins.sin[slot]!;
    all.push({ u: bins.u[slot]!, v: bins.v[slot]!, re: c1 * cos - c2 * sin, im: c1 * sin + c2 * cos });
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
      const angle = 2 * Math.PI * term.u * (x + 0.5 - width / 2) * toTile;
      const cos = Math.cos(angle);
      const sin = Math.sin(angle);
      re[x] = re[x]! + amplitude * (term.re * cos - term.im * sin);
      im[x] = im[x]! + amplitude * (term.re * sin + term.im * cos);
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
  const toTile = CANONICAL_SHORT_SIDE / Math.min(width, height) / TILE;
  // Each bin and its mirror image add 2 a^2 of power.
  const amplitude = (2 * PATTERN_SCALE) / Math.sqrt(2 * all.length);
  const rows = new Map<number, Term[]>();
  for (const term of all) rows.set(term.v, [...(rows.get(term.v) ?? []), term]);
  const sums = [...rows].map(([v, row]) => ({ v, parts: columnSums(row, width, toTile, amplitude) }));
  const pattern = new Int8Array(width * height);
  const line = new Float32Array(width);
  for (let y = 0; y < height; y++) {
    line.fill(0);
    for (const { v, parts } of sums) {
      const angle = 2 * Math.PI * v * (y + 0.5 - height / 2) * toTile;
      addTurned(line, parts[0], parts[1], Math.cos(angle), Math.sin(angle));
    }
    for (let x = 0; x < width; x++) {
      pattern[y * width + x] = Math.max(-127, Math.min(127, Math.round(line[x]!)));
    }
  }
  return pattern;
}

function addTurned(line: Float32Array, re: Float32Array, im: Float32Array, cos: number, sin: number): void {
  for (let x = 0; x < line.length; x++) line[x] = line[x]! + re[x]! * cos - im[x]! * sin;
}
