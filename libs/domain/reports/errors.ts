import { AppError, type ErrorDetails, type ErrorKind } from '#kernel';

/** Stable codes of {@link ReportError}. */
export type ReportErrorCode =
  | 'report_not_reproducible'
  | 'bundle_unreadable'
  | 'bundle_too_large'
  | 'bundle_entry_unknown'
  | 'bundle_entry_twice'
  | 'bundle_entry_missing'
  | 'bundle_json_invalid';

const KINDS: Record<ReportErrorCode, ErrorKind> = {
  report_not_reproducible: 'internal',
  bundle_unreadable: 'invalid',
  bundle_too_large: 'too_large',
  bundle_entry_unknown: 'invalid',
  bundle_entry_twice: 'invalid',
  bundle_entry_missing: 'invalid',
  bundle_json_invalid: 'invalid',
};

/** The files of a report could not be made, or a bundle could not be opened. */
export class ReportError extends AppError {
  constructor(
    override readonly code: ReportErrorCode,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(KINDS[code], code, message, details);
  }
}
