import { AppError, type ErrorKind } from '#kernel';

const KINDS = {
  blob_id_invalid: 'invalid',
  blob_not_found: 'not_found',
  blob_corrupt: 'internal',
  range_invalid: 'invalid',
  storage_unavailable: 'unavailable',
} as const satisfies Record<string, ErrorKind>;

/** Failure of a blob store; the codes are listed at {@link BlobStore}. */
export class StorageError extends AppError {
  constructor(code: keyof typeof KINDS, message: string, cause?: unknown) {
    super(KINDS[code], code, message, cause === undefined ? {} : { cause });
  }
}
