import { AppError } from '#kernel';

/** A case does not exist, belongs to someone else, or is not in a state for what was asked. */
export class SafetyError extends AppError {}

/** There is no such case for this tenant. */
export function caseNotFound(id: string): SafetyError {
  return new SafetyError('not_found', 'case_not_found', `There is no child safety case ${id.slice(0, 80)}.`);
}

/** Somebody else changed the case first. */
export function caseChanged(): SafetyError {
  return new SafetyError(
    'conflict',
    'case_changed',
    'Somebody else changed this case at the same moment. Read it again, then decide.',
  );
}

/** The evidence was destroyed when its preservation ended. */
export function evidenceDestroyed(): SafetyError {
  return new SafetyError(
    'gone',
    'evidence_destroyed',
    'The evidence of this case was destroyed when its preservation ended.',
  );
}
