import { AppError, type ErrorKind } from '#kernel';
import { HttpError } from '#platform/http';

const CODES = {
  /** It asks to wait (429), longer than there is time. */
  recogniser_rate_limited: { kind: 'rate_limited', again: true },
  /** 5xx, no connection, or no answer in time. */
  recogniser_unavailable: { kind: 'unavailable', again: true },
  /** An answer that is not in the protocol, or does not cover what was asked. */
  recogniser_bad_answer: { kind: 'unavailable', again: false },
  /** It does not take this request (any other 4xx). */
  recogniser_rejected: { kind: 'unavailable', again: false },
  /** It does not take our credentials (401, 403). */
  recogniser_unauthorized: { kind: 'unavailable', again: false },
  /** What was to be sent is larger than it takes. */
  recogniser_input_too_large: { kind: 'too_large', again: false },
} as const satisfies Record<string, { kind: ErrorKind; again: boolean }>;

/** Stable codes of {@link RecogniserError}. */
export type RecogniserErrorCode = keyof typeof CODES;

/**
 * A remote helper failed. The message names neither its address nor a key, and repeats none of its words: a service may
 * put the key or the picture's description into its error.
 */
export class RecogniserError extends AppError {
  declare readonly code: RecogniserErrorCode;

  constructor(
    code: RecogniserErrorCode,
    message: string,
    facts: { status?: number; retryAfterS?: number | undefined; cause?: unknown } = {},
  ) {
    super(CODES[code].kind, code, message, {
      ...(facts.status === undefined ? {} : { data: { upstreamStatus: facts.status } }),
      ...(facts.retryAfterS === undefined ? {} : { retryAfterS: facts.retryAfterS }),
      ...(facts.cause === undefined ? {} : { cause: facts.cause }),
    });
  }

  /** True when the same request may succeed later. */
  get passing(): boolean {
    return CODES[this.code].again;
  }
}

/** The answer cannot be used. @param what a sentence without the answer's own words */
export function badAnswer(what: string, cause?: unknown): RecogniserError {
  return new RecogniserError('recogniser_bad_answer', what, { cause });
}

/** Gives a failed exchange its place among the codes. Anything else, such as the caller's own abort, passes unchanged. */
export function fromHttp(thrown: unknown): unknown {
  if (!(thrown instanceof HttpError)) return thrown;
  const facts = { cause: thrown };
  if (thrown.code === 'response_too_large') return badAnswer('The service sent more than was asked for.', thrown);
  if (thrown.code === 'url_not_allowed') {
    return new RecogniserError('recogniser_rejected', 'The address of the service is not allowed.', facts);
  }
  const what =
    thrown.code === 'upstream_timeout' ? 'The service did not answer in time.' : 'The service cannot be reached.';
  return new RecogniserError('recogniser_unavailable', what, facts);
}

/** The error that a status outside 2xx stands for. */
export function errorOfStatus(status: number, retryAfterS: number | undefined): RecogniserError {
  const facts = { status, retryAfterS };
  if (status === 429) return new RecogniserError('recogniser_rate_limited', 'The service is busy.', facts);
  if (status >= 500 || status === 408 || status === 425) {
    return new RecogniserError('recogniser_unavailable', 'The service is out of order at the moment.', facts);
  }
  if (status === 401 || status === 403) {
    return new RecogniserError('recogniser_unauthorized', 'The service does not accept our credentials.', facts);
  }
  if (status === 413) {
    return new RecogniserError('recogniser_input_too_large', 'The service takes nothing this large.', facts);
  }
  return new RecogniserError('recogniser_rejected', 'The service does not take this request.', facts);
}
