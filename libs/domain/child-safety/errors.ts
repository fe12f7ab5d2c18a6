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

/** Somebody of the staff looks without having opened the seal, or too long after. */
export function sealClosed(): SafetyError {
  return new SafetyError(
    'forbidden',
    'seal_closed',
    'This evidence is under seal. Open the seal first, with a reason; it closes again after half an hour.',
  );
}
