import { AppError, type ErrorDetails, type ErrorKind } from '#kernel';

/** Stable codes of {@link WatermarkError}. */
export type WatermarkErrorCode =
  | 'watermark_bad_key'
  | 'watermark_bad_release_id'
  | 'watermark_bad_frame'
  | 'watermark_bad_strength'
  | 'watermark_frame_size_changed'
  | 'watermark_no_frames';

/**
 * What this room throws. `watermark_no_frames` means that nothing was examined: a caller must report it as
 * `unable`, never as "no mark".
 */
export class WatermarkError extends AppError {
  constructor(code: WatermarkErrorCode, message: string, details: ErrorDetails = {}, kind: ErrorKind = 'invalid') {
    super(kind, code, message, details);
  }
}
