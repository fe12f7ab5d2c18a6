/** What went wrong, in the terms a caller can act on. One wire filter maps each kind to an HTTP status. */
export type ErrorKind =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'gone'
  | 'too_large'
  | 'unsupported_media'
  | 'rate_limited'
  | 'not_implemented'
  | 'unavailable'
  | 'internal';

/** Optional facts that travel with an {@link AppError}. */
export interface ErrorDetails {
  /** Name of the request field at fault. */
  param?: string;
  /** Seconds after which a retry may succeed. */
  retryAfterS?: number;
  /** Machine-readable facts for the client; never secrets, prompts or paths. */
  data?: Record<string, unknown>;
  cause?: unknown;
}

/**
 * Base of every typed error. `code` is stable and part of the public interface; `message` is a sentence that
 * says what happened and what to do next, and is safe to show to the client.
 */
export class AppError extends Error {
  constructor(
    readonly kind: ErrorKind,
    readonly code: string,
    message: string,
    readonly details: ErrorDetails = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = new.target.name;
  }
}

/** What a client may be told of anything thrown: typed errors are worded for it, others could name paths or hosts. */
export function shownMessage(thrown: unknown): string {
  return thrown instanceof AppError ? thrown.message : 'An internal fault; the log of the service has the details.';
}

/** Text of anything thrown: libraries throw strings and plain objects as well as errors. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  return typeof thrown === 'string' ? thrown : (JSON.stringify(thrown) ?? String(thrown));
}
