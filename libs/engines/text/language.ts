import { type TextLang, type WordTag } from './types.js';

const ENGLISH = new Set(
  'the a an of and in on with is are to at by for from her his their into as it this that while through over how what can you my i'.split(' '), // prettier-ignore
);
const FRENCH = new Set(
  'le la les un une des du de et dans sur avec est sont au aux par pour qui que en son sa ses leur ce cette sous pendant comment je mon ma vers d l'.split(' '), // prettier-ignore
);

/** Language of a text by its small words, then by its other words; looks at the first 200 words. */
export function guessLanguage(tokens: readonly string[], words: ReadonlyMap<string, WordTag>): TextLang {
  let english = 0;
  let french = 0;
  let known = 0;
  const count = Math.min(tokens.length, 200);
  for (let i = 0; i < count; i++) {
    const token = tokens[i]!;
    if (ENGLISH.has(token)) english += 2;
    if (FRENCH.has(token)) french += 2;
    const tag = words.get(token);
    if (tag === undefined) continue;
    known++;
    if (tag === 'e') english++;
    else if (tag === 'f') french++;
  }
  if (known * 3 < count || (english === 0 && french === 0)) return known * 2 > count ? 'en' : 'other';
  return french > english ? 'fr' : 'en';
}
