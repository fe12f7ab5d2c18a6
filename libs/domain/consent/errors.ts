import { AppError } from '#kernel';

/** An enrolment, a person or a grant is not there, or not in a state for what was asked. */
export class ConsentError extends AppError {}

/** The secret of an address is wrong, used up or ended. */
export function secretUnknown(): ConsentError {
  const message = 'This link is not valid any more. Ask for a new one where you got it.';
  return new ConsentError('unauthorized', 'consent_link_invalid', message);
}

/** There is no such person at this tenant. */
export function personNotFound(id: string): ConsentError {
  return new ConsentError('not_found', 'character_not_found', `There is no person ${id.slice(0, 80)} here.`);
}

/** There is no such enrolment at this tenant. */
export function enrolmentNotFound(id: string): ConsentError {
  return new ConsentError('not_found', 'enrolment_not_found', `There is no enrolment ${id.slice(0, 80)} here.`);
}

/** Somebody else changed it in the same moment, or it is past that point. */
export function wrongState(what: string): ConsentError {
  return new ConsentError('conflict', 'enrolment_state', what);
}

/** Too young for the policy, as stated. Nothing of what was stated is kept. */
export function tooYoung(minimumAge: number): ConsentError {
  const message = `Only people of ${minimumAge} years and more can enrol. Nothing was kept.`;
  return new ConsentError('forbidden', 'enrolment_too_young', message);
}

/** The handle belongs to somebody, or is about to. */
export function handleTaken(): ConsentError {
  const message = 'Somebody here has this handle already. Choose another one.';
  return new ConsentError('conflict', 'handle_taken', message, { param: 'handle' });
}

/** The person ended their consent. */
export function consentEnded(): ConsentError {
  return new ConsentError(
    'gone',
    'consent_revoked',
    'This consent was ended. Nothing about it can be changed any more.',
  );
}
