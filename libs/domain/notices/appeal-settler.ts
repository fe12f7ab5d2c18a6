import { newId, type Clock } from '#kernel';
import type { Measure, Restored } from '#contracts';
import { Restorations, writeStatement, readDecisions, type Policies, type SafetyDesk } from '#domain/gate';
import type { Cases, Settlement, Settler } from '#domain/review';
import { promiseWebhooks } from '#domain/webhooks';
import { recordAudit } from '#platform/audit';
import { Prisma, type AppealRow, type Clip, type Database, type Statement, type Transaction } from '#platform/database';

/** What settling stands on. */
export interface AppealSettling {
  database: Database;
  cases: Pick<Cases, 'sealed'>;
  restorations: Restorations;
  policies: Pick<Policies, 'of'>;
  safety: Pick<SafetyDesk, 'found'>;
  clock: Clock;
}

type Close = (tx: Transaction) => Promise<void>;

/** Makes what was decided about an appeal true: all of it in the transaction that closes its case. */
export function appealSettler(parts: AppealSettling): Settler {
  const { database } = parts;
  const ends = new AppealEnds(parts);
  return async (settlement, close) => {
    const appeal = await database.appeal.findUniqueOrThrow({ where: { id: settlement.reference ?? '' } });
    const statement = await database.statement.findUniqueOrThrow({ where: { id: appeal.statementId } });
    if (settlement.outcome === 'refuse') return ends.uphold(settlement, appeal, close);
    if (statement.decision === 'suspend' || statement.decision === 'ban')
      return ends.reopen(settlement, { appeal, statement }, close);
    return ends.restore(settlement, { appeal, statement }, close);
  };
}

class AppealEnds {
  constructor(private readonly parts: AppealSettling) {}

  /** The decision stands. What was kept for the appeal alone is kept no longer. */
  async uphold(settlement: Settlement, appeal: AppealRow, close: Close): Promise<void> {
    await this.parts.database.$transaction(async (tx) => {
      await tx.clip.updateMany({
        where: { id: appeal.clipId, state: 'withdrawn', keepUntil: { not: null } },
        data: { keepUntil: this.parts.clock.now() },
      });
      await close(tx);
      const { category, reason, by } = settlement;
      const contested = () => tx.clip.findUniqueOrThrow({ where: { id: appeal.clipId } });
      await this.parts.safety.found(tx, await contested(), { category, reason, by });
      const clip = await contested();
      if (clip.sealedAt) await this.parts.cases.sealed(tx, clip);
      await this.decided(tx, settlement, appeal, { outcome: 'upheld', restored: null });
    });
  }

  /** The account is open again. */
  async reopen(settlement: Settlement, { appeal, statement }: Contested, close: Close): Promise<void> {
    await this.parts.database.$transaction(async (tx) => {
      await close(tx);
      await this.lift(tx, statement, appeal, settlement.reason);
      await this.overturned(tx, settlement, { appeal, statement }, { restored: 'account', clip: settlement.clip });
    });
  }

  /** The clip goes on, wherever it was stopped. */
  async restore(settlement: Settlement, { appeal, statement }: Contested, close: Close): Promise<void> {
    const measure = statement.decision as Exclude<Measure, 'suspend' | 'ban'>;
    const { clip, by, readers } = settlement;
    await this.parts.restorations.restore({ clip, measure }, settlement, by, {
      readers,
      within: async (tx, restoration) => {
        await close(tx);
        await this.overturned(tx, settlement, { appeal, statement }, restoration);
        await this.reopenRested(tx, settlement, { appeal, statement });
      },
    });
  }

  /** An account that was restricted for this clip is open again: what was stated for it stands no longer. */
  private async reopenRested(
    tx: Transaction,
    { reason, by: actor }: Settlement,
    { appeal, statement: { clipId } }: Contested,
  ): Promise<void> {
    const rested = await tx.statement.findMany({ where: { clipId, decision: { in: ['suspend', 'ban'] } } });
    for (const statement of rested) {
      if (!(await this.lift(tx, statement, appeal, reason))) continue;
      const { id: statementId, tenantId } = statement;
      const data = { statementId, clipId, tenantId, appealId: appeal.id, restored: 'account', reason, actor };
      await tx.statementReversal.createMany({ data: [{ ...data, at: this.parts.clock.now() }], skipDuplicates: true });
    }
  }

  /** @returns false when it was lifted by hand already: then it stays so */
  private async lift(
    tx: Transaction,
    statement: Pick<Statement, 'id'>,
    appeal: AppealRow,
    reason: string,
  ): Promise<boolean> {
    const at = this.parts.clock.now();
    const { id, tenantId, makerId } = await tx.makerAction.findFirstOrThrow({ where: { statementId: statement.id } });
    const by = `appeal:${appeal.id}`;
    const lift = { id: newId('mac'), tenantId, makerId, kind: 'lift', reason, lifts: id, at, by, byName: 'appeal' };
    const { count } = await tx.makerAction.createMany({ data: [lift], skipDuplicates: true });
    if (!count) return false;
    const data = { action: lift.id, kind: 'lift', lifts: id };
    await recordAudit(tx, { tenantId, actor: by, action: 'account.lift', subject: makerId, data });
    const { externalId } = await tx.maker.findUniqueOrThrow({ where: { id: makerId } });
    await promiseWebhooks(tx, tenantId, 'account.changed', externalId, at);
    return true;
  }

  private async overturned(
    tx: Transaction,
    settlement: Settlement,
    { appeal, statement }: Contested,
    { restored, clip }: { restored: Restored; clip: Clip },
  ): Promise<void> {
    const { by, reason } = settlement;
    await tx.statementReversal.create({
      data: {
        ...{ statementId: statement.id, clipId: statement.clipId, tenantId: statement.tenantId, appealId: appeal.id },
        ...{ restored, restoredClipId: clip.id === statement.clipId ? null : clip.id, reason, actor: by },
        at: this.parts.clock.now(),
      },
    });
    await this.decided(tx, settlement, appeal, { outcome: 'overturned', restored });
    if (settlement.outcome === 'release_limited' && restored !== 'gone' && restored !== 'account')
      await this.limited(tx, settlement, clip);
  }

  /** A release with limits is a restriction of its own, and is stated. */
  private async limited(tx: Transaction, { category, limits }: Settlement, clip: Clip): Promise<void> {
    const { policies, clock } = this.parts;
    const last = readDecisions(clip.decisions).at(-1)!.decision;
    const more = { reviewedAs: category, measure: 'limit' as const, limits, source: 'review' as const };
    const { id } = await writeStatement(tx, clip, await policies.of(last, tx), last, { ...more, now: clock.now() });
    await tx.clip.update({ where: { id: clip.id }, data: { statementId: id } });
  }

  private async decided(
    tx: Transaction,
    { by, reason, caseId }: Settlement,
    { id, tenantId, statementId }: AppealRow,
    { outcome, restored }: { outcome: 'upheld' | 'overturned'; restored: Restored | null },
  ): Promise<void> {
    const decidedAt = this.parts.clock.now();
    const { count } = await tx.appeal.updateMany({
      where: { id, outcome: null },
      data: { outcome, reason, restored, decidedBy: by, decidedAt },
    });
    if (!count) throw new Error(`appeal ${id} was decided before its case`);
    const data = { outcome, restored, statement: statementId, case: caseId } satisfies Prisma.JsonObject;
    await recordAudit(tx, { tenantId, actor: by, action: 'appeal.decided', subject: id, data });
    await promiseWebhooks(tx, tenantId, 'appeal.decided', id, decidedAt);
  }
}

interface Contested {
  appeal: AppealRow;
  statement: Statement;
}
