import { newId, type Clock } from '#kernel';
import type { AccountStatus, ActOnAccount, MakerAccount } from '#contracts';
import { readDecisions, writeStatement, type AccountStanding, type Policies } from '#domain/gate';
import { promiseWebhooks } from '#domain/webhooks';
import { recordAudit } from '#platform/audit';
import { assertMay, mayDo, type StaffCaller } from '#platform/auth';
import type { Database, MakerAction, Transaction } from '#platform/database';
import { NoticeError, noticeNotFound } from './errors.js';
import { actionsOf, actionView, restrictionOf, standingOf } from './standing.js';

const LONGEST_SUSPENSION_MS = 366 * 24 * 3_600_000;

type MakerRow = NonNullable<Awaited<ReturnType<Database['maker']['findUnique']>>>;

/** What is done about makers' accounts: warned, suspended until a day, closed; each can be lifted. */
export class Accounts implements AccountStanding {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly policies: Pick<Policies, 'of'>,
  ) {}

  /** Asked at every request for a clip. @throws NoticeError `account_suspended`, `account_banned` */
  async assertOpen(makerId: string): Promise<void> {
    const all = await actionsOf(this.database, [makerId]);
    const restriction = restrictionOf(all, this.clock.now());
    if (!restriction) return;
    const data = { statement_id: restriction.statementId, until: restriction.until?.toISOString() ?? null };
    if (restriction.kind === 'ban') {
      const message =
        'This account was closed: no clips are made for it. The statement of reasons says why and how to appeal.';
      throw new NoticeError('forbidden', 'account_banned', message, { data });
    }
    const until = restriction.until!.toISOString();
    const message = `This account is suspended until ${until}. The statement of reasons says why and how to appeal.`;
    throw new NoticeError('forbidden', 'account_suspended', message, { data });
  }

  /** How an account stands, for its platform. @throws NoticeError `maker_not_found` */
  async status(tenantId: string, name: string): Promise<AccountStatus> {
    const maker = await this.database.maker.findUnique({
      where: { tenantId_externalId: { tenantId, externalId: name } },
    });
    if (!maker) throw noticeNotFound('maker', name);
    const now = this.clock.now();
    const all = await actionsOf(this.database, [maker.id]);
    const restriction = restrictionOf(all, now);
    return {
      object: 'account_status',
      maker: name,
      standing: standingOf(restriction),
      until: restriction?.until?.toISOString() ?? null,
      statement_id: restriction?.statementId ?? null,
      // Who did it is the business of those who work here.
      actions: all.map((one) => ({ ...actionView(one, all, now), by: 'staff' })),
    };
  }

  /**
   * Does something about an account; a suspension or ban is stated and can be appealed against.
   * @returns id of the maker
   * @throws NoticeError `maker_not_found`, `until_out_of_range`, `account_suspended`, `account_banned`, `nothing_to_lift`, `no_ground`
   */
  async act(staff: StaffCaller, makerId: string, body: ActOnAccount): Promise<MakerAccount['id']> {
    const maker = await this.find(staff, makerId);
    assertMay(staff, 'account.act', { tenantId: maker.tenantId });
    await this.database.$transaction(async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`maker:${maker.id}`}, 0))`;
      const restriction = restrictionOf(await actionsOf(tx, [maker.id]), this.clock.now());
      await this.write(tx, { staff, maker, restriction }, body);
    });
    return maker.id;
  }

  /** @throws NoticeError `maker_not_found` also for what one may not see */
  async find(staff: StaffCaller, makerId: string): Promise<MakerRow> {
    const maker = await this.database.maker.findUnique({ where: { id: makerId } });
    if (!maker || !mayDo(staff, 'account.read', { tenantId: maker.tenantId })) throw noticeNotFound('maker', makerId);
    return maker;
  }

  private async write(
    tx: Transaction,
    { staff, maker, restriction }: { staff: StaffCaller; maker: MakerRow; restriction: MakerAction | null },
    body: ActOnAccount,
  ): Promise<void> {
    const now = this.clock.now();
    const { kind, reason } = body;
    const until = body.until ? new Date(body.until) : null;
    assertFits(kind, restriction, until, now);
    const statementId =
      kind === 'suspend' || kind === 'ban' ? await this.state(tx, maker, { ...body, kind, until }) : null;
    const id = newId('mac', now.getTime());
    const [by, tenantId] = [`staff:${staff.id}`, maker.tenantId];
    await tx.makerAction.create({
      data: {
        ...{ id, tenantId, makerId: maker.id, kind, reason, category: body.category ?? null, until, statementId },
        ...{ by, byName: staff.name, at: now, lifts: kind === 'lift' ? restriction!.id : null },
      },
    });
    const data = { action: id, kind, until: body.until ?? null, statement: statementId };
    await recordAudit(tx, { tenantId, actor: by, action: `account.${kind}`, subject: maker.id, data });
    await promiseWebhooks(tx, tenantId, 'account.changed', maker.externalId, now);
  }

  /** States why. An account is restricted for what its clips were: the latest statement about one is where it rests. */
  private async state(
    tx: Transaction,
    maker: MakerRow,
    { kind, category, until }: { kind: 'suspend' | 'ban'; category?: ActOnAccount['category']; until: Date | null },
  ): Promise<string> {
    const [ground] = await tx.$queryRaw<{ clip_id: string }[]>`
      SELECT s.clip_id FROM statements s WHERE s.maker_id = ${maker.id} AND s.decision IN ('refuse', 'withdraw', 'limit')
        AND NOT EXISTS (SELECT 1 FROM statement_reversals r WHERE r.statement_id = s.id)
      ORDER BY s.created_at DESC, s.id DESC LIMIT 1`;
    if (!ground) {
      const message = 'No decision about a clip of this account stands, so there is nothing that this could rest on.';
      throw new NoticeError('conflict', 'no_ground', message);
    }
    const clip = await tx.clip.findUniqueOrThrow({ where: { id: ground.clip_id } });
    const last = readDecisions(clip.decisions).at(-1)!.decision;
    const stated = { id: clip.id, tenantId: maker.tenantId, makerId: maker.id };
    const { id } = await writeStatement(tx, stated, await this.policies.of(last, tx), last, {
      ...{ reviewedAs: category!, measure: kind, until, source: 'review', now: this.clock.now() },
    });
    return id;
  }
}

function assertFits(kind: ActOnAccount['kind'], restriction: MakerAction | null, until: Date | null, now: Date): void {
  if (kind === 'lift' && !restriction)
    throw new NoticeError('conflict', 'nothing_to_lift', 'This account is not restricted: there is nothing to lift.');
  if (until && (until <= now || until.getTime() - now.getTime() > LONGEST_SUSPENSION_MS))
    throw new NoticeError('invalid', 'until_out_of_range', 'A suspension ends in the future, within a year.', {
      param: 'until',
    });
  if (restriction?.kind === 'ban' && (kind === 'suspend' || kind === 'ban'))
    throw new NoticeError('conflict', 'account_banned', 'This account is closed already.');
  if (restriction && kind === 'suspend')
    throw new NoticeError('conflict', 'account_suspended', 'This account is suspended already: lift that first.');
}
