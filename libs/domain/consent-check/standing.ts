import type { ClipUse } from '#domain/gate';
import type { Database, Transaction } from '#platform/database';
import { audienceBreach } from './audience.js';
import type { Asker, Breach, JudgedGrant, JudgedPerson, MakerFacts } from './types.js';

type Use = Pick<ClipUse, 'personId' | 'grantId'>;

/** A use that does not stand, and why. */
export interface BrokenUse extends Use {
  breach: Breach;
}

async function broken(
  uses: readonly Use[],
  persons: readonly JudgedPerson[],
  grants: readonly (JudgedGrant & { personId: string })[],
  asker: Asker,
  facts: MakerFacts,
  now: Date,
): Promise<BrokenUse[]> {
  const found: BrokenUse[] = [];
  for (const use of uses) {
    const person = persons.find(({ id }) => id === use.personId);
    const grant = grants.find(({ id, personId }) => id === use.grantId && personId === use.personId);
    const breach = person ? await audienceBreach(person, grant, asker, facts, now) : 'no_grant';
    if (breach) found.push({ ...use, breach });
  }
  return found;
}

/** Uses whose grant has ended, or no longer fits whoever asked. */
export async function brokenUses(
  database: Database,
  uses: readonly Use[],
  asker: Asker,
  facts: MakerFacts,
  now: Date,
): Promise<BrokenUse[]> {
  if (uses.length === 0) return [];
  const [persons, grants] = await Promise.all([
    database.likenessPerson.findMany({ where: { id: { in: uses.map((one) => one.personId) } } }),
    database.likenessGrant.findMany({ where: { id: { in: uses.map((one) => one.grantId) } } }),
  ]);
  return broken(uses, persons, grants, asker, facts, now);
}

/**
 * The same inside a transaction: the persons and grants stay as they are until it ends, so that a change commits before
 * it, and is seen here, or after it. Always in the order of ids, so that two of these never wait for each other.
 */
export async function lockUses(
  tx: Transaction,
  uses: readonly Use[],
  asker: Asker,
  facts: MakerFacts,
  now: Date,
): Promise<BrokenUse[]> {
  if (uses.length === 0) return [];
  const ids = uses.map((one) => one.personId).sort();
  const persons = await tx.$queryRaw<JudgedPerson[]>`
    SELECT id, tenant_id AS "tenantId", maker_id AS "makerId", state::text AS state, approved
    FROM likeness_persons WHERE id = ANY(${ids}) ORDER BY id FOR SHARE`;
  const grants = await tx.$queryRaw<(JudgedGrant & { personId: string })[]>`
    SELECT id, person_id AS "personId", audience, limits, places, until, ended_at AS "endedAt"
    FROM likeness_grants WHERE id = ANY(${uses.map((one) => one.grantId).sort()}) ORDER BY id FOR SHARE`;
  return broken(uses, persons, grants, asker, facts, now);
}
