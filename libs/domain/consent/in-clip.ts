import type { CaseLikeness } from '#contracts';
import type { Clock } from '#kernel';
import type { Database, LikenessGrant, LikenessPerson } from '#platform/database';
import type { SubjectKeys } from '#platform/keys';
import { openProfile } from './profile.js';
import { grantView } from './rows.js';

/** What is read from. */
export interface InClipParts {
  database: Database;
  keys: SubjectKeys;
  clock: Clock;
}

/** Who is in a clip, under which grant, and whether it still stands; for the people who decide about the clip. */
export function likenessIn({ database, keys, clock }: InClipParts) {
  return async ({ id: clipId }: { id: string }): Promise<CaseLikeness[]> => {
    const uses = await database.likenessUse.findMany({ where: { clipId }, orderBy: { personId: 'asc' } });
    if (!uses.length) return [];
    const [persons, grants] = await Promise.all([
      database.likenessPerson.findMany({ where: { id: { in: uses.map((one) => one.personId) } } }),
      database.likenessGrant.findMany({ where: { id: { in: uses.map((one) => one.grantId) } } }),
    ]);
    const now = clock.now();
    return Promise.all(
      uses.flatMap((use) => {
        const person = persons.find(({ id }) => id === use.personId);
        if (!person) return [];
        return [inClip(keys, person, use.how, grants.find(({ id }) => id === use.grantId) ?? null, now)];
      }),
    );
  };
}

async function inClip(
  keys: SubjectKeys,
  person: LikenessPerson,
  how: string,
  row: LikenessGrant | null,
  now: Date,
): Promise<CaseLikeness> {
  const grant = row && grantView(row);
  const ended = !row || row.endedAt !== null || (row.until !== null && row.until <= now);
  return {
    id: person.id,
    name: await shownName(keys, person),
    how: how as CaseLikeness['how'],
    grant: grant && {
      ...{ id: grant.id, audience: grant.audience, limits: grant.limits, places: grant.places, until: grant.until },
    },
    state: person.state === 'enrolled' && ended ? 'ended' : person.state,
  };
}

/** As the platform shows them: the handle, or what the character is called. What they are really called is not shown here. */
async function shownName(keys: SubjectKeys, { id, handle, profileSealed }: LikenessPerson): Promise<string> {
  if (handle !== null) return `@${handle}`;
  const key = profileSealed === null ? null : await keys.open(id);
  return (key && profileSealed !== null && openProfile(key, profileSealed, id).characterName) || id;
}
