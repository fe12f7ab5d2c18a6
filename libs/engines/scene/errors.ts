import { AppError, type ErrorKind } from '#kernel';

/** Codes of {@link SceneError}. */
export type SceneErrorCode = 'scene_bad_request' | 'scene_reference_unreadable';

/** The scene could not be rendered as asked. */
export class SceneError extends AppError {
  constructor(code: SceneErrorCode, message: string, cause?: unknown) {
    const kind: ErrorKind = code === 'scene_bad_request' ? 'invalid' : 'unsupported_media';
    super(kind, code, message, { cause });
  }
}
