import { sha256Hex } from '#kernel';
import type { CreateReport } from '#contracts';
import type { Transaction } from '#platform/database';

/** Reports of somebody who is not known at all count half of a new reporter's. */
const UNKNOWN = 0.5;
/** A trusted flagger's count for four. */
const TRUSTED = 4;

/** Under which name all reports of one person are known; null when they gave none. */
export function reporterOf({ user, contact }: Pick<CreateReport, 'user' | 'contact'>): string | null {
  if (user) return `user:${user}`;
  return contact ? `mail:${sha256Hex(contact.email)}` : null;
}

/** How reports ended that were decided on. */
export interface ReporterRecord {
  upheld: number;
  decided: number;
}

/** What a reporter's report counts for: 1 for somebody new, towards 2 when their reports are right, towards 0 when they are not. */
export function weightOf(record: ReporterRecord | null, trusted: boolean): number {
  if (trusted) return TRUSTED;
  if (!record) return UNKNOWN;
  return (2 * (record.upheld + 1)) / (record.decided + 2);
}

/** How the reports of one person ended. A report whose release ended for another reason says nothing of them. */
export async function recordOf(tx: Transaction, tenantId: string, reporter: string): Promise<ReporterRecord> {
  const [row] = await tx.$queryRaw<ReporterRecord[]>`
    SELECT count(*) FILTER (WHERE c.closed_as IN ('refuse', 'release_limited'))::int AS upheld,
      count(*) FILTER (WHERE c.closed_as IN ('refuse', 'release_limited', 'release'))::int AS decided
    FROM user_reports r JOIN review_cases c ON c.id = r.case_id
    WHERE r.tenant_id = ${tenantId} AND r.reporter = ${reporter}`;
  return row!;
}
