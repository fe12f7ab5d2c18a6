import { AppError } from '#kernel';

/** Signing in, or managing staff, was refused. Sentences never tell whether an address is known. */
export class StaffError extends AppError {}

/** The refusal of a sign-in that tells nothing else. */
export function wrongSignIn(): StaffError {
  return new StaffError('unauthorized', 'wrong_credentials', 'The e-mail address or the password is wrong.');
}

/** The refusal of a wrong one-time code. */
export function wrongCode(): StaffError {
  return new StaffError(
    'unauthorized',
    'wrong_code',
    'The code is wrong or was used before. Wait for the next one, and check the clock of your phone.',
  );
}

/** The refusal of a ticket that is too old, or from before a change of password or second factor. */
export function ticketEnded(): StaffError {
  return new StaffError('unauthorized', 'ticket_ended', 'This took too long, or something changed. Sign in again.');
}

/** The refusal of a request without a living session. */
export function notSignedIn(): StaffError {
  return new StaffError('unauthorized', 'not_signed_in', 'Sign in to go on.');
}

/** The refusal for somebody who may not sign in any more. */
export function disabled(): StaffError {
  return new StaffError('forbidden', 'staff_disabled', 'This account is disabled. Ask somebody who manages staff.');
}

/** There is no such member of staff. */
export function noStaff(id: string): StaffError {
  return new StaffError('not_found', 'staff_not_found', `There is no member of staff ${id.slice(0, 80)}.`);
}
