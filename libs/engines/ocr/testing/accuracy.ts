import { distance } from '../words.js';

/** Typographic apostrophes are a matter of taste; everything else counts. */
const plain = (text: string) => text.replace(/[’‘]/gu, "'");

/** Share of the characters of `wanted` that were read, accents and case included, each line against its nearest. */
export function accuracy(wanted: readonly string[], read: readonly string[]): number {
  const total = wanted.reduce((sum, line) => sum + line.length, 0);
  const wrong = wanted.reduce((sum, line) => {
    const errors = read.map((one) => distance(plain(line), plain(one)));
    return sum + Math.min(line.length, ...errors);
  }, 0);
  return 1 - wrong / total;
}
