import type { Maker, PutMaker } from '#contracts';
import type { Clock } from '#kernel';
import { recordAudit } from '#platform/audit';
import type { Makers } from '#platform/auth';
import type { Database, Maker as MakerRow, Prisma, Transaction } from '#platform/database';
import { ageHistory, ageOfMaker } from './ages.js';
import { makerNotFound } from './errors.js';

type NewFact = Omit<Prisma.MakerAgeUncheckedCreateInput, 'id' | 'at'>;

const DAY_MS = 24 * 3600_000;

/**
 * True for what platforms send at every sign-in and is nothing new: a declaration as the one before, or an estimate as the
 * one of the last day that nobody verified since. A verification is always something new.
 */
async function isRepeated(tx: Transaction, fact: NewFact, now: Date): Promise<boolean> {
  const { makerId, state, by, birthYear = null, low = null, high = null } = fact;
  if (state === 'verified') return false;
  const last = await tx.makerAge.findFirst({ where: { makerId, state, by }, orderBy: { id: 'desc' } });
  if (!last) return birthYear === null && low === null;
  if (last.birthYear !== birthYear || last.low !== low || last.high !== high) return false;
  if (state === 'declared') return true;
  const since = { makerId, state: 'verified', id: { gt: last.id } };
  return now.getTime() - last.at.getTime() < DAY_MS && (await tx.makerAge.count({ where: since })) === 0;
}

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
    if (birthYear !== undefined)
      await this.add(tx, { makerId, tenantId, state: 'declared', by: 'platform', birthYear, actor });
    if (!age) return;
    const { state, by, birth_year: year, low, high } = age;
    await this.add(tx, { makerId, tenantId, state, by, birthYear: year, low, high, actor });
  }

  /** Adds a piece of evidence, and says on the audit record what it changed. */
  private async add(tx: Transaction, fact: NewFact): Promise<void> {
    const { makerId, tenantId, actor, state } = fact;
    const now = this.clock.now();
    if (await isRepeated(tx, fact, now)) return;
    const before = await ageOfMaker(tx, makerId, now);
    await tx.makerAge.create({ data: { ...fact, at: now } });
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
