import { type PixelFrame, VisionError } from './types.js';

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

function checkFrame({ width, height, rgb }: PixelFrame): void {
  const sound = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!sound || rgb.length !== 3 * width * height) {
    throw new VisionError('frame_invalid', `A frame of ${width}x${height} pixels came with ${rgb.length} bytes.`);
  }
}

/**
 * Stretches a frame to `size` x `size` and writes it into `target` as packed RGB in 0..1 (value / 255).
 * The aspect ratio is not kept, as in nsfwjs. Written here, without
 * rounding to bytes, so that scores do not depend on the version of an image library.
 * @param offset index in `target` of the first value; `3 * size * size` values are written
 * @throws VisionError `frame_invalid`
 */
export function stretchInto(frame: PixelFrame, size: number, target: Float32Array, offset: number): void {
  checkFrame(frame);
  const { width, height, rgb } = frame;
  const columns = axisFilter(width, size);
  const rows = axisFilter(height, size);
  const stride = 3 * width;
  const line = new Float64Array(stride);
  let at = offset;
  for (let y = 0; y < size; y++) {
    const weights = rows.weights[y] as Float32Array;
    line.fill(0);
    for (let k = 0; k < weights.length; k++) {
      const weight = (weights[k] as number) / 255;
      const from = ((rows.first[y] as number) + k) * stride;
      // A view of one row is three times as fast as indexing into the whole picture.
      const row = rgb.subarray(from, from + stride);
      for (let i = 0; i < stride; i++) line[i] = (line[i] as number) + weight * (row[i] as number);
    }
    for (let x = 0; x < size; x++) {
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
