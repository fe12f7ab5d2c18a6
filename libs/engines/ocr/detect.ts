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

/** Part of a frame as a frame of its own, with every `step`-th row only. */
function cropOf(frame: PixelFrame, box: PixelBox, step: number): PixelFrame {
  const { x, y, width } = box;
  const height = Math.ceil(box.height / step);
  const rgb = new Uint8Array(3 * width * height);
  for (let row = 0; row < height; row++) {
    const from = 3 * ((y + step * row) * frame.width + x);
    rgb.set(frame.rgb.subarray(from, from + 3 * width), 3 * row * width);
  }
  return { timeS: frame.timeS, width, height, rgb };
}

/** The network's input: BGR planes, normalised as in training. */
function planesOf(picture: PixelFrame, width: number, height: number): Float32Array {
  const packed = new Float32Array(3 * width * height);
  resizeInto(picture, { width, height }, packed);
  const size = width * height;
  const planes = new Float32Array(3 * size);
  for (let channel = 0; channel < 3; channel++) {
    const scale = 1 / (255 * (DEVIATION[channel] as number));
    const shift = (MEAN[channel] as number) / (DEVIATION[channel] as number);
    const start = channel * size;
    for (let i = 0, at = 2 - channel; i < size; i++, at += 3)
      planes[start + i] = (packed[at] as number) * scale - shift;
  }
  return planes;
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
  const whole = box.width === frame.width && box.height === frame.height;
  // Where four rows become one, every second of them does: that halves the work of shrinking.
  const step = scale < 0.3 ? 2 : 1;
  const part = whole && step === 1 ? frame : cropOf(frame, box, step);
  const map = await net.run(planesOf(part, width, height), [1, 3, height, width]);
  if (map.length !== width * height || !map.every((v) => v >= -0.001 && v <= 1.001)) {
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
