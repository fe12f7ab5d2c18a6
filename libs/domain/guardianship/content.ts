import type { ContentUsers, MakersPolicy } from '#engines/policy';
import type { Transaction } from '#platform/database';
import { ruleBandOf } from './age.js';
import { ageOfMaker } from './ages.js';
import { areMutual } from './contacts.js';

/** Makers of a clip and of every clip that it was made from. Clips that name nobody belong to the platform itself. */
async function makersOf(tx: Transaction, clipId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ maker_id: string }[]>`
    WITH RECURSIVE chain AS (
      SELECT id, maker_id, remixed_from FROM clips WHERE id = ${clipId}
      UNION SELECT c.id, c.maker_id, c.remixed_from FROM clips c JOIN chain ON c.id = chain.remixed_from
    ) SELECT DISTINCT maker_id FROM chain WHERE maker_id IS NOT NULL`;
  return rows.map((row) => row.maker_id);
}

/** True when one maker's clips may be used by another. */
async function allows(tx: Transaction, users: ContentUsers, owner: string, asker: string | null): Promise<boolean> {
  if (users === 'everyone') return true;
  return users === 'mutuals' && asker !== null && areMutual(tx, owner, asker);
}

/**
 * True when everybody whose work stands in a clip lets this maker change it; the policy says for each age whom.
 * @param asker null when nobody is named
 */
export async function mayUse(
  tx: Transaction,
  clipId: string,
  asker: string | null,
  policy: MakersPolicy,
  now: Date,
): Promise<boolean> {
  for (const owner of await makersOf(tx, clipId)) {
    if (owner === asker) continue;
    const { band } = await ageOfMaker(tx, owner, now);
    if (!(await allows(tx, policy[ruleBandOf(band)].contentUsedBy, owner, asker))) return false;
  }
  return true;
}

/** True when a maker may be enrolled as a likeness: nobody under 18 may, whatever the policy says. */
export async function mayBeCameo(tx: Transaction, makerId: string, policy: MakersPolicy, now: Date): Promise<boolean> {
  const { band } = await ageOfMaker(tx, makerId, now);
  return policy[ruleBandOf(band)].beCameo;
}
