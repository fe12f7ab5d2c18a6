import { type PixelFrame, resizeInto, suppress, type PixelBox } from '#engines/pixels';
import { type Detection, DETECTOR_SIZE } from './blazeface.js';

/** A square of the frame that the detector looks at, in pixels of the frame; it may reach over the right and lower edge. */
export interface View {
  x: number;
  y: number;
  size: number;
}

/**
 * Largest side of a close view: 3 frame pixels to one of the detector's, so that a face of about 42 pixels is found
 * (the detector finds faces from 14 pixels of its own; measured in the evaluation).
 */
const CLOSE_SIZE = 768;

/** Share of a close view that the next one repeats, so that a face on a border is whole in one of them. */
const REPEATED = 0.2;

function starts(length: number, size: number): number[] {
  if (length <= size) return [0];
  const count = Math.ceil((length - REPEATED * size) / (size * (1 - REPEATED)));
  return Array.from({ length: count }, (_, i) => Math.round((i * (length - size)) / (count - 1)));
}

/** The whole frame, then overlapping close views when they show more than it. */
export function viewsOf(width: number, height: number): View[] {
  const whole = { x: 0, y: 0, size: Math.max(width, height) };
  const size = Math.min(width, height, CLOSE_SIZE);
  // A nearly square or small picture gains nothing from a second look.
  if (whole.size <= DETECTOR_SIZE || whole.size < 1.2 * size) return [whole];
  const close = starts(height, size).flatMap((y) => starts(width, size).map((x) => ({ x, y, size })));
  return [whole, ...close];
}

/** A smaller copy of a frame, RGB in 0..255, not rounded. */
interface Level {
  width: number;
  height: number;
  values: Float32Array;
}

/** The detector's input for one view: RGB in -1..1, black outside the frame. */
function fill(level: Level, left: number, top: number): Float32Array {
  const input = new Float32Array(3 * DETECTOR_SIZE * DETECTOR_SIZE).fill(-1);
  const count = 3 * Math.min(DETECTOR_SIZE, level.width - left);
  for (let y = 0; y < Math.min(DETECTOR_SIZE, level.height - top); y++) {
    const from = 3 * ((top + y) * level.width + left);
    const to = 3 * y * DETECTOR_SIZE;
    for (let i = 0; i < count; i++) input[to + i] = (level.values[from + i] as number) / 127.5 - 1;
  }
  return input;
}

/** The frame made smaller so that `size` of its pixels become the detector's side. */
function levelOf(frame: PixelFrame, size: number): Level {
  const side = (length: number) => Math.max(1, Math.round((length * DETECTOR_SIZE) / size));
  const [width, height] = [side(frame.width), side(frame.height)];
  const values = new Float32Array(3 * width * height);
  resizeInto(frame, { width, height }, values);
  return { width, height, values };
}

/** A level as a frame; the conversion of the typed array rounds. */
function asFrame({ width, height, values }: Level): PixelFrame {
  return { timeS: 0, width, height, rgb: new Uint8Array(new Uint8ClampedArray(values).buffer) };
}

/**
 * Inputs of the detector for all views of a frame.
 * @throws PixelError `frame_invalid`
 */
export function viewInputs(frame: PixelFrame, views: readonly View[]): Float32Array[] {
  const [whole, ...close] = views as [View, ...View[]];
  const size = close[0]?.size ?? whole.size;
  // One pass over the large picture; the whole view is made from the already smaller one.
  const near = levelOf(frame, size);
  const shrink = DETECTOR_SIZE / size;
  const place = (start: number, length: number) =>
    Math.min(Math.round(start * shrink), Math.max(0, length - DETECTOR_SIZE));
  const inputs = close.map(({ x, y }) => fill(near, place(x, near.width), place(y, near.height)));
  const far = close.length === 0 ? near : levelOf(asFrame(near), Math.max(near.width, near.height));
  return [fill(far, 0, 0), ...inputs];
}

/** Moves what was found in a view into the frame. */
export function toFrame(found: readonly Detection[], { x, y, size }: View): Detection[] {
  const k = size / DETECTOR_SIZE;
  return found.map(({ box, score, points }) => ({
    score,
    box: { x: x + k * box.x, y: y + k * box.y, width: k * box.width, height: k * box.height },
    points: points.map((p) => ({ x: x + k * p.x, y: y + k * p.y })),
  }));
}

/** Area that two boxes share over the area of the smaller one, 0..1. */
function inside(a: PixelBox, b: PixelBox): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(a.width * a.height, b.width * b.height);
}

/** One detection per face: the strongest of those that overlap; half a face cut by a view's edge lies inside the whole. */
export function mergeDetections<T extends { box: PixelBox; score: number }>(found: readonly T[]): T[] {
  const apart = suppress(found, 0.3);
  return apart.filter((one, i) => apart.slice(0, i).every((stronger) => inside(one.box, stronger.box) < 0.6));
}
