import type { AllowancePeriod, QuietHours } from '#contracts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    const digits = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;
    format = new Intl.DateTimeFormat('en', { timeZone, hourCycle: 'h23', calendar: 'gregory', ...digits });
    formats.set(timeZone, format);
  }
  return format;
}

/** What clocks and calendars of a time zone show. */
function wallClock(at: Date, timeZone: string): { date: string; minutes: number } {
  const parts = Object.fromEntries(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const minutes = Number(parts.hour) * 60 + Number(parts.minute);
  return { date: `${parts.year}-${parts.month}-${parts.day}`, minutes };
}

function minutesOf(time: string): number {
  const [hours, minutes] = time.split(':').map(Number);
  return hours! * 60 + minutes!;
}

/** True while the clocks of the zone are between `from` (inclusive) and `to` (exclusive). */
export function isQuiet({ from, to, time_zone: zone }: QuietHours, at: Date): boolean {
  const { minutes } = wallClock(at, zone);
  const [start, end] = [minutesOf(from), minutesOf(to)];
  return start < end ? minutes >= start && minutes < end : minutes >= start || minutes < end;
}

/** Longer than any night; beyond it several guardians' hours leave no time at all. */
const LOOK_AHEAD_MIN = 48 * 60;

/**
 * When all quiet hours that hold now are over, or null when they leave no time. Asks the clock minute by minute, so that
 * hours that clocks skip or repeat need no rules of their own.
 */
export function quietUntil(hours: readonly QuietHours[], now: Date): Date | null {
  const next = Math.floor(now.getTime() / MINUTE) * MINUTE + MINUTE;
  for (let i = 0; i < LOOK_AHEAD_MIN; i++) {
    const at = new Date(next + i * MINUTE);
    if (!hours.some((one) => isQuiet(one, at))) return at;
  }
  return null;
}

/** The first minute in (from, from + 27 h] for which `holds` is true and stays so. */
function firstMinute(from: number, holds: (at: Date) => boolean): Date {
  let [no, yes] = [0, 27 * 60];
  while (yes - no > 1) {
    const middle = (no + yes) >> 1;
    if (holds(new Date(from + middle * MINUTE))) yes = middle;
    else no = middle;
  }
  return new Date(from + yes * MINUTE);
}

/** Start of the calendar day of a zone that holds a moment, and of the day after. */
export function dayOf(now: Date, timeZone: string): { date: string; from: Date; to: Date } {
  const { date } = wallClock(now, timeZone);
  const minute = Math.floor(now.getTime() / MINUTE) * MINUTE;
  const from = firstMinute(minute - 27 * HOUR, (at) => wallClock(at, timeZone).date >= date);
  const to = firstMinute(minute, (at) => wallClock(at, timeZone).date > date);
  return { date, from, to };
}

/** Start and end of the day, week (from Monday) or month of UTC that holds a moment. */
export function periodOf(per: AllowancePeriod, now: Date): { from: Date; to: Date } {
  const [y, m, d] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const at = (month: number, day: number) => new Date(Date.UTC(y, month, day));
  if (per === 'month') return { from: at(m, 1), to: at(m + 1, 1) };
  const back = per === 'week' ? (now.getUTCDay() + 6) % 7 : 0;
  return { from: at(m, d - back), to: at(m, d - back + (per === 'week' ? 7 : 1)) };
}
