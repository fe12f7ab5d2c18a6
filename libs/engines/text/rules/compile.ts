import { type TextLang } from '../types.js';
import { normaliseText } from '../normalise.js';
import { type Lexicon } from '../words.js';
import { type CueList } from './types.js';

/** A term: its words after the first, the cue it stands for, and the language it needs. */
interface Entry {
  rest: readonly string[];
  cue: number;
  only: TextLang | null;
}

/** All cue lists as one table from first word to terms; longest terms first. */
export interface CueTable {
  names: readonly string[];
  byFirst: ReadonlyMap<string, readonly Entry[]>;
  /** Words that are a term by themselves and are worth uncovering when disguised. */
  singleWords: ReadonlySet<string>;
}

/** Where a cue was found: words [at, at + size). */
export interface CueMatch {
  at: number;
  size: number;
}

/** The matches of each cue, at most {@link MAX_MATCHES}. */
export type CueMatches = readonly (readonly CueMatch[])[];

const MAX_MATCHES = 24;
/** Name of the cue whose matches hide their words from the others. */
export const MASK = 'harmless';

/** Terms are written without disguise: every word is taken as it stands. */
const PLAIN: Lexicon = { known: () => true, danger: () => false, wild: () => null };

function splitTop(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const ch = text[i];
    if (ch === '(') depth++;
    else if (ch === ')') depth--;
    else if (i === text.length || (depth === 0 && (ch === ',' || ch === '\n'))) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
  }
  return parts.filter((part) => part !== '');
}

/** `stab(s,bed)` -> stab, stabs, stabbed; `cut (cake,hair)` -> cut cake, cut hair. */
export function expandTerm(term: string): string[] {
  const open = term.indexOf('(');
  if (open < 0) return [term.replace(/\s+/g, ' ').trim()];
  const close = term.indexOf(')', open);
  const before = term.slice(0, open);
  const after = term.slice(close + 1);
  const options = term.slice(open + 1, close).split(',').map((option) => option.trim()); // prettier-ignore
  // A group that stands apart is a choice of words; one that touches the word is a choice of endings, or none.
  const endings = /\S$/.test(before) ? ['', ...options] : options;
  return endings.flatMap((ending) => expandTerm(before + ending + after));
}

function plural(term: string, names: boolean | undefined): string[] {
  const single = !term.includes(' ');
  return !names && single && term.length > 3 && /[a-rt-wyz]$/.test(term) ? [term, `${term}s`] : [term];
}

/** Compiles cue lists. Harmless phrases are a cue list under the name {@link MASK}. */
export function compileCues(lists: Readonly<Record<string, CueList>>): CueTable {
  const names = Object.keys(lists);
  const byFirst = new Map<string, Entry[]>();
  const singleWords = new Set<string>();
  const add = (term: string, cue: number, only: TextLang | null) => {
    const [first, ...rest] = normaliseText(term, PLAIN).tokens;
    if (first === undefined) return;
    const entries = byFirst.get(first) ?? [];
    if (entries.length === 0) byFirst.set(first, entries);
    if (entries.some((e) => e.cue === cue && e.only === only && e.rest.join(' ') === rest.join(' '))) return;
    entries.push({ rest, cue, only });
    if (rest.length === 0 && only === null && names[cue] !== MASK && first.length > 2) singleWords.add(first);
  };
  names.forEach((name, cue) => {
    const list = lists[name]!;
    const parts: [string | undefined, TextLang | null][] = [[list.en, null], [list.fr, null], [list.frenchOnly, 'fr'], [list.englishOnly, 'en']]; // prettier-ignore
    for (const [text, only] of parts) {
      for (const part of splitTop(text ?? '')) {
        for (const term of expandTerm(part)) for (const form of plural(term, list.names)) add(form, cue, only);
      }
    }
  });
  for (const entries of byFirst.values()) entries.sort((a, b) => b.rest.length - a.rest.length);
  return { names, byFirst, singleWords };
}

function fits(entry: Entry, tokens: readonly string[], at: number): boolean {
  if (at + entry.rest.length >= tokens.length) return false;
  for (let i = 0; i < entry.rest.length; i++) if (tokens[at + 1 + i] !== entry.rest[i]) return false;
  return true;
}

/**
 * Finds every cue in a text. Words inside a harmless phrase are skipped for the other cues. Time is linear in the
 * number of words.
 */
export function findCues(table: CueTable, tokens: readonly string[], lang: TextLang): CueMatches {
  const found: CueMatch[][] = table.names.map(() => []);
  const mask = table.names.indexOf(MASK);
  const hidden = new Uint8Array(tokens.length);
  for (let at = 0; at < tokens.length; at++) {
    for (const entry of table.byFirst.get(tokens[at]!) ?? []) {
      if (entry.cue !== mask || !fits(entry, tokens, at)) continue;
      hidden.fill(1, at, at + entry.rest.length + 1);
      break;
    }
  }
  for (let at = 0; at < tokens.length; at++) {
    if (hidden[at]) continue;
    for (const entry of table.byFirst.get(tokens[at]!) ?? []) {
      if (entry.cue === mask || (entry.only !== null && entry.only !== lang)) continue;
      const list = found[entry.cue]!;
      // The longest term of a cue at a place is enough.
      if (list.length >= MAX_MATCHES || list[list.length - 1]?.at === at) continue;
      if (!fits(entry, tokens, at)) continue;
      list.push({ at, size: entry.rest.length + 1 });
    }
  }
  return found;
}
