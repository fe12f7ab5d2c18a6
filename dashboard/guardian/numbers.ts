import type { GuardianSummary } from '#contracts';

/** One day of a summary. */
export type Day = GuardianSummary['days'][number];
/** What became of a request, in the order in which it is shown. */
export const OUTCOMES = ['released', 'in_progress', 'held', 'refused', 'limited', 'failed', 'removed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes that a bar does not tell apart, from the foot of a bar upwards. */
export const GROUPS = ['made', 'waiting', 'stopped', 'other'] as const;
export type OutcomeGroup = (typeof GROUPS)[number];

const GROUP: Record<Outcome, OutcomeGroup> = {
  released: 'made',
  in_progress: 'made',
  held: 'waiting',
  refused: 'stopped',
  limited: 'stopped',
  failed: 'other',
  removed: 'other',
};

/** All requests of a day. */
export const allOf = (day: Day) => OUTCOMES.reduce((sum, outcome) => sum + day[outcome], 0);

/** Requests by outcome over all days. */
export function totals(days: readonly Day[]): Record<Outcome, number> {
  const sums = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
  for (const day of days) for (const outcome of OUTCOMES) sums[outcome] += day[outcome];
  return sums;
}

/** Requests by group, of one day or of sums. */
export function grouped(counts: Record<Outcome, number>): Record<OutcomeGroup, number> {
  const sums = { made: 0, waiting: 0, stopped: 0, other: 0 };
  for (const outcome of OUTCOMES) sums[GROUP[outcome]] += counts[outcome];
  return sums;
}

/** A round number at or above the largest count, and even, so that its half is whole. */
export function scaleFor(most: number): number {
  if (most <= 4) return 4;
  const power = 10 ** Math.floor(Math.log10(most));
  return power * (most <= power ? 1 : most <= 2 * power ? 2 : most <= 4 * power ? 4 : 10);
}

/** A part of a stacked bar, in shares of the scale. */
export interface Slice {
  group: OutcomeGroup;
  from: number;
  size: number;
}

/** The parts of a day's bar from its foot upwards; empty ones are left out. */
export function slicesOf(day: Day, scale: number): Slice[] {
  const sums = grouped(day);
  let from = 0;
  return GROUPS.flatMap((group) => {
    const size = sums[group] / scale;
    const slice = { group, from, size };
    from += size;
    return size > 0 ? [slice] : [];
  });
}
