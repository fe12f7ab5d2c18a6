import type { CaseReading, CaseStage } from '#contracts';
import { CaseLimits } from '#contracts';
import { mayDo, type StaffCaller } from '#platform/auth';
import type { Database, ReviewCaseRow, ReviewDecisionRow } from '#platform/database';
import { placeOf, readerFilter, READING } from './access.js';

/**
 * True when this person must not learn yet what others said about the case: one reading is in or on its way, another is to come, and
 * this person could give it. Arbiters see both readings; those who cannot read cases at all are no readers to be kept blind.
 */
export function isBlind(
  staff: StaffCaller,
  row: Pick<ReviewCaseRow, 'state' | 'stage' | 'queueId' | 'category' | 'tenantId'>,
): boolean {
  if (row.state === 'closed') return false;
  if (row.stage === 'arbiter') return !mayDo(staff, 'case.arbitrate', placeOf(row));
  return (['first', 'second'] as const).some((stage) => mayDo(staff, READING[stage], placeOf(row)));
}

/** The readings that a person may see, as they may see them. */
export function visibleReadings(
  staff: StaffCaller,
  row: ReviewCaseRow,
  decisions: readonly ReviewDecisionRow[],
): CaseReading[] {
  const blind = isBlind(staff, row);
  // Who escalated did not read it for good; seniors need to know why.
  return decisions
    .filter((one) => one.reader === staff.id || !blind || (one.state === 'escalated' && one.outcome === 'escalate'))
    .filter((one) => one.state !== 'undone' || one.reader === staff.id)
    .map((one) => ({
      id: one.id,
      stage: one.stage as CaseStage,
      reader: { id: one.reader, name: one.readerName },
      mine: one.reader === staff.id,
      outcome: one.outcome as CaseReading['outcome'],
      category: one.category as CaseReading['category'],
      reason: one.reason,
      limits: one.limits ? CaseLimits.parse(one.limits) : null,
      state: one.state as CaseReading['state'],
      at: one.at.toISOString(),
      leaves_at: one.leavesAt.toISOString(),
      unblurred_ms: one.unblurredMs,
    }));
}

/**
 * Ids of cases and readings that this person could still give a blind reading of: what the audit record says of them is not shown to
 * them until all readings are in.
 */
export async function blindSubjects(database: Database, staff: StaffCaller): Promise<string[]> {
  const rows = await database.$queryRaw<{ id: string; decision: string | null }[]>`
    SELECT c.id, d.id AS decision FROM review_cases c JOIN review_decisions d ON d.case_id = c.id
    WHERE c.state <> 'closed' AND c.stage <> 'arbiter' AND d.state IN ('pending', 'read') AND d.reader <> ${staff.id}
      AND ${readerFilter(staff, staff.id)}`;
  return [...new Set(rows.flatMap(({ id, decision }) => (decision ? [id, decision] : [id])))];
}
