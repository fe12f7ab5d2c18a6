import { GuardianLinkEnd, GuardianLinkState, type AgeBand } from '#contracts';
import type { GuardianLinkRow } from '#platform/database';

/** Wrong numbers end a link. */
export const MOST_TRIES = 3;

/** Where a link stands at a moment: invitations lapse, and nobody of age has a guardian. */
export function linkState(
  link: GuardianLinkRow,
  band: AgeBand,
  now: Date,
): { state: GuardianLinkState; endedBy: GuardianLinkEnd | null; endedAt: Date | null } {
  if (link.state === 'ended')
    return { state: 'ended', endedBy: GuardianLinkEnd.parse(link.endedBy), endedAt: link.endedAt };
  if (band === 'adult') return { state: 'ended', endedBy: 'adult', endedAt: null };
  if (link.state !== 'active' && link.expiresAt <= now)
    return { state: 'ended', endedBy: 'expired', endedAt: link.expiresAt };
  return { state: GuardianLinkState.parse(link.state), endedBy: null, endedAt: null };
}
