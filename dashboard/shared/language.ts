/** Languages of the pages. */
export type Lang = 'en' | 'fr';

const REMEMBERED = 'imprimatur-lang';
const isLang = (tag: string): tag is Lang => tag === 'en' || tag === 'fr';

/** `?lang=` where it names a language of ours, else the first language of the browser that does, else English. */
export function chosenLang(search: string, preferred: readonly string[]): Lang {
  const tags = [new URLSearchParams(search).get('lang') ?? '', ...preferred];
  return tags.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLang) ?? 'en';
}

/** The language that was chosen on a page before; null where none was, or where the browser keeps nothing. */
export function rememberedLang(): string | null {
  try {
    return localStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

/** Keeps a choice for the next visit, where the browser allows that. */
export function rememberLang(lang: Lang): void {
  try {
    localStorage.setItem(REMEMBERED, lang);
  } catch {
    // Then the address alone keeps it.
  }
}
