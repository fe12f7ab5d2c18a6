import { type PixelBox, type Point } from '#engines/pixels';
import { FaceError } from './types.js';

/** Side of the detector's square input in pixels. */
export const DETECTOR_SIZE = 256;

/** Stride in pixels and boxes per cell of the two grids, in the order of the outputs. */
const GRIDS = [
  { stride: 16, perCell: 2 },
  { stride: 32, perCell: 6 },
] as const;

/** A face as the detector sees it. */
export interface Detection {
  box: PixelBox;
  /** 0..1. */
  score: number;
  /** Left eye, right eye (of the picture), nose tip, mouth, left ear, right ear. */
  points: Point[];
}

/** Raw outputs of one grid: one logit, and 16 numbers in pixels, for each box. */
export interface GridOutput {
  logits: Float32Array;
  boxes: Float32Array;
}

/** Centres that the boxes of one grid are measured from, row by row. */
export function anchors(stride: number, perCell: number): Point[] {
  const side = DETECTOR_SIZE / stride;
  return Array.from({ length: side * side * perCell }, (_, i) => {
    const cell = Math.floor(i / perCell);
    return { x: stride * ((cell % side) + 0.5), y: stride * (Math.floor(cell / side) + 0.5) };
  });
}

const ANCHORS = GRIDS.map(({ stride, perCell }) => anchors(stride, perCell));

/** Boxes of each grid, so that outputs can be told apart by their size. */
export const GRID_SIZES = ANCHORS.map((all) => all.length);

/**
 * Reads the outputs of BlazeFace (back camera, 256x256).
 * @param grids the 16-pixel grid, then the 32-pixel grid
 * @param least lowest score to keep, 0..1
 * @returns in pixels of the input, overlapping ones not yet merged
 * @throws FaceError `face_output_invalid` when sizes do not fit or values are not numbers
 */
export function decodeDetections(grids: readonly GridOutput[], least: number): Detection[] {
  const found: Detection[] = [];
  ANCHORS.forEach((centres, g) => {
    const grid = grids[g];
    if (grid?.logits.length !== centres.length || grid.boxes.length !== 16 * centres.length) {
      throw new FaceError('face_output_invalid', 'The face detector gave outputs of another size than expected.');
    }
    centres.forEach((anchor, i) => {
      const score = 1 / (1 + Math.exp(-(grid.logits[i] as number)));
      // Rubbish from a broken provider must not read as "no face".
      if (Number.isNaN(score)) throw new FaceError('face_output_invalid', 'The face detector gave no numbers.');
      if (score < least) return;
      const at = (k: number) => grid.boxes[16 * i + k] as number;
      const [width, height] = [at(2), at(3)];
      if (!(width > 0 && height > 0)) return;
      found.push({
        score,
        box: { x: at(0) + anchor.x - width / 2, y: at(1) + anchor.y - height / 2, width, height },
        points: Array.from({ length: 6 }, (_, p) => ({ x: at(4 + 2 * p) + anchor.x, y: at(5 + 2 * p) + anchor.y })),
      });
    });
  });
  return found;
}
