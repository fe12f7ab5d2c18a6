import { AppError } from '#kernel';

/** A question for manifests cannot be answered. */
export class BindingError extends AppError {}

/** The refusal of a value that is none of its algorithm. */
export function badValue(param: 'value' | 'hintValue', why: string): BindingError {
  return new BindingError('invalid', 'binding_value_invalid', `The value is none of this algorithm: ${why}`, { param });
}

/** The search or the register failed: nothing is said rather than "no match". */
export function undecided(cause?: unknown): BindingError {
  return new BindingError(
    'unavailable',
    'matches_undecided',
    'The fingerprints of releases cannot be searched right now, so it cannot be said whether there is a match. Try again.',
    { retryAfterS: 10, cause },
  );
}

/** No such manifest. */
export function manifestNotFound(): BindingError {
  return new BindingError('not_found', 'manifest_not_found', 'No release of this service has a manifest of this name.');
}
