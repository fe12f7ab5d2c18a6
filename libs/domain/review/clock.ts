import type { CaseClock, CasePriority, ClockKind } from '#contracts';

const HOUR_MS = 3_600_000;
const MONTHS = 6;

/** Length of each clock in milliseconds; the months of the longest are counted by the calendar, this is their scale. */
export const CLOCK_MS: Readonly<Record<ClockKind, number>> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '48h': 48 * HOUR_MS,
  '6mo': 182 * 24 * HOUR_MS,
};

/** Times that priority doubles from the start of a clock to its end. */
export const DOUBLINGS = 4;
/** Part of the time after which a warning is due. */
const WARN_AT = 0.75;
/** What is very late is not shown later than that. */
const MOST_LATE = 1024;

/** When a case is due, and when its warning is. */
export function clockTimes(kind: ClockKind, openedAt: Date): { warnAt: Date; dueAt: Date } {
  const dueAt = new Date(openedAt.getTime() + CLOCK_MS[kind]);
  if (kind === '6mo') {
    dueAt.setTime(openedAt.getTime());
    dueAt.setUTCMonth(dueAt.getUTCMonth() + MONTHS);
  }
  const whole = dueAt.getTime() - openedAt.getTime();
  return { dueAt, warnAt: new Date(openedAt.getTime() + whole * WARN_AT) };
}

/** What priority is made of, without the time. */
export interface PriorityParts {
  severity: number;
  reach: number;
  doubt: number;
}

/**
 * The time-free half of a priority, as a binary logarithm: severity x reach x doubt, and how early the case is due on the
 * scale of its clock. Priority now is `2 ** (rank + DOUBLINGS * now / length)`, so that among cases of the same clock the order
 * by rank is the order by priority at any time, and an index holds it.
 */
export function rankOf({ severity, reach, doubt }: PriorityParts, kind: ClockKind, dueAt: Date): number {
  return Math.log2(severity * reach * doubt) - (DOUBLINGS * dueAt.getTime()) / CLOCK_MS[kind];
}

const round = (value: number) => Math.round(value * 1000) / 1000;

/** The parts of a priority as of now, and their product. */
export function priorityView(parts: PriorityParts, kind: ClockKind, dueAt: Date, now: Date): CasePriority {
  const late = (now.getTime() - dueAt.getTime()) / CLOCK_MS[kind];
  const timeLeft = Math.min(2 ** (DOUBLINGS * late), MOST_LATE);
  const { severity, reach, doubt } = parts;
  return {
    score: round(severity * reach * doubt * timeLeft),
    severity,
    reach: round(reach),
    doubt: round(doubt),
    time_left: round(timeLeft),
  };
}

/** A clock as it stands. */
export function clockView(
  row: { clock: string; openedAt: Date; warnAt: Date; dueAt: Date; closedAt: Date | null },
  now: Date,
): CaseClock {
  const running = now >= row.dueAt ? 'breached' : now >= row.warnAt ? 'warning' : 'running';
  const late = row.closedAt && row.closedAt > row.dueAt ? 'breached' : 'stopped';
  return {
    kind: row.clock as ClockKind,
    opened_at: row.openedAt.toISOString(),
    warn_at: row.warnAt.toISOString(),
    due_at: row.dueAt.toISOString(),
    state: row.closedAt ? late : running,
  };
}
