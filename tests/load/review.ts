import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#kernel';
import { Cases, openDesk, type Desk } from '#domain/review';
import type { StaffCaller } from '#platform/auth';
import { Database, migrateDatabase, startEmbeddedDatabase } from '#platform/database';
import { loadNow, median, note, quantile, table } from './machine.js';
import type { BenchReport } from './main.js';

const OPEN = 50_000;
const TAKES = 100;
const LISTS = 30;
const AT_ONCE = 200;
const LIMITS = { take: 50, list: 200 };

const CATEGORIES = [
  'sexual',
  'violence',
  'graphic_violence',
  'hate',
  'harassment',
  'political',
  'likeness',
  'copyright',
] as const;

function staff(id: string, limits: Partial<StaffCaller> = {}): StaffCaller {
  const none = { queues: null, categories: null, tenants: null };
  return { id, name: id, roles: ['senior'], ...none, sessionId: 's', locale: 'en', ...limits };
}

/** Cases of four clocks in six queues and twenty tenants, some with a first reading, some leased. */
async function fill(database: Database): Promise<void> {
  await database.$executeRaw`INSERT INTO tenants (id, name) SELECT 'ten_' || n, 'Tenant ' || n FROM generate_series(1, 20) n`;
  await database.$executeRaw`INSERT INTO review_queues (id, name) SELECT 'que_' || n, 'Queue ' || n FROM generate_series(1, 4) n`;
  await database.$executeRaw`
    INSERT INTO review_cases (id, clip_id, shown_as, tenant_id, kind, stage, needs, queue_id, category, severity, asked_at, title, reach,
      rank, clock, opened_at, warn_at, due_at)
    SELECT 'cas_' || lpad(n::text, 6, '0'), 'video_' || n, 'video_' || n, 'ten_' || (1 + n % 20), 'hold',
      CASE WHEN n % 9 = 0 THEN 'second' ELSE 'first' END, 1 + (n % 9 = 0)::int,
      (ARRAY['que_general', 'que_general', 'que_1', 'que_2', 'que_3', 'que_4', 'que_senior'])[1 + n % 7],
      (${[...CATEGORIES]}::text[])[1 + n % 8], 1 + n % 5, now(), 'A clip about the number ' || n, 1 + (n % 13) / 4.0,
      ln((1 + n % 5) * (1 + (n % 13) / 4.0)) / ln(2) - 4 * extract(epoch FROM now() + n % 977 * interval '1 minute') * 1000 / s.ms,
      s.clock, now(), now() + n % 977 * interval '45 s', now() + n % 977 * interval '1 minute'
    FROM generate_series(1, ${OPEN}::int) n JOIN (VALUES (0, '1h', 3.6e6), (1, '24h', 8.64e7), (2, '48h', 1.728e8), (3, '6mo', 1.572e10))
      AS s(i, clock, ms) ON s.i = n % 4`;
  await database.$executeRaw`
    INSERT INTO review_decisions (id, case_id, clip_id, tenant_id, queue_id, reader, reader_name, stage, outcome, category, reason, state,
      at, leaves_at, took_ms)
    SELECT 'rev_' || id, id, clip_id, tenant_id, queue_id, 'stf_' || right(id, 1), 'x', 'first', 'release', category, 'x', 'read', now(), now(), 1000
    FROM review_cases WHERE stage = 'second'`;
  await database.$executeRaw`VACUUM ANALYZE review_cases`;
  await database.$executeRaw`VACUUM ANALYZE review_decisions`;
}

async function timed(times: number, work: (n: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let n = 0; n < times; n++) {
    const started = performance.now();
    await work(n);
    taken.push(performance.now() - started);
  }
  return taken;
}

type Row = { what: string; ms: number[]; limit: number | null };

async function measure(desk: Desk): Promise<Row[]> {
  const boss = staff('boss');
  const narrow = staff('narrow', { queues: ['que_4'], categories: ['copyright'], tenants: ['ten_8', 'ten_16'] });
  const list = (query: object) => () =>
    desk.lists.list(boss, { state: 'open', sort: 'priority', limit: 50, ...query } as never);
  const first = await desk.lists.list(boss, { state: 'open', sort: 'priority', limit: 50 });
  await timed(5, (n) => desk.leases.next(staff(`warm${n}`)));
  const rows: Row[] = [
    { what: 'take the next case', ms: await timed(TAKES, (n) => desk.leases.next(staff(`p${n}`))), limit: LIMITS.take },
    {
      what: 'the same, limited to one queue, one category and two tenants',
      ms: await timed(20, (n) => desk.leases.next({ ...narrow, id: `n${n}` })),
      limit: LIMITS.take,
    },
    { what: 'list by priority, first page', ms: await timed(LISTS, list({})), limit: LIMITS.list },
    { what: 'list by priority, second page', ms: await timed(LISTS, list({ after: first.next })), limit: LIMITS.list },
    {
      what: 'list of one queue and category',
      ms: await timed(LISTS, list({ queue: 'que_2', category: 'hate' })),
      limit: LIMITS.list,
    },
    { what: 'list by due time', ms: await timed(LISTS, list({ sort: 'due' })), limit: LIMITS.list },
    {
      what: 'list of a word that one case has',
      ms: await timed(LISTS, list({ q: 'number 31415' })),
      limit: LIMITS.list,
    },
    { what: 'queues with their numbers', ms: await timed(LISTS, () => desk.queues.list(boss)), limit: LIMITS.list },
  ];
  note(`${AT_ONCE} at once`);
  const started = performance.now();
  const grants = await Promise.all(Array.from({ length: AT_ONCE }, (_, n) => desk.leases.next(staff(`at${n}`))));
  const whole = performance.now() - started;
  if (new Set(grants.map((grant) => grant?.case_id)).size !== AT_ONCE) throw new Error('two people got the same case');
  return [...rows, { what: `${AT_ONCE} people take at once: all of them`, ms: [whole], limit: null }];
}

/** Taking and listing cases while 50 000 are open. */
export async function benchReview(): Promise<BenchReport> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
  const running = await startEmbeddedDatabase(`${dir}-postgres`, false);
  try {
    await migrateDatabase(running.url);
    const database = new Database(running.url);
    note(`opening ${OPEN} cases`);
    await fill(database);
    const nothing = {} as never;
    const cases = new Cases(database, systemClock, nothing);
    const desk = openDesk({
      ...{ database, clock: systemClock, cases, exposureMinutes: 30 },
      ...{ policies: nothing, held: nothing, clips: nothing, stills: nothing, safety: nothing },
    });
    const rows = await measure(desk);
    await database.$disconnect();
    const cells = rows.map(({ what, ms, limit }) => [
      ...[what, ms.length, median(ms).toFixed(1), quantile(ms, 0.95).toFixed(1)],
      limit === null ? '' : `${limit}`,
    ]);
    const head = [`${OPEN} open cases, load ${loadNow()}`, 'times', 'median ms', '95th ms', 'limit of the median'];
    return { markdown: table(head, cells), met: rows.every(({ ms, limit }) => limit === null || median(ms) < limit) };
  } finally {
    await running.stop();
    await rm(dir, { recursive: true, force: true });
    await rm(`${dir}-postgres`, { recursive: true, force: true });
  }
}
