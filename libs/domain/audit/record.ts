import { createHash } from 'node:crypto';
import { canonicalJson, type Clock } from '#kernel';
import type { AuditExportEnd, AuditFilter, AuditPage, SearchAudit, StaffAction } from '#contracts';
import { recordAudit } from '#platform/audit';
import { assertMay, notAllowed, reachOf, type StaffCaller } from '#platform/auth';
import type { Database, Prisma } from '#platform/database';
import { eventsBetween, eventView } from './rows.js';

/** Longer than a transaction may take: within it, the order of ids and of times may differ. */
const SLACK_MS = 3_600_000;
/** Lines of an export that are sent together. */
const CHUNK = 64 * 1024;

/** The record, for those who may look things up in it. */
export class AuditRecord {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** A page of events, newest first. Staff who are limited to tenants see the events of those alone. */
  async search(by: StaffCaller, { after, limit, ...filter }: SearchAudit): Promise<AuditPage> {
    const where = await this.where(by, 'audit.read', filter);
    const rows = await this.database.auditEvent.findMany({
      where: { AND: [where, after ? { id: { lt: BigInt(after) } } : {}] },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return { object: 'list', data: rows.slice(0, limit).map(eventView), has_more: rows.length > limit };
  }

  /**
   * All events that fit, oldest first, as NDJSON in pieces; the last line tells their number and the SHA-256 of all bytes
   * before it. That somebody exports is an event itself, written first, and part of the export if it fits.
   */
  async export(by: StaffCaller, filter: AuditFilter): Promise<AsyncGenerator<string>> {
    const where = await this.where(by, 'audit.export', filter);
    await this.database.$transaction((tx) =>
      recordAudit(tx, { actor: `staff:${by.id}`, action: 'audit.exported', subject: 'audit', data: { filter } }),
    );
    const { _max } = await this.database.auditEvent.aggregate({ _max: { id: true } });
    return this.lines(where, _max.id ?? 0n, filter);
  }

  private async *lines(where: Prisma.AuditEventWhereInput, last: bigint, filter: AuditFilter): AsyncGenerator<string> {
    const hash = createHash('sha256');
    let events = 0;
    let piece = '';
    for await (const row of eventsBetween(this.database, 0n, last, where)) {
      const line = `${canonicalJson(eventView(row))}\n`;
      hash.update(line);
      events++;
      piece += line;
      if (piece.length < CHUNK) continue;
      yield piece;
      piece = '';
    }
    const sha256 = hash.digest('hex');
    const exported_at = this.clock.now().toISOString();
    const end: AuditExportEnd = { object: 'audit.export', events, sha256, filter, exported_at };
    yield `${piece}${JSON.stringify(end)}\n`;
  }

  private async where(
    by: StaffCaller,
    action: StaffAction,
    { actor, action: what, subject, tenant, from, to }: AuditFilter,
  ): Promise<Prisma.AuditEventWhereInput> {
    if (tenant) assertMay(by, action, { tenantId: tenant });
    const reach = reachOf(by, action);
    if (!reach.length) throw notAllowed(action);
    const some = reach.some(({ tenants }) => tenants === null) ? null : reach.flatMap(({ tenants }) => tenants ?? []);
    const at = { ...(from && { gte: new Date(from) }), ...(to && { lt: new Date(to) }) };
    return {
      AND: [
        { ...(actor && { actor }), ...(what && { action: what }), ...(subject && { subject }) },
        tenant ? { tenantId: tenant } : some ? { tenantId: { in: some } } : {},
        from || to ? { at, id: await this.ids(from, to) } : {},
      ],
    };
  }

  /** Ids that a time can have, generously: the pages go by id, and far-away ones are not to be read for it. */
  private async ids(from: string | undefined, to: string | undefined): Promise<Prisma.BigIntFilter> {
    const near = (time: string, ms: number) => new Date(new Date(time).getTime() + ms);
    const first = from
      ? await this.database.auditEvent.findFirst({
          where: { at: { gte: near(from, -SLACK_MS) } },
          orderBy: { at: 'asc' },
          select: { id: true },
        })
      : { id: 0n };
    const last = to
      ? await this.database.auditEvent.findFirst({
          where: { at: { lt: near(to, SLACK_MS) } },
          orderBy: { at: 'desc' },
          select: { id: true },
        })
      : null;
    if (!first || (to && !last)) return { lt: 0n }; // nothing was written then
    // The neighbours of the ends in time may have ids a little beyond them.
    return { gte: first.id, ...(last && { lte: last.id }) };
  }
}
