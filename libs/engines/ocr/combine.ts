import { type PixelFrame } from '#engines/pixels';
import { greyOf } from './chips.js';
import { type Reading } from './ppocr.js';
import { type LineReader } from './tesseract.js';
import { difference, folded } from './words.js';

/** Up to this difference the two readers saw the same line, one of them with trouble. */
const AKIN = 0.4;
/** From this on Tesseract saw clean letters and is nearly always right: measured 0.90 and more there, at most 0.85 elsewhere. */
const CLEAN = 0.88;
/** Below this Tesseract's reading is not used. */
const LEAST = 0.3;

/** Luma with dark letters on a light ground: what Tesseract was trained on. */
export function darkOnLight(chip: PixelFrame): Uint8Array {
  const grey = greyOf(chip);
  const { width, height } = chip;
  let [rim, rimCount, all] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = grey[y * width + x] as number;
      all += value;
      if (y >= 4 && y < height - 4) continue;
      rim += value;
      rimCount++;
    }
  }
  // The ground shows at the upper and lower rim; letters pull the mean away from it.
  if (rim / rimCount < all / grey.length) for (let i = 0; i < grey.length; i++) grey[i] = 255 - (grey[i] as number);
  return grey;
}

/** What the quick reader leaves out at times, and the careful one does not make up. */
const LEFT_OUT = /^[\s'’-]$/u;

/**
 * The quick reading with the careful one's accents, ligatures, quotation marks and left out spaces and apostrophes. The
 * two are aligned letter by letter (Levenshtein); where the letters themselves differ the quick reader is right more
 * often.
 */
export function withAccents(quick: string, careful: string): string {
  const [a, b] = [[...quick.trim()], [...careful.trim()]];
  const [fa, fb] = [a.map(baseOf), b.map(baseOf)];
  const columns = b.length + 1;
  const cost = new Uint16Array((a.length + 1) * columns);
  const at = (i: number, j: number) => cost[i * columns + j] as number;
  const swap = (i: number, j: number) => at(i - 1, j - 1) + (fa[i - 1] === fb[j - 1] ? 0 : 1);
  // A ligature stands for two letters of the quick reading.
  const pair = (i: number, j: number) => i > 1 && fb[j - 1] === `${fa[i - 2]}${fa[i - 1]}`;
  for (let i = 0; i <= a.length; i++) {
    for (let j = 0; j <= b.length; j++) {
      let least = i === 0 ? j : j === 0 ? i : Math.min(swap(i, j), at(i - 1, j) + 1, at(i, j - 1) + 1);
      if (i > 1 && j > 0 && pair(i, j)) least = Math.min(least, at(i - 2, j - 1));
      cost[i * columns + j] = least;
    }
  }
  let [i, j, text] = [a.length, b.length, ''];
  while (i > 0 || j > 0) {
    const [own, other] = [a[i - 1] ?? '', b[j - 1] ?? ''];
    if (i > 1 && j > 0 && pair(i, j) && at(i, j) === at(i - 2, j - 1)) {
      [i, j, text] = [i - 2, j - 1, other + text];
    } else if (i > 0 && j > 0 && at(i, j) === swap(i, j)) {
      const same = fa[i - 1] === fb[j - 1] ? casedAs(own, other) : own;
      [i, j, text] = [i - 1, j - 1, same + text];
    } else if (i > 0 && at(i, j) === at(i - 1, j) + 1) {
      [i, text] = [i - 1, own + text];
    } else {
      [j, text] = [j - 1, (LEFT_OUT.test(other) ? other : '') + text];
    }
  }
  return text;
}

/** A character in the case of another one. */
function casedAs(model: string, character: string): string {
  if (model.toLowerCase() === model.toUpperCase()) return character;
  return model === model.toLowerCase() ? character.toLowerCase() : character.toUpperCase();
}

/** A character as folded; a space stays one. */
const baseOf = (character: string) => (/\s/u.test(character) ? ' ' : folded(character));

const digitsOf = (text: string) => text.replace(/\P{Nd}/gu, '');

/**
 * The better of two readings of one strip: the quick reader copes with more grounds, the careful one knows the accents.
 * Similar: the careful one where it is sure of itself, else the quick one with its accents. Not similar: the quick one.
 * Digits are always the quick one's: in front of others the careful one takes a 9 for a 0, and is sure of it (0.95).
 */
export function better(quick: Reading, careful: Reading): Reading & { agree: boolean } {
  const apart = careful.confidence >= LEAST ? difference(quick.text, careful.text) : 1;
  const confidence = Math.max(quick.confidence, careful.confidence);
  const alike = digitsOf(quick.text) === digitsOf(careful.text);
  if (apart === 0 || (apart <= AKIN && alike && careful.confidence >= CLEAN))
    return { text: careful.text, confidence, agree: true };
  if (apart <= AKIN) return { text: withAccents(quick.text, careful.text), confidence, agree: true };
  return { ...quick, agree: false };
}

/**
 * Reads a strip again, with accents, and gives the better reading. Where the two readers differ much the ground was
 * perhaps mistaken for the letters, and the strip is tried once more with light and dark exchanged.
 * @throws OcrError
 */
export async function spelled(reader: LineReader, quick: Reading, chip: PixelFrame): Promise<Reading> {
  const { width, height } = chip;
  const grey = darkOnLight(chip);
  const first = better(quick, await reader.read(grey, width, height));
  const { text, confidence } = first.agree
    ? first
    : better(quick, await reader.read(grey.map((v) => 255 - v), width, height)); // prettier-ignore
  return { text, confidence };
}
