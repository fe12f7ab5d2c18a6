import { type PixelFrame, type Point, similarity, warp, invert } from '#engines/pixels';
import { squareAround, uprightFace } from './mesh.js';
import { type FaceLandmarks } from './types.js';

/** Side of the dlib network's input in pixels. */
export const DLIB_SIZE = 150;

/** Side of the faceres network's input in pixels. */
export const FACERES_SIZE = 224;

/** Empty border of a dlib chip, as a share of the face. */
const PADDING = 0.25;

/** Where the five landmarks belong in a dlib chip without its border, 0..1. */
const TARGETS: readonly Point[] = [
  { x: 0.225492, y: 0.21599 },
  { x: 0.754761, y: 0.21599 },
  { x: 0.490127, y: 0.515625 },
  { x: 0.254149, y: 0.780233 },
  { x: 0.726104, y: 0.780233 },
];

/** The targets in pixels of a chip of `side`: eyes, nose, corners of the mouth. */
export function chipTargets(side = DLIB_SIZE): Point[] {
  const place = (v: number) => ((v + PADDING) / (1 + 2 * PADDING)) * side;
  return TARGETS.map(({ x, y }) => ({ x: place(x), y: place(y) }));
}

/** The face as the dlib network wants it: 150x150, landmarks nearest to their places. @throws PixelError */
export function dlibChip(frame: PixelFrame, face: FaceLandmarks): PixelFrame {
  const from = [face.leftEye, face.rightEye, face.nose, face.mouthLeft, face.mouthRight];
  return warp(frame, invert(similarity(from, chipTargets())), DLIB_SIZE, DLIB_SIZE);
}

/** Side of faceres's square in longer sides of the face; 1.0 to 1.1 is what the network was made for. */
const FACERES_REACH = 1.05;

/** The face as faceres wants it: 224x224 around it, eyes level. @throws PixelError */
export function faceresChip(frame: PixelFrame, mesh: Float32Array): PixelFrame {
  const { centre, width, height, angle } = uprightFace(mesh);
  const square = squareAround(centre, FACERES_REACH * Math.max(width, height), angle, FACERES_SIZE);
  return warp(frame, square, FACERES_SIZE, FACERES_SIZE);
}

/** RGB 0..255 as the dlib network reads it; `mirrored` turns left and right. */
export function dlibInput({ rgb, width }: PixelFrame, mirrored: boolean): Float32Array {
  if (!mirrored) return Float32Array.from(rgb);
  const input = new Float32Array(rgb.length);
  const row = 3 * width;
  for (let i = 0; i < rgb.length; i += 3) {
    const x = (i % row) / 3;
    const to = i - 3 * x + 3 * (width - 1 - x);
    for (let k = 0; k < 3; k++) input[to + k] = rgb[i + k] as number;
  }
  return input;
}

/** Means that faceres was trained with, in its order blue, green, red. */
const MEAN_BGR = [103.939, 116.779, 123.68] as const;

/** Blue, green, red minus their means, as faceres reads it. Plain RGB makes its ages 13 years too young. */
export function faceresInput({ rgb }: PixelFrame): Float32Array {
  const input = new Float32Array(rgb.length);
  for (let i = 0; i < rgb.length; i += 3) {
    for (let k = 0; k < 3; k++) input[i + k] = (rgb[i + 2 - k] as number) - (MEAN_BGR[k] as number);
  }
  return input;
}
