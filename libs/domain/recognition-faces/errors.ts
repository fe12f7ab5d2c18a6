import { AppError } from '#kernel';

/** Why the index cannot tell whose face it is. */
export type FaceIndexCode =
  'faces_loading' | 'faces_unread' | 'faces_full' | 'face_template_unreadable' | 'face_models_differ';

/** The index cannot tell: report the check as `unable`, never as "nobody". */
export class FaceIndexError extends AppError {
  constructor(code: FaceIndexCode, message: string, cause?: unknown) {
    super('unavailable', code, message, { cause });
  }
}
