import type { Sealer } from '#platform/keys';
import { z } from 'zod';

/** What a person said of themselves. Always sealed. */
export const Profile = z.strictObject({
  name: z.string(),
  /** What the platform calls the character. */
  characterName: z.string().nullable(),
  birthDate: z.string(),
  attested: z.array(z.string()),
  attestedAt: z.string(),
});
export type Profile = z.infer<typeof Profile>;

/** Seals a profile for a place: the id of an enrolment or of a person. */
export function sealProfile(sealer: Sealer, profile: Profile, id: string): string {
  return sealer.seal(JSON.stringify(profile), `profile:${id}`);
}

/** Opens what {@link sealProfile} sealed. @throws KeyError when it was changed, moved, or the key is another */
export function openProfile(sealer: Sealer, sealed: string, id: string): Profile {
  return Profile.parse(JSON.parse(sealer.open(sealed, `profile:${id}`).toString('utf8')));
}

/** Whole years from a date of birth (YYYY-MM-DD) to a moment, in UTC. */
export function ageOn(birthDate: string, now: Date): number {
  const [year = 0, month = 0, day = 0] = birthDate.split('-').map(Number);
  const years = now.getUTCFullYear() - year;
  const before = now.getUTCMonth() + 1 < month || (now.getUTCMonth() + 1 === month && now.getUTCDate() < day);
  return before ? years - 1 : years;
}
