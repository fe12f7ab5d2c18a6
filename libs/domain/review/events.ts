import type { DeskEvent } from '#contracts';
import type { Transaction } from '#platform/database';

/** Name of the notification channel of PostgreSQL. */
export const DESK_CHANNEL = 'imprimatur_desk';

/** What is told inside: the event, and where it lies so that only those who may list the case hear of it. */
export interface DeskNotice {
  event: DeskEvent;
  place?: { queueId: string; category: string | null; tenantId: string };
  /** Only for this person. */
  to?: string;
}

/** Tells the consoles, if and when the transaction commits. */
export async function tellDesk(tx: Transaction, notice: DeskNotice): Promise<void> {
  await tx.$executeRaw`SELECT pg_notify(${DESK_CHANNEL}, ${JSON.stringify(notice)})`;
}

/** A case looks different now. */
export async function tellCase(
  tx: Transaction,
  row: { id: string; queueId: string; category: string | null; tenantId: string },
): Promise<void> {
  const { id, queueId, category, tenantId } = row;
  await tellDesk(tx, {
    event: { type: 'case.changed', case_id: id, queue_id: queueId },
    place: { queueId, category, tenantId },
  });
}
