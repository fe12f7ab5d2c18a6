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

/** Adds row `row` of a picture, `weight` times. */
type AddRow = (row: number, weight: number, sums: Float32Array) => void;

/** Averages areas to `width` x `height`; rows come from `addRow`. */
function reduced(from: { width: number; height: number }, width: number, height: number, addRow: AddRow): Luma {
  const columns = spans(from.width, width);
  const values = new Float32Array(width * height);
  const sums = new Float32Array(from.width);
  spans(from.height, height).forEach(({ first, last, head, tail, size }, y) => {
    sums.fill(0);
    for (let row = first; row <= last; row++) {
      addRow(row, row === first ? head : row === last ? tail : 1, sums);
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
  return reduced(frame, width, height, (row, weight, sums) => addRow(frame, row, weight, sums));
}

/** A luma plane of a clip: 8 bit, rows tightly packed. */
export interface LumaPlane {
  width: number;
  height: number;
  data: Uint8Array;
}

/** As {@link reducedLuma}, of a luma plane; its range is left as it is, which PDQ's bits do not depend on. */
export function reducedPlane(plane: LumaPlane, longest: number): Luma {
  const { data } = plane;
  const scale = Math.min(1, longest / Math.max(plane.width, plane.height));
  const width = Math.max(1, Math.round(plane.width * scale));
  const height = Math.max(1, Math.round(plane.height * scale));
  return reduced(plane, width, height, (row, weight, sums) => {
    const line = data.subarray(row * plane.width, (row + 1) * plane.width);
    for (let x = 0; x < line.length; x++) sums[x]! += weight * (line[x] as number);
  });
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
