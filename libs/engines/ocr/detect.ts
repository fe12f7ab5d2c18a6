import { type Session } from '#engines/inference';
import { type PixelBox, type PixelFrame, resizeInto } from '#engines/pixels';
import { OcrError } from './errors.js';
import { hullOf, readable, smallestQuad, unclip } from './quads.js';
import { regionsOf } from './regions.js';
import { type FoundLine, type Quad } from './types.js';

/** Above this a pixel of the text map is text. */
const MAP_THRESHOLD = 0.3;
/** Mean of the map inside a box below which it is no text. */
const BOX_THRESHOLD = 0.6;
/** As PaddleOCR; accents need all of it. */
const UNCLIP = 1.5;
/** Shorter side of a box on the map, in pixels, before it grows. */
const MIN_SIDE = 3;
/** Patches looked at per map: a wall of noise stays bounded. */
const MOST_REGIONS = 200;

const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];

/** Part of a frame as a frame of its own. */
function cropOf(frame: PixelFrame, { x, y, width, height }: PixelBox): PixelFrame {
  const rgb = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    const from = 3 * ((y + row) * frame.width + x);
    rgb.set(frame.rgb.subarray(from, from + 3 * width), 3 * row * width);
  }
  return { timeS: frame.timeS, width, height, rgb };
}

/** Puts packed RGB into the network's order: BGR planes, normalised as in training. */
function planesOf(packed: Float32Array): Float32Array {
  const size = packed.length / 3;
  const planes = new Float32Array(packed.length);
  for (let channel = 0; channel < 3; channel++) {
    const scale = 1 / (255 * (DEVIATION[channel] as number));
    const shift = (MEAN[channel] as number) / (DEVIATION[channel] as number);
    const start = channel * size;
    for (let i = 0, at = 2 - channel; i < size; i++, at += 3)
      planes[start + i] = (packed[at] as number) * scale - shift;
  }
  return planes;
}

/**
 * A frame made much smaller, packed RGB in 0..255: the mean of whole pixels, of every second row only. A quarter of the
 * work of an exact area mean, and the quick look needs no more.
 */
export function shrunk(frame: PixelFrame, width: number, height: number): Float32Array {
  const packed = new Float32Array(3 * width * height);
  const edges = Int32Array.from({ length: width + 1 }, (_, x) => 3 * Math.floor((x * frame.width) / width));
  for (let y = 0; y < height; y++) {
    const top = Math.floor((y * frame.height) / height);
    const bottom = Math.max(top + 1, Math.floor(((y + 1) * frame.height) / height));
    const start = 3 * y * width;
    let rows = 0;
    for (let from = top; from < bottom; from += 2, rows++) addRow(frame, from, edges, packed, start);
    for (let x = 0, at = start; x < width; x++, at += 3) {
      const share = 3 / (rows * ((edges[x + 1] as number) - (edges[x] as number)));
      packed[at] = (packed[at] as number) * share;
      packed[at + 1] = (packed[at + 1] as number) * share;
      packed[at + 2] = (packed[at + 2] as number) * share;
    }
  }
  return packed;
}

/** Adds the pixels between `edges` of one row to the sums that begin at `start`. */
function addRow({ width, rgb }: PixelFrame, y: number, edges: Int32Array, sums: Float32Array, start: number): void {
  const row = rgb.subarray(3 * y * width, 3 * (y + 1) * width);
  for (let x = 0, at = start; x < edges.length - 1; x++, at += 3) {
    const end = edges[x + 1] as number;
    let [r, g, b] = [0, 0, 0];
    for (let i = edges[x] as number; i < end; i += 3) {
      r += row[i] as number;
      g += row[i + 1] as number;
      b += row[i + 2] as number;
    }
    sums[at] = (sums[at] as number) + r;
    sums[at + 1] = (sums[at + 1] as number) + g;
    sums[at + 2] = (sums[at + 2] as number) + b;
  }
}

/** The network's input for a part of a frame. */
function inputOf(frame: PixelFrame, { box, scale }: DetectArea, width: number, height: number): Float32Array {
  const whole = box.width === frame.width && box.height === frame.height;
  const part = whole ? frame : cropOf(frame, box);
  if (scale <= 1 / 3) return planesOf(shrunk(part, width, height));
  const packed = new Float32Array(3 * width * height);
  resizeInto(part, { width, height }, packed);
  return planesOf(packed);
}

/** Whether a map is one of probabilities; a NaN is none. */
function isMap(map: Float32Array): boolean {
  for (let i = 0; i < map.length; i++) if (!((map[i] as number) >= -0.001 && (map[i] as number) <= 1.001)) return false;
  return true;
}

/** Mean of the map in a box, read at a grid of at most 64 x 16 points. */
function scoreOf(map: Float32Array, width: number, height: number, quad: Quad): number {
  const [cos, sin] = [Math.cos(quad.angle), Math.sin(quad.angle)];
  const [columns, rows] = [Math.min(64, Math.ceil(quad.length)), Math.min(16, Math.ceil(quad.height))];
  let [sum, count] = [0, 0];
  for (let j = 0; j < rows; j++) {
    const v = ((j + 0.5) / rows - 0.5) * quad.height;
    for (let i = 0; i < columns; i++) {
      const u = ((i + 0.5) / columns - 0.5) * quad.length;
      const x = Math.floor(quad.centre.x + u * cos - v * sin);
      const y = Math.floor(quad.centre.y + u * sin + v * cos);
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      sum += map[y * width + x] as number;
      count++;
    }
  }
  return count === 0 ? 0 : sum / count;
}

/** Boxes on a text map, in its own pixels, grown to the whole height of the letters. */
export function boxesOf(map: Float32Array, width: number, height: number, least = BOX_THRESHOLD): FoundLine[] {
  const found: FoundLine[] = [];
  for (const { outline, area } of regionsOf(map, width, height, MAP_THRESHOLD, MOST_REGIONS)) {
    if (area < MIN_SIDE * MIN_SIDE) break;
    const tight = smallestQuad(hullOf(outline));
    if (tight.height < MIN_SIDE) continue;
    const score = scoreOf(map, width, height, tight);
    if (score >= least) found.push({ quad: readable(unclip(tight, UNCLIP)), score });
  }
  return found;
}

/** Where and how finely to look. */
export interface DetectArea {
  /** Part of the frame, whole pixels inside it. */
  box: PixelBox;
  /** Pixels of the network's input per pixel of the frame. */
  scale: number;
}

const stepOf32 = (pixels: number) => Math.max(32, 32 * Math.round(pixels / 32));

/**
 * Finds lines of text in a part of a frame with PP-OCRv4 (DB): the map above 0.3, its patches, the smallest turned
 * rectangle around each, its mean score, grown by 1.5 x area / perimeter.
 * @returns boxes in pixels of the frame, in no order
 * @throws InferenceError; OcrError `ocr_output_invalid` when the map is not made of probabilities
 */
export async function detectLines(net: Session, frame: PixelFrame, area: DetectArea): Promise<FoundLine[]> {
  const { box, scale } = area;
  const [width, height] = [stepOf32(box.width * scale), stepOf32(box.height * scale)];
  const map = await net.run(inputOf(frame, area, width, height), [1, 3, height, width]);
  if (map.length !== width * height || !isMap(map)) {
    throw new OcrError('ocr_output_invalid', 'The text detector gave values that are not probabilities.');
  }
  const [sx, sy] = [box.width / width, box.height / height];
  return boxesOf(map, width, height).map(({ quad, score }) => ({
    score,
    quad: {
      centre: { x: box.x + quad.centre.x * sx, y: box.y + quad.centre.y * sy },
      length: quad.length * sx,
      height: quad.height * sy,
      angle: quad.angle,
    },
  }));
}
