import { type PixelFrame } from '#engines/pixels';
import { greyOf } from './chips.js';
import { type Reading } from './ppocr.js';
import { type LineReader } from './tesseract.js';
import { difference } from './words.js';

/** Up to this difference the two readers saw the same line, and Tesseract's spelling, with accents, is taken. */
const AGREE = 0.3;
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

/** The better of two readings of one strip: quick reads more pictures, careful knows the accents. */
export function better(quick: Reading, careful: Reading): Reading & { agree: boolean } {
  const apart = difference(quick.text, careful.text);
  const agree = careful.confidence >= LEAST && apart <= AGREE;
  if (agree) return { text: careful.text, confidence: Math.max(quick.confidence, careful.confidence), agree };
  return { ...quick, agree };
}

/** Reads a strip again with accents. @throws OcrError */
export async function readCarefully(reader: LineReader, chip: PixelFrame): Promise<Reading> {
  return reader.read(darkOnLight(chip), chip.width, chip.height);
}
