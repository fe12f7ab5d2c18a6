import { AppError } from '#kernel';

/** What can go wrong between a published package and a model we are willing to load. */
export type ConversionErrorCode =
  | 'model_source_missing'
  | 'model_source_hash_mismatch'
  | 'model_output_hash_mismatch'
  | 'model_source_unreadable'
  | 'unsupported_op'
  | 'unsupported_attribute';

/** A model could not be built. The message names the file or the graph node at fault. */
export class ConversionError extends AppError {
  constructor(code: ConversionErrorCode, message: string, cause?: unknown) {
    super('internal', code, message, cause === undefined ? {} : { cause });
  }
}
