import type { TextLine } from '#contracts';

/** Lines shown around a change. */
const AROUND = 3;
/** Beyond this many pairs of lines the middle is shown as taken out and put in whole. */
const MOST_PAIRS = 4_000_000;

const lineOf = (op: TextLine['op'], text: string, from: number | null, to: number | null): TextLine => ({
  op,
  from,
  to,
  text,
});

/** Longest common part of two lists of lines, as pairs of indices. */
function commonPairs(a: readonly string[], b: readonly string[]): [number, number][] {
  if (a.length * b.length > MOST_PAIRS) return [];
  const width = b.length + 1;
  const longest = new Uint32Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) pairs.push([i++, j++]);
    else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}

/** All lines of both texts in order, each kept, taken out or put in. */
function allLines(from: string, to: string): TextLine[] {
  const [a, b] = [from.split('\n'), to.split('\n')];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const middle = commonPairs(a.slice(start, a.length - end), b.slice(start, b.length - end));
  const pairs: [number, number][] = [
    ...Array.from({ length: start }, (_, at): [number, number] => [at, at]),
    ...middle.map(([i, j]): [number, number] => [i + start, j + start]),
    ...Array.from({ length: end }, (_, at): [number, number] => [a.length - end + at, b.length - end + at]),
    [a.length, b.length],
  ];
  const lines: TextLine[] = [];
  let [i, j] = [0, 0];
  for (const [nextA, nextB] of pairs) {
    for (; i < nextA; i++) lines.push(lineOf('remove', a[i]!, i + 1, null));
    for (; j < nextB; j++) lines.push(lineOf('add', b[j]!, null, j + 1));
    if (i < a.length && j < b.length) lines.push(lineOf('keep', a[i++]!, i, ++j));
  }
  return lines;
}

/** Changed lines of a text, in pieces with three lines around each. */
export function textChanges(from: string, to: string): TextLine[][] {
  const lines = allLines(from, to);
  const near = new Uint8Array(lines.length);
  lines.forEach(({ op }, at) => {
    if (op !== 'keep') near.fill(1, Math.max(0, at - AROUND), at + AROUND + 1);
  });
  const pieces: TextLine[][] = [];
  lines.forEach((line, at) => {
    if (!near[at]) return;
    if (!near[at - 1]) pieces.push([]);
    pieces.at(-1)!.push(line);
  });
  return pieces;
}
