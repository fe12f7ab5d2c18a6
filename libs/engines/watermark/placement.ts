import { type Rect } from './borders.js';
import { frequencyMatrix, type Pose } from './geometry.js';
import { CANONICAL_SHORT_SIDE, TILE } from './params.js';

/**
 * Where the picture that was marked lies in the frames: a point (x, y) of the frame, in its pixels from the top left
 * corner, is the point (xx x + yx y + x0, xy x + yy y + y0) of the marked picture, in short sides of it from its
 * middle. x0 and y0 are known up to whole thirds (the pattern repeats); they are given within a sixth of 0.
 */
export interface Placement {
  xx: number;
  yx: number;
  xy: number;
  yy: number;
  x0: number;
  y0: number;
  /** The frame without constant borders, in its pixels. */
  content: Rect;
}

/** A shift of the tile, between minus and plus half of it. */
const centred = (shift: number) => shift - TILE * Math.round(shift / TILE);

/**
 * @param content the part of the frame that was analysed, in its pixels
 * @param plane pixels to which it was scaled
 */
export function placementOf(
  pose: Pose,
  content: Rect,
  { width, height }: { width: number; height: number },
): Placement {
  const [toX, toY] = [width / content.width, height / content.height];
  const unit = 1 / CANONICAL_SHORT_SIDE;
  const [xx, xy, yx, yy] = frequencyMatrix(pose);
  // The middle of the analysed plane is its pixel (width >> 1, height >> 1), whose own middle lies half a pixel on.
  const [middleX, middleY] = [content.x * toX + (width >> 1) + 0.5, content.y * toY + (height >> 1) + 0.5];
  return {
    ...{ xx: unit * xx * toX, yx: unit * yx * toY, xy: unit * xy * toX, yy: unit * yy * toY, content },
    x0: -unit * (xx * middleX + yx * middleY + centred(pose.shiftX)),
    y0: -unit * (xy * middleX + yy * middleY + centred(pose.shiftY)),
  };
}
