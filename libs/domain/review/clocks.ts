import type { Clock } from '#kernel';
import type { ClockKind } from '#contracts';
import { recordAudit } from '#platform/audit';
import type { Database, Transaction } from '#platform/database';
import { tellDesk } from './events.js';

const MOST = 500;

interface Passed {
  id: string;
  queue_id: string;
  category: string | null;
  tenant_id: string;
  clock: ClockKind;
  due_at: Date;
}

/** Tells of clocks that come near their end or pass it: each once, in the audit record and to the consoles. */
export class CaseClocks {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @returns how many events were written */
  async sweep(): Promise<number> {
    return this.database.$transaction(async (tx) => {
      const now = this.clock.now();
      const warned = await tx.$queryRaw<Passed[]>`
        UPDATE review_cases SET warned_at = ${now} WHERE id IN (
          SELECT id FROM review_cases WHERE state <> 'closed' AND warned_at IS NULL AND warn_at <= ${now}
          ORDER BY warn_at LIMIT ${MOST} FOR UPDATE SKIP LOCKED)
        RETURNING id, queue_id, category, tenant_id, clock, due_at`;
      const breached = await tx.$queryRaw<Passed[]>`
        UPDATE review_cases SET breached_at = ${now} WHERE id IN (
          SELECT id FROM review_cases WHERE state <> 'closed' AND breached_at IS NULL AND due_at <= ${now}
          ORDER BY due_at LIMIT ${MOST} FOR UPDATE SKIP LOCKED)
        RETURNING id, queue_id, category, tenant_id, clock, due_at`;
      for (const row of warned) await tell(tx, row, 'warning');
      for (const row of breached) await tell(tx, row, 'breached');
      return warned.length + breached.length;
    });
  }
}

async function tell(tx: Transaction, row: Passed, state: 'warning' | 'breached'): Promise<void> {
  const { id, queue_id, category, tenant_id: tenantId, clock } = row;
  const data = { clock, due_at: row.due_at.toISOString(), queue: queue_id };
  await recordAudit(tx, { tenantId, actor: 'review', action: `case.clock_${state}`, subject: id, data });
  await tellDesk(tx, {
    event: { type: 'clock', case_id: id, queue_id, clock, state },
    place: { queueId: queue_id, category, tenantId },
  });
}
