import type { Locale } from '#contracts';
import { en, type FrontWords } from './en.js';
import { findingsEn, type FindingsWords } from './findings-en.js';
import { findingsFr } from './findings-fr.js';
import { fr } from './fr.js';

/** All words of a report in one language. */
export type Words = FrontWords & { findings: FindingsWords };

const WORDS: Record<Locale, Words> = {
  en: { ...en, findings: findingsEn },
  fr: { ...fr, findings: findingsFr },
};

/** The words of a language. */
export const wordsOf = (lang: Locale): Words => WORDS[lang];
