import { AppError, type ErrorDetails, type ErrorKind } from '#kernel';

/** An error with the HTTP status that a standard prescribes in place of its kind's usual one. */
export class StatusError extends AppError {
  constructor(
    readonly status: number,
    kind: ErrorKind,
    code: string,
    message: string,
    details: ErrorDetails = {},
  ) {
    super(kind, code, message, details);
  }
}
