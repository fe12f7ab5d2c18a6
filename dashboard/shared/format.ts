import type { Lang } from './language.js';

/** Bytes in words, such as `1.2 MB`. */
export function bytes(count: number, lang: Lang): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), 3);
  const unit = units[power]!;
  const value = count / 1000 ** power;
  return new Intl.NumberFormat(lang, {
    style: 'unit',
    unit,
    unitDisplay: power ? 'short' : 'long',
    maximumFractionDigits: value < 10 && power ? 1 : 0,
  }).format(value);
}

/** A limit in bytes, rounded down, so that a file of the size that is named is taken. */
export const limit = (count: number, lang: Lang) => bytes(Math.floor(count / 1024 ** 2) * 1e6, lang);

/** An ISO time as day, minute and the fact that it is UTC. */
export function time(iso: string, lang: Lang): string {
  const day = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : 'fr-FR', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `${day.format(new Date(iso))} UTC`;
}

/** An ISO time as day and minute where the reader is. */
export function moment(iso: string, lang: Lang): string {
  const day = new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : 'fr-FR', { dateStyle: 'long', timeStyle: 'short' });
  return day.format(new Date(iso));
}

/** Seconds as `m:ss`, with tenths where `tenths`. */
export function clock(seconds: number, lang: Lang, tenths = false): string {
  const units = Math.max(0, Math.round(seconds * (tenths ? 10 : 1)));
  const whole = Math.floor(units / (tenths ? 10 : 1));
  const text = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  return tenths ? `${text}${lang === 'fr' ? ',' : '.'}${units % 10}` : text;
}

/** A number with at most `digits` significant digits; very small ones as a power of ten. */
export function number(value: number, lang: Lang, digits = 3): string {
  const small = value !== 0 && Math.abs(value) < 1e-3;
  return new Intl.NumberFormat(lang, {
    maximumSignificantDigits: digits,
    notation: small ? 'scientific' : 'standard',
  }).format(value);
}
