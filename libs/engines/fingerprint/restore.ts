import { parseHash } from './hash.js';
import type { Luma, LumaPlane } from './luma.js';
import { pdqOfLuma } from './pdq.js';
import { PRINT_SIDE, type PicturePrint, type PrintFrame } from './prints.js';

// Bound once: these run per pixel.
const { abs, floor, max, min, round } = Math;

/**
 * Where a release's picture lies in the frames of a file, as its mark shows: the point (x, y) of a frame, in its pixels
 * from the top left corner, is (xx x + yx y + x0, xy x + yy y + y0) of the release, in short sides of it from its middle.
 * x0 and y0 are known up to whole thirds.
 */
export interface Laid {
  xx: number;
  yx: number;
  xy: number;
  yy: number;
  x0: number;
  y0: number;
  /** The part of the frame that holds picture, in its pixels. */
  content: { x: number; y: number; width: number; height: number };
}

/** A frame of a file, small. */
export interface SmallFrame extends LumaPlane {
  timeMs: number;
}

/** Putting the frames of a file back to where they lie in a release, so that they can be compared. */
export interface Restoration {
  /** Share of the release's picture that is in the frames, 0 to 1. */
  visible: number;
  /** The frame as a frame of the release; what was cut off is filled with the colours at the edge. */
  restore: (frame: SmallFrame) => PrintFrame;
}

/** Shifts of the pattern that are tried: whole thirds of the short side. */
const THIRDS = [0, -1, 1];

/** Half the width and height of a release in short sides. */
function halves({ width, height }: Pick<PicturePrint, 'width' | 'height'>): [number, number] {
  const short = min(width, height);
  return [width / short / 2, height / short / 2];
}

const overlap = (centre: number, half: number, reach: number) =>
  max(0, min(centre + half, reach) - max(centre - half, -reach));

/** How the content of the frames lies in the release; of several possible places the one with most of it inside. */
function place(laid: Laid, release: Pick<PicturePrint, 'width' | 'height'>) {
  const { x, y, width, height } = laid.content;
  const [reachX, reachY] = halves(release);
  const [midX, midY] = [x + width / 2, y + height / 2];
  const [cx, cy] = [laid.xx * midX + laid.yx * midY + laid.x0, laid.xy * midX + laid.yy * midY + laid.y0];
  const halfX = (abs(laid.xx) * width + abs(laid.yx) * height) / 2;
  const halfY = (abs(laid.xy) * width + abs(laid.yy) * height) / 2;
  const best = (centre: number, half: number, reach: number) => {
    const tried = THIRDS.map((third) => ({ shift: third / 3, seen: overlap(centre + third / 3, half, reach) }));
    // A nearer place wins unless another one holds clearly more.
    return tried.reduce((a, b) => (b.seen > a.seen + 0.01 ? b : a));
  };
  const [across, down] = [best(cx, halfX, reachX), best(cy, halfY, reachY)];
  return {
    ...{ shiftX: across.shift, shiftY: down.shift },
    visible: (across.seen / (2 * reachX)) * (down.seen / (2 * reachY)),
  };
}

/**
 * @param laid of frames of `size` pixels, in their pixels
 * @param release the print's picture size
 */
export function restoration(
  laid: Laid,
  size: { width: number; height: number },
  release: Pick<PicturePrint, 'width' | 'height'>,
): Restoration {
  const { shiftX, shiftY, visible } = place(laid, release);
  const scale = PRINT_SIDE / max(release.width, release.height);
  const [width, height] = [round(release.width * scale), round(release.height * scale)];
  const short = min(width, height);
  const det = laid.xx * laid.yy - laid.yx * laid.xy;
  const restore = (frame: SmallFrame): PrintFrame => {
    const [fx, fy] = [frame.width / size.width, frame.height / size.height];
    const values = new Float32Array(width * height);
    for (let j = 0; j < height; j++) {
      for (let i = 0; i < width; i++) {
        const px = (i + 0.5 - width / 2) / short - laid.x0 - shiftX;
        const py = (j + 0.5 - height / 2) / short - laid.y0 - shiftY;
        const x = (laid.yy * px - laid.yx * py) / det;
        const y = (laid.xx * py - laid.xy * px) / det;
        values[j * width + i] = sampled(frame, fx, fy, laid.content, x, y);
      }
    }
    const luma: Luma = { width, height, values };
    const { hash, quality } = pdqOfLuma(luma);
    return { timeMs: frame.timeMs, quality, hash: parseHash(hash) };
  };
  return { visible, restore };
}

/** Brightness at a point of the full frame, from the nearest inside its content. */
function sampled(
  { width, height, data }: SmallFrame,
  fx: number,
  fy: number,
  content: Laid['content'],
  x: number,
  y: number,
): number {
  const inX = min(max(x, content.x), content.x + content.width);
  const inY = min(max(y, content.y), content.y + content.height);
  const sx = min(max(inX * fx - 0.5, 0), width - 1);
  const sy = min(max(inY * fy - 0.5, 0), height - 1);
  const [left, top] = [floor(sx), floor(sy)];
  const [right, bottom] = [min(left + 1, width - 1), min(top + 1, height - 1)];
  const [tx, ty] = [sx - left, sy - top];
  const upper = data[top * width + left]! * (1 - tx) + data[top * width + right]! * tx;
  const lower = data[bottom * width + left]! * (1 - tx) + data[bottom * width + right]! * tx;
  return upper * (1 - ty) + lower * ty;
}
