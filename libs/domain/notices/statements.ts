import {
  DsaBatch,
  DSA_BATCH,
  type DeskStatement,
  type DsaStatement,
  type ListStatements,
  type StatementList,
} from '#contracts';
import { aroundStatements, dsaOf, statementView, type StatedRow } from '#domain/gate';
import { recordAudit } from '#platform/audit';
import { type StaffCaller, tenantNames, tenantsOf } from '#platform/auth';
import type { Database, Prisma, Statement } from '#platform/database';
import { DSA_HEADER, dsaLine } from './csv.js';
import { NoticeError } from './errors.js';
import { pageOf } from './scope.js';

const CHUNK = 500;
const DAY_MS = 24 * 3_600_000;

/** Which statements. Days are in UTC; both are included. */
export type StatementFilter = Omit<ListStatements, 'limit' | 'after'>;

/** A statement that leaves for the DSA Transparency Database. */
export interface ExportedStatement {
  dsa: DsaStatement;
  tenant: string;
  createdAt: Date;
}

const startOf = (day: string) => new Date(`${day}T00:00:00.000Z`);

/** Reading and exporting statements of reasons. */
export class Statements {
  constructor(private readonly database: Database) {}

  /** A page of statements, the newest first. @throws AuthError */
  async list(staff: StaffCaller, query: ListStatements): Promise<StatementList> {
    const where = await this.where(query, tenantsOf(staff, 'statement.read'));
    const rows = await this.database.statement.findMany({
      where: { AND: [where, query.after ? { id: { lt: query.after } } : {}] },
      orderBy: { id: 'desc' },
      take: query.limit + 1,
    });
    return pageOf(rows, query.limit, ({ id }) => id, await this.views(rows.slice(0, query.limit)));
  }

  /** The lines of a CSV file in the form of the database's bulk files, the oldest first; put on record. @throws AuthError */
  async csv(staff: StaffCaller, filter: StatementFilter): Promise<AsyncGenerator<string>> {
    const where = await this.where(filter, tenantsOf(staff, 'statement.read'));
    const { from = null, to = null } = filter;
    await recordAudit(this.database, {
      ...{ tenantId: filter.tenant ?? null, actor: `staff:${staff.id}`, action: 'statements.exported' },
      ...{ subject: 'statements', data: { from, to } },
    });
    return this.lines(where);
  }

  /** The same for whoever runs the service. */
  async exportCsv(filter: StatementFilter): Promise<AsyncGenerator<string>> {
    return this.lines(await this.where(filter, null));
  }

  /** Bodies for `POST /api/v1/statements` of the database, checked against its rules; sending them is the operator's. */
  async *exportBatches(filter: StatementFilter): AsyncGenerator<DsaBatch> {
    let batch: DsaStatement[] = [];
    for await (const { dsa } of this.each(await this.where(filter, null))) {
      batch.push(dsa);
      if (batch.length < DSA_BATCH) continue;
      yield DsaBatch.parse({ statements: batch });
      batch = [];
    }
    if (batch.length) yield DsaBatch.parse({ statements: batch });
  }

  private async *lines(where: Prisma.StatementWhereInput): AsyncGenerator<string> {
    yield DSA_HEADER;
    for await (const { dsa, tenant, createdAt } of this.each(where)) yield dsaLine(dsa, tenant, createdAt);
  }

  private async *each(where: Prisma.StatementWhereInput): AsyncGenerator<ExportedStatement> {
    for (let after = ''; ;) {
      const page = { AND: [where, { id: { gt: after } }] };
      const rows = await this.database.statement.findMany({ where: page, orderBy: { id: 'asc' }, take: CHUNK });
      const name = await tenantNames(
        this.database,
        rows.map(({ tenantId }) => tenantId),
      );
      const dates = await this.contentDates(rows);
      for (const row of rows)
        yield { dsa: dsaOf(row, dates(row)), tenant: name(row.tenantId).name, createdAt: row.createdAt };
      if (rows.length < CHUNK) return;
      after = rows.at(-1)!.id;
    }
  }

  private async where(filter: StatementFilter, tenants: string[] | null): Promise<Prisma.StatementWhereInput> {
    const { from, to, tenant, category, decision, automated, maker } = filter;
    if (from && to && from > to)
      throw new NoticeError('invalid', 'range_invalid', 'The last day lies before the first.', { param: 'to' });
    const makers = maker
      ? await this.database.maker.findMany({ where: { externalId: maker }, select: { id: true } })
      : null;
    const end = to && new Date(startOf(to).getTime() + DAY_MS);
    return {
      AND: [
        tenants ? { tenantId: { in: tenants } } : {},
        tenant ? { tenantId: tenant } : {},
        from || end ? { createdAt: { ...(from && { gte: startOf(from) }), ...(end && { lt: end }) } } : {},
        category ? { categories: { has: category } } : {},
        decision ? { decision } : {},
        automated ? { automated: automated === 'true' } : {},
        makers ? { makerId: { in: makers.map(({ id }) => id) } } : {},
      ],
    };
  }

  private async contentDates(rows: readonly Statement[]): Promise<(row: Statement) => Date> {
    const unknown = rows.filter(({ dsa }) => dsa === null).map(({ clipId }) => clipId);
    const clips = unknown.length
      ? await this.database.clip.findMany({ where: { id: { in: unknown } }, select: { id: true, createdAt: true } })
      : [];
    const dates = new Map(clips.map(({ id, createdAt }) => [id, createdAt]));
    return ({ clipId, createdAt }) => dates.get(clipId) ?? createdAt;
  }

  private async views(rows: readonly Statement[]): Promise<DeskStatement[]> {
    const [around, name, dates, appeals] = await Promise.all([
      aroundStatements(this.database, rows),
      tenantNames(
        this.database,
        rows.map(({ tenantId }) => tenantId),
      ),
      this.contentDates(rows),
      this.database.appeal.findMany({
        where: { statementId: { in: rows.map(({ id }) => id) } },
        select: { id: true, statementId: true },
      }),
    ]);
    const appealOf = new Map(appeals.map(({ id, statementId }) => [statementId, id]));
    return around.map((stated: StatedRow) => ({
      ...statementView(stated),
      tenant: name(stated.row.tenantId),
      appeal_id: appealOf.get(stated.row.id) ?? null,
      dsa: dsaOf(stated.row, dates(stated.row)),
    }));
  }
}
