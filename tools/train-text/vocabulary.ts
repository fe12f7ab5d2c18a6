import { normaliseText, type Lexicon, type WordTag } from '#engines/text';
import { type Row } from './data.js';

const RAW: Lexicon = { known: () => true, danger: () => false, wild: () => null };
const LIMIT = 14_000;
const SHORT = new Set('a i y d l o au du la le de et en un ou il on si as is it in of to at by my me he we us no so up go do be an am or if'.split(' ')); // prettier-ignore

/** The most frequent English and French words, tagged by language; used to undo disguises and to guess the language. */
export function vocabularyOf(rows: readonly Row[]): Map<string, WordTag> {
  const counts = new Map<string, { en: number; fr: number; rows: number }>();
  const totals = { en: 0, fr: 0 };
  for (const row of rows) {
    const lang = row.lang;
    if (lang !== 'en' && lang !== 'fr') continue;
    // Posts are full of the misspellings that the list is there to undo.
    const share = row.kind === 'social' ? 0.34 : 1;
    for (const word of new Set(normaliseText(row.text, RAW).tokens)) {
      if (!/^[a-z]{2,18}$/.test(word) && !SHORT.has(word)) continue;
      if (word.length === 2 && !SHORT.has(word)) continue;
      if (/(.)\1\1/.test(word)) continue;
      const entry = counts.get(word) ?? { en: 0, fr: 0, rows: 0 };
      entry[lang] += share;
      entry.rows += share;
      totals[lang] += share;
      counts.set(word, entry);
    }
  }
  const ranked = [...counts.entries()].filter(([, c]) => c.rows >= 3);
  ranked.sort((a, b) => b[1].rows - a[1].rows || (a[0] < b[0] ? -1 : 1));
  const words = new Map<string, WordTag>();
  for (const [word, c] of ranked.slice(0, LIMIT).sort((a, b) => (a[0] < b[0] ? -1 : 1))) {
    const en = c.en / totals.en;
    const fr = c.fr / totals.fr;
    words.set(word, en > 4 * fr ? 'e' : fr > 4 * en ? 'f' : 'b');
  }
  return words;
}
