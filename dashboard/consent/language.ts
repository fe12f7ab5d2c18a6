import { useContext } from 'react';
import type { Lang } from '../shared/language.js';
import { Reading } from '../shared/reading.js';
import { en, type Words } from './words/en.js';
import { fr } from './words/fr.js';

/** Words of enrolment in each language. */
export const WORDS: Record<Lang, Words> = { en, fr };

/** Words and language that the page is read in. */
export function useWords(): { lang: Lang; words: Words } {
  const lang = useContext(Reading);
  return { lang, words: WORDS[lang] };
}
