import type { Clock } from '#kernel';
import type { ListMakers, MakerAccount, MakerItem, MakerList } from '#contracts';
import { aroundStatements, statementView } from '#domain/gate';
import { type StaffCaller, tenantNames, tenantsOf } from '#platform/auth';
import { Prisma, type Database, type Statement } from '#platform/database';
import type { Accounts } from './accounts.js';
import { NoticeError } from './errors.js';
import { actionsOf, actionView, restrictionOf, standingOf } from './standing.js';
import { pointsOf, strikeOf, suggestedFor } from './strikes.js';

const MOST_STATEMENTS = 200;

interface Listed {
  id: string;
  name: string;
  tenant_id: string;
  since: Date;
  last: Date | null;
  total: number;
  released: number;
  refused: number;
}

interface Cursor {
  last: Date;
  id: string;
}

function readCursor(text: string): Cursor {
  const [ms, id] = Buffer.from(text, 'base64url').toString('utf8').split('|');
  const last = new Date(Number(ms));
  if (id && !Number.isNaN(last.getTime())) return { last, id };
  throw new NoticeError('invalid', 'cursor_invalid', 'Give `next` of the page before as `after`.', { param: 'after' });
}

/** Makers as the desk sees them: history, strikes, what was done. */
export class MakerHistories {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly accounts: Accounts,
  ) {}

  /** A page of makers, those with the latest statement first. @throws AuthError */
  async list(staff: StaffCaller, query: ListMakers): Promise<MakerList> {
    const rows = await this.read(this.where(query, tenantsOf(staff, 'account.read')), query);
    const shown = rows.slice(0, query.limit);
    const has_more = rows.length > query.limit;
    const last = shown.at(-1);
    const next = has_more && last ? Buffer.from(`${last.last?.getTime() ?? 0}|${last.id}`).toString('base64url') : null;
    return { object: 'list', data: await this.items(shown), has_more, next };
  }

  /** A maker with everything that was decided about them. @throws NoticeError `maker_not_found` */
  async of(staff: StaffCaller, id: string): Promise<MakerAccount> {
    const maker = await this.accounts.find(staff, id);
    const now = this.clock.now();
    const [[row], statements, actions, appeals, reports] = await Promise.all([
      this.read(Prisma.sql`m.id = ${maker.id}`, { limit: 1 }),
      this.database.statement.findMany({
        where: { makerId: maker.id },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        take: MOST_STATEMENTS,
      }),
      actionsOf(this.database, [maker.id]),
      this.database.appeal.groupBy({ by: ['outcome'], where: { makerId: maker.id }, _count: true }),
      this.reportsAgainst(maker.id),
    ]);
    const [item] = await this.items([row!]);
    const around = await aroundStatements(this.database, statements);
    const strikes = around.flatMap(({ row: one, reversal }) => strikeOf(one, reversal !== null, now) ?? []);
    const count = (all: { outcome: string | null; _count: number }[]) => all.reduce((sum, one) => sum + one._count, 0);
    return {
      ...item!,
      suggested: suggestedFor(pointsOf(strikes)),
      strikes,
      actions: actions.map((one) => actionView(one, actions, now)).reverse(),
      statements: around.map(statementView),
      appeals: { total: count(appeals), overturned: count(appeals.filter(({ outcome }) => outcome === 'overturned')) },
      reports,
    };
  }

  private where({ q, standing, tenant, after }: ListMakers, tenants: string[] | null): Prisma.Sql {
    const now = this.clock.now();
    const forced = (
      kind: Prisma.Sql,
    ) => Prisma.sql`EXISTS (SELECT 1 FROM maker_actions a WHERE a.maker_id = m.id AND ${kind}
      AND (a.until IS NULL OR a.until > ${now}) AND NOT EXISTS (SELECT 1 FROM maker_actions l WHERE l.lifts = a.id))`;
    const banned = forced(Prisma.sql`a.kind = 'ban'`);
    const standings = {
      open: Prisma.sql`NOT ${forced(Prisma.sql`a.kind IN ('suspend', 'ban')`)}`,
      suspended: Prisma.sql`${forced(Prisma.sql`a.kind = 'suspend'`)} AND NOT ${banned}`,
      banned,
    };
    const cursor = after ? readCursor(after) : null;
    const begins = q && `${q.replace(/[\\%_]/g, '\\$&')}%`;
    const conditions = [
      Prisma.sql`TRUE`,
      ...(tenants ? [Prisma.sql`m.tenant_id = ANY(${tenants})`] : []),
      ...(tenant ? [Prisma.sql`m.tenant_id = ${tenant}`] : []),
      ...(q ? [Prisma.sql`(m.id = ${q} OR m.external_id ILIKE ${begins})`] : []),
      ...(standing ? [standings[standing]] : []),
      ...(cursor ? [Prisma.sql`(coalesce(s.last, 'epoch'), m.id) < (${cursor.last}, ${cursor.id})`] : []),
    ];
    return Prisma.join(conditions, ' AND ');
  }

  private read(where: Prisma.Sql, { limit }: { limit: number }): Promise<Listed[]> {
    return this.database.$queryRaw`
      SELECT p.*, k.total, k.released, k.refused FROM (
        SELECT m.id, m.external_id AS name, m.tenant_id, m.created_at AS since, s.last FROM makers m
          LEFT JOIN LATERAL (SELECT max(x.created_at) AS last FROM statements x WHERE x.maker_id = m.id) s ON TRUE
        WHERE ${where} ORDER BY coalesce(s.last, 'epoch') DESC, m.id DESC LIMIT ${limit + 1}) p
      CROSS JOIN LATERAL (SELECT count(*)::int AS total,
          count(*) FILTER (WHERE c.state IN ('released', 'withdrawn'))::int AS released,
          count(*) FILTER (WHERE c.state = 'refused')::int AS refused FROM clips c WHERE c.maker_id = p.id) k
      ORDER BY coalesce(p.last, 'epoch') DESC, p.id DESC`;
  }

  private async items(rows: readonly Listed[]): Promise<MakerItem[]> {
    const ids = rows.map(({ id }) => id);
    const now = this.clock.now();
    const [actions, points, name] = await Promise.all([
      actionsOf(this.database, ids),
      this.points(ids, now),
      tenantNames(
        this.database,
        rows.map(({ tenant_id }) => tenant_id),
      ),
    ]);
    return rows.map((row) => {
      const restriction = restrictionOf(
        actions.filter(({ makerId }) => makerId === row.id),
        now,
      );
      return {
        id: row.id,
        object: 'maker.account',
        name: row.name,
        tenant: name(row.tenant_id),
        since: row.since.toISOString(),
        standing: standingOf(restriction),
        until: restriction?.until?.toISOString() ?? null,
        points: points.get(row.id) ?? 0,
        clips: { total: row.total, released: row.released, refused: row.refused },
        last_statement_at: row.last?.toISOString() ?? null,
      };
    });
  }

  private async points(ids: readonly string[], now: Date): Promise<Map<string, number>> {
    if (!ids.length) return new Map();
    const statements = await this.database.statement.findMany({ where: { makerId: { in: [...ids] } } });
    const reversals = await this.database.statementReversal.findMany({
      where: { statementId: { in: statements.map(({ id }) => id) } },
      select: { statementId: true },
    });
    const overturned = new Set(reversals.map(({ statementId }) => statementId));
    const strikes = (all: readonly Statement[]) =>
      all.flatMap((one) => strikeOf(one, overturned.has(one.id), now) ?? []);
    return new Map(ids.map((id) => [id, pointsOf(strikes(statements.filter(({ makerId }) => makerId === id)))]));
  }

  private async reportsAgainst(makerId: string): Promise<MakerAccount['reports']> {
    const [row] = await this.database.$queryRaw<MakerAccount['reports'][]>`
      SELECT count(*)::int AS against, count(*) FILTER (WHERE c.closed_as IN ('refuse', 'release_limited'))::int AS upheld
      FROM user_reports r JOIN review_cases c ON c.id = r.case_id JOIN clips k ON k.id = r.clip_id
      WHERE k.maker_id = ${makerId}`;
    return row!;
  }
}
