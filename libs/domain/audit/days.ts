import { canonicalJson, type Clock } from '#kernel';
import type { AuditDay, AuditDayCheck, AuditDays, ListAuditDays, NewLeaf } from '#contracts';
import { leafHash, MerkleAccumulator } from '#engines/tlog';
import { promiseLeaf, type LogReader } from '#domain/transparency';
import { assertMay, type StaffCaller } from '#platform/auth';
import type { AuditDayRow, Database } from '#platform/database';
import { settledId } from './boundary.js';
import { AuditError } from './errors.js';
import { eventsBetween, eventView } from './rows.js';

const DAY_MS = 86_400_000;
/** How long a transaction that writes may keep a day open; it is tried again later. */
const SETTLE_MS = 20_000;

type AuditLeaf = Extract<NewLeaf, { type: 'audit' }>;

const keyOf = (day: string) => `audit:${day}`;
const dayOf = (date: Date) => date.toISOString().slice(0, 10);

/**
 * The days of the record. Each is closed once, with a Merkle root over its events as an entry of the public log: from
 * then on no event of it can be changed, taken out or put in unnoticed.
 *
 * An event belongs to the first day that is closed after it was committed: the days are ranges of ids that follow each
 * other without a gap, and a range ends at an id below which nothing can be committed any more. What commits late
 * goes to the next day; nothing slips into a closed one.
 */
export class AuditDayBook {
  constructor(
    private readonly database: Database,
    private readonly log: Pick<LogReader, 'proven' | 'keys' | 'indexOf'>,
    private readonly clock: Clock,
  ) {}

  /**
   * Closes the day that ended, if it is not closed. Several processes may do so at once: one of them does it.
   * @returns the day, or null when there was nothing to close
   * @throws AuditError `audit_busy` when somebody has been writing for too long; it is to be tried again
   */
  async closeDue(): Promise<string | null> {
    const now = this.clock.now();
    const today = dayOf(now);
    const day = dayOf(new Date(now.getTime() - DAY_MS));
    const last = await this.newest();
    if (last && last.day >= day) return null;
    // A record that began today has no day that ended.
    const earlier = { at: { lt: new Date(`${today}T00:00:00Z`) } };
    if (!last && !(await this.database.auditEvent.findFirst({ where: earlier, select: { id: true } }))) return null;
    const afterId = last?.lastId ?? 0n;
    const settled = await settledId(this.database, SETTLE_MS);
    const lastId = settled > afterId ? settled : afterId;
    const { events, root } = await this.rootOf(afterId, lastId);
    const leaf: AuditLeaf = { type: 'audit', day, events, afterId: `${afterId}`, lastId: `${lastId}`, root };
    try {
      await this.database.$transaction(async (tx) => {
        await tx.auditDay.create({ data: { day, afterId, lastId, events, root, closedAt: now } });
        await promiseLeaf(tx, leaf, keyOf(day));
      });
    } catch (e) {
      if ((await this.newest())?.day === day) return null; // another process was first
      throw e;
    }
    return day;
  }

  /** Closed days, newest first. */
  async list(by: StaffCaller, { before, limit }: ListAuditDays): Promise<AuditDays> {
    assertMay(by, 'audit.read');
    const rows = await this.database.auditDay.findMany({
      where: before ? { day: { lt: before } } : {},
      orderBy: { day: 'desc' },
      take: limit + 1,
    });
    const data = await Promise.all(rows.slice(0, limit).map((row) => this.view(row)));
    return { object: 'list', data, has_more: rows.length > limit };
  }

  /** Checks one day for somebody. @throws AuditError `audit_day_not_found` */
  async checkFor(by: StaffCaller, day: string): Promise<AuditDayCheck> {
    assertMay(by, 'audit.read');
    const checked = await this.check(day);
    if (!checked) throw new AuditError('not_found', 'audit_day_not_found', `The day ${day} was not closed.`);
    return checked;
  }

  /** Checks every day that the table or the log knows, oldest first. */
  async *checkAll(): AsyncGenerator<AuditDayCheck> {
    const rows = await this.database.auditDay.findMany({ select: { day: true } });
    const logged = (await this.log.keys(keyOf(''))).map((key) => key.slice(keyOf('').length));
    for (const day of [...new Set([...rows.map((row) => row.day), ...logged])].sort()) yield (await this.check(day))!;
  }

  /** Hashes a day's events again and compares them with the table and the public log. Null when neither knows the day. */
  async check(day: string): Promise<AuditDayCheck | null> {
    const row = await this.database.auditDay.findUnique({ where: { day } });
    const entry = await this.log.proven(keyOf(day));
    const logged = entry?.leaf.type === 'audit' ? entry.leaf : null;
    const told = row
      ? { day, events: row.events, afterId: `${row.afterId}`, lastId: `${row.lastId}`, root: row.root }
      : logged;
    if (!told) return null;
    const found = await this.rootOf(BigInt(told.afterId), BigInt(told.lastId));
    const answer = (state: AuditDayCheck['state'], message: string): AuditDayCheck => ({
      ...{ object: 'audit.day_check', day, state, ...found, message },
    });
    if (!row) return answer('missing', `The log has the day ${day}, and the table of days does not.`);
    const earlier = await this.database.auditDay.findFirst({ where: { day: { lt: day } }, orderBy: { day: 'desc' } });
    if (row.afterId !== (earlier?.lastId ?? 0n))
      return answer('altered', `The day does not begin where the day before it ends: events may stand between them.`);
    if (found.root !== row.root || found.events !== row.events)
      return answer('altered', `The events of ${day} are not those that it was closed with.`);
    if (!logged) return answer('not_logged', `The root of ${day} is on its way into the public log.`);
    const same = (['day', 'events', 'afterId', 'lastId', 'root'] as const).every((key) => told[key] === logged[key]);
    if (!same) return answer('log_differs', `The public log has another root for ${day} than the table of days.`);
    return answer('sound', `${found.events} events, as the public log has them (entry ${entry!.index}).`);
  }

  private newest(): Promise<AuditDayRow | null> {
    return this.database.auditDay.findFirst({ orderBy: { afterId: 'desc' } });
  }

  private async rootOf(afterId: bigint, lastId: bigint): Promise<{ events: number; root: string }> {
    const tree = new MerkleAccumulator();
    for await (const row of eventsBetween(this.database, afterId, lastId))
      tree.add(leafHash(Buffer.from(canonicalJson(eventView(row)), 'utf8')));
    return { events: tree.size, root: Buffer.from(tree.root()).toString('hex') };
  }

  private async view(row: AuditDayRow): Promise<AuditDay> {
    return {
      object: 'audit.day',
      day: row.day,
      after_id: row.afterId.toString(),
      last_id: row.lastId.toString(),
      events: row.events,
      root: row.root,
      closed_at: row.closedAt.toISOString(),
      log_index: await this.log.indexOf(keyOf(row.day)),
    };
  }
}
