import type { DecisionReceipt } from '#contracts';
import type { Transaction } from '#platform/database';

/** The day of a moment, UTC. */
export function dayOf(now: Date): Date {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
}

/** Unblurred video that people saw, by day, and how much of it is meant to be the most. */
export class Exposure {
  /** @param minutes usual budget of a day */
  constructor(private readonly minutes: number) {}

  /** Adds to a person's day. @returns how the day stands */
  async add(
    tx: Transaction,
    staffId: string,
    now: Date,
    unblurredMs: number,
    decisions = 0,
  ): Promise<DecisionReceipt['exposure']> {
    const day = dayOf(now);
    if (unblurredMs || decisions) {
      await tx.reviewExposure.upsert({
        where: { staffId_day: { staffId, day } },
        create: { staffId, day, unblurredMs, decisions },
        update: { unblurredMs: { increment: unblurredMs }, decisions: { increment: decisions } },
      });
    }
    return this.today(tx, staffId, now);
  }

  /** How a person's day stands. */
  async today(tx: Transaction, staffId: string, now: Date): Promise<DecisionReceipt['exposure']> {
    const row = await tx.reviewExposure.findUnique({ where: { staffId_day: { staffId, day: dayOf(now) } } });
    const own = await tx.reviewBudget.findUnique({ where: { staffId } });
    const seconds = Math.round(Number(row?.unblurredMs ?? 0) / 1000);
    const budget = (own?.minutes ?? this.minutes) * 60;
    return { unblurred_s: seconds, budget_s: budget, take_a_break: seconds >= budget };
  }
}
