import { AppError, type ErrorDetails, type ErrorKind } from '#kernel';

/** Stable codes of {@link CredentialsError}. */
export type CredentialsErrorCode =
  | 'credentials_sign_failed'
  | 'credentials_timeout'
  | 'credentials_too_large'
  | 'credentials_already_present'
  | 'credentials_untrusted_after_sign'
  | 'credentials_soft_binding_invalid'
  | 'credentials_key_invalid'
  | 'credentials_time_stamp_failed'
  | 'credentials_revocation_unknown'
  | 'credentials_signer_revoked'
  | 'credentials_time_stamp_invalid'
  | 'credentials_pool_closed';

const KINDS: Record<CredentialsErrorCode, ErrorKind> = {
  credentials_sign_failed: 'internal',
  credentials_timeout: 'unavailable',
  credentials_too_large: 'too_large',
  credentials_already_present: 'conflict',
  credentials_untrusted_after_sign: 'internal',
  credentials_soft_binding_invalid: 'invalid',
  credentials_key_invalid: 'invalid',
  credentials_time_stamp_failed: 'unavailable',
  credentials_revocation_unknown: 'unavailable',
  credentials_signer_revoked: 'internal',
  credentials_time_stamp_invalid: 'invalid',
  credentials_pool_closed: 'unavailable',
};

/** Content credentials could not be written. Nothing was released: the caller may retry or hold the clip. */
export class CredentialsError extends AppError {
  constructor(
    override readonly code: CredentialsErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(KINDS[code], code, message, details);
  }
}
