import { GrantAudience } from '#contracts';
import type { Asker, Breach, JudgedGrant, JudgedPerson, MakerFacts } from './types.js';

/** True when the person is enrolled and the grant has not ended. */
export function isLive(person: JudgedPerson, grant: JudgedGrant, now: Date): boolean {
  return person.state === 'enrolled' && grant.endedAt === null && (grant.until === null || grant.until > now);
}

async function mayUse(person: JudgedPerson, grant: JudgedGrant, asker: Asker, facts: MakerFacts): Promise<boolean> {
  const { makerId } = asker;
  const audience = GrantAudience.safeParse(grant.audience).data ?? 'only_me';
  if (audience === 'everyone') return true;
  if (makerId === null) return false;
  if (makerId === person.makerId) return true;
  // Each level holds the ones before it.
  if (audience !== 'only_me' && person.approved.includes(makerId)) return true;
  return audience === 'mutuals' && person.makerId !== null && facts.areMutual(makerId, person.makerId);
}

/**
 * Whether a grant lets a maker use a person's likeness at all; what it may be used for is judged apart. Whoever is not
 * known, or comes from a place that nobody told, does not fit a grant that asks for more.
 */
export async function audienceBreach(
  person: JudgedPerson,
  grant: JudgedGrant | undefined,
  asker: Asker,
  facts: MakerFacts,
  now: Date,
): Promise<Breach | null> {
  if (person.tenantId !== asker.tenantId) return 'other_tenant';
  if (!grant || !isLive(person, grant, now)) return 'no_grant';
  if (!(await mayUse(person, grant, asker, facts))) return 'not_for_this_maker';
  if (grant.places.length === 0) return null;
  const country = asker.makerId === null ? null : await facts.country(asker.makerId);
  return country !== null && grant.places.includes(country) ? null : 'not_in_this_country';
}
