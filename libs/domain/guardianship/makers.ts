import type { Maker, PutMaker } from '#contracts';
import type { Clock } from '#kernel';
import { recordAudit } from '#platform/audit';
import type { Makers } from '#platform/auth';
import type { Database, Maker as MakerRow, Transaction } from '#platform/database';
import { ageHistory, ageOfMaker } from './ages.js';
import { makerNotFound } from './errors.js';

/** What a tenant states of its makers: age, country, credits. */
export class MakerRecords {
  constructor(
    private readonly database: Database,
    private readonly makers: Makers,
    private readonly clock: Clock,
  ) {}

  /** A maker as its tenant sees it. @throws GuardianshipError `maker_not_found` */
  async view(tenantId: string, externalId: string): Promise<Maker> {
    const row = await this.makers.find(tenantId, externalId);
    if (!row) throw makerNotFound(externalId);
    return this.viewOf(row);
  }

  /** States something of a maker, who is made when unknown. Evidence of age is added, never replaced. */
  async put(tenantId: string, externalId: string, change: PutMaker, actor: string): Promise<Maker> {
    const { id } = await this.makers.ensure(tenantId, externalId);
    const row = await this.database.$transaction(async (tx) => {
      await this.learnAge(tx, { id, tenantId }, change, actor);
      return tx.maker.update({ where: { id }, data: { country: change.country, credits: change.credits } });
    });
    return this.viewOf(row);
  }

  private async learnAge(
    tx: Transaction,
    maker: { id: string; tenantId: string },
    { birth_year: birthYear, age }: PutMaker,
    actor: string,
  ): Promise<void> {
    const { id: makerId, tenantId } = maker;
    const now = this.clock.now();
    const add = async (
      state: string,
      by: string,
      known: { birthYear?: number | null; low?: number; high?: number },
    ) => {
      const last = await tx.makerAge.findFirst({ where: { makerId, state, by }, orderBy: { id: 'desc' } });
      // The same statement again, as platforms send at every sign-in, is nothing new.
      if (known.birthYear !== undefined && last && last.low === null && last.birthYear === known.birthYear) return;
      if (known.birthYear === null && !last) return;
      const before = await ageOfMaker(tx, makerId, now);
      await tx.makerAge.create({ data: { makerId, tenantId, state, by, ...known, actor, at: now } });
      const after = await ageOfMaker(tx, makerId, now);
      await recordAudit(tx, {
        tenantId,
        actor,
        action: 'maker.age',
        subject: makerId,
        fromState: before.band,
        toState: after.band,
        data: { evidence: state, decided_by: after.state },
      });
    };
    if (birthYear !== undefined) await add('declared', 'platform', { birthYear });
    if (age) await add(age.state, age.by, { birthYear: age.birth_year, low: age.low, high: age.high });
  }

  private async viewOf(row: MakerRow): Promise<Maker> {
    const { band, state } = await ageOfMaker(this.database, row.id, this.clock.now());
    const invited = (await this.database.accessRedemption.count({ where: { makerId: row.id } })) > 0;
    return {
      id: row.externalId,
      object: 'maker',
      age_band: band,
      age_state: state,
      age_history: await ageHistory(this.database, row.id),
      country: row.country,
      invited,
      credits: row.credits,
      created_at: row.createdAt.toISOString(),
    };
  }
}
