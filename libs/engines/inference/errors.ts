import { AppError, type ErrorKind } from '#kernel';

/** Stable codes of {@link InferenceError}. */
export type InferenceErrorCode =
  | 'model_unknown'
  | 'model_manifest_unreadable'
  | 'model_missing'
  | 'model_hash_mismatch'
  | 'model_unloadable'
  | 'model_input_invalid'
  | 'inference_failed'
  | 'inference_timeout'
  | 'inference_closed'
  | 'no_execution_provider';

const UNAVAILABLE = new Set<InferenceErrorCode>(['inference_timeout', 'inference_closed', 'no_execution_provider']);

/** A model could not be loaded or run. Callers report the detector as `unable`, never as "clean". */
export class InferenceError extends AppError {
  constructor(code: InferenceErrorCode, message: string, cause?: unknown) {
    const kind: ErrorKind = UNAVAILABLE.has(code) ? 'unavailable' : 'internal';
    super(kind, code, message, cause === undefined ? {} : { cause });
  }
}
