import { AppError } from '#kernel';

/** A case, queue, lease or decision is not what the request takes it for; `code` says in which way. */
export class ReviewError extends AppError {}

/** There is no such case for this person: what one may not see does not exist. */
export function caseNotFound(id: string): ReviewError {
  return new ReviewError('not_found', 'case_not_found', `There is no case ${id.slice(0, 80)}.`, { param: 'case' });
}

/** Somebody else has it by now. */
export function leaseLost(id: string): ReviewError {
  const message = 'This case is no longer yours: its lease ended. Take it again, or take the next one.';
  return new ReviewError('conflict', 'lease_lost', message, { data: { case_id: id } });
}

/** There is no such queue, or it was closed. */
export function queueNotFound(id: string): ReviewError {
  return new ReviewError('not_found', 'queue_not_found', `There is no open queue ${id.slice(0, 80)}.`, {
    param: 'queue',
  });
}
