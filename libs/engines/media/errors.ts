import { AppError, messageOf } from '#kernel';

/** Stable codes of {@link MediaError}. */
export type MediaErrorCode =
  | 'media_unreadable'
  | 'media_empty'
  | 'media_no_video'
  | 'media_too_large'
  | 'media_too_long'
  | 'image_unreadable'
  | 'image_too_large'
  | 'image_unsupported';

const sentences: Record<MediaErrorCode, string> = {
  media_unreadable: 'The file could not be read as a video. Send MP4, MOV, WebM, Matroska, AVI or MPEG-TS.',
  media_empty: 'No picture could be decoded from the video; it may be cut off or damaged.',
  media_no_video: 'The file has no video track.',
  media_too_large: 'The picture of the video is larger than allowed.',
  media_too_long: 'The video is longer than allowed.',
  image_unreadable: 'The image could not be decoded; it may be cut off or damaged.',
  image_too_large: 'The image is larger than allowed.',
  image_unsupported: 'The image format is not supported. Send PNG, JPEG or WebP.',
};

/**
 * A file cannot be used. `kind` is `too_large` for the `*_too_large` and `media_too_long` codes and
 * `unsupported_media` for all others.
 */
export class MediaError extends AppError {
  declare readonly code: MediaErrorCode;

  /**
   * @param code stable code
   * @param cause what the decoder threw or said; kept for logs, not shown
   * @param data machine-readable facts (for example the limit that was exceeded)
   */
  constructor(code: MediaErrorCode, cause?: unknown, data?: Record<string, unknown>) {
    const kind = /_too_(large|long)$/.test(code) ? 'too_large' : 'unsupported_media';
    super(kind, code, sentences[code], { cause, ...(data && { data }) });
  }
}

/** Passes a {@link MediaError} (or an abort reason) through and wraps anything else as `fallback`. */
export function toMediaError(thrown: unknown, fallback: MediaErrorCode, signal?: AbortSignal): unknown {
  if (thrown instanceof AppError) return thrown;
  if (signal?.aborted) return signal.reason;
  return new MediaError(fallback, thrown instanceof Error ? thrown : messageOf(thrown));
}

/** The output could not be written: disk full, folder missing, or the encoder refused. */
export function writeFailed(cause: unknown): AppError {
  return new AppError('internal', 'media_write_failed', 'The video could not be written. Try again later.', { cause });
}
