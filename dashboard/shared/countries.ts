import type { Lang } from './language.js';

/** Codes that browsers name though ISO 3166-1 assigns them to no country. */
const NONE = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB XK ZZ'.split(' '));
/** Former codes that browsers give the name of another. */
const FORMER = new Set('AN BU CS CT DD DY FQ FX HV JT MI NH NQ NT PC PU PZ QU RH SU TP UK VD WK YD YU ZR'.split(' '));
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** The name of a country; its code where the browser knows none. */
export function countryName(code: string, lang: Lang): string {
  return new Intl.DisplayNames(lang, { type: 'region' }).of(code) ?? code;
}

/** All countries that the browser can name, by name. */
export function countries(lang: Lang): { code: string; name: string }[] {
  const names = new Intl.DisplayNames(lang, { type: 'region', fallback: 'none' });
  const codes = LETTERS.flatMap((a) => LETTERS.map((b) => a + b)).filter(
    (code) => !NONE.has(code) && !FORMER.has(code),
  );
  return codes
    .flatMap((code) => {
      const name = names.of(code);
      return name ? [{ code, name }] : [];
    })
    .sort((a, b) => a.name.localeCompare(b.name, lang));
}
