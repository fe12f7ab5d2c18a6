import { IncidentType, IndustryClass, ReportingMode, type PreservationState, type SafetyCase } from '#contracts';
import type { Database } from '#platform/database';
import { z } from 'zod';

/** A row of `safety_cases`. */
export type CaseRow = NonNullable<Awaited<ReturnType<Database['safetyCase']['findUnique']>>>;

/** What a person decided; the words of the reason are sealed apart. */
export const CaseDecision = z.object({
  outcome: z.enum(['report', 'dismiss']),
  class: IndustryClass.nullable(),
  incident_type: IncidentType.nullable(),
  by: z.string(),
  at: z.iso.datetime(),
});
export type CaseDecision = z.infer<typeof CaseDecision>;

/** What is on record of a sending. */
export const Receipt = z.object({
  mode: ReportingMode,
  report_id: z.string().nullable(),
  by: z.string(),
  at: z.iso.datetime(),
  report_sha256: z.string(),
});
export type Receipt = z.infer<typeof Receipt>;

/** How long before its end preservation counts as due, in days. */
export const DUE_DAYS = 30;

/** How the clock of a case stands. */
export function preservationOf(row: Pick<CaseRow, 'preserveUntil' | 'destroyedAt'>, now: Date): PreservationState {
  if (row.destroyedAt) return 'destroyed';
  const left = row.preserveUntil.getTime() - now.getTime();
  if (left <= 0) return 'overdue';
  return left <= DUE_DAYS * 86_400_000 ? 'due' : 'running';
}

/** A case as it is shown: no words and no pictures. */
export function caseView(row: CaseRow, now: Date): SafetyCase {
  return {
    id: row.id,
    object: 'child_safety.case',
    state: row.state as SafetyCase['state'],
    clip_id: row.clipId,
    stage: row.stage as SafetyCase['stage'],
    rules: row.rules,
    synthetic: row.synthetic,
    sealed: row.sealedAt !== null,
    opened_at: row.openedAt.toISOString(),
    preserve_until: row.preserveUntil.toISOString(),
    preservation: preservationOf(row, now),
    decision: row.decision ? CaseDecision.parse(row.decision) : null,
    receipt: row.receipt ? Receipt.parse(row.receipt) : null,
    last_error: row.lastError,
  };
}
