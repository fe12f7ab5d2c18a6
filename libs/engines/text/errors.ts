import { AppError } from '#kernel';

/** Why a text model could not be used. */
export type TextModelCode = 'text_model_missing' | 'text_model_corrupt' | 'text_model_unsupported';

/**
 * The text model's files are absent, are not the ones its manifest names, or have an unknown layout.
 * Callers must then report {@link unableTextSignals}, never a low score.
 */
export class TextModelError extends AppError {
  constructor(code: TextModelCode, message: string, cause?: unknown) {
    super('unavailable', code, message, { cause });
  }
}
