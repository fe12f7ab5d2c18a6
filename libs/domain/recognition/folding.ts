import { ELISIONS, foldText, isWordUnit, replaceLeet } from '#engines/text';

/** A word as it is compared: lower case, look-alikes, digits and accents undone. */
export interface NameWord {
  text: string;
  /** There is a space before it, or nothing: signs alone are no ordinary way to part words. */
  spaced: boolean;
  /** It was written with letters, not with digits and signs alone. */
  letters: boolean;
}

/** The words of a text, read in one way. */
export interface WordReading {
  words: NameWord[];
  /** They are to be compared by {@link loose}: this reading leaves open what the disguises stand for. */
  loose: boolean;
}

/** One way to read what is ambiguous in a text. */
interface Reading {
  /** Symbols that may stand for letters do; otherwise they part words. */
  symbols: boolean;
  /** What 1, ! and | are. */
  one: 'i' | 'l';
  /** A letter written three times or more is written so often; null leaves it as it is. */
  stretched: 1 | 2 | null;
}

/** What is left of letters when i and l, and one and many of the same, are not told apart. */
export function loose(letters: string): string {
  return letters.replaceAll('l', 'i').replace(/(.)\1+/gu, '$1');
}

const SYMBOLS = '@$!|€£';
const isSymbol = (ch: string | undefined) => ch !== undefined && ch !== '' && SYMBOLS.includes(ch);
const APOSTROPHES = "'`′‵＇ʹ";

function unitAt(text: string, i: number): boolean {
  return i < text.length && isWordUnit(text.charCodeAt(i));
}

/** End of the word that starts at `i`, or `i` when none does. */
function wordEnd(text: string, i: number, symbols: boolean): number {
  const start = i;
  while (i < text.length) {
    if (unitAt(text, i)) {
      i++;
      continue;
    }
    if (!symbols || !isSymbol(text[i])) break;
    let ahead = i + 1;
    while (ahead - i < 4 && isSymbol(text[ahead])) ahead++;
    // "Ke$ha" and "Jame$", but not "Jane!".
    const letter = unitAt(text, ahead) || (i > start && (text[i] === '$' || text[i] === '@'));
    if (!letter) break;
    i = unitAt(text, ahead) ? ahead : i + 1;
  }
  return i;
}

function plain(word: string, reading: Reading): string {
  const letters = replaceLeet(word, reading.one);
  const { stretched } = reading;
  return stretched ? letters.replace(/(.)\1{2,}/gu, (_, letter: string) => letter.repeat(stretched)) : letters;
}

function read(text: string, reading: Reading): NameWord[] {
  const words: (NameWord & { raw: string })[] = [];
  let last = 0;
  for (let i = 0; i < text.length;) {
    const end = wordEnd(text, i, reading.symbols);
    if (end === i) {
      i++;
      continue;
    }
    const raw = text.slice(i, end);
    const gap = text.slice(last, Math.min(i, last + 4));
    const before = words[words.length - 1];
    const attached = before !== undefined && gap.length === 1 && APOSTROPHES.includes(gap);
    if (!attached || ELISIONS.has(before.raw)) {
      const spaced = !before || /\s/.test(gap) || attached;
      words.push({ raw, text: plain(raw, reading), spaced, letters: /\p{L}/u.test(raw) });
    } else if (raw !== 's') {
      // "O'Connor" is one word, and what follows "Jane's" is another.
      before.raw += raw;
      before.text = plain(before.raw, reading);
    }
    last = end;
    i = end;
  }
  return words;
}

const isAmbiguous = (text: string) => /[1!|]/.test(text);
const isStretched = (text: string) => /(.)\1\1/u.test(text);

function readings(text: string): Omit<Reading, 'symbols'>[] {
  const ones: Reading['one'][] = isAmbiguous(text) ? ['i', 'l'] : ['i'];
  const stretches: Reading['stretched'][] = isStretched(text) ? [null, 1, 2] : [null];
  return ones.flatMap((one) => stretches.map((stretched) => ({ one, stretched })));
}

/**
 * The words of a text, in each way that its disguises can be read: accents, case, look-alike letters of other scripts,
 * styled letters, hidden characters and digits for letters are undone. Time linear in the length.
 */
export function readWords(text: string): WordReading[] {
  // Look-alikes of both sides become the same letters, so names in other scripts meet themselves too.
  const { latin } = foldText(text);
  const hasSymbols = [...SYMBOLS].some((one) => latin.includes(one));
  return (hasSymbols ? [false, true] : [false]).flatMap((symbols) => {
    const all = readings(latin).map((one) => ({ words: read(latin, { symbols, ...one }), loose: false }));
    return isAmbiguous(latin) || isStretched(latin) ? [...all, { words: all[0]!.words, loose: true }] : all;
  });
}

/** The words of a name, in each way that it may be written. */
export function readName(name: string): string[][] {
  const { latin } = foldText(name);
  return readings(latin).map((one) => read(latin, { symbols: true, ...one }).map((word) => word.text));
}
