import { GuardianLimits, type Category, type GuardianLimitsView, type QuietHours } from '#contracts';
import type { Transaction } from '#platform/database';

/** What holds until a guardian decides something: the policy alone. */
const NONE: GuardianLimits = {
  cameo: true,
  remix: true,
  daily_generations: null,
  quiet_hours: null,
  blocked_categories: [],
};

/** The limits of a link as they stand. */
export async function limitsOf(tx: Transaction, linkId: string): Promise<GuardianLimitsView> {
  const row = await tx.guardianLimitSet.findFirst({ where: { linkId }, orderBy: { version: 'desc' } });
  const limits = row ? GuardianLimits.parse(row.limits) : NONE;
  return {
    ...limits,
    object: 'guardian.limits',
    version: row?.version ?? 0,
    updated_at: row?.at.toISOString() ?? null,
  };
}

/** What all guardians of a maker want, taken together: the strictest of each. */
export interface AllLimits {
  cameo: boolean;
  remix: boolean;
  /** Each with the time zone whose day counts. */
  daily: readonly { most: number; timeZone: string }[];
  quiet: readonly QuietHours[];
  blocked: readonly Category[];
}

/** Puts the limits of several guardians together. */
export function allLimits(limits: readonly GuardianLimits[]): AllLimits {
  return {
    cameo: limits.every((one) => one.cameo),
    remix: limits.every((one) => one.remix),
    daily: limits.flatMap(({ daily_generations: most, quiet_hours: hours }) =>
      most === null ? [] : [{ most, timeZone: hours?.time_zone ?? 'UTC' }],
    ),
    quiet: limits.flatMap(({ quiet_hours: hours }) => (hours ? [hours] : [])),
    blocked: [...new Set(limits.flatMap((one) => one.blocked_categories))],
  };
}
