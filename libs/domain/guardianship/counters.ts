import type { Transaction } from '#platform/database';
import { AccessError, type LimitOwner } from './errors.js';
import { dayOf, periodOf } from './hours.js';
import type { Facts } from './judge.js';

/**
 * What a maker has taken since a moment: clips that were filed, queued or held, each once however long it waits. What the
 * ledger of seconds gave back does not count: clips that were refused later, failed, or were deleted unmade. Refused words
 * were never filed for it.
 */
async function takenSince(tx: Transaction, makerId: string, since: Date): Promise<{ clips: number; seconds: number }> {
  const [row] = await tx.$queryRaw<{ clips: number; seconds: number }[]>`
    SELECT count(*)::int AS clips, coalesce(sum(-g.seconds), 0)::int AS seconds
    FROM clips c JOIN credit_entries g ON g.clip_id = c.id AND g.reason = 'generation'
    WHERE c.maker_id = ${makerId} AND c.created_at >= ${since}
      AND NOT EXISTS (SELECT 1 FROM credit_entries r WHERE r.clip_id = c.id AND r.reason = 'refund')`;
  return row ?? { clips: 0, seconds: 0 };
}

/** @throws AccessError `allowance_used_up` */
async function judgeAllowance(tx: Transaction, facts: Facts, seconds: number, now: Date): Promise<void> {
  const { makerId, access } = facts;
  const allowance = access.free_allowance;
  if (!makerId || !allowance) return;
  const { from, to } = periodOf(allowance.per, now);
  const taken = await takenSince(tx, makerId, from);
  const left = Math.max(0, allowance.seconds - taken.seconds);
  if (seconds <= left) return;
  const message = `${left} of ${allowance.seconds} free seconds are left in this ${allowance.per}, and ${seconds} are asked for. It starts anew at ${to.toISOString()}.`;
  throw new AccessError('allowance_used_up', message, 'platform', now, to);
}

/** @throws AccessError `daily_limit_reached` */
async function judgeDay(tx: Transaction, facts: Facts, now: Date): Promise<void> {
  const { makerId, rules, limits } = facts;
  if (!makerId) return;
  const zone = limits.daily[0]?.timeZone ?? limits.quiet[0]?.time_zone ?? 'UTC';
  const policy =
    rules.dailyGenerations === null ? [] : [{ most: rules.dailyGenerations, timeZone: zone, by: 'policy' }];
  const guardians = limits.daily.map((one) => ({ ...one, by: 'guardian' }));
  for (const { most, timeZone, by } of [...guardians, ...policy]) {
    const { from, to } = dayOf(now, timeZone);
    const { clips } = await takenSince(tx, makerId, from);
    if (clips < most) continue;
    const message = `${most} clips a day are allowed for this maker. The next day starts at ${to.toISOString()}.`;
    throw new AccessError('daily_limit_reached', message, by as LimitOwner, now, to);
  }
}

/**
 * Holds a maker's counters until the transaction ends, so that requests at the same moment stand in line.
 */
export async function lockCounters(tx: Transaction, makerId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`access:${makerId}`}, 0))`;
}

/** Everything that is counted. Hold {@link lockCounters}. @throws AccessError */
export async function judgeCounters(tx: Transaction, facts: Facts, seconds: number, now: Date): Promise<void> {
  await judgeDay(tx, facts, now);
  await judgeAllowance(tx, facts, seconds, now);
}
