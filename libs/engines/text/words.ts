import { type WordTag } from './types.js';

/** What the repair of disguised words needs to know. */
export interface Lexicon {
  /** True for a word seen in ordinary text or named by a rule. */
  readonly known: (word: string) => boolean;
  /** True for a single word that a rule names: a disguise is worth undoing even where it is doubtful. */
  readonly danger: (word: string) => boolean;
  /** The rules' word that fits a pattern with `*` for one unknown letter each, or null. */
  readonly wild: (pattern: string) => string | null;
}

/** A lexicon over the model's word list and the rules' words. */
export function makeLexicon(words: ReadonlyMap<string, WordTag>, dangerous: Iterable<string>): Lexicon {
  const danger = new Set(dangerous);
  const byShape = new Map<string, string[]>();
  for (const word of danger) {
    if (word.length < 3) continue;
    const key = `${word.length}${word[0]}`;
    byShape.set(key, [...(byShape.get(key) ?? []), word]);
  }
  return {
    known: (word) => words.has(word) || danger.has(word),
    danger: (word) => danger.has(word),
    wild: (pattern) => {
      const candidates = byShape.get(`${pattern.length}${pattern[0]}`) ?? [];
      return candidates.find((word) => fits(pattern, word)) ?? null;
    },
  };
}

function fits(pattern: string, word: string): boolean {
  for (let i = 0; i < pattern.length; i++) if (pattern[i] !== '*' && pattern[i] !== word[i]) return false;
  return true;
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
  '€': 'e',
  '£': 'l',
};

/** Letters for the digits and symbols that stand for them; `one` for those that may be an i or an l. */
export function replaceLeet(token: string, one: string): string {
  let out = '';
  for (const ch of token) out += ch === '1' || ch === '!' || ch === '|' ? one : (LEET[ch] ?? ch);
  return out;
}

const isLetter = (ch: string | undefined): boolean => ch !== undefined && ch >= 'a' && ch <= 'z';
const isDigit = (ch: string | undefined): boolean => ch !== undefined && ch >= '0' && ch <= '9';

/** Undoes digits and symbols written for letters, or returns null when the token reads better as it is. */
export function undoLeet(token: string, lexicon: Lexicon): string | null {
  if (token.length > 40) return null;
  let letters = 0;
  for (const ch of token) if (isLetter(ch)) letters++;
  if (letters === 0 || letters === token.length) return null;
  if (token.includes('*')) return letters >= 2 ? lexicon.wild(token) : null;
  // "4k", "80s", "mp3", "level5" are ordinary: digits on the outside of a known or short word stay digits.
  const first = [...token].findIndex(isLetter);
  let last = token.length - 1;
  while (!isLetter(token[last])) last--;
  const edges = token.slice(0, first) + token.slice(last + 1);
  const inner = token.slice(first, last + 1);
  const onlyEdges = [...inner].every(isLetter);
  const ordinary = onlyEdges && [...edges].every(isDigit) && (inner.length < 3 || lexicon.known(inner));
  const accept = ordinary ? lexicon.danger : lexicon.known;
  for (const one of ['i', 'l']) {
    const word = replaceLeet(token, one);
    if (word.length > 1 && accept(word)) return word;
  }
  // With several letters replaced the intent is plain even when the word is not in the list.
  if (!onlyEdges && letters >= 3 && token.length - letters <= letters) return replaceLeet(token, 'i');
  return null;
}

function collapse(token: string, keep: readonly number[]): string {
  let out = '';
  let run = 0;
  for (let i = 0; i < token.length;) {
    let end = i + 1;
    while (end < token.length && token[end] === token[i]) end++;
    const length = end - i;
    out += length >= 2 ? token[i]!.repeat(Math.min(length, keep[run++] ?? 1)) : token[i]!;
    i = end;
  }
  return out;
}

/** How many runs of two or more equal letters a word has, and the length of the longest. */
function runsOf(token: string): { runs: number; longest: number } {
  let runs = 0;
  let longest = 1;
  for (let i = 0; i < token.length;) {
    let end = i + 1;
    while (end < token.length && token.charCodeAt(end) === token.charCodeAt(i)) end++;
    if (end - i >= 2) runs++;
    if (end - i > longest) longest = end - i;
    i = end;
  }
  return { runs, longest };
}

/** Shortens stretched words ("naaaked", "nnaakkeedd"); null when the word needs no change. */
export function undoRepeats(token: string, lexicon: Lexicon): string | null {
  const { runs, longest } = runsOf(token);
  if (longest < 2 || (longest === 2 && runs < 3) || lexicon.known(token)) return null;
  const once = collapse(token, []);
  if (longest === 2) return lexicon.known(once) ? once : null;
  const free = Math.min(runs, 4);
  for (let mask = 0; mask < 1 << free; mask++) {
    const keep = Array.from({ length: runs }, (_, i) => (i < free && (mask >> i) & 1 ? 2 : 1));
    const word = collapse(token, keep);
    if (lexicon.known(word)) return word;
  }
  return once;
}

const LONGEST_WORD = 18;
const SHORT_WORDS = new Set(['a', 'i', 'y', 'd', 'l', 'o']);

/**
 * Splits run-together letters into known words (fewest, longest words); null when no good split exists.
 * Time is linear in the length.
 */
export function segment(letters: string, lexicon: Lexicon): string[] | null {
  const n = letters.length;
  const cost = new Float64Array(n + 1).fill(Infinity);
  const from = new Int32Array(n + 1);
  cost[0] = 0;
  for (let end = 1; end <= n; end++) {
    for (let len = 1; len <= LONGEST_WORD && len <= end; len++) {
      const word = letters.slice(end - len, end);
      const short = len === 1 && !SHORT_WORDS.has(word);
      const price = short || !lexicon.known(word) ? 3 * len : len < 3 ? 1.9 : 1;
      if ((short || len > 1 || lexicon.known(word)) && price < 3 * len + 1 && cost[end - len]! + price < cost[end]!) {
        cost[end] = cost[end - len]! + price;
        from[end] = end - len;
      }
    }
    if (cost[end] === Infinity) {
      cost[end] = cost[end - 1]! + 3;
      from[end] = end - 1;
    }
  }
  if (cost[n]! > n * 0.62) return null;
  const words: string[] = [];
  for (let end = n; end > 0; end = from[end]!) words.unshift(letters.slice(from[end], end));
  return words;
}
