import type { AuditEventView } from '#contracts';
import type { AuditEvent, Database, Prisma } from '#platform/database';

const PAGE = 1000;

/** An event as it is shown, exported and hashed. */
export function eventView(row: AuditEvent): AuditEventView {
  return {
    id: row.id.toString(),
    at: row.at.toISOString(),
    tenant_id: row.tenantId,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    from_state: row.fromState,
    to_state: row.toState,
    data: row.data as Record<string, unknown>,
    correlation_id: row.correlationId,
  };
}

/** Events with ids above `after`, up to `last`, oldest first, a page at a time. */
export async function* eventsBetween(
  database: Database,
  after: bigint,
  last: bigint,
  where: Prisma.AuditEventWhereInput = {},
): AsyncGenerator<AuditEvent> {
  for (let from = after; from < last;) {
    const page = await database.auditEvent.findMany({
      where: { AND: [where, { id: { gt: from, lte: last } }] },
      orderBy: { id: 'asc' },
      take: PAGE,
    });
    yield* page;
    if (page.length < PAGE) return;
    from = page.at(-1)!.id;
  }
}
