import { AppError, type ErrorDetails, type ErrorKind } from '#kernel';

/** A verification cannot be taken, found or ended. */
export class VerificationError extends AppError {}

interface Fault {
  kind: ErrorKind;
  message: string;
}

/**
 * Every way in which a verification fails as a job, with what to do next. What a file holds is no failure: a file that
 * cannot be read gets a report that says so (row 14).
 */
const FAULTS = {
  url_forbidden: {
    kind: 'invalid',
    message:
      'This address may not be fetched: it leads to a private network, a forbidden port, or from https to http. Send the file itself.',
  },
  url_unreachable: {
    kind: 'invalid',
    message: 'The server of this address could not be reached, or broke off. Try again, or send the file itself.',
  },
  url_refused: {
    kind: 'invalid',
    message: 'The server of this address did not hand the file out. Download it and send the file itself.',
  },
  url_timeout: {
    kind: 'invalid',
    message: 'The file did not arrive from this address in time. Download it and send the file itself.',
  },
  url_too_large: { kind: 'too_large', message: 'The file at this address is larger than this service accepts.' },
  url_empty: { kind: 'invalid', message: 'There is an empty file at this address. Check the address.' },
  upload_lost: { kind: 'unavailable', message: 'The file was lost before it was examined. Send it again.' },
  upload_changed: {
    kind: 'unavailable',
    message: 'The file on disk is no longer the one that was received, so it was not examined. Send it again.',
  },
  verification_crashed: {
    kind: 'unavailable',
    message: 'The examination was begun several times and never ended. Nothing can be said of this file.',
  },
  verification_overdue: {
    kind: 'unavailable',
    message: 'The service was too busy to examine the file in time. Send it again later.',
  },
  verification_failed: {
    kind: 'unavailable',
    message: 'The examination failed for a reason that has nothing to do with the file. Send it again later.',
  },
} as const satisfies Record<string, Fault>;

/** Code of a job that failed. */
export type FaultCode = keyof typeof FAULTS;

/** The error of a failed job. */
export function fault(code: FaultCode, cause?: unknown): VerificationError {
  const { kind, message } = FAULTS[code];
  const details: ErrorDetails = { ...(code.startsWith('url_') && { param: 'url' }), cause };
  return new VerificationError(kind, code, message, details);
}

/** The error of a job as its row remembers it. */
export function faultOf(code: string | null): VerificationError {
  return fault(code !== null && Object.hasOwn(FAULTS, code) ? (code as FaultCode) : 'verification_failed');
}

/** No such verification, or no more. */
export function notFound(): VerificationError {
  return new VerificationError(
    'not_found',
    'verification_not_found',
    'There is no such verification. If there was one, it has expired or was deleted: send the file again.',
  );
}
