import type { CaseStage, StaffAction } from '#contracts';
import { notAllowed, reachOf, type Place, type Reach, type Rights } from '#platform/auth';
import { Prisma } from '#platform/database';

/** What a reading of each stage asks for. */
export const READING: Readonly<Record<CaseStage, StaffAction>> = {
  first: 'case.decide',
  second: 'case.second',
  arbiter: 'case.arbitrate',
};

/** Where a case lies, for the table of rights. */
export function placeOf(row: { queueId: string; category: string | null; tenantId: string }): Place {
  return { queueId: row.queueId, category: row.category as Place['category'], tenantId: row.tenantId };
}

function among(column: Prisma.Sql, some: readonly string[] | null): Prisma.Sql {
  return some === null ? Prisma.sql`TRUE` : Prisma.sql`${column} = ANY(${[...some]})`;
}

function within({ queues, categories, uncategorised, tenants }: Reach): Prisma.Sql {
  const named = among(Prisma.sql`c.category`, categories);
  const none = uncategorised ? Prisma.sql`c.category IS NULL` : Prisma.sql`FALSE`;
  // A null category is in no list.
  const category = categories === null && uncategorised ? Prisma.sql`TRUE` : Prisma.sql`(${named} OR ${none})`;
  return Prisma.sql`(${among(Prisma.sql`c.queue_id`, queues)} AND ${category} AND ${among(Prisma.sql`c.tenant_id`, tenants)})`;
}

/** Condition on `review_cases c`: the person may do it with the case. */
export function caseFilter(staff: Rights, action: StaffAction): Prisma.Sql {
  const reaches = reachOf(staff, action);
  if (!reaches.length) return Prisma.sql`FALSE`;
  return Prisma.sql`(${Prisma.join(reaches.map(within), ' OR ')})`;
}

/** Condition on `review_cases c`: the person may be the reader that the case waits for. */
export function readerFilter(staff: Rights, staffId: string): Prisma.Sql {
  const stages = (Object.keys(READING) as CaseStage[]).map(
    (stage) => Prisma.sql`(c.stage = ${stage} AND ${caseFilter(staff, READING[stage])})`,
  );
  return Prisma.sql`(${Prisma.join(stages, ' OR ')}) AND ${neverRead(staffId)}`;
}

/** Condition on `review_cases c`: the person has not read the case; nor the clip, where fresh eyes are asked for; nor is excluded. */
function neverRead(staffId: string): Prisma.Sql {
  return Prisma.sql`NOT (${staffId} = ANY(c.excluded)) AND NOT EXISTS (SELECT 1 FROM review_decisions d WHERE d.clip_id = c.clip_id AND d.reader = ${staffId}
    AND d.state <> 'undone' AND (c.fresh OR d.case_id = c.id))`;
}

/** @throws AuthError `not_allowed` when the person may do it nowhere */
export function assertSomewhere(staff: Rights, action: StaffAction): void {
  if (!reachOf(staff, action).length) throw notAllowed(action);
}
