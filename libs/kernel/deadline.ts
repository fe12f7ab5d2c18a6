import { AppError } from './errors.js';

/** A step took longer than it was given; the work may still be running and its result must be ignored. */
export class DeadlineError extends AppError {
  constructor(what: string, ms: number) {
    super('unavailable', 'deadline_exceeded', `${what} did not finish within ${ms} ms.`);
  }
}

/**
 * Awaits `work` for at most `ms` milliseconds.
 * @throws DeadlineError when time is up first
 */
export async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(new DeadlineError(what, ms)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
