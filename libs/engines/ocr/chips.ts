import { type PixelFrame, warp } from '#engines/pixels';
import { type Quad } from './types.js';

/** Height of the strips that the readers get, in pixels. */
export const CHIP_HEIGHT = 48;
/** Longest strip: about 80 letters. What is longer is cut off. */
export const MAX_CHIP_WIDTH = 1600;

/**
 * A line turned upright, {@link CHIP_HEIGHT} pixels high and as wide as its shape demands.
 * @param margin pixels of the strip added around the line, its surroundings shrunk into the same height
 */
export function chipOf(frame: PixelFrame, quad: Quad, height = CHIP_HEIGHT): PixelFrame {
  const scale = quad.height / height;
  const width = Math.min(MAX_CHIP_WIDTH, Math.max(8, Math.round(quad.length / scale)));
  const [cos, sin] = [Math.cos(quad.angle) * scale, Math.sin(quad.angle) * scale];
  // From the strip's top left corner: right along the line, down across it. A line that is cut keeps its start.
  const [u, v] = [-quad.length / 2 / scale, -height / 2];
  const toSource = {
    a: cos,
    b: -sin,
    tx: quad.centre.x + u * cos - v * sin,
    c: sin,
    d: cos,
    ty: quad.centre.y + u * sin + v * cos,
  };
  return warp(frame, toSource, width, height);
}

/** Luma of a picture, one byte a pixel. */
export function greyOf({ rgb }: PixelFrame): Uint8Array {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0, at = 0; i < grey.length; i++, at += 3) {
    grey[i] = ((rgb[at] as number) * 77 + (rgb[at + 1] as number) * 150 + (rgb[at + 2] as number) * 29) >> 8;
  }
  return grey;
}
