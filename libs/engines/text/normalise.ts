import { DISGUISED, FOREIGN, foldText, type FoldedText } from './fold.js';
import { isWordUnit } from './unicode.js';
import { segment, undoLeet, undoRepeats, type Lexicon } from './words.js';

/** A text as words, disguises undone. The arrays run in parallel. */
export interface NormalisedText {
  /** Lower-case words without accents. */
  tokens: string[];
  /** UTF-16 offsets of each word in the source, [from, to). */
  from: number[];
  to: number[];
  /** True where the word had been disguised. */
  altered: boolean[];
  /** Share of the letters that stood in a disguised word, 0..1. */
  obfuscation: number;
}

interface Piece {
  text: string;
  /** Unit offsets in the folded text. */
  at: number;
  end: number;
  /** Separator before it (units between it and the piece before). */
  gap: string;
  altered: boolean;
}

const LONGEST_TOKEN = 48;
const AT = 64;
const DOLLAR = 36;
const STAR = 42;
const APOSTROPHE = 39;

const isInnerSymbol = (c: number): boolean =>
  c === AT || c === DOLLAR || c === 33 || c === 124 || c === STAR || c === 0x20ac || c === 0xa3;

/** End of the word that starts at `i`: letters, digits and symbols that may stand for letters. */
function wordEnd(text: string, start: number): number {
  let i = start + 1;
  while (i < text.length) {
    const c = text.charCodeAt(i);
    if (isWordUnit(c)) {
      i++;
      continue;
    }
    if (!isInnerSymbol(c)) break;
    let ahead = i + 1;
    while (ahead < text.length && ahead - i < 4 && isInnerSymbol(text.charCodeAt(ahead))) ahead++;
    const inside = ahead < text.length && isWordUnit(text.charCodeAt(ahead));
    if (!inside && c !== DOLLAR && c !== AT) break;
    i = inside ? ahead : i + 1;
  }
  return i;
}

function startsWord(text: string, i: number): boolean {
  const c = text.charCodeAt(i);
  if (isWordUnit(c)) return true;
  return (c === AT || c === DOLLAR) && i + 1 < text.length && isWordUnit(text.charCodeAt(i + 1));
}

/** French words that lose a vowel before the next one: an apostrophe after them parts two words. */
export const ELISIONS: ReadonlySet<string> = new Set([
  'l',
  'd',
  'j',
  'm',
  't',
  's',
  'n',
  'c',
  'qu',
  'jusqu',
  'lorsqu',
  'puisqu',
]);

/** Joins "don't", drops "'s", and keeps French elisions apart ("l'enfant" is two words). */
function pushWord(out: Piece[], piece: Piece, afterApostrophe: boolean): void {
  const before = out[out.length - 1];
  if (!afterApostrophe || !before || ELISIONS.has(before.text)) out.push(piece);
  else if (piece.text !== 's') {
    before.text += piece.text;
    before.end = piece.end;
  }
}

/** Where the word mixes scripts, or is a known word in look-alikes, foreign letters become Latin; disguises are noted. */
function readFlagged(folded: FoldedText, flagged: Uint8Array, piece: Piece, lexicon: Lexicon): void {
  const { at, end } = piece;
  let flags = 0;
  let foreign = 0;
  let latin = 0;
  for (let i = at; i < end; i++) {
    const flag = flagged[i]!;
    flags |= flag;
    if (flag & FOREIGN) foreign++;
    else if (folded.text.charCodeAt(i) < 128) latin++;
  }
  piece.altered = (flags & DISGUISED) !== 0;
  if (foreign === 0) return;
  const word = folded.latin.slice(at, end);
  // A Russian word may consist of look-alikes by chance: without Latin letters it must read as a known word.
  if (latin === 0 && (foreign < end - at || word.length < 3 || !lexicon.known(word))) return;
  piece.altered = true;
  piece.text = word;
}

function split(folded: FoldedText, lexicon: Lexicon): Piece[] {
  const pieces: Piece[] = [];
  const { text } = folded;
  let last = 0;
  for (let i = 0; i < text.length;) {
    if (!startsWord(text, i)) {
      i++;
      continue;
    }
    const end = wordEnd(text, i);
    const gap = i - last === 1 && text.charCodeAt(last) === 32 ? ' ' : i - last <= 3 ? text.slice(last, i) : '    ';
    const piece: Piece = { text: text.slice(i, end), at: i, end, gap, altered: false };
    if (folded.flags) readFlagged(folded, folded.flags, piece, lexicon);
    pushWord(pieces, piece, gap.length === 1 && gap.charCodeAt(0) === APOSTROPHE);
    last = end;
    i = end;
  }
  return pieces;
}

const isSingle = (piece: Piece): boolean => piece.text.length === 1 && piece.text.charCodeAt(0) > 47;

/** Joins letters that were written apart ("n a k e d", "n.a.k.e.d"). */
function joinLetters(pieces: Piece[], lexicon: Lexicon): Piece[] {
  const out: Piece[] = [];
  for (let i = 0; i < pieces.length;) {
    const first = pieces[i]!;
    let end = i + 1;
    const gap = pieces[end]?.gap;
    if (isSingle(first) && gap !== undefined && gap.length <= 3) {
      while (end < pieces.length && isSingle(pieces[end]!) && pieces[end]!.gap === gap) end++;
    }
    if (end - i < 3) {
      out.push(first);
      i++;
      continue;
    }
    const run = pieces.slice(i, end);
    const joined = joinRun(run, lexicon);
    // Not `push(...run)`: a run may be longer than the argument limit.
    for (const piece of joined ?? run) out.push(piece);
    i = end;
  }
  return out;
}

function joinRun(run: Piece[], lexicon: Lexicon): Piece[] | null {
  let text = '';
  for (const piece of run) text += piece.text;
  if (!/[a-z]/.test(text)) return null;
  const plain = undoLeet(text, lexicon) ?? text;
  const words = lexicon.known(plain) ? [plain] : segment(plain, lexicon);
  if (!words && run.length < 5) return null;
  const out: Piece[] = [];
  let used = 0;
  for (const word of words ?? [plain]) {
    const from = run[Math.min(used, run.length - 1)]!;
    used += word.length;
    const to = run[Math.min(used, run.length) - 1] ?? from;
    // "A.I." or "U.S.A." is a known word of few letters; longer runs are a disguise.
    out.push({ text: word, at: from.at, end: to.end, gap: from.gap, altered: run.length > 3 });
  }
  return out;
}

const isJoiner = (gap: string): boolean => gap.length === 1 && '._-*~/·|^'.includes(gap);

/** Joins "na-ked" where the whole is a rule's word and a part is no word. */
function joinFragments(pieces: Piece[], lexicon: Lexicon): Piece[] {
  const out: Piece[] = [];
  for (const piece of pieces) {
    const before = out[out.length - 1];
    if (before && isJoiner(piece.gap) && before.text.length < 20 && piece.text.length < 20) {
      const whole = before.text + piece.text;
      if (lexicon.danger(whole) && !(lexicon.known(before.text) && lexicon.known(piece.text))) {
        out[out.length - 1] = { ...before, text: whole, end: piece.end, altered: true };
        continue;
      }
    }
    out.push(piece);
  }
  return out;
}

/** Undoes what hides inside one word; a word that only held symbols is split at them. */
function repair(piece: Piece, lexicon: Lexicon, out: Piece[]): void {
  const { text } = piece;
  if (lexicon.known(text)) {
    out.push(piece);
    return;
  }
  const plainLeet = /[^a-z]/.test(text) ? undoLeet(text, lexicon) : null;
  const leet = plainLeet ?? text;
  const short = leet.length > 2 ? undoRepeats(leet, lexicon) : null;
  const fixed = short ?? leet;
  if (plainLeet !== null || short !== null) {
    out.push({ ...piece, text: fixed.slice(0, LONGEST_TOKEN), altered: true });
    return;
  }
  if (piece.altered && text.length >= 6) {
    const words = segment(text.slice(0, 400), lexicon);
    if (words) {
      for (const word of words) out.push({ ...piece, text: word });
      return;
    }
  }
  if (!/[@$!|*€£]/.test(text)) {
    out.push(text.length > LONGEST_TOKEN ? { ...piece, text: text.slice(0, LONGEST_TOKEN) } : piece);
    return;
  }
  for (const part of text.split(/[@$!|*€£]/)) if (part) out.push({ ...piece, text: part.slice(0, LONGEST_TOKEN) });
}

/**
 * Reads a text as plain lower-case words: accents, format characters, look-alike letters, full-width and styled
 * letters, digits for letters, letters written apart and stretched words are undone, and how much of the text had
 * to be undone is measured. Deterministic, independent of locale, time linear in the length.
 */
export function normaliseText(text: string, lexicon: Lexicon): NormalisedText {
  const folded = foldText(text);
  const pieces = joinFragments(joinLetters(split(folded, lexicon), lexicon), lexicon);
  const fixed: Piece[] = [];
  for (const piece of pieces) repair(piece, lexicon, fixed);
  const result: NormalisedText = { tokens: [], from: [], to: [], altered: [], obfuscation: 0 };
  let letters = 0;
  let hidden = 0;
  for (const piece of fixed) {
    result.tokens.push(piece.text);
    result.from.push(folded.source ? folded.source[piece.at]! : piece.at);
    result.to.push((folded.source ? folded.source[piece.end - 1]! : piece.end - 1) + 1);
    result.altered.push(piece.altered);
    letters += piece.text.length;
    if (piece.altered) hidden += piece.text.length;
  }
  result.obfuscation = letters === 0 ? 0 : Math.round((hidden / letters) * 1000) / 1000;
  return result;
}
