/** Letters of other scripts that look like Latin ones (a working subset of Unicode TR39 confusables, by hand). */
const CONFUSABLE_TEXT = `
а a|е e|о o|р p|с c|у y|х x|і i|ј j|ѕ s|ԁ d|һ h|к k|м m|т t|в b|н h|г r|п n|и u|ё e|ɡ g|ԛ q|ԝ w|ѵ v|ӏ l|з 3|ь b|ѡ w|ү y|ғ f|ҽ e|ԍ g
А a|В b|Е e|К k|М m|Н h|О o|Р p|С c|Т t|У y|Х x|І i|Ј j|Ѕ s|Ԁ d|Һ h|Ԛ q|Ԝ w|Ѵ v|Ӏ l|Ѡ w|Ү y|Ғ f|Ё e|Г r|П n|И n
α a|β b|γ y|ε e|ζ z|η n|ι i|κ k|ν v|ο o|ρ p|σ o|τ t|υ u|χ x|ω w|δ d|μ u|ϲ c|ϳ j|ϱ p
Α a|Β b|Ε e|Ζ z|Η h|Ι i|Κ k|Μ m|Ν n|Ο o|Ρ p|Τ t|Υ y|Χ x
ա w|ԃ d|ե t|հ h|յ j|ո n|ս u|ց g|օ o|ք p|զ q|ռ n|վ u|ւ i
Ꭺ a|Ᏼ b|Ꮯ c|Ꭰ d|Ꭼ e|Ꮐ g|Ꮋ h|Ꭻ j|Ꮶ k|Ꮮ l|Ꮇ m|Ꮲ p|Ꭱ r|Ꮪ s|Ꭲ t|Ꮩ v|Ꮃ w|Ꮓ z|Ꮤ w`;

/** Latin letters that compatibility decomposition leaves alone: small capitals, strokes, hooks, turned letters. */
const LATIN_TEXT = `
ᴀ a|ʙ b|ᴄ c|ᴅ d|ᴇ e|ꜰ f|ɢ g|ʜ h|ɪ i|ᴊ j|ᴋ k|ʟ l|ᴍ m|ɴ n|ᴏ o|ᴘ p|ʀ r|ꜱ s|ᴛ t|ᴜ u|ᴠ v|ᴡ w|ʏ y|ᴢ z
ƀ b|ƃ b|ƈ c|ȼ c|ɗ d|đ d|ɖ d|ɛ e|ǝ e|ə e|ɇ e|ƒ f|ɠ g|ǥ g|ɦ h|ħ h|ı i|ɨ i|ɩ i|ʝ j|ɉ j|ƙ k|ł l|ɫ l|ƚ l|ɭ l|ɱ m|ɲ n|ɳ n|ŋ n|ɵ o|ɔ o
ƥ p|ʠ q|ɋ q|ɍ r|ɽ r|ʂ s|ƨ s|ƭ t|ŧ t|ʈ t|ʉ u|ʋ v|ɑ a|ɐ a|ⱥ a|ʌ v|ƴ y|ɏ y|ƶ z|ʐ z|ʍ w|ɯ m|ɹ r|ʇ t|ʞ k|ɟ f|ɓ b|ⱳ w|ᶍ x`;

/** Latin letters of ordinary spelling that also do not decompose: no sign of disguise. */
const ORDINARY: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['æ', 'ae'],
  ['Æ', 'ae'],
  ['œ', 'oe'],
  ['Œ', 'oe'],
  ['ø', 'o'],
  ['Ø', 'o'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['Đ', 'd'],
  ['đ', 'd'],
  ['Ł', 'l'],
  ['ł', 'l'],
  ['ı', 'i'],
  ['’', "'"],
  ['‘', "'"],
  ['ʼ', "'"],
  ['´', "'"],
  ['‐', '-'],
  ['‑', '-'],
  ['–', '-'],
  ['—', '-'],
]);

function table(text: string): Map<string, string> {
  const map = new Map<string, string>();
  for (const pair of text.trim().split(/[|\n]/)) {
    const [from, to] = pair.split(' ');
    if (from && to) map.set(from, to);
  }
  return map;
}

const CONFUSABLES = table(CONFUSABLE_TEXT);
const LATIN_ODD = table(LATIN_TEXT);

/** How a character stands in a word. */
export type FoldKind =
  | 'plain' // itself, or an ordinary accent removed
  | 'styled' // full-width, mathematical, enclosed or odd Latin letter: a disguise when it is a letter
  | 'foreign' // letter of another script with a Latin look-alike in `latin`
  | 'mark' // combining mark
  | 'format' // zero-width, direction, variation and tag characters
  | 'space';

/** A folded character. */
export interface Fold {
  /** Lower-case text that replaces it (empty for marks and format characters). */
  text: string;
  kind: FoldKind;
  /** For `foreign`: the Latin look-alike. */
  latin: string;
}

const isMark = (c: number): boolean =>
  (c >= 0x300 && c <= 0x36f) ||
  (c >= 0x483 && c <= 0x489) ||
  (c >= 0x1ab0 && c <= 0x1aff) ||
  (c >= 0x1dc0 && c <= 0x1dff) ||
  (c >= 0x20d0 && c <= 0x20ff) ||
  (c >= 0xfe20 && c <= 0xfe2f);

const isFormat = (c: number): boolean =>
  c === 0xad ||
  c === 0x34f ||
  c === 0x61c ||
  c === 0x115f ||
  c === 0x1160 ||
  c === 0x17b4 ||
  c === 0x17b5 ||
  (c >= 0x180b && c <= 0x180f) ||
  (c >= 0x200b && c <= 0x200f) ||
  (c >= 0x202a && c <= 0x202e) ||
  (c >= 0x2060 && c <= 0x206f) ||
  c === 0x3164 ||
  (c >= 0xfe00 && c <= 0xfe0f) ||
  c === 0xfeff ||
  c === 0xffa0 ||
  (c >= 0xfff0 && c <= 0xfffb) ||
  (c >= 0xe0000 && c <= 0xe0fff);

/** Enclosed and regional-indicator capitals, which have no compatibility decomposition. */
function enclosed(c: number): string | null {
  for (const first of [0x1f130, 0x1f150, 0x1f170, 0x1f1e6]) {
    if (c >= first && c < first + 26) return String.fromCharCode(97 + c - first);
  }
  return null;
}

/** True for letters and digits of any script, given as UTF-16 unit of folded text (surrogates count as letters). */
export function isWordUnit(c: number): boolean {
  if (c < 128) return (c >= 97 && c <= 122) || (c >= 48 && c <= 57) || (c >= 65 && c <= 90);
  if (c < 0xaa) return false;
  if (c >= 0x2000 && c <= 0x2bff) return false;
  if (c >= 0x3000 && c <= 0x3003) return false;
  if (c >= 0x3008 && c <= 0x3020) return false;
  if (c === 0xd7 || c === 0xf7 || c === 0xab || c === 0xb7 || c === 0xbb || c === 0xbf) return false;
  return !(c >= 0xff00 && c <= 0xff0f) && c !== 0x60c && c !== 0x61f && c !== 0x964 && c !== 0x965;
}

const plain = (text: string): Fold => ({ text, kind: 'plain', latin: '' });

/** Removes marks from decomposed text; the bound keeps one odd ligature from growing into a sentence. */
function stripMarks(text: string): string {
  let out = '';
  for (const part of text) if (!isMark(part.codePointAt(0) ?? 0)) out += part;
  return out.slice(0, 18);
}

function compute(code: number): Fold {
  const ch = String.fromCodePoint(code);
  if (isMark(code)) return { text: '', kind: 'mark', latin: '' };
  if (isFormat(code)) return { text: '', kind: 'format', latin: '' };
  const ordinary = ORDINARY.get(ch);
  if (ordinary !== undefined) return plain(ordinary);
  const foreign = CONFUSABLES.get(ch);
  if (foreign !== undefined) return { text: ch.toLowerCase(), kind: 'foreign', latin: foreign };
  const odd = LATIN_ODD.get(ch) ?? enclosed(code);
  if (odd != null) return { text: odd, kind: 'styled', latin: '' };
  const decomposed = stripMarks(ch.normalize('NFKD')).toLowerCase();
  const look = CONFUSABLES.get(decomposed);
  if (look !== undefined) return { text: decomposed, kind: 'foreign', latin: look };
  // A letter that became ASCII by compatibility (not by losing an accent) was a styled letter.
  const styled = /^[a-z0-9]+$/.test(decomposed) && stripMarks(ch.normalize('NFD')) === ch && code > 0x24f;
  const ligature = code >= 0xfb00 && code <= 0xfb06;
  if (styled && !ligature && decomposed.length === 1) return { text: decomposed, kind: 'styled', latin: '' };
  return plain(decomposed === '' ? ' ' : decomposed);
}

const cache = new Map<number, Fold>();
const CACHE_LIMIT = 8192;

/**
 * Lower-case, accent-free form of one code point (Unicode NFKD without marks, then look-alikes).
 * Independent of locale; remembers what it has seen, within a bound.
 */
export function foldCodePoint(code: number): Fold {
  const known = cache.get(code);
  if (known) return known;
  const fold = compute(code);
  if (cache.size < CACHE_LIMIT) cache.set(code, fold);
  return fold;
}

/** Marks that ordinary Latin spelling uses, one to a letter. */
export function isOrdinaryMark(code: number): boolean {
  return (code >= 0x300 && code <= 0x304) || code === 0x306 || code === 0x307 || code === 0x308 || code === 0x30a || code === 0x30b || code === 0x30c || code === 0x327 || code === 0x328; // prettier-ignore
}
