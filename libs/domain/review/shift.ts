import type { Clock } from '#kernel';
import type { ShiftView } from '#contracts';
import { assertMay, type StaffCaller } from '#platform/auth';
import type { Database } from '#platform/database';
import { dayOf, type Exposure } from './exposure.js';
import type { Queues } from './queues.js';
import { HEARTBEAT_S, LEASE_MS } from './rows.js';

const MONTH_MS = 30 * 24 * 3_600_000;
/** Shares of fewer than that say nothing. */
const FEWEST = 5;

const share = (part: number, whole: number) => (whole < FEWEST ? null : Math.round((part / whole) * 1000) / 1000);

/** How the day of one person stands. */
export class Shifts {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly queues: Queues,
    private readonly exposure: Exposure,
  ) {}

  /** Numbers of this person alone. */
  async shift(staff: StaffCaller): Promise<ShiftView> {
    assertMay(staff, 'shift.read');
    const now = this.clock.now();
    const { data: queues } = await this.queues.list(staff);
    const holding = await this.database.reviewCase.findFirst({
      where: { leaseHolder: staff.id, leaseUntil: { gt: now } },
    });
    const pending = await this.database.reviewDecision.findMany({
      where: { reader: staff.id, state: 'pending', leavesAt: { gt: now } },
      orderBy: { at: 'asc' },
    });
    const [today] = await this.database.$queryRaw<{ n: number; median: number | null }[]>`
      SELECT count(*)::int AS n, (percentile_cont(0.5) WITHIN GROUP (ORDER BY took_ms))::float8 / 1000 AS median
      FROM review_decisions WHERE reader = ${staff.id} AND at >= ${dayOf(now)} AND state <> 'undone'`;
    const exposure = await this.database.$transaction((tx) => this.exposure.today(tx, staff.id, now));
    return {
      object: 'shift',
      queues,
      holding: holding && { case_id: holding.id, until: holding.leaseUntil!.toISOString() },
      pending: pending.map(({ id, caseId, leavesAt }) => ({
        ...{ decision_id: id, case_id: caseId, leaves_at: leavesAt.toISOString() },
      })),
      decided_today: today?.n ?? 0,
      median_decision_s: today?.median == null ? null : Math.round(today.median * 10) / 10,
      exposure,
      ...(await this.agreement(staff.id, new Date(now.getTime() - MONTH_MS))),
      heartbeat_s: HEARTBEAT_S,
      lease_s: LEASE_MS / 1000,
    };
  }

  /** Only of closed cases: what is still to be read again must not show through. */
  private async agreement(staffId: string, since: Date): Promise<Pick<ShiftView, 'golden' | 'second'>> {
    const [golden] = await this.database.$queryRaw<{ items: number; agreed: number }[]>`
      SELECT count(*)::int AS items, (count(*) FILTER (WHERE d.outcome = g.outcome))::int AS agreed
      FROM review_decisions d JOIN review_cases c ON c.id = d.case_id AND c.golden AND c.state = 'closed'
        JOIN review_golden_cases m ON m.case_id = c.id JOIN review_golden g ON g.id = m.golden_id
      WHERE d.reader = ${staffId} AND d.at >= ${since} AND d.state IN ('settled', 'overruled')`;
    const [second] = await this.database.$queryRaw<{ readings: number; agreed: number }[]>`
      SELECT count(*)::int AS readings, (count(*) FILTER (WHERE d.outcome = o.outcome))::int AS agreed
      FROM review_decisions d JOIN review_decisions o ON o.case_id = d.case_id AND o.id <> d.id
        AND o.stage IN ('first', 'second') AND o.state IN ('settled', 'overruled')
      WHERE d.reader = ${staffId} AND d.at >= ${since} AND d.stage IN ('first', 'second') AND d.state IN ('settled', 'overruled')`;
    const { items = 0, agreed = 0 } = golden ?? {};
    const { readings = 0, agreed: same = 0 } = second ?? {};
    return { golden: { items, agreed: share(agreed, items) }, second: { readings, agreed: share(same, readings) } };
  }
}
