import { randomBytes } from 'node:crypto';
import type { Clock } from '#kernel';
import type { CaseStage, CaseWatch, Heartbeat, HeartbeatReceipt, LeaseGrant } from '#contracts';
import { assertMay, mayDo, type StaffCaller } from '#platform/auth';
import { json, Prisma, type Database, type ReviewCaseRow, type Transaction } from '#platform/database';
import { assertSomewhere, placeOf, READING, readerFilter } from './access.js';
import { CLOCK_MS, DOUBLINGS } from './clock.js';
import { caseNotFound, leaseLost, ReviewError } from './errors.js';
import { tellCase, tellDesk } from './events.js';
import type { Exposure } from './exposure.js';
import { mixGolden } from './golden-mix.js';
import { isLeased, LEASE_MS, HEARTBEAT_S, lockCase, NO_LEASE, PATIENT } from './rows.js';
import { dropViewer, seeViewer, viewersOf } from './viewers.js';

/** Candidates that one look fetches; others take some of them at the same moment. */
const CANDIDATES = 24;
const MOST_LOOKS = 100;

/** SQL table of the scales of all clocks. */
export const SCALES = Prisma.join(
  Object.entries(CLOCK_MS).map(([kind, ms]) => Prisma.sql`(${kind}::text, ${DOUBLINGS / ms}::float8)`),
);

/** Who holds which case. A lease ends by itself: a browser that crashed gives its case back. */
export class Leases {
  /** @param random 0..1, for golden items */
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly exposure: Exposure,
    private readonly random: () => number = Math.random,
  ) {}

  /**
   * Takes the most pressing case that this person may read; two people never get the same one. Null when there is none.
   * @throws ReviewError `lease_held` when the person holds a case already; AuthError
   */
  async next(staff: StaffCaller, queue?: string): Promise<LeaseGrant | null> {
    assertSomewhere(staff, 'case.take');
    return this.database.$transaction(async (tx) => {
      const now = this.clock.now();
      await this.oneAtATime(tx, staff, now);
      for (let look = 0; look < MOST_LOOKS; look++) {
        const found = await this.pick(tx, staff, now, queue);
        if (found === null) return null;
        if (found === 'taken') continue; // all of them went to others meanwhile
        const golden = this.random() < found.golden ? await mixGolden(tx, { staff, like: found.id, now }) : null;
        return this.grant(tx, golden ?? found.id, staff, now);
      }
      throw new ReviewError('conflict', 'queue_busy', 'Too many people take cases at this moment. Try again.');
    }, PATIENT);
  }

  /** The case that {@link next} would give as of now, without taking it; golden items are mixed in only when one is taken. */
  async ahead(staff: StaffCaller, queue?: string): Promise<string | null> {
    assertSomewhere(staff, 'case.take');
    const [first] = await this.database.$queryRaw<{ id: string }[]>`
      ${best(staff, this.clock.now(), queue)} LIMIT 1`;
    return first?.id ?? null;
  }

  /**
   * Takes one case by name.
   * @throws ReviewError `case_not_found`, `case_closed`, `case_pending`, `case_taken`, `case_read_before`, `lease_held`; AuthError
   */
  async take(staff: StaffCaller, id: string): Promise<LeaseGrant> {
    return this.database.$transaction(async (tx) => {
      const now = this.clock.now();
      await this.oneAtATime(tx, staff, now, id);
      const row = await lockCase(tx, id);
      if (!mayDo(staff, 'case.list', placeOf(row))) throw caseNotFound(id);
      assertMay(staff, 'case.take', placeOf(row));
      assertMay(staff, READING[row.stage as CaseStage], placeOf(row));
      if (row.state === 'closed') throw new ReviewError('conflict', 'case_closed', 'This case is closed already.');
      if (row.state === 'pending')
        throw new ReviewError('conflict', 'case_pending', 'Somebody decided this case a moment ago.');
      if (isLeased(row, now)) throw new ReviewError('conflict', 'case_taken', 'Somebody else holds this case.');
      const [fit] = await tx.$queryRaw<unknown[]>`
        SELECT 1 FROM review_cases c WHERE c.id = ${id} AND ${readerFilter(staff, staff.id)}`;
      if (!fit)
        throw new ReviewError('conflict', 'case_read_before', 'You read this case before; another person has to.');
      return this.grant(tx, row.id, staff, now);
    }, PATIENT);
  }

  /** Keeps a case, and says what was seen since. @throws ReviewError `lease_lost` */
  async heartbeat(staff: StaffCaller, id: string, beat: Heartbeat): Promise<HeartbeatReceipt> {
    return this.database.$transaction(async (tx) => {
      const now = this.clock.now();
      const until = new Date(now.getTime() + LEASE_MS);
      const held = await tx.$executeRaw`
        UPDATE review_cases SET lease_until = ${until}, lease_unblurred_ms = lease_unblurred_ms + ${beat.unblurred_ms},
          lease_watched = lease_watched || ${JSON.stringify(beat.watched)}::jsonb
        WHERE id = ${id} AND lease_token = ${beat.token} AND lease_holder = ${staff.id} AND lease_until > ${now}
          AND state = 'open'`;
      if (!held) throw leaseLost(id);
      const exposure = await this.exposure.add(tx, staff.id, now, beat.unblurred_ms);
      await seeViewer(tx, id, staff, now);
      return { until: until.toISOString(), viewers: await viewersOf(tx, id, now), exposure };
    }, PATIENT);
  }

  /** Gives a case back undecided. @throws ReviewError `lease_lost` */
  async giveBack(staff: StaffCaller, id: string, token: string): Promise<void> {
    await this.database.$transaction(async (tx) => {
      await this.held(tx, staff, id, token);
      const row = await tx.reviewCase.update({ where: { id }, data: NO_LEASE });
      await dropViewer(tx, id, staff.id);
      await tellCase(tx, row);
    });
  }

  /** The case that this person holds under this token, locked. @throws ReviewError `lease_lost`, `case_not_found` */
  async held(tx: Transaction, staff: StaffCaller, id: string, token: string): Promise<ReviewCaseRow> {
    const row = await lockCase(tx, id);
    const mine = row.leaseHolder === staff.id && row.leaseToken === token && isLeased(row, this.clock.now());
    if (!mine || row.state !== 'open') throw leaseLost(id);
    return row;
  }

  /** Gives back what nobody looks at any more. @returns how many */
  async sweep(): Promise<number> {
    return this.database.$transaction(async (tx) => {
      const now = this.clock.now();
      const rows = await tx.$queryRaw<{ id: string; holder: string }[]>`
        SELECT id, lease_holder AS holder FROM review_cases WHERE lease_holder IS NOT NULL AND lease_until <= ${now}
        FOR UPDATE SKIP LOCKED`;
      for (const { id, holder } of rows) {
        await tellCase(tx, await tx.reviewCase.update({ where: { id }, data: NO_LEASE }));
        await tellDesk(tx, { event: { type: 'lease.lost', case_id: id }, to: holder });
      }
      await tx.reviewViewer.deleteMany({ where: { until: { lt: now } } });
      return rows.length;
    });
  }

  /** One lease a person: whoever asks twice at once waits here for the first answer. */
  private async oneAtATime(tx: Transaction, staff: StaffCaller, now: Date, wanted?: string): Promise<void> {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`lease:${staff.id}`}, 0))`;
    const [held] = await tx.$queryRaw<{ id: string }[]>`
      WITH over AS (UPDATE review_cases SET lease_token = NULL, lease_holder = NULL, lease_name = NULL, lease_at = NULL,
          lease_until = NULL, lease_unblurred_ms = 0, lease_watched = '[]'
        WHERE lease_holder = ${staff.id} AND (lease_until <= ${now} OR id = ${wanted ?? ''}))
      SELECT id FROM review_cases WHERE lease_holder = ${staff.id} AND lease_until > ${now} AND id <> ${wanted ?? ''}`;
    if (!held) return;
    const message = 'You hold a case already. Decide it or give it back first.';
    throw new ReviewError('conflict', 'lease_held', message, { data: { case_id: held.id } });
  }

  /**
   * The best of each queue and clock by index, then the best of these as of now that nobody else is taking at this moment.
   * Null when there is none; `taken` when all of them go to others.
   */
  private async pick(
    tx: Transaction,
    staff: StaffCaller,
    now: Date,
    queue?: string,
  ): Promise<{ id: string; golden: number } | 'taken' | null> {
    const top = Prisma.sql`${best(staff, now, queue)} LIMIT ${CANDIDATES}`;
    const [first] = await tx.$queryRaw<{ id: string; golden: number }[]>`
      WITH top AS MATERIALIZED (${top})
      SELECT c.id, top.golden FROM top JOIN review_cases c ON c.id = top.id WHERE ${freeAt(now)}
      ORDER BY top.score DESC, c.id LIMIT 1 FOR UPDATE OF c SKIP LOCKED`;
    if (first) return first;
    const [any] = await tx.$queryRaw<unknown[]>`SELECT 1 FROM (${top}) s LIMIT 1`;
    return any ? 'taken' : null;
  }

  private async grant(tx: Transaction, id: string, staff: StaffCaller, now: Date): Promise<LeaseGrant> {
    const lease = await leaseTo(tx, id, staff, now);
    await seeViewer(tx, id, staff, now);
    return { case_id: id, ...lease, heartbeat_s: HEARTBEAT_S };
  }
}

const freeAt = (now: Date) => Prisma.sql`c.state = 'open' AND (c.lease_until IS NULL OR c.lease_until <= ${now})`;

/** SQL of the best cases that a person may take: of each queue and clock by index, then of these as of now. */
function best(staff: StaffCaller, now: Date, queue?: string): Prisma.Sql {
  const one = queue ? Prisma.sql`AND q.id = ${queue}` : Prisma.empty;
  return Prisma.sql`
    SELECT t.id, q.golden_share AS golden, t.rank + s.slope * ${now.getTime()}::float8 AS score
    FROM review_queues q CROSS JOIN (VALUES ${SCALES}) AS s(clock, slope) CROSS JOIN LATERAL (
      SELECT c.id, c.rank FROM review_cases c
      WHERE c.queue_id = q.id AND c.clock = s.clock AND ${freeAt(now)} AND ${readerFilter(staff, staff.id)}
      ORDER BY c.rank DESC LIMIT ${CANDIDATES}) t
    WHERE q.closed_at IS NULL ${one} ORDER BY 3 DESC, 1`;
}

/** Gives a locked case to a person. */
export async function leaseTo(
  tx: Transaction,
  id: string,
  holder: { id: string; name: string },
  now: Date,
  seen: CaseWatch = { unblurred_ms: 0, watched: [] },
): Promise<{ token: string; until: string }> {
  const token = randomBytes(18).toString('base64url');
  const until = new Date(now.getTime() + LEASE_MS);
  const data = {
    ...{ leaseToken: token, leaseHolder: holder.id, leaseName: holder.name, leaseAt: now, leaseUntil: until },
    ...{ leaseUnblurred: seen.unblurred_ms, leaseWatched: json(seen.watched) },
  };
  await tellCase(tx, await tx.reviewCase.update({ where: { id }, data }));
  return { token, until: until.toISOString() };
}
