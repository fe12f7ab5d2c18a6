import type { Locale } from '#contracts';
import { en } from './en.js';
import { fr } from './fr.js';

/** All that the command line says in one language. */
export type Words = typeof en;

/** The words of a language. */
export function wordsOf(lang: Locale): Words {
  return { en, fr }[lang];
}
