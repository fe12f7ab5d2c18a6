import type { Category, GuardianLimits, GuardianLimitsView } from '#contracts';

/** Limits as they stand in the form. */
export interface LimitsForm {
  cameo: boolean;
  remix: boolean;
  daily: 'unlimited' | 'atMost';
  number: string;
  quiet: boolean;
  from: string;
  to: string;
  zone: string;
  categories: Category[];
}

/** All that can be blocked, in the order of the form. `sexual_minors` is refused to everybody and not asked about. */
export const BLOCKABLE: readonly Category[] = [
  'sexual',
  'violence',
  'graphic_violence',
  'self_harm',
  'hate',
  'harassment',
  'illicit',
  'extremism',
  'political',
  'likeness',
  'copyright',
  'other',
];

/** The form for limits as they stand. @param zone where the reader is */
export function formOf(limits: GuardianLimitsView | null, zone: string): LimitsForm {
  const daily = limits?.daily_generations ?? null;
  return {
    cameo: limits?.cameo ?? false,
    remix: limits?.remix ?? true,
    daily: daily === null ? 'unlimited' : 'atMost',
    number: String(daily ?? 10),
    quiet: Boolean(limits?.quiet_hours),
    from: limits?.quiet_hours?.from ?? '21:00',
    to: limits?.quiet_hours?.to ?? '07:00',
    zone: limits?.quiet_hours?.time_zone ?? zone,
    categories: [...(limits?.blocked_categories ?? [])],
  };
}

/** What must be mended before the form can be sent. */
export function faultsIn(form: LimitsForm): { number: boolean; hours: boolean } {
  const number = Number(form.number);
  const whole = /^\d{1,4}$/.test(form.number.trim()) && number <= 1000;
  return {
    number: form.daily === 'atMost' && !whole,
    hours: form.quiet && (!form.from || !form.to || form.from === form.to),
  };
}

/** What the form asks the service for. */
export function limitsOf(form: LimitsForm): GuardianLimits {
  return {
    cameo: form.cameo,
    remix: form.remix,
    daily_generations: form.daily === 'atMost' ? Number(form.number) : null,
    quiet_hours: form.quiet ? { from: form.from, to: form.to, time_zone: form.zone } : null,
    blocked_categories: [...form.categories].sort(),
  };
}

/** All time zones that the browser knows, with one that must be among them. */
export function timeZones(among: string): string[] {
  return [...new Set([...Intl.supportedValuesOf('timeZone'), 'UTC', among])].sort();
}
