import { AppError } from '#kernel';

/** Motion cannot be judged: the head is missing or altered, or a frame is not what it says. Report `unable`. */
export class MotionError extends AppError {
  constructor(
    code: 'motion_model_missing' | 'motion_model_corrupt' | 'motion_frame_invalid',
    message: string,
    cause?: unknown,
  ) {
    super('internal', code, message, cause === undefined ? {} : { cause });
  }
}
