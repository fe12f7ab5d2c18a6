import { AppError } from '#kernel';

/** A network gave something that cannot be a score. Report the detector as `unable`. */
export class VisionError extends AppError {
  constructor(code: 'nsfw_output_invalid' | 'objects_output_invalid', message: string) {
    super('internal', code, message);
  }
}
