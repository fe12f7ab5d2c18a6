import type { Clock } from '#kernel';
import type { CaseItem, CaseKind, CaseList, CaseStage, CaseState, ClockKind, ListCases } from '#contracts';
import type { StaffCaller } from '#platform/auth';
import { Prisma, type Database, type ReviewCaseRow } from '#platform/database';
import { assertSomewhere, caseFilter } from './access.js';
import { clockView, priorityView } from './clock.js';
import { ReviewError } from './errors.js';
import { SCALES } from './leases.js';
import { isLeased } from './rows.js';

const COUNTED = 10_000;

interface Cursor {
  /** Moment that priorities are of, milliseconds. */
  now: number;
  key: number;
  id: string;
}

function readCursor(text: string): Cursor {
  const [now, key, id] = Buffer.from(text, 'base64url').toString('utf8').split('|');
  if (!id || !Number.isFinite(Number(now)) || !Number.isFinite(Number(key)))
    throw new ReviewError('invalid', 'cursor_invalid', 'Give `next` of the page before as `after`.', {
      param: 'after',
    });
  return { now: Number(now), key: Number(key), id };
}

const writeCursor = ({ now, key, id }: Cursor) => Buffer.from(`${now}|${key}|${id}`).toString('base64url');

type Names = { queue: string; tenant: string };

/** A case as lists show it. */
export function caseItem(row: ReviewCaseRow, names: Names, staff: { id: string }, now: Date): CaseItem {
  const lease = isLeased(row, now)
    ? {
        holder: { id: row.leaseHolder!, name: row.leaseName! },
        until: row.leaseUntil!.toISOString(),
        mine: row.leaseHolder === staff.id,
      }
    : null;
  return {
    id: row.id,
    object: 'case',
    kind: row.kind as CaseKind,
    state: row.state as CaseState,
    stage: row.stage as CaseStage,
    queue: { id: row.queueId, name: names.queue },
    tenant: { id: row.tenantId, name: names.tenant },
    category: row.category as CaseItem['category'],
    severity: row.severity,
    language: row.language,
    clock: clockView(row, now),
    priority: priorityView(row, row.clock as ClockKind, row.dueAt, row.closedAt ?? now),
    lease,
    title: row.title,
    seconds: row.seconds,
    opened_at: row.openedAt.toISOString(),
    closed_at: row.closedAt?.toISOString() ?? null,
  };
}

/** Lists of cases, as far as a person may see them. */
export class CaseLists {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** A page of cases. @throws ReviewError `cursor_invalid`; AuthError */
  async list(staff: StaffCaller, query: ListCases): Promise<CaseList> {
    assertSomewhere(staff, 'case.list');
    const cursor = query.after ? readCursor(query.after) : null;
    const now = cursor ? new Date(cursor.now) : this.clock.now();
    const where = this.filter(staff, query);
    const keys =
      query.sort === 'priority' && query.state !== 'closed'
        ? await this.byPriority(where, query, now, cursor)
        : await this.byTime(where, query, cursor);
    const page = keys.slice(0, query.limit);
    const last = page.at(-1);
    const [counted] = await this.database.$queryRaw<{ n: bigint }[]>`
      SELECT count(*) AS n FROM (SELECT 1 FROM review_cases c WHERE ${where} LIMIT ${COUNTED}) s`;
    const more = keys.length > query.limit;
    return {
      object: 'list',
      data: await this.items(
        page.map(({ id }) => id),
        staff,
      ),
      has_more: more,
      next: more && last ? writeCursor({ now: now.getTime(), key: last.key, id: last.id }) : null,
      total: Number(counted?.n ?? 0),
    };
  }

  /** Cases by id, in that order. */
  async items(ids: string[], staff: StaffCaller): Promise<CaseItem[]> {
    const now = this.clock.now();
    const rows = await this.database.reviewCase.findMany({ where: { id: { in: ids } }, include: { queue: true } });
    const tenants = await this.database.tenant.findMany({
      where: { id: { in: [...new Set(rows.map(({ tenantId }) => tenantId))] } },
      select: { id: true, name: true },
    });
    const names = new Map(tenants.map(({ id, name }) => [id, name]));
    const found = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => {
      const row = found.get(id);
      if (!row) return [];
      return [caseItem(row, { queue: row.queue.name, tenant: names.get(row.tenantId) ?? row.tenantId }, staff, now)];
    });
  }

  /** The latest case about each of these clips that the person may read, by clip. */
  async ofClips(staff: StaffCaller, clipIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.$queryRaw<{ clip: string; id: string }[]>`
      SELECT DISTINCT ON (c.clip_id) c.clip_id AS clip, c.id FROM review_cases c
      WHERE c.clip_id = ANY(${[...clipIds]}) AND NOT c.golden AND ${caseFilter(staff, 'case.read')}
      ORDER BY c.clip_id, c.opened_at DESC, c.id DESC`;
    return new Map(rows.map(({ clip, id }) => [clip, id]));
  }

  private filter(staff: StaffCaller, query: ListCases): Prisma.Sql {
    const { queue, state, stage, kind, category, tenant, q } = query;
    const parts = [Prisma.sql`c.state = ${state}`, caseFilter(staff, 'case.list')];
    if (queue) parts.push(Prisma.sql`c.queue_id = ${queue}`);
    if (stage) parts.push(Prisma.sql`c.stage = ${stage}`);
    if (kind) parts.push(Prisma.sql`c.kind = ${kind}`);
    if (category) parts.push(Prisma.sql`c.category = ${category}`);
    if (tenant) parts.push(Prisma.sql`c.tenant_id = ${tenant}`);
    if (q) parts.push(Prisma.sql`(c.id = ${q} OR c.shown_as = ${q} OR strpos(lower(c.title), lower(${q})) > 0)`);
    return Prisma.join(parts, ' AND ');
  }

  /** The best of each queue and clock by index, then the best of these. */
  private byPriority(where: Prisma.Sql, query: ListCases, now: Date, cursor: Cursor | null) {
    const most = query.limit + 1;
    const at = Prisma.sql`${now.getTime()}::float8`;
    const rest = cursor
      ? Prisma.sql`AND c.rank <= ${cursor.key}::float8 - s.slope * ${at} + 1e-6 AND (c.rank + s.slope * ${at} < ${cursor.key}::float8
          OR (c.rank + s.slope * ${at} = ${cursor.key}::float8 AND c.id > ${cursor.id}))`
      : Prisma.empty;
    return this.database.$queryRaw<{ id: string; key: number }[]>`
      SELECT t.id, t.rank + s.slope * ${at} AS key
      FROM review_queues q CROSS JOIN (VALUES ${SCALES}) AS s(clock, slope) CROSS JOIN LATERAL (
        SELECT c.id, c.rank FROM review_cases c WHERE c.queue_id = q.id AND c.clock = s.clock AND ${where} ${rest}
        ORDER BY c.rank DESC, c.id LIMIT ${most}) t
      ORDER BY 2 DESC, 1 LIMIT ${most}`;
  }

  private byTime(where: Prisma.Sql, query: ListCases, cursor: Cursor | null) {
    const columns = { due: Prisma.sql`c.due_at`, opened: Prisma.sql`c.opened_at`, closed: Prisma.sql`c.closed_at` };
    const sort =
      query.sort === 'priority'
        ? 'closed'
        : query.sort === 'closed' && query.state !== 'closed'
          ? 'opened'
          : query.sort;
    const column = columns[sort];
    const soonest = sort === 'due';
    const past = soonest ? Prisma.sql`>` : Prisma.sql`<`;
    const order = soonest ? Prisma.sql`ASC` : Prisma.sql`DESC`;
    const rest = cursor
      ? Prisma.sql`AND (${column}, c.id) ${past} (${new Date(cursor.key)}, ${cursor.id})`
      : Prisma.empty;
    return this.database.$queryRaw<{ id: string; key: number }[]>`
      SELECT c.id, (extract(epoch FROM ${column}) * 1000)::float8 AS key FROM review_cases c WHERE ${where} ${rest}
      ORDER BY ${column} ${order}, c.id ${order} LIMIT ${query.limit + 1}`;
  }
}
