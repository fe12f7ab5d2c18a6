/** A part of a frame, in pixels. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A line belongs to a border when its values spread no more than this (levels, RMS) ... */
const FLAT_SPREAD = 1.2;
/** ... and its mean is this close to that of the outermost line. */
const SAME_LEVEL = 1.5;
/** Less content than this share of a side is taken for an empty frame. */
const LEAST_CONTENT = 0.15;
/** A border's inner edge is soft after scaling and coding. */
const SOFT_EDGE = 2;

interface Line {
  mean: number;
  spread: number;
}

function lineOf(luma: Uint8Array, start: number, step: number, count: number): Line {
  let sum = 0;
  let squares = 0;
  let at = start;
  for (let index = 0; index < count; index++) {
    const value = luma[at]!;
    sum += value;
    squares += value * value;
    at += step;
  }
  const mean = sum / count;
  return { mean, spread: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** Number of border lines met when walking inward from one side. */
function borderDepth(total: number, line: (index: number) => Line): number {
  const outermost = line(0);
  let depth = 0;
  while (depth < total) {
    const { mean, spread } = line(depth);
    if (spread > FLAT_SPREAD || Math.abs(mean - outermost.mean) > SAME_LEVEL) break;
    depth++;
  }
  return depth;
}

/**
 * The part of a frame inside its constant borders (letterbox, pillarbox, padding), or null when the whole frame is
 * constant. Rows are judged over their full width first, columns then only inside the rows that are left.
 */
export function contentRect(luma: Uint8Array, width: number, height: number): Rect | null {
  const top = borderDepth(height, (row) => lineOf(luma, row * width, 1, width));
  if (top >= height) return null;
  const bottom = borderDepth(height, (row) => lineOf(luma, (height - 1 - row) * width, 1, width));
  const rows = height - top - bottom;
  if (rows < LEAST_CONTENT * height) return null;
  const column = (x: number) => lineOf(luma, top * width + x, width, rows);
  const left = borderDepth(width, column);
  if (left >= width) return null;
  const right = borderDepth(width, (x) => column(width - 1 - x));
  if (width - left - right < LEAST_CONTENT * width) return null;
  const soft = (depth: number) => (depth > 0 ? depth + SOFT_EDGE : 0);
  return {
    x: soft(left),
    y: soft(top),
    width: width - soft(left) - soft(right),
    height: rows + top + bottom - soft(top) - soft(bottom),
  };
}

/** The smallest rectangle that holds both. */
export function unite(a: Rect, b: Rect): Rect {
  const x = Math.min(a.x, b.x);
  const y = Math.min(a.y, b.y);
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}
