import { createContext, useContext, useEffect, useState } from 'react';
import { chosenLang, rememberedLang, rememberLang, type Lang } from './language.js';
import { SHARED } from './words.js';

/** The language that the page is read in. */
export const Reading = createContext<Lang>('en');

/** Language of the page and the words that every page has. */
export function useShared(): { lang: Lang; shared: (typeof SHARED)[Lang] } {
  const lang = useContext(Reading);
  return { lang, shared: SHARED[lang] };
}

/**
 * The language, kept in the address, so that a link to the page keeps it, and for the next visit.
 * @param titles title of the page in each language
 */
export function useLang(titles: Record<Lang, string>): [Lang, (lang: Lang) => void] {
  const [lang, setLang] = useState<Lang>(() =>
    chosenLang(location.search, [rememberedLang() ?? '', ...navigator.languages]),
  );
  useEffect(() => {
    document.documentElement.lang = lang;
    document.title = `${titles[lang]} · Imprimatur`;
  }, [lang, titles]);
  const choose = (next: Lang) => {
    const query = new URLSearchParams(location.search);
    query.set('lang', next);
    history.replaceState(null, '', `${location.pathname}?${query}${location.hash}`);
    rememberLang(next);
    setLang(next);
  };
  return [lang, choose];
}
