import { checkFrame, type PixelFrame } from './types.js';

/**
 * What each target position is made of: positions `first[t]` to `first[t] + count[t] - 1` of the source, weighted by the
 * numbers from `weights[start[t]]` on.
 */
interface AxisFilter {
  first: Int32Array;
  count: Int32Array;
  start: Int32Array;
  weights: Float32Array;
}

/** Weights of one target position. Area average when shrinking; linear between pixel centres, edges repeated, when enlarging. */
function shares(t: number, from: number, step: number): { low: number; weights: number[] } {
  if (step >= 1) {
    const [start, end] = [t * step, Math.min((t + 1) * step, from)];
    const low = Math.floor(start);
    const high = Math.min(Math.ceil(end), from);
    const covered = (k: number) => Math.min(low + k + 1, end) - Math.max(low + k, start);
    return { low, weights: Array.from({ length: high - low }, (_, k) => Math.max(covered(k), 0) / (end - start)) };
  }
  const centre = Math.min(Math.max((t + 0.5) * step - 0.5, 0), from - 1);
  const low = Math.min(Math.floor(centre), Math.max(from - 2, 0));
  return { low, weights: from === 1 ? [1] : [1 - (centre - low), centre - low] };
}

function makeFilter(from: number, to: number): AxisFilter {
  const [first, count, start] = [new Int32Array(to), new Int32Array(to), new Int32Array(to)];
  const weights: number[] = [];
  for (let t = 0; t < to; t++) {
    const share = shares(t, from, from / to);
    first[t] = share.low;
    count[t] = share.weights.length;
    start[t] = weights.length;
    weights.push(...share.weights);
  }
  return { first, count, start, weights: Float32Array.from(weights) };
}

/** Sizes that were used lately: the frames of a clip are all alike. */
const filters = new Map<number, AxisFilter>();
const MOST_FILTERS = 64;

function axisFilter(from: number, to: number): AxisFilter {
  const key = from * 65_536 + to;
  let filter = filters.get(key);
  if (!filter) {
    filter = makeFilter(from, to);
    if (filters.size >= MOST_FILTERS) filters.clear();
    filters.set(key, filter);
  }
  return filter;
}

/** One row of the target's height, still as wide as the source: the weighted sum of `count` rows from `first` on. */
function sumRows(rgb: Uint8Array, stride: number, rows: AxisFilter, y: number, line: Float64Array): void {
  const count = rows.count[y] as number;
  const base = rows.start[y] as number;
  for (let k = 0; k < count; k++) {
    const weight = rows.weights[base + k] as number;
    const from = ((rows.first[y] as number) + k) * stride;
    // A view of one row is three times as fast as indexing into the whole picture.
    const row = rgb.subarray(from, from + stride);
    if (k === 0) for (let i = 0; i < stride; i++) line[i] = weight * (row[i] as number);
    else for (let i = 0; i < stride; i++) line[i] = (line[i] as number) + weight * (row[i] as number);
  }
}

/** One row of the target, from one row as wide as the source. */
function sumColumns(line: Float64Array, columns: AxisFilter, target: Float32Array, at: number): void {
  const { first, count, start, weights } = columns;
  for (let x = 0; x < first.length; x++) {
    let r = 0;
    let g = 0;
    let b = 0;
    let i = (first[x] as number) * 3;
    const from = start[x] as number;
    const to = from + (count[x] as number);
    for (let k = from; k < to; k++, i += 3) {
      const weight = weights[k] as number;
      r += weight * (line[i] as number);
      g += weight * (line[i + 1] as number);
      b += weight * (line[i + 2] as number);
    }
    target[at++] = r;
    target[at++] = g;
    target[at++] = b;
  }
}

/**
 * Stretches a frame to `width` x `height` and writes it into `target` as packed RGB in 0..255, not rounded.
 * The aspect ratio is not kept. Written here, without rounding to bytes, so that scores do not depend on the version of
 * an image library.
 * @param offset index in `target` of the first value; `3 * width * height` values are written
 * @throws PixelError `frame_invalid`
 */
export function resizeInto(
  frame: PixelFrame,
  size: { width: number; height: number },
  target: Float32Array,
  offset = 0,
): void {
  checkFrame(frame);
  const columns = axisFilter(frame.width, size.width);
  const rows = axisFilter(frame.height, size.height);
  const stride = 3 * frame.width;
  const line = new Float64Array(stride);
  for (let y = 0; y < size.height; y++) {
    sumRows(frame.rgb, stride, rows, y, line);
    sumColumns(line, columns, target, offset + 3 * y * size.width);
  }
}

/** {@link resizeInto} with bytes as the result. @throws PixelError `frame_invalid` */
export function resizeFrame(frame: PixelFrame, width: number, height: number): PixelFrame {
  const values = new Float32Array(3 * width * height);
  resizeInto(frame, { width, height }, values);
  const rgb = new Uint8Array(values.length);
  const { round } = Math;
  for (let i = 0; i < rgb.length; i++) rgb[i] = round(values[i] as number);
  return { timeS: frame.timeS, width, height, rgb };
}

/**
 * Stretches a frame to `size` x `size` and writes it into `target` as packed RGB in 0..1 (value / 255), as nsfwjs does.
 * @param offset index in `target` of the first value; `3 * size * size` values are written
 * @throws PixelError `frame_invalid`
 */
export function stretchInto(frame: PixelFrame, size: number, target: Float32Array, offset: number): void {
  resizeInto(frame, { width: size, height: size }, target, offset);
  const end = offset + 3 * size * size;
  for (let i = offset; i < end; i++) target[i] = (target[i] as number) / 255;
}
