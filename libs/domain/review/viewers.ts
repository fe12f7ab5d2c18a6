import type { Transaction } from '#platform/database';
import { DESK_CHANNEL } from './events.js';
import { LEASE_MS } from './rows.js';

/** Somebody has the case on the screen, for as long as a lease lasts without a word. */
export async function seeViewer(
  tx: Transaction,
  caseId: string,
  staff: { id: string; name: string },
  now: Date,
): Promise<void> {
  const until = new Date(now.getTime() + LEASE_MS);
  const there = await tx.$queryRaw<{ fresh: boolean }[]>`
    INSERT INTO review_viewers (case_id, staff_id, name, until) VALUES (${caseId}, ${staff.id}, ${staff.name}, ${until})
    ON CONFLICT (case_id, staff_id) DO UPDATE SET until = EXCLUDED.until RETURNING (xmax = 0) AS fresh`;
  if (there[0]?.fresh) await tellPresence(tx, caseId, now);
}

/** Somebody left it. */
export async function dropViewer(tx: Transaction, caseId: string, staffId: string): Promise<void> {
  await tx.reviewViewer.deleteMany({ where: { caseId, staffId } });
}

/** Who has a case on the screen. Not who read it already: the next reader is not to learn who that was. */
export function viewersOf(tx: Transaction, caseId: string, now: Date): Promise<{ id: string; name: string }[]> {
  return tx.$queryRaw`
    SELECT v.staff_id AS id, v.name FROM review_viewers v WHERE v.case_id = ${caseId} AND v.until > ${now}
      AND NOT EXISTS (SELECT 1 FROM review_decisions d JOIN review_cases c ON c.id = d.case_id AND c.state <> 'closed'
        WHERE d.case_id = v.case_id AND d.reader = v.staff_id AND d.state <> 'undone')
    ORDER BY 1`;
}

async function tellPresence(tx: Transaction, caseId: string, now: Date): Promise<void> {
  await tx.$executeRaw`
    SELECT pg_notify(${DESK_CHANNEL}, json_build_object(
      'event', json_build_object('type', 'presence', 'case_id', c.id, 'viewers', (
        SELECT count(*) FROM review_viewers v WHERE v.case_id = c.id AND v.until > ${now})),
      'place', json_build_object('queueId', c.queue_id, 'category', c.category, 'tenantId', c.tenant_id))::text)
    FROM review_cases c WHERE c.id = ${caseId}`;
}
