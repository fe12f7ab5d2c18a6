import { type PixelFrame } from '#engines/pixels';
import { greyOf } from './chips.js';
import { type Reading } from './ppocr.js';
import { type LineReader } from './tesseract.js';
import { difference, folded } from './words.js';

/** Up to this difference the two readers saw the same line, and Tesseract's spelling, with accents, is taken. */
const SAME = 0.1;
/** Up to this difference they saw the same line with trouble. */
const AKIN = 0.4;
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

/** The careful spelling of those words that both readers saw alike, and the quick one of all others. */
function wordByWord(quick: string, careful: string): string {
  const [a, b] = [quick.trim().split(/\s+/u), careful.trim().split(/\s+/u)];
  if (a.length !== b.length) return quick;
  return a.map((word, i) => (folded(word) === folded(b[i] ?? '') ? b[i] : word)).join(' ');
}

/**
 * The better of two readings of one strip: the quick reader copes with more grounds, the careful one knows the accents.
 * Almost the same: the careful one. Similar: word by word. Else the quick one.
 */
export function better(quick: Reading, careful: Reading): Reading & { agree: boolean } {
  const apart = careful.confidence >= LEAST ? difference(quick.text, careful.text) : 1;
  const confidence = Math.max(quick.confidence, careful.confidence);
  if (apart <= SAME) return { text: careful.text, confidence, agree: true };
  if (apart <= AKIN) return { text: wordByWord(quick.text, careful.text), confidence, agree: true };
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
