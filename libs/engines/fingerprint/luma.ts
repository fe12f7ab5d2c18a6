import { checkFrame, type PixelFrame } from '#engines/pixels';

/** Brightness of a picture, 0..255, row by row. */
export interface Luma {
  width: number;
  height: number;
  values: Float32Array;
}

// The weights of the reference.
const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114];

/** Brightness of every pixel. @throws PixelError `frame_invalid` */
export function lumaOf(frame: PixelFrame): Luma {
  checkFrame(frame);
  const { width, height, rgb } = frame;
  const values = new Float32Array(width * height);
  for (let i = 0, at = 0; i < values.length; i++, at += 3) {
    values[i] = RED * (rgb[at] as number) + GREEN * (rgb[at + 1] as number) + BLUE * (rgb[at + 2] as number);
  }
  return { width, height, values };
}

/** First and last source position, and the share of the first and of the last, for each target position. */
function spans(from: number, to: number) {
  const step = from / to;
  return Array.from({ length: to }, (_, t) => {
    const [start, end] = [t * step, Math.min((t + 1) * step, from)];
    const first = Math.floor(start);
    const last = Math.min(Math.ceil(end), from) - 1;
    return { first, last, head: Math.min(first + 1, end) - start, tail: end - last, size: end - start };
  });
}

/**
 * Brightness with the long side reduced to `longest` pixels by averaging areas, aspect ratio kept; a smaller picture
 * stays as it is. It keeps nothing of the frame, whose memory may be used again.
 * @throws PixelError `frame_invalid`
 */
export function reducedLuma(frame: PixelFrame, longest: number): Luma {
  checkFrame(frame);
  const scale = longest / Math.max(frame.width, frame.height);
  if (scale >= 1) return lumaOf(frame);
  const width = Math.max(1, Math.round(frame.width * scale));
  const height = Math.max(1, Math.round(frame.height * scale));
  const columns = spans(frame.width, width);
  const values = new Float32Array(width * height);
  const sums = new Float32Array(frame.width);
  spans(frame.height, height).forEach(({ first, last, head, tail, size }, y) => {
    sums.fill(0);
    for (let row = first; row <= last; row++) {
      addRow(frame, row, row === first ? head : row === last ? tail : 1, sums);
    }
    for (let x = 0; x < width; x++) {
      const { first: a, last: b, head: ha, tail: tb, size: w } = columns[x]!;
      let sum = ha * (sums[a] as number);
      for (let i = a + 1; i < b; i++) sum += sums[i] as number;
      if (b > a) sum += tb * (sums[b] as number);
      values[y * width + x] = sum / (w * size);
    }
  });
  return { width, height, values };
}

/** Adds a row's brightness, `weight` times. */
function addRow({ width, rgb }: PixelFrame, row: number, weight: number, sums: Float32Array): void {
  const [r, g, b] = [RED * weight, GREEN * weight, BLUE * weight];
  // A view of one row is faster than indexing into the whole picture.
  const line = rgb.subarray(3 * row * width, 3 * (row + 1) * width);
  for (let x = 0, at = 0; x < width; x++, at += 3) {
    sums[x]! += r * (line[at] as number) + g * (line[at + 1] as number) + b * (line[at + 2] as number);
  }
}
