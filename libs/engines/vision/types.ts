import { AppError } from '#kernel';

/** Stable codes of {@link VisionError}. */
export type VisionErrorCode =
  | 'nsfw_output_invalid'
  | 'objects_output_invalid'
  | 'zeroshot_manifest_invalid'
  | 'zeroshot_file_missing'
  | 'zeroshot_file_outside'
  | 'zeroshot_hash_mismatch'
  | 'zeroshot_embeddings_invalid'
  | 'zeroshot_output_invalid';

/** A network, or what the operator supplied for one, cannot give scores. Report the detector as `unable`. */
export class VisionError extends AppError {
  constructor(code: VisionErrorCode, message: string, cause?: unknown) {
    super('internal', code, message, cause === undefined ? {} : { cause });
  }
}
