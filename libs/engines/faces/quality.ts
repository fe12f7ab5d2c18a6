import { type PixelFrame } from '#engines/pixels';
import { type FaceObservation, type FaceUnable } from './types.js';

/** What a face must have before a template is taken from it. Below: unable, which is neither a match nor a clearance. */
export const FACE_GATE = {
  /** Pixels, {@link FaceObservation.widthPx}. Error rates were measured with this limit (thresholds.ts). */
  widthPx: 80,
  /** Of the detector. Portraits score 0.87 and more; judgement. */
  score: 0.6,
  /** Of the mesh. Portraits score 0.99 and more; judgement. */
  meshScore: 0.8,
  /** Degrees; judgement: the networks were trained on faces that mostly look ahead. */
  yaw: 40,
  /** Degrees; a face that looks ahead measures up to 17, because the forehead leans back. */
  pitch: 45,
  /** Share of the mesh that may lie outside the frame. */
  outside: 0.1,
  /**
   * {@link sharpness}. Sharp portraits measure 0.72 and more; the same ones blurred to 0.26 are only 0.4 to 0.5 like
   * themselves, and at 0.15 no longer the same person (evaluation).
   */
  sharpness: 0.3,
} as const;

/** Share of the mesh outside the frame, 0..1. */
function outside(mesh: Float32Array, { width, height }: PixelFrame): number {
  let count = 0;
  for (let i = 0; i < mesh.length; i += 3) {
    const [x, y] = [mesh[i] as number, mesh[i + 1] as number];
    if (x < 0 || y < 0 || x >= width || y >= height) count++;
  }
  return (3 * count) / mesh.length;
}

/** Pixels of the chip between the places that {@link sharpness} compares. */
const STEP = 3;

/**
 * Strength of the fine details of an aligned face over its contrast: mean absolute Laplacian of the brightness, three
 * pixels wide because finer ones drown in rounding, over its standard deviation, in the inner part of the chip.
 * Exposure and contrast do not change it.
 */
export function sharpness({ rgb, width, height }: PixelFrame): number {
  const light = new Float32Array(width * height);
  for (let i = 0, at = 0; i < light.length; i++, at += 3) {
    light[i] = 0.299 * (rgb[at] as number) + 0.587 * (rgb[at + 1] as number) + 0.114 * (rgb[at + 2] as number);
  }
  const [left, top] = [Math.round(0.2 * width), Math.round(0.2 * height)];
  let [count, sum, squares, edges] = [0, 0, 0, 0];
  for (let y = top; y < height - top; y++) {
    for (let x = left; x < width - left; x++) {
      const i = y * width + x;
      const v = light[i] as number;
      const level = (light[i - STEP] as number) + (light[i + STEP] as number);
      const upright = (light[i - STEP * width] as number) + (light[i + STEP * width] as number);
      count++;
      sum += v;
      squares += v * v;
      edges += Math.abs(level + upright - 4 * v);
    }
  }
  const deviation = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2));
  return deviation < 1 ? 0 : edges / count / deviation;
}

/**
 * Why this face cannot be recognised, or null when it may be tried.
 * @param sharp of its chip, see {@link sharpness}; left out where the chip is not made yet
 */
export function gate(face: FaceObservation, frame: PixelFrame, sharp = Infinity): FaceUnable | null {
  const g = FACE_GATE;
  if (face.widthPx < g.widthPx) {
    const reason = `Too small: the face is ${Math.floor(face.widthPx)} pixels wide where ${g.widthPx} are needed.`;
    return { unable: 'too_small', reason };
  }
  if (!face.mesh || !face.pose || face.score < g.score || face.meshScore < g.meshScore) {
    return { unable: 'unsure', reason: 'What was found is not surely a face that can be seen well.' };
  }
  const { yaw, pitch } = face.pose;
  if (Math.abs(yaw) > g.yaw || Math.abs(pitch) > g.pitch) {
    const turn = Math.round(Math.max(Math.abs(yaw), Math.abs(pitch)));
    return { unable: 'turned_away', reason: `Turned away: the face looks ${turn} degrees past the camera.` };
  }
  if (outside(face.mesh, frame) > g.outside) {
    return { unable: 'cut_off', reason: 'Cut off: part of the face lies outside the picture.' };
  }
  if (sharp < g.sharpness) {
    const reason = `Blurred: sharpness ${sharp.toFixed(2)} where ${g.sharpness} is needed.`;
    return { unable: 'blurred', reason };
  }
  return null;
}

/** How good a view is for recognition, 0..1: large, sharp and looking ahead. Only for choosing among views of one person. */
export function viewQuality(face: FaceObservation, sharp: number): number {
  const { yaw, pitch } = face.pose ?? { yaw: 90, pitch: 90 };
  const ahead = Math.max(0, Math.cos((Math.PI * Math.min(90, Math.hypot(yaw, pitch - 9))) / 180));
  const large = Math.min(1, face.widthPx / 160);
  return ahead * large * Math.min(1, sharp / (3 * FACE_GATE.sharpness)) * face.meshScore;
}
