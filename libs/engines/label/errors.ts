import { AppError } from '#kernel';

/** The label cannot be drawn. */
export class LabelError extends AppError {
  constructor(code: 'label_undrawable' | 'label_frame_too_small', message: string) {
    super('invalid', code, message);
  }
}
