import { useContext } from 'react';
import type { Lang } from '../../shared/language.js';
import { Reading } from '../../shared/reading.js';
import { WORDS, type useWords as useEnrolmentWords } from '../language.js';
import { en, type LikenessWords } from './en.js';
import { fr } from './fr.js';

/** Words of "My likeness" in each language. */
export const LIKENESS: Record<Lang, LikenessWords> = { en, fr };

/** Words and language that the page is read in; they come with the part that needs them. */
export function useWords(): ReturnType<typeof useEnrolmentWords> & { likeness: LikenessWords } {
  const lang = useContext(Reading);
  return { lang, words: WORDS[lang], likeness: LIKENESS[lang] };
}
