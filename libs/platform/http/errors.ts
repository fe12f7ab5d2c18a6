import { AppError, type ErrorDetails, type ErrorKind } from '#kernel';

/** Every way in which an outgoing request fails. */
export type HttpErrorCode = 'url_not_allowed' | 'upstream_timeout' | 'upstream_unreachable' | 'response_too_large';

/** How far the exchange came: `url` (never sent), `connect` (no answer yet), `body` (the answer broke off). */
export type HttpPhase = 'url' | 'connect' | 'body';

const KINDS: Record<HttpErrorCode, ErrorKind> = {
  url_not_allowed: 'invalid',
  upstream_timeout: 'unavailable',
  upstream_unreachable: 'unavailable',
  response_too_large: 'too_large',
};

/**
 * An outgoing request failed. `url_not_allowed` (param `url`) is final; `upstream_timeout` and
 * `upstream_unreachable` may pass; `response_too_large` says that the answer passed its limit in bytes.
 */
export class HttpError extends AppError {
  declare readonly code: HttpErrorCode;

  constructor(
    code: HttpErrorCode,
    message: string,
    readonly phase: HttpPhase,
    details: ErrorDetails = {},
  ) {
    super(KINDS[code], code, message, code === 'url_not_allowed' ? { param: 'url', ...details } : details);
  }
}

/** A refusal of the address itself. */
export function notAllowed(message: string, cause?: unknown): HttpError {
  return new HttpError('url_not_allowed', message, 'url', cause === undefined ? {} : { cause });
}

const TIMEOUTS = new Set(['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT']);

function findHttpError(thrown: unknown, depth = 0): HttpError | undefined {
  if (thrown instanceof HttpError) return thrown;
  if (depth > 3 || typeof thrown !== 'object' || thrown === null) return undefined;
  const { cause, errors } = thrown as { cause?: unknown; errors?: unknown };
  for (const inner of [cause, ...(Array.isArray(errors) ? (errors as unknown[]) : [])]) {
    const found = findHttpError(inner, depth + 1);
    if (found) return found;
  }
  return undefined;
}

/** Gives anything that the socket, the resolver or the decoder threw its place among the codes. */
export function toHttpError(thrown: unknown, phase: HttpPhase): HttpError {
  const known = findHttpError(thrown);
  if (known) return known;
  const code = (thrown as { code?: unknown } | null)?.code;
  const facts = { cause: thrown, data: { reason: typeof code === 'string' ? code : 'unknown' } };
  if (typeof code === 'string' && TIMEOUTS.has(code)) return timedOut(phase, thrown);
  if (phase === 'body') {
    return new HttpError(
      'upstream_unreachable',
      'The connection broke off before the answer was complete.',
      phase,
      facts,
    );
  }
  return new HttpError('upstream_unreachable', 'The server could not be reached.', phase, facts);
}

/** The exchange did not end in the time that it was given. */
export function timedOut(phase: HttpPhase, cause?: unknown): HttpError {
  return new HttpError('upstream_timeout', 'The server did not answer in time.', phase, { cause });
}

/** The answer is longer than allowed, as sent or once decompressed. */
export function tooLarge(maxBytes: number): HttpError {
  return new HttpError('response_too_large', `The answer is larger than ${maxBytes} bytes.`, 'body');
}
