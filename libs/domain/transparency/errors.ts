import { AppError } from '#kernel';

/** The log cannot be relied upon, or cannot go on. `code` says which; nothing is released meanwhile. */
export class LogError extends AppError {
  constructor(code: string, message: string, cause?: unknown) {
    super('internal', code, message, { cause });
  }
}
