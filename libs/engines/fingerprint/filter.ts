import type { Luma } from './luma.js';

/** Width and height of the picture that the transform sees. */
export const SIDE = 64;

/**
 * Mean over a window along one row or column, shorter at the ends, as the reference takes it: `window` values, of
 * which `(window + 2) / 2 - 1` lie ahead.
 */
function boxAlongRows(from: Float32Array, to: Float32Array, width: number, height: number, window: number): void {
  const ahead = Math.floor((window + 2) / 2) - 1;
  for (let y = 0; y < height; y++) {
    const source = from.subarray(y * width, (y + 1) * width);
    const target = to.subarray(y * width, (y + 1) * width);
    let sum = 0;
    let count = 0;
    for (let x = -ahead; x < width; x++) {
      const enters = x + ahead;
      if (enters < width) {
        sum += source[enters] as number;
        count++;
      }
      const leaves = enters - window;
      if (leaves >= 0) {
        sum -= source[leaves] as number;
        count--;
      }
      if (x >= 0) target[x] = sum / count;
    }
  }
}

/** The same along columns, a whole row of sums at a time: walking down single columns is several times slower. */
function boxAlongColumns(from: Float32Array, to: Float32Array, width: number, height: number, window: number): void {
  const ahead = Math.floor((window + 2) / 2) - 1;
  const sums = new Float64Array(width);
  let count = 0;
  for (let y = -ahead; y < height; y++) {
    const enters = y + ahead;
    if (enters < height) {
      const row = from.subarray(enters * width, (enters + 1) * width);
      for (let x = 0; x < width; x++) sums[x]! += row[x] as number;
      count++;
    }
    const leaves = enters - window;
    if (leaves >= 0) {
      const row = from.subarray(leaves * width, (leaves + 1) * width);
      for (let x = 0; x < width; x++) sums[x]! -= row[x] as number;
      count--;
    }
    if (y < 0) continue;
    const target = to.subarray(y * width, (y + 1) * width);
    for (let x = 0; x < width; x++) target[x] = (sums[x] as number) / count;
  }
}

/** Window of one box pass: half a block of the 64x64 picture, rounded up. */
const windowOf = (length: number) => Math.floor((length + 2 * SIDE - 1) / (2 * SIDE));

/**
 * Blurs with two passes of boxes (a tent, Jarosz 2001) and takes the values at the centres of 64x64 blocks, as the
 * reference of PDQ does. A picture of 64x64 is taken as it is. The values of `luma` are overwritten.
 */
export function shrink(luma: Luma): Float32Array {
  const { width, height, values } = luma;
  if (width === SIDE && height === SIDE) return values;
  const other = new Float32Array(values.length);
  for (let pass = 0; pass < 2; pass++) {
    boxAlongRows(values, other, width, height, windowOf(width));
    boxAlongColumns(other, values, width, height, windowOf(height));
  }
  const block = new Float32Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    const row = Math.floor(((y + 0.5) * height) / SIDE) * width;
    for (let x = 0; x < SIDE; x++) {
      block[y * SIDE + x] = values[row + Math.floor(((x + 0.5) * width) / SIDE)] as number;
    }
  }
  return block;
}
