import type { Lang } from '../shared/language.js';

const tag = (lang: Lang) => (lang === 'fr' ? 'fr-FR' : 'en-GB');

/** Day and minute where the reader is. */
export function when(iso: string, lang: Lang): string {
  return new Intl.DateTimeFormat(tag(lang), { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
}

/** A day, of a date without a time. */
export function day(date: string, lang: Lang): string {
  return new Intl.DateTimeFormat(tag(lang), { day: 'numeric', month: 'short', timeZone: 'UTC' }).format(new Date(date));
}

/** A share as percent. */
export function percent(share: number, lang: Lang, digits = 0): string {
  return new Intl.NumberFormat(tag(lang), { style: 'percent', maximumFractionDigits: digits }).format(share);
}

/** A number with at most two decimals. */
export function decimal(value: number, lang: Lang, digits = 2): string {
  return new Intl.NumberFormat(tag(lang), { maximumFractionDigits: digits }).format(value);
}

const UNITS = [86_400, 3_600, 60, 1] as const;
/** As signs, which have no plural; days are written out. */
const NAMES = { en: ['days', 'h', 'min', 's'], fr: ['jours', 'h', 'min', 's'] } as const;
const ONE_DAY = { en: 'day', fr: 'jour' } as const;

/** A span in its two largest units, such as `3 h 20 min`; negative spans without their sign. */
export function span(seconds: number, lang: Lang): string {
  let rest = Math.round(Math.abs(seconds));
  const first = UNITS.findIndex((size) => rest >= size);
  if (first < 0) return `0 ${NAMES[lang][3]}`;
  const parts = UNITS.slice(first, first + 2).map((size, i) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count && `${count} ${size === UNITS[0] && count === 1 ? ONE_DAY[lang] : NAMES[lang][first + i]}`;
  });
  return parts.filter(Boolean).join(' ');
}

/** `m:ss` of a countdown; `0:00` when it is over. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** The end of an id, to tell things apart at a glance. */
export const shortId = (id: string) => (id.length > 14 ? `…${id.slice(-10)}` : id);
