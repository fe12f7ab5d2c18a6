import { RegisterError } from './errors.js';
import type { EntryRow } from './view.js';

/** Days in which a decision can be contested: so long the picture that was sent is kept after it. */
const APPEAL_DAYS = 30;
/** Protected before the second review: a delay would cost them most. */
const AT_ONCE = ['child', 'victim'];

/** What a review changes. */
export interface ReviewPatch {
  state: 'first_approved' | 'active' | 'rejected';
  recognised: boolean;
  imageUntil?: Date;
  firstBy?: string;
  firstAt?: Date;
  secondBy?: string;
  secondAt?: Date;
}

/**
 * What one person's review makes of an entry. Whoever asked and whoever reviewed before may not review.
 * @throws RegisterError `entry_not_open`, `reviewer_not_independent`
 */
export function reviewed(row: EntryRow, by: string, outcome: 'approve' | 'reject', now: Date): ReviewPatch {
  if (row.state !== 'submitted' && row.state !== 'first_approved') {
    throw new RegisterError('conflict', 'entry_not_open', `The entry is ${row.state}: there is nothing to review.`);
  }
  if (by === row.submittedBy || by === row.firstBy) {
    const message = 'Two other people review an entry: not its submitter, and nobody twice. Another person has to.';
    throw new RegisterError('forbidden', 'reviewer_not_independent', message);
  }
  const first = row.state === 'submitted';
  const who = first ? { firstBy: by, firstAt: now } : { secondBy: by, secondAt: now };
  const imageUntil = new Date(now.getTime() + APPEAL_DAYS * 86_400_000);
  if (outcome === 'reject') return { ...who, state: 'rejected', recognised: false, imageUntil };
  if (first) return { ...who, state: 'first_approved', recognised: AT_ONCE.includes(row.kind) };
  return { ...who, state: 'active', recognised: true, imageUntil };
}
