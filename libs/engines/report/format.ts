import type { Locale } from '#contracts';

/** A number as people of a language write it, at most `digits` decimals. */
export function number(value: number, lang: Locale, digits = 2): string {
  return value.toLocaleString(lang, { maximumFractionDigits: digits }).replaceAll('\u202f', '\u00a0');
}

/** Seconds with one decimal. */
export function seconds(value: number, lang: Locale): string {
  return value.toLocaleString(lang, { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false });
}

/** A small probability: `0.0031`, or `1.7 × 10^-10` where that would be all zeros. */
export function chance(value: number, lang: Locale): string {
  if (value === 0 || value >= 1e-4) return number(value, lang, 5);
  const [mantissa = '', exponent = ''] = value.toExponential(1).split('e');
  return `${number(Number(mantissa), lang, 1)} × 10^${exponent}`;
}

/** An ISO time as it is read: `2026-11-27 22:45:54 UTC`. */
export function time(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC`;
}
