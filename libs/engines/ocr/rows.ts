import { type Line } from './lines.js';
import { type Reading } from './ppocr.js';
import { type Quad } from './types.js';
import { lettersIn } from './words.js';

/** Steeper lines are not put together, radians. */
const LEVEL = 0.1;
/** Gap between two parts of one line, as a share of the larger height. */
const GAP = 1.5;

/** Whether two boxes stand side by side in one row, or overlap there. */
function adjoin(a: Quad, b: Quad): boolean {
  const height = Math.max(a.height, b.height);
  const gap = Math.abs(a.centre.x - b.centre.x) - (a.length + b.length) / 2;
  return Math.abs(a.centre.y - b.centre.y) < 0.5 * height && gap < GAP * height && 3 * Math.min(a.height, b.height) > height;
} // prettier-ignore

/** Level lines that adjoin, in groups of two and more: over a texture the detector gives one line in parts. */
export function rowsOf(lines: readonly Line[]): Line[][] {
  const rows: Line[][] = [];
  const level = lines.filter(({ quad }) => Math.abs(quad.angle) < LEVEL);
  for (const line of [...level].sort((a, b) => a.quad.centre.x - b.quad.centre.x)) {
    const row = rows.find((one) => one.some(({ quad }) => adjoin(quad, line.quad)));
    if (row) row.push(line);
    else rows.push([line]);
  }
  return rows.filter((row) => row.length > 1);
}

/** The box around the parts of one row, with room at its ends for letters that no part holds. */
export function around(row: readonly Line[]): Quad {
  const quads = row.map(({ quad }) => quad);
  const height = Math.max(...quads.map((quad) => quad.height));
  const left = Math.min(...quads.map(({ centre, length }) => centre.x - length / 2)) - height / 2;
  const right = Math.max(...quads.map(({ centre, length }) => centre.x + length / 2)) + height / 2;
  const tallest = quads.find((quad) => quad.height === height) as Quad;
  return { centre: { x: (left + right) / 2, y: tallest.centre.y }, length: right - left, height, angle: tallest.angle };
}

/** Confidence from which the reading of a whole row replaces those of its parts. */
const SURE_WHOLE = 0.85;

/** Whether a reading is that of the whole row: sure, and longer than every part. */
export function isWhole(row: readonly Line[], reading: Reading): boolean {
  const longest = Math.max(...row.map(({ best }) => lettersIn(best.text)));
  return reading.confidence >= SURE_WHOLE && lettersIn(reading.text) > longest;
}
