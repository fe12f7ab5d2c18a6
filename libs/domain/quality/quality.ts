import type { Clock } from '#kernel';
import type { CaseOutcome, Category, QualityQuery, QualityView } from '#contracts';
import type { StaffCaller } from '#platform/auth';
import type { Database } from '#platform/database';
import { cohensKappa, type PairCount } from './kappa.js';
import { scopeOf, shareOf, type Scope } from './scope.js';

/** How well people and detectors do, counted by the database from what was settled. */
export class Quality {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AuthError */
  async quality(staff: StaffCaller, query: QualityQuery): Promise<QualityView> {
    const scope = scopeOf(staff, query, this.clock.now());
    const [agreement, reviewers, detectors, overturned] = await Promise.all([
      this.agreement(scope),
      this.reviewers(scope),
      this.detectors(scope),
      this.overturned(scope),
    ]);
    const { from, to } = scope;
    return {
      ...{ object: 'quality', from: from.toISOString(), to: to.toISOString() },
      ...{ agreement, reviewers, detectors, overturned },
    };
  }

  /** Pairs of blind readings of closed cases. */
  private async agreement({ from, place }: Scope): Promise<QualityView['agreement']> {
    const table = await this.database.$queryRaw<PairCount[]>`
      SELECT a.outcome AS first, b.outcome AS second, count(*)::int AS pairs
      FROM review_decisions a JOIN review_decisions b ON b.case_id = a.case_id AND b.stage = 'second'
        JOIN review_cases c ON c.id = a.case_id
      WHERE a.stage = 'first' AND a.state IN ('settled', 'overruled') AND b.state IN ('settled', 'overruled')
        AND NOT c.golden AND b.at >= ${from} AND ${place('a')}
      GROUP BY 1, 2 ORDER BY 1, 2`;
    return {
      pairs: table.reduce((sum, { pairs }) => sum + pairs, 0),
      agreed: table.reduce((sum, { first, second, pairs }) => sum + (first === second ? pairs : 0), 0),
      kappa: cohensKappa(table),
      table: table.map((row) => ({ ...row, first: row.first as CaseOutcome, second: row.second as CaseOutcome })),
    };
  }

  private async reviewers({ from, place }: Scope): Promise<QualityView['reviewers']> {
    const rows = await this.database.$queryRaw<ReviewerRow[]>`
      SELECT d.reader AS id, (array_agg(d.reader_name ORDER BY d.at DESC))[1] AS name, count(*)::int AS decisions,
        (percentile_cont(0.5) WITHIN GROUP (ORDER BY d.took_ms))::float8 / 1000 AS median,
        (count(g.id))::int AS items, (count(*) FILTER (WHERE d.outcome = g.outcome))::int AS right,
        (count(o.id))::int AS pairs, (count(*) FILTER (WHERE d.outcome = o.outcome))::int AS agreed,
        (count(*) FILTER (WHERE d.overturned_at IS NOT NULL OR d.state = 'overruled'))::int AS overturned,
        sum(d.unblurred_ms)::float8 / 1000 AS unblurred
      FROM review_decisions d JOIN review_cases c ON c.id = d.case_id
        LEFT JOIN review_golden_cases m ON m.case_id = c.id LEFT JOIN review_golden g ON g.id = m.golden_id
        LEFT JOIN review_decisions o ON o.case_id = d.case_id AND o.id <> d.id AND d.stage IN ('first', 'second')
          AND o.stage IN ('first', 'second') AND o.state IN ('settled', 'overruled')
      WHERE d.at >= ${from} AND d.state IN ('settled', 'overruled') AND ${place('d')}
      GROUP BY d.reader ORDER BY decisions DESC, id`;
    return rows.map(({ id, name, decisions, median, items, right, pairs, agreed, overturned, unblurred }) => ({
      ...{ id, name, decisions, overturned },
      median_s: median === null ? null : Math.round(median * 10) / 10,
      golden: { items, right, accuracy: shareOf(right, items) },
      second: { pairs, agreed },
      unblurred_s: Math.round(unblurred),
    }));
  }

  /** What people made of the cases that a detector's measurement was a reason for: refused or limited is upheld. */
  private async detectors({ from, place }: Scope): Promise<QualityView['detectors']> {
    const rows = await this.database.$queryRaw<
      { detector: string; category: Category; cases: number; upheld: number }[]
    >`
      SELECT r.detector, r.category, count(*)::int AS cases,
        (count(*) FILTER (WHERE r.closed_as IN ('refuse', 'release_limited')))::int AS upheld
      FROM (
        SELECT DISTINCT c.id, c.closed_as, reason->>'detector' AS detector, reason->>'category' AS category
        FROM review_cases c JOIN clips k ON k.id = c.clip_id
          CROSS JOIN LATERAL jsonb_array_elements(k.decisions) AS record
          CROSS JOIN LATERAL jsonb_array_elements(record->'decision'->'reasons') AS reason
        WHERE c.kind = 'hold' AND NOT c.golden AND c.closed_at >= ${from} AND ${place('c')}
          AND c.closed_as IN ('release', 'release_limited', 'refuse')
          AND record->'decision'->>'stage' = c.held_at AND jsonb_typeof(reason->'score') = 'number'
          AND (reason->>'synthetic') IS DISTINCT FROM 'true') r
      GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`;
    return rows.map((row) => ({ ...row, precision: shareOf(row.upheld, row.cases) }));
  }

  private async overturned({ from, place }: Scope): Promise<QualityView['overturned']> {
    const [row] = await this.database.$queryRaw<{ settled: number; overturned: number }[]>`
      SELECT count(*)::int AS settled,
        (count(*) FILTER (WHERE d.overturned_at IS NOT NULL OR d.state = 'overruled'))::int AS overturned
      FROM review_decisions d JOIN review_cases c ON c.id = d.case_id
      WHERE d.at >= ${from} AND d.state IN ('settled', 'overruled') AND NOT c.golden AND ${place('d')}`;
    const { settled = 0, overturned = 0 } = row ?? {};
    return { settled, overturned, share: shareOf(overturned, settled) };
  }
}

interface ReviewerRow {
  id: string;
  name: string;
  decisions: number;
  median: number | null;
  items: number;
  right: number;
  pairs: number;
  agreed: number;
  overturned: number;
  unblurred: number;
}
