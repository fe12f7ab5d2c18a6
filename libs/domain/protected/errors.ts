import { AppError } from '#kernel';

/** An entry does not exist, belongs to someone else, or is not in a state for what was asked. */
export class RegisterError extends AppError {}

/** There is no such entry for this tenant. */
export function entryNotFound(id: string): RegisterError {
  return new RegisterError('not_found', 'entry_not_found', `There is no entry ${id.slice(0, 80)} in the register.`);
}

/** Somebody else changed the entry first. */
export function entryChanged(): RegisterError {
  return new RegisterError(
    'conflict',
    'entry_changed',
    'Somebody else changed this entry at the same moment. Read it again, then decide.',
  );
}
