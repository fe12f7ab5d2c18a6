import { AppError, type ErrorKind } from '#kernel';

/** Codes of {@link SceneError}. */
export type SceneErrorCode =
  'scene_bad_request' | 'scene_reference_unreadable' | 'scene_source_unusable' | 'scene_change_not_understood';

/** The scene could not be rendered as asked. */
export class SceneError extends AppError {
  constructor(code: SceneErrorCode, message: string, cause?: unknown) {
    const media = code === 'scene_reference_unreadable' || code === 'scene_source_unusable';
    const kind: ErrorKind = media ? 'unsupported_media' : 'invalid';
    super(kind, code, message, { cause });
  }
}
