import { LivenessChallenge, EnrolmentResult, type Enrolment, type EnrolmentState } from '#contracts';
import type { LikenessEnrolment } from '#platform/database';
import { z } from 'zod';

/** Recordings that may be tried; then the enrolment is over. */
export const MOST_TRIES = 5;

/** States that nothing follows. */
export const ENDED_STATES = ['done', 'failed', 'expired'] as const satisfies readonly EnrolmentState[];

/** What the column `challenge` holds: the challenge, and how it was answered. */
export const Held = z.strictObject({
  challenge: LivenessChallenge,
  received: z.strictObject({ at: z.iso.datetime(), mirrored: z.boolean() }).nullable(),
});
export type Held = z.infer<typeof Held>;

/** The challenge of an enrolment; null when there is none. */
export function heldBy(row: LikenessEnrolment): Held | null {
  return row.challenge === null ? null : Held.parse(row.challenge);
}

/** What the last recording came to; null before the first. */
export function resultOf(row: LikenessEnrolment): EnrolmentResult | null {
  return row.result === null ? null : EnrolmentResult.parse(row.result);
}

/** Where an enrolment stands at a moment: what is overdue has expired, whether or not anybody swept. */
export function stateOf(row: LikenessEnrolment, now: Date): EnrolmentState {
  const state = row.state as EnrolmentState;
  const open = state === 'open' || state === 'released' || state === 'challenged';
  return open && row.expiresAt <= now ? 'expired' : state;
}

/** An enrolment as its tenant sees it. @param user the tenant's name of the person */
export function enrolmentView(row: LikenessEnrolment, user: string | null, now: Date): Enrolment {
  return {
    id: row.id,
    object: 'consent.enrolment',
    state: stateOf(row, now),
    user,
    handle: row.handle,
    notice: { version: row.noticeVersion, sha256: row.noticeSha256 },
    tries_left: Math.max(0, MOST_TRIES - row.tries),
    fault: resultOf(row)?.fault ?? null,
    person_id: row.personId,
    created_at: row.createdAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
  };
}
