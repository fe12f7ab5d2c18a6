import type { Category, Strike } from '#contracts';
import type { Statement } from '#platform/database';

const DAY_MS = 24 * 3_600_000;

/** Points and days of a strike by the severity of what it is for. */
const WORTH: Readonly<Record<number, { points: number; days: number }>> = {
  2: { points: 0.5, days: 30 },
  3: { points: 1, days: 90 },
  4: { points: 2, days: 180 },
  5: { points: 4, days: 365 },
};

/** Points from which something is suggested; a person decides. */
const SUGGESTED = [
  { from: 8, kind: 'ban' },
  { from: 4, kind: 'suspend' },
  { from: 2, kind: 'warn' },
] as const;

/**
 * What a statement counts for its maker: refusals and withdrawals, by severity; half where no person decided, for machines are wrong
 * more often. Null for what is no strike: limits, measures against the account, checks that could not be made.
 */
export function strikeOf(statement: Statement, overturned: boolean, now: Date): Strike | null {
  const worth = WORTH[statement.severity];
  if (!worth || !['refuse', 'withdraw'].includes(statement.decision)) return null;
  const expires = new Date(statement.createdAt.getTime() + worth.days * DAY_MS);
  return {
    statement_id: statement.id,
    category: (statement.categories[0] as Category | undefined) ?? null,
    severity: statement.severity,
    points: statement.automated ? worth.points / 2 : worth.points,
    at: statement.createdAt.toISOString(),
    expires_at: expires.toISOString(),
    state: overturned ? 'overturned' : expires <= now ? 'expired' : 'active',
  };
}

/** Sum of the strikes that count now. */
export function pointsOf(strikes: readonly Strike[]): number {
  return strikes.reduce((sum, { state, points }) => (state === 'active' ? sum + points : sum), 0);
}

/** What so many points come to. */
export function suggestedFor(points: number): 'none' | 'warn' | 'suspend' | 'ban' {
  return SUGGESTED.find(({ from }) => points >= from)?.kind ?? 'none';
}
