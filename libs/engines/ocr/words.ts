/** Characters that look alike to a reader, written the same way. */
const LIKE: Record<string, string> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  '’': "'",
  '‘': "'",
  '`': "'",
  '´': "'",
  '“': '"',
  '”': '"',
  '«': '"',
  '»': '"',
  '《': '"',
  '》': '"',
  '–': '-',
  '—': '-',
  '…': '...',
};

/** Lower case, without accents, spaces or the shape of quotation marks: what two readers can agree on. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\s+/gu, '')
    .replace(/[œæß’‘`´“”«»《》–—…]/gu, (c) => LIKE[c] ?? c);
}

/** Insertions, deletions and replacements that turn one text into the other (Levenshtein), in characters. */
export function distance(a: string, b: string): number {
  const [s, t] = [[...a], [...b]];
  let row = Uint16Array.from({ length: t.length + 1 }, (_, j) => j);
  for (let i = 1; i <= s.length; i++) {
    const next = new Uint16Array(t.length + 1);
    next[0] = i;
    for (let j = 1; j <= t.length; j++) {
      const replaced = (row[j - 1] as number) + (s[i - 1] === t[j - 1] ? 0 : 1);
      next[j] = Math.min(replaced, (row[j] as number) + 1, (next[j - 1] as number) + 1);
    }
    row = next;
  }
  return row[t.length] as number;
}

/** Distance of two texts as folded, as a share of the longer one, 0..1. */
export function difference(a: string, b: string): number {
  const [x, y] = [folded(a), folded(b)];
  const longest = Math.max(x.length, y.length);
  return longest === 0 ? 0 : distance(x, y) / longest;
}

const digitsOf = (text: string) => text.replace(/\D/gu, '');

/** Whether two readings are of the same line: at most one letter in five differs, and no digit. */
export function sameLine(a: string, b: string): boolean {
  if (digitsOf(a) !== digitsOf(b)) return false;
  const [x, y] = [folded(a), folded(b)];
  return distance(x, y) <= Math.floor(Math.max(x.length, y.length) / 5);
}

/** Letters and digits in a text. */
export function lettersIn(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/** Whether a text is part of another one, but for one letter in five. */
export function isPart(part: string, whole: string): boolean {
  const [p, w] = [folded(part), folded(whole)];
  if (p.length >= w.length) return false;
  const most = Math.floor(p.length / 5);
  for (let from = 0; from + p.length <= w.length; from++) {
    if (distance(p, w.slice(from, from + p.length)) <= most) return true;
  }
  return false;
}
