import { AppError, type ErrorKind } from '#kernel';

/** Stable codes of {@link OcrError}. */
export type OcrErrorCode =
  | 'ocr_data_missing'
  | 'ocr_data_altered'
  | 'ocr_failed'
  | 'ocr_timeout'
  | 'ocr_closed'
  | 'ocr_no_frames'
  | 'ocr_output_invalid';

const UNAVAILABLE = new Set<OcrErrorCode>(['ocr_timeout', 'ocr_closed']);

/** Text could not be read. Report the reader as `unable`, never as "no text". */
export class OcrError extends AppError {
  declare readonly code: OcrErrorCode;

  constructor(code: OcrErrorCode, message: string, cause?: unknown) {
    const kind: ErrorKind = UNAVAILABLE.has(code) ? 'unavailable' : 'internal';
    super(kind, code, message, cause === undefined ? {} : { cause });
  }
}
