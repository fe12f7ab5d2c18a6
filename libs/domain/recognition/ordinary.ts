import type { Lexicon } from '#engines/text';
import { MOST_WORDS, nameForms } from './candidates.js';

/** Short words that a sentence is put together with; other short entries of word lists are chance. English and French. */
const LITTLE = new Set(
  `a i y an am as at be by do go he if in is it me my no of on or so to up us we au ce de du en et il je la le ma ne ni on ou
  sa se si ta te tu un va`.split(/\s+/),
);
const LEAST = 3;

/** True when letters can be read as a row of at most five ordinary words. */
function isSentence(letters: string, known: (word: string) => boolean): boolean {
  /** Fewest words up to each place. */
  const fewest = new Array<number>(letters.length + 1).fill(Infinity);
  fewest[0] = 0;
  for (let end = 1; end <= letters.length; end++) {
    for (let from = 0; from < end; from++) {
      if (fewest[from]! >= MOST_WORDS || fewest[from]! + 1 >= fewest[end]!) continue;
      const word = letters.slice(from, end);
      if (LITTLE.has(word) || (word.length >= LEAST && known(word))) fewest[end] = fewest[from]! + 1;
    }
  }
  return fewest[letters.length]! <= MOST_WORDS;
}

/**
 * True when a name is nothing but words of everyday language, however it is parted ("The Camera", "Thec Amera"): whoever
 * called themselves so would stop everybody's ordinary sentences. Such a name is not looked for.
 * @throws RecognitionError `name_invalid` when nothing in it can be compared
 */
export function isOrdinaryName(name: string, { known }: Pick<Lexicon, 'known'>): boolean {
  return nameForms(name).some(({ text }) => !text.startsWith('~') && isSentence(text, known));
}
