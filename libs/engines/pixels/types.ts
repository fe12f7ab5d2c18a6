import { AppError } from '#kernel';

/** A decoded picture, upright. */
export interface PixelFrame {
  /** Seconds from the start of the clip. */
  timeS: number;
  /** Pixels. */
  width: number;
  height: number;
  /** Packed RGB24, row by row from the top, `3 * width * height` bytes. */
  rgb: Uint8Array;
}

/** A rectangle in pixels of its frame; it may reach over the edges. */
export interface PixelBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A place in pixels of its frame; whole numbers are the corners of pixels, so the first pixel's centre is (0.5, 0.5). */
export interface Point {
  x: number;
  y: number;
}

/** A frame cannot be what it says it is. Report the detector as `unable`. */
export class PixelError extends AppError {
  constructor(message: string) {
    super('internal', 'frame_invalid', message);
  }
}

/**
 * Refuses a frame whose bytes do not fit its size.
 * @throws PixelError `frame_invalid`
 */
export function checkFrame({ width, height, rgb }: PixelFrame): void {
  const sound = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (!sound || rgb.length !== 3 * width * height) {
    throw new PixelError(`A frame of ${width}x${height} pixels came with ${rgb.length} bytes.`);
  }
}
