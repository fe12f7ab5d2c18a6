import { useContext } from 'react';
import type { LocalText } from '#contracts';
import type { Lang } from '../shared/language.js';
import { Reading } from '../shared/reading.js';
import { en, type Words } from './words/en.js';
import { fr } from './words/fr.js';

/** The page's words of each language. */
export const WORDS: Record<Lang, Words> = { en, fr };

/** Words and language of the page, and a reader for texts that came in both. */
export function useWords(): { lang: Lang; words: Words; read: (text: LocalText) => string } {
  const lang = useContext(Reading);
  return { lang, words: WORDS[lang], read: (text) => text[lang] };
}
