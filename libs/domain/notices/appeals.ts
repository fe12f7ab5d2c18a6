import { newId, type Clock } from '#kernel';
import type { AppealList, AppealView, Category, CreateAppeal, DeskAppeal, ListAppeals } from '#contracts';
import { appealUntil, aroundStatements, statementView, type Policies } from '#domain/gate';
import { clockView, type Cases } from '#domain/review';
import { appealText } from '#engines/policy';
import { recordAudit } from '#platform/audit';
import { mayDo, type StaffCaller, tenantNames, tenantsOf } from '#platform/auth';
import type { AppealRow, Clip, Database, ReviewCaseRow, Statement, Transaction } from '#platform/database';
import { NoticeError, noticeNotFound } from './errors.js';
import { pageOf } from './scope.js';

/** Of an appeal against a decision that names no category. */
const PLAIN_SEVERITY = 2;

/** Appeals of makers, sent by their platform. Who decided before is never asked again. */
export class Appeals {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly cases: Pick<Cases, 'open'>,
    private readonly policies: Pick<Policies, 'current'>,
  ) {}

  /**
   * Files an appeal and asks for a person's decision.
   * @throws NoticeError `statement_not_found`, `not_your_statement`, `appeal_too_late`, `already_appealed`, `statement_overturned`,
   *   `appeal_waits`
   */
  async create(caller: { tenantId: string; keyId: string }, body: CreateAppeal): Promise<AppealView> {
    const row = await this.database.$transaction(async (tx) => {
      // Two appeals at once: the second finds the first.
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`appeal:${body.statement_id}`}, 0))`;
      const { tenantId } = caller;
      const statement = await tx.statement.findFirst({ where: { id: body.statement_id, tenantId } });
      if (!statement) throw noticeNotFound('statement', body.statement_id);
      await this.assertOpen(tx, statement, body.user);
      return this.file(tx, statement, caller, body.reason);
    });
    return this.view(row);
  }

  private async file(
    tx: Transaction,
    statement: Statement,
    { tenantId, keyId }: { tenantId: string; keyId: string },
    said: string,
  ): Promise<AppealRow> {
    const now = this.clock.now();
    const id = newId('apl', now.getTime());
    const clip = await tx.clip.findUniqueOrThrow({ where: { id: statement.clipId } });
    const caseId = await this.cases.open(tx, {
      kind: 'appeal',
      clip,
      category: (statement.categories[0] as Category | undefined) ?? null,
      severity: statement.severity || PLAIN_SEVERITY,
      clock: '48h',
      statement: { by: 'maker', text: said },
      reference: id,
      excluded: await decidedBefore(tx, statement, clip),
    });
    const { reference } = await tx.reviewCase.findUniqueOrThrow({ where: { id: caseId } });
    if (reference !== id)
      throw new NoticeError(
        'conflict',
        'appeal_waits',
        'Another appeal about this clip waits; send this one afterwards.',
      );
    const data = { statement: statement.id, case: caseId };
    await recordAudit(tx, { tenantId, actor: `key:${keyId}`, action: 'appeal.received', subject: id, data });
    const { id: statementId, clipId, makerId } = statement;
    return tx.appeal.create({
      data: { id, tenantId, statementId, clipId, makerId, caseId, said, sentBy: `key:${keyId}`, createdAt: now },
    });
  }

  private async assertOpen(tx: Transaction, statement: Statement, user: string | undefined): Promise<void> {
    const maker = statement.makerId ? await tx.maker.findUnique({ where: { id: statement.makerId } }) : null;
    const earlier = await tx.appeal.findUnique({ where: { statementId: statement.id } });
    const reversal = await tx.statementReversal.findUnique({ where: { statementId: statement.id } });
    if (user !== undefined && user !== maker?.externalId)
      throw new NoticeError('forbidden', 'not_your_statement', 'This statement concerns somebody else.', {
        param: 'user',
      });
    if (earlier)
      throw new NoticeError(
        'conflict',
        'already_appealed',
        'This decision was appealed against already, once is all.',
        {
          data: { appeal_id: earlier.id },
        },
      );
    if (reversal) throw new NoticeError('conflict', 'statement_overturned', 'This decision was overturned already.');
    const until = appealUntil(statement.createdAt);
    if (this.clock.now() <= until) return;
    throw new NoticeError('gone', 'appeal_too_late', `Appeals were taken until ${until.toISOString().slice(0, 10)}.`, {
      data: { appeal_until: until.toISOString() },
    });
  }

  /** An appeal of the tenant. @throws NoticeError `appeal_not_found` */
  async get(tenantId: string, id: string): Promise<AppealView> {
    const row = await this.database.appeal.findFirst({ where: { id, tenantId } });
    if (!row) throw noticeNotFound('appeal', id);
    return this.view(row);
  }

  /** A page of appeals as the desk sees them: open ones the oldest first, decided ones the newest first. @throws AuthError */
  async list(staff: StaffCaller, query: ListAppeals): Promise<AppealList> {
    const tenants = tenantsOf(staff, 'appeal.read');
    const open = query.state === 'open';
    const rows = await this.database.appeal.findMany({
      where: {
        decidedAt: open ? null : { not: null },
        ...(tenants && { tenantId: { in: tenants } }),
        ...(query.after && { id: open ? { gt: query.after } : { lt: query.after } }),
      },
      orderBy: { id: open ? 'asc' : 'desc' },
      take: query.limit + 1,
    });
    const page = pageOf(rows, query.limit, ({ id }) => id, await this.deskViews(rows.slice(0, query.limit)));
    // Whose queues and categories one may not see is not counted either.
    const cases = await this.casesOf(rows);
    const seen = page.data.filter(({ case_id }) => {
      const { queueId, category, tenantId } = cases.get(case_id)!;
      return mayDo(staff, 'appeal.read', { queueId, category: category as Category | null, tenantId });
    });
    return { ...page, data: seen };
  }

  private async view(row: AppealRow, about?: ReviewCaseRow): Promise<AppealView> {
    const { dueAt } = about ?? (await this.database.reviewCase.findUniqueOrThrow({ where: { id: row.caseId } }));
    const outcome = row.outcome as AppealView['outcome'];
    const restored = row.restored as AppealView['restored'];
    return {
      id: row.id,
      object: 'appeal',
      statement_id: row.statementId,
      clip_id: row.clipId,
      state: outcome ? 'decided' : 'open',
      created_at: row.createdAt.toISOString(),
      due_at: dueAt.toISOString(),
      outcome,
      decided_at: row.decidedAt?.toISOString() ?? null,
      reason: row.reason,
      restored,
      text: outcome ? appealText(this.policies.current, { outcome, reason: row.reason!, restored }) : null,
    };
  }

  private async casesOf(rows: readonly AppealRow[]): Promise<Map<string, ReviewCaseRow>> {
    const cases = await this.database.reviewCase.findMany({ where: { id: { in: rows.map(({ caseId }) => caseId) } } });
    return new Map(cases.map((one) => [one.id, one]));
  }

  private async deskViews(rows: readonly AppealRow[]): Promise<DeskAppeal[]> {
    const statements = await this.database.statement.findMany({
      where: { id: { in: rows.map(({ statementId }) => statementId) } },
    });
    const [cases, around, name] = await Promise.all([
      this.casesOf(rows),
      aroundStatements(this.database, statements),
      tenantNames(
        this.database,
        rows.map(({ tenantId }) => tenantId),
      ),
    ]);
    const stated = new Map(around.map((one) => [one.row.id, statementView(one)]));
    const now = this.clock.now();
    return Promise.all(
      rows.map(async (row) => {
        const about = cases.get(row.caseId)!;
        return {
          ...(await this.view(row, about)),
          tenant: name(row.tenantId),
          case_id: about.id,
          category: about.category as Category | null,
          severity: about.severity,
          said: row.said,
          statement: stated.get(row.statementId)!,
          clock: clockView(about, now),
        };
      }),
    );
  }
}

/** Members of staff who took part in what the statement tells of, in whatever way; machines exclude nobody. */
async function decidedBefore(tx: Transaction, statement: Statement, clip: Clip): Promise<string[]> {
  const readings = await tx.reviewDecision.findMany({
    where: { clipId: clip.id, state: { not: 'undone' } },
    select: { reader: true },
  });
  const actions = await tx.makerAction.findMany({ where: { statementId: statement.id }, select: { by: true } });
  const reviewer = (clip.review as { reviewer?: string } | null)?.reviewer;
  const all = [
    ...readings.map(({ reader }) => reader),
    ...actions.map(({ by }) => by),
    ...(reviewer ? [reviewer] : []),
  ];
  return [...new Set(all.map((one) => one.replace(/^staff:/, '')))].filter((one) => !one.includes(':'));
}
