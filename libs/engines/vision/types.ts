import { AppError } from '#kernel';

/** A decoded picture of a clip, as far as this room needs it. */
export interface PixelFrame {
  /** Seconds from the start of the clip. */
  timeS: number;
  /** Pixels. */
  width: number;
  height: number;
  /** Packed RGB24, row by row, `3 * width * height` bytes. */
  rgb: Uint8Array;
}

/** A frame cannot be what it says it is. Report the detector as `unable`. */
export class VisionError extends AppError {
  constructor(code: 'frame_invalid' | 'nsfw_output_invalid', message: string) {
    super('internal', code, message);
  }
}
