/** Languages of the pages. */
export type Lang = 'en' | 'fr';

const isLang = (tag: string): tag is Lang => tag === 'en' || tag === 'fr';

/** `?lang=` where it names a language of ours, else the first language of the browser that does, else English. */
export function chosenLang(search: string, preferred: readonly string[]): Lang {
  const tags = [new URLSearchParams(search).get('lang') ?? '', ...preferred];
  return tags.map((tag) => tag.slice(0, 2).toLowerCase()).find(isLang) ?? 'en';
}
