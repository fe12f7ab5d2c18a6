import { RecognitionError } from './errors.js';
import { loose, readName, readWords, type NameWord } from './folding.js';

/** Words of a name that are compared; of longer ones the first so many. */
export const MOST_WORDS = 5;
/** Letters of a name that are compared when it is spelled out. */
const MOST_LETTERS = 40;
/** One word alone is a name only from so many letters on; an ideograph counts as two. */
const LEAST_LETTERS = 4;
/** Pieces of one or two letters that a text may be spelled out in; with more it cannot be read. */
const MOST_SPELLED = 600;
/** Candidates of a text that are looked up; 32,000 characters of any script stay below. */
const MOST_CANDIDATES = 400_000;
/** Units of names in scripts that put no space between words. */
const UNSPACED_UNITS = 12;
const IDEOGRAPHS = 6;

const isIdeograph = (code: number) => (code >= 0x3400 && code <= 0x9fff) || (code >= 0xd800 && code <= 0xdfff);
const isUnspaced = (code: number) =>
  isIdeograph(code) || (code >= 0x0e00 && code <= 0x11ff) || (code >= 0x1780 && code <= 0x17ff) || (code >= 0x3005 && code <= 0x33ff); // prettier-ignore

function weight(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum += isIdeograph(text.charCodeAt(i)) ? 2 : 1;
  return sum;
}

/** Marks a form of {@link loose}: it never meets an ordinary one. */
const LOOSE = '~';

/** A name as it is kept. */
export interface NameForm {
  /** Its words without spaces. */
  text: string;
  words: number;
}

/**
 * The forms of a name: its words put together, in its order and with the last ones first.
 * @throws RecognitionError `name_invalid` when nothing in it can be compared
 */
export function nameForms(name: string): NameForm[] {
  const forms = new Map<string, number>();
  for (const all of readName(name)) {
    const words = all.slice(0, MOST_WORDS);
    for (let turn = 0; turn < words.length; turn++) {
      const text = [...words.slice(turn), ...words.slice(0, turn)].join('').slice(0, MOST_LETTERS);
      if (weight(text) < LEAST_LETTERS) continue;
      forms.set(text, words.length);
      // One word is too little to be read loosely.
      if (words.length > 1) forms.set(LOOSE + loose(text), words.length);
    }
  }
  if (forms.size === 0) {
    throw new RecognitionError('name_invalid', `A name needs at least ${LEAST_LETTERS} letters to be recognised.`);
  }
  return [...forms].map(([text, words]) => ({ text, words }));
}

/**
 * What may be a name in a text: text of the candidate, and whether it counts for a name of one word. Parts of ordinary
 * sentences put together ("the a") are no name of one word (Thea); words that are written apart by signs ("o-ba-ma"),
 * or in pieces of two letters at most, are.
 */
export type Candidates = Map<string, boolean>;

class Collector {
  readonly found: Candidates = new Map();
  /** Candidates that follow are read loosely. */
  loose = false;

  put(text: string, whole: boolean): void {
    const cut = text.length > MOST_LETTERS ? text.slice(0, MOST_LETTERS) : text;
    if (weight(cut) < LEAST_LETTERS) return;
    const candidate = this.loose ? LOOSE + loose(cut) : cut;
    if (whole || !this.found.has(candidate)) this.found.set(candidate, whole);
    if (this.found.size > MOST_CANDIDATES) throw unreadable();
  }
}

const unreadable = () =>
  new RecognitionError('text_unreadable', 'The text has too many letters written apart to be read for names.');

/** Up to five words from each place on. */
function addWindows(found: Collector, words: readonly NameWord[]): void {
  for (let from = 0; from < words.length; from++) {
    let text = '';
    let apart = true;
    for (let to = from; to < Math.min(words.length, from + MOST_WORDS); to++) {
      const word = words[to]!;
      text += word.text;
      if (to > from && word.spaced) apart &&= word.text.length <= 2 && words[to - 1]!.text.length <= 2;
      found.put(text, to === from || apart);
      if (text.length >= MOST_LETTERS) break;
    }
  }
}

/** Names inside a word of a script without spaces. */
function addInside(found: Collector, { text }: NameWord): void {
  for (let from = 0; from < text.length; from++) {
    const code = text.charCodeAt(from);
    if (!isUnspaced(code)) continue;
    const most = isIdeograph(code) ? IDEOGRAPHS : UNSPACED_UNITS;
    for (let size = 2; size <= most && from + size <= text.length; size++)
      found.put(text.slice(from, from + size), true);
  }
}

/** Names in letters that are written apart, one or two at a time. @returns how many pieces, 0 where it is no spelling */
function addSpelled(found: Collector, run: readonly NameWord[], left: number): number {
  const spelled = run.length > MOST_WORDS ? run.filter(({ letters }) => letters).length : 0;
  if (spelled > left) throw unreadable();
  if (spelled === 0) return 0;
  for (let from = 0; from < run.length; from++) {
    let text = '';
    let letters = false;
    for (let to = from; to < run.length && text.length < MOST_LETTERS; to++) {
      text += run[to]!.text;
      letters ||= run[to]!.letters;
      if (letters && to - from >= MOST_WORDS) found.put(text, true);
    }
  }
  return spelled;
}

function addReading(found: Collector, words: readonly NameWord[]): void {
  addWindows(found, words);
  let left = MOST_SPELLED;
  let run: NameWord[] = [];
  for (const word of words) {
    if (word.text.length <= 2) {
      run.push(word);
      continue;
    }
    left -= addSpelled(found, run, left);
    run = [];
    addInside(found, word);
  }
  addSpelled(found, run, left);
}

/** @throws RecognitionError `text_unreadable` when more is written apart than any ordinary text has */
export function candidatesOf(text: string): Candidates {
  const collector = new Collector();
  for (const { words, loose } of readWords(text)) {
    collector.loose = loose;
    addReading(collector, words);
  }
  return collector.found;
}
