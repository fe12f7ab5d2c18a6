import type { Clock } from '#kernel';
import type { ChartsView, ClockKind, QualityQuery } from '#contracts';
import type { StaffCaller } from '#platform/auth';
import type { Database } from '#platform/database';
import { cohensKappa, type PairCount } from './kappa.js';
import { round3, scopeOf, type Scope } from './scope.js';

const BINS = 10;

/** Numbers that people would rather look at than read. Days and weeks are those of UTC. */
export class Charts {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** @throws AuthError */
  async charts(staff: StaffCaller, query: QualityQuery): Promise<ChartsView> {
    const scope = scopeOf(staff, query, this.clock.now());
    const [volumes, decisions, clocks, drift, agreement, exposure] = await Promise.all([
      this.volumes(scope),
      this.decisions(scope),
      this.clocks(scope),
      this.drift(scope),
      this.agreement(scope),
      this.exposure(scope),
    ]);
    return { object: 'charts', volumes, decisions, clocks, drift, agreement, exposure };
  }

  private volumes({ from, place }: Scope): Promise<ChartsView['volumes']> {
    return this.database.$queryRaw`
      SELECT to_char(day, 'YYYY-MM-DD') AS day, sum(opened)::int AS opened, sum(closed)::int AS closed FROM (
        SELECT (c.opened_at AT TIME ZONE 'UTC')::date AS day, 1 AS opened, 0 AS closed FROM review_cases c
        WHERE c.opened_at >= ${from} AND ${place('c')}
        UNION ALL
        SELECT (c.closed_at AT TIME ZONE 'UTC')::date, 0, 1 FROM review_cases c WHERE c.closed_at >= ${from} AND ${place('c')}
      ) s GROUP BY 1 ORDER BY 1`;
  }

  private decisions({ from, place }: Scope): Promise<ChartsView['decisions']> {
    return this.database.$queryRaw`
      SELECT to_char((d.at AT TIME ZONE 'UTC')::date, 'YYYY-MM-DD') AS day, d.outcome, count(*)::int AS count
      FROM review_decisions d WHERE d.at >= ${from} AND d.state IN ('settled', 'overruled', 'escalated') AND ${place('d')}
      GROUP BY 1, 2 ORDER BY 1, 2`;
  }

  private async clocks({ from, to, place }: Scope): Promise<ChartsView['clocks']> {
    const rows = await this.database.$queryRaw<
      { kind: ClockKind; closed: number; in_time: number; median: number | null; late: number }[]
    >`
      SELECT c.clock AS kind, (count(c.closed_at))::int AS closed,
        (count(*) FILTER (WHERE c.closed_at <= c.due_at))::int AS in_time,
        (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.closed_at - c.opened_at)))::float8 / 3600 AS median,
        (count(*) FILTER (WHERE c.closed_at IS NULL AND c.due_at <= ${to}))::int AS late
      FROM review_cases c WHERE (c.closed_at IS NULL OR c.closed_at >= ${from}) AND ${place('c')}
      GROUP BY 1 ORDER BY 1`;
    return rows.map(({ kind, closed, in_time, median, late }) => ({
      ...{ kind, closed, in_time, open_breached: late },
      median_h: median === null ? null : Math.round(median * 100) / 100,
    }));
  }

  /** Scores of all clips, passed or not, by the week of their measurement: ten bins from 0 to 1. */
  private async drift({ from, tenant }: Scope): Promise<ChartsView['drift']> {
    const rows = await this.database.$queryRaw<
      { detector: string; category: string; week: string; bin: number; n: number; total: number }[]
    >`
      SELECT signal->>'detector' AS detector, signal->>'category' AS category,
        to_char(date_trunc('week', (record->>'at')::timestamptz AT TIME ZONE 'UTC'), 'YYYY-MM-DD') AS week,
        least(width_bucket((signal->>'score')::float8, 0, 1, ${BINS}::int), ${BINS}::int) AS bin, count(*)::int AS n,
        sum((signal->>'score')::float8)::float8 AS total
      FROM clips k CROSS JOIN LATERAL jsonb_array_elements(k.decisions) AS record
        CROSS JOIN LATERAL jsonb_array_elements(record->'signals') AS signal
      WHERE k.created_at >= ${from} AND ${tenant('k')} AND jsonb_typeof(signal->'score') = 'number'
        AND (signal->>'synthetic') IS DISTINCT FROM 'true'
      GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3`;
    const found = new Map<string, ChartsView['drift'][number] & { total: number }>();
    for (const { detector, category, week, bin, n, total } of rows) {
      const key = `${detector} ${category} ${week}`;
      const fresh = {
        detector,
        category: category as never,
        week,
        bins: Array<number>(BINS).fill(0),
        mean: 0,
        total: 0,
      };
      const one = found.get(key) ?? fresh;
      one.bins[bin - 1] = (one.bins[bin - 1] ?? 0) + n;
      one.total += total;
      found.set(key, one);
    }
    return [...found.values()].map(({ total, ...one }) => ({
      ...one,
      mean: round3(total / one.bins.reduce((sum, n) => sum + n, 0)),
    }));
  }

  private async agreement({ from, place }: Scope): Promise<ChartsView['agreement']> {
    const rows = await this.database.$queryRaw<(PairCount & { week: string })[]>`
      SELECT to_char(date_trunc('week', b.at AT TIME ZONE 'UTC'), 'YYYY-MM-DD') AS week,
        a.outcome AS first, b.outcome AS second, count(*)::int AS pairs
      FROM review_decisions a JOIN review_decisions b ON b.case_id = a.case_id AND b.stage = 'second'
        JOIN review_cases c ON c.id = a.case_id
      WHERE a.stage = 'first' AND a.state IN ('settled', 'overruled') AND b.state IN ('settled', 'overruled')
        AND NOT c.golden AND b.at >= ${from} AND ${place('a')}
      GROUP BY 1, 2, 3 ORDER BY 1`;
    return [...new Set(rows.map(({ week }) => week))].map((week) => {
      const table = rows.filter((row) => row.week === week);
      return {
        week,
        pairs: table.reduce((sum, { pairs }) => sum + pairs, 0),
        agreed: table.reduce((sum, { first, second, pairs }) => sum + (first === second ? pairs : 0), 0),
        kappa: cohensKappa(table),
      };
    });
  }

  private exposure({ from, place }: Scope): Promise<ChartsView['exposure']> {
    return this.database.$queryRaw`
      SELECT to_char((d.at AT TIME ZONE 'UTC')::date, 'YYYY-MM-DD') AS day,
        round(sum(d.unblurred_ms) / 1000.0)::int AS unblurred_s, count(*)::int AS decisions
      FROM review_decisions d WHERE d.at >= ${from} AND d.state <> 'undone' AND ${place('d')} GROUP BY 1 ORDER BY 1`;
  }
}
