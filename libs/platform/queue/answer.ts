import { AppError, type ErrorDetails, type ErrorKind } from '#kernel';

interface Answer {
  value?: unknown;
  error?: {
    kind: ErrorKind;
    code: string;
    message: string;
    details: Pick<ErrorDetails, 'param' | 'retryAfterS' | 'data'>;
  };
}

/** Runs a handler whose answer somebody waits for: typed errors cross the queue as data, others as failures. */
export async function settle(run: () => Promise<unknown>): Promise<Answer> {
  try {
    return { value: await run() };
  } catch (e) {
    if (!(e instanceof AppError)) throw e;
    const { param, retryAfterS, data } = e.details;
    return { error: { kind: e.kind, code: e.code, message: e.message, details: { param, retryAfterS, data } } };
  }
}

/** The value of an answer. @throws AppError as the handler threw it */
export function answerOf(result: unknown): unknown {
  const { value, error } = result as Answer;
  if (error) throw new AppError(error.kind, error.code, error.message, error.details);
  return value;
}
