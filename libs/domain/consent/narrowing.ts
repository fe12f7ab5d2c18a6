import { GRANT_AUDIENCES, GrantAudience, GrantLimits, type PutGrant } from '#contracts';
import type { LikenessGrant } from '#platform/database';

/** True when a grant allows nothing that the one before did not. */
export function narrows(before: LikenessGrant | undefined, wanted: PutGrant): boolean {
  if (!before) return false;
  const rank = (audience: string) => GRANT_AUDIENCES.indexOf(GrantAudience.parse(audience));
  const { no, never } = GrantLimits.parse(before.limits);
  const { limits, places, until } = wanted;
  return (
    rank(wanted.audience) <= rank(before.audience) &&
    no.every((one) => limits.no.includes(one)) &&
    never.every((one) => limits.never.includes(one)) &&
    (before.places.length === 0 || (places.length > 0 && places.every((one) => before.places.includes(one)))) &&
    (before.until === null || (until !== null && new Date(until) <= before.until))
  );
}
