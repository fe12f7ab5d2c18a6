import { AppError, shownMessage } from '#kernel';
import type { Move } from '#domain/gate';

/** A mark that cannot be made or read back holds the clip for a person; it never passes without (invariant 2). */
export function holdForMarks(error: unknown): Move {
  const code = error instanceof AppError ? error.code : 'marking_failed';
  return {
    to: 'held',
    actor: 'worker',
    note: `The marks could not be made or read back: ${code}.`,
    patch: { heldAt: 'marks', errorCode: code, errorMessage: shownMessage(error) },
    data: { code },
  };
}
