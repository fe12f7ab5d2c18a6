import { AppError } from '#kernel';

/** A name cannot be kept, or a text cannot be read for names: report the check as `unable`. */
export class RecognitionError extends AppError {
  constructor(code: 'name_invalid' | 'text_unreadable', message: string) {
    super('invalid', code, message);
  }
}
