import { checkFrame, type PixelFrame } from './types.js';

/** For each target position: the first source position that counts, and how much it and its successors count. */
interface AxisFilter {
  first: Int32Array;
  weights: Float32Array[];
}

/** Area average when shrinking; linear interpolation between pixel centres, edges repeated, when enlarging. */
function axisFilter(from: number, to: number): AxisFilter {
  const first = new Int32Array(to);
  const weights: Float32Array[] = [];
  const step = from / to;
  for (let t = 0; t < to; t++) {
    if (step >= 1) {
      const [start, end] = [t * step, Math.min((t + 1) * step, from)];
      const low = Math.floor(start);
      const high = Math.min(Math.ceil(end), from);
      first[t] = low;
      weights.push(
        Float32Array.from({ length: high - low }, (_, k) => {
          const covered = Math.min(low + k + 1, end) - Math.max(low + k, start);
          return Math.max(covered, 0) / (end - start);
        }),
      );
    } else {
      const centre = Math.min(Math.max((t + 0.5) * step - 0.5, 0), from - 1);
      const low = Math.min(Math.floor(centre), Math.max(from - 2, 0));
      first[t] = low;
      weights.push(from === 1 ? Float32Array.of(1) : Float32Array.of(1 - (centre - low), centre - low));
    }
  }
  return { first, weights };
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
  const { width, rgb } = frame;
  const columns = axisFilter(width, size.width);
  const rows = axisFilter(frame.height, size.height);
  const stride = 3 * width;
  const line = new Float64Array(stride);
  let at = offset;
  for (let y = 0; y < size.height; y++) {
    const weights = rows.weights[y] as Float32Array;
    line.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const weight = weights[k] as number;
      const from = ((rows.first[y] as number) + k) * stride;
      // A view of one row is three times as fast as indexing into the whole picture.
      const row = rgb.subarray(from, from + stride);
      for (let i = 0; i < stride; i++) line[i] = (line[i] as number) + weight * (row[i] as number);
    }
    for (let x = 0; x < size.width; x++) {
      const across = columns.weights[x] as Float32Array;
      let [r, g, b] = [0, 0, 0];
      let i = (columns.first[x] as number) * 3;
      for (let k = 0; k < across.length; k++, i += 3) {
        const weight = across[k] as number;
        r += weight * (line[i] as number);
        g += weight * (line[i + 1] as number);
        b += weight * (line[i + 2] as number);
      }
      target[at++] = r;
      target[at++] = g;
      target[at++] = b;
    }
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
