import { Category, type GuardianSummary } from '#contracts';
import type { Policy } from '#engines/policy';
import type { Database, GuardianLinkRow } from '#platform/database';
import { alertView } from './alerts.js';
import { dayOf } from './hours.js';

type Day = GuardianSummary['days'][number];
type Count = Exclude<keyof Day, 'date'>;

const COLUMN: Record<string, Count> = {
  released: 'released',
  held: 'held',
  refused: 'refused',
  failed: 'failed',
  withdrawn: 'removed',
  deleted: 'removed',
};

const LAST_ALERTS = 10;
const DAY_MS = 24 * 3600_000;

/** The days that end today, oldest first, with nothing in them. */
function emptyDays(today: string, days: number): Day[] {
  const last = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: days }, (_, i) => {
    const date = new Date(last - (days - 1 - i) * DAY_MS).toISOString().slice(0, 10);
    return { date, released: 0, in_progress: 0, held: 0, refused: 0, failed: 0, removed: 0, limited: 0 };
  });
}

/**
 * What a teen made, in numbers. It reads states, days and categories; prompts and pictures are not even asked for.
 * @param taxonomy of the policy in force, for the names of categories
 */
export async function summaryOf(
  database: Database,
  { link, days, timeZone, now }: { link: GuardianLinkRow; days: number; timeZone: string; now: Date },
  taxonomy: Policy['taxonomy'],
): Promise<GuardianSummary> {
  const { makerId } = link;
  const list = emptyDays(dayOf(now, timeZone).date, days);
  const since = list[0]!.date;
  const states = await database.$queryRaw<{ day: string; state: string; count: number }[]>`
    SELECT to_char(created_at AT TIME ZONE ${timeZone}, 'YYYY-MM-DD') AS day, state::text AS state, count(*)::int AS count
    FROM clips WHERE maker_id = ${makerId} AND created_at AT TIME ZONE ${timeZone} >= ${since}::date GROUP BY 1, 2`;
  const stops = await database.$queryRaw<{ day: string; count: number }[]>`
    SELECT to_char(day, 'YYYY-MM-DD') AS day, sum(count)::int AS count
    FROM maker_stops WHERE maker_id = ${makerId} AND day >= ${since}::date GROUP BY 1`;
  const categories = await database.$queryRaw<{ category: string; count: number }[]>`
    SELECT category, count(*)::int AS count FROM (
      SELECT unnest(s.categories) AS category FROM clips c JOIN statements s ON s.id = c.statement_id
      WHERE c.maker_id = ${makerId} AND c.created_at AT TIME ZONE ${timeZone} >= ${since}::date
      UNION ALL SELECT jsonb_array_elements_text(c.decisions -> -1 -> 'decision' -> 'categories') FROM clips c
      WHERE c.maker_id = ${makerId} AND c.state = 'held' AND c.created_at AT TIME ZONE ${timeZone} >= ${since}::date
    ) found GROUP BY 1 ORDER BY 2 DESC, 1`;
  const [cameo] = await database.$queryRaw<{ count: number }[]>`
    SELECT count(DISTINCT c.id)::int AS count FROM likeness_uses u JOIN clips c ON c.id = u.clip_id
    WHERE c.maker_id = ${makerId} AND c.created_at AT TIME ZONE ${timeZone} >= ${since}::date`;
  const alerts = await database.guardianAlertRow.findMany({
    where: { linkId: link.id },
    orderBy: { id: 'desc' },
    take: LAST_ALERTS,
  });
  const maker = await database.maker.findUniqueOrThrow({ where: { id: makerId } });
  const byDate = new Map(list.map((day) => [day.date, day]));
  const add = (date: string, column: Count, count: number) => {
    const day = byDate.get(date);
    if (day) day[column] += count;
  };
  for (const { day, state, count } of states) add(day, COLUMN[state] ?? 'in_progress', count);
  for (const { day, count } of stops) add(day, 'limited', count);
  return {
    object: 'guardian.summary',
    maker: maker.externalId,
    time_zone: timeZone,
    days: list,
    categories: categories.flatMap(({ category, count }) => {
      const known = Category.safeParse(category).data;
      return known ? [{ category: known, label: { ...taxonomy[known].label }, count }] : [];
    }),
    cameo_uses: cameo?.count ?? 0,
    alerts: alerts.map(alertView),
  };
}
