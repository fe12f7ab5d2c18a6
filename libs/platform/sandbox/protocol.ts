import { AppError, type ErrorKind, messageOf } from '#kernel';

/** Parent to child. */
export interface RunMessage {
  type: 'run';
  id: number;
  task: string;
  payload: unknown;
}

/** An error on its way from child to parent. */
export interface WireError {
  kind: ErrorKind;
  code: string;
  message: string;
  param?: string;
  retryAfterS?: number;
  data?: Record<string, unknown>;
  /** Text of the error that lay behind; for the log, never for the client. */
  cause?: string;
}

/** Child to parent. */
export type ChildMessage =
  | { type: 'ready' }
  | { type: 'rss'; bytes: number }
  | { type: 'progress'; id: number; fraction: number }
  | { type: 'result'; id: number; result: unknown }
  | { type: 'error'; id: number; error: WireError };

/** Marks a process whose network was closed before any other module was loaded. */
export const NETWORK_CLOSED = Symbol.for('imprimatur.sandbox.network-closed');

const KINDS: readonly ErrorKind[] = [
  'invalid',
  'unauthorized',
  'forbidden',
  'not_found',
  'conflict',
  'too_large',
  'unsupported_media',
  'rate_limited',
  'not_implemented',
  'unavailable',
  'internal',
];

function stackOf(thrown: unknown): string {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : messageOf(thrown);
}

/** What a task threw, in a form that can be sent. Foreign errors get a sentence without paths or file contents. */
export function toWire(thrown: unknown): WireError {
  if (!(thrown instanceof AppError)) {
    const message = 'The task failed on this input; try another file, or look in the log for the cause.';
    return { kind: 'internal', code: 'sandbox_task_failed', message, cause: stackOf(thrown) };
  }
  const { kind, code, message, details } = thrown;
  const { param, retryAfterS, data, cause } = details;
  return { kind, code, message, param, retryAfterS, data, cause: cause === undefined ? undefined : stackOf(cause) };
}

/** The AppError that a child sent. The child is not trusted: anything odd becomes `internal`. */
export function fromWire(error: Partial<WireError> | null | undefined): AppError {
  const kind = KINDS.find((known) => known === error?.kind) ?? 'internal';
  return new AppError(
    kind,
    String(error?.code ?? 'sandbox_task_failed'),
    String(error?.message ?? 'The task failed.'),
    {
      ...(typeof error?.param === 'string' && { param: error.param }),
      ...(typeof error?.retryAfterS === 'number' && { retryAfterS: error.retryAfterS }),
      ...(error?.data != null && { data: error.data }),
      ...(typeof error?.cause === 'string' && { cause: new Error(error.cause) }),
    },
  );
}
