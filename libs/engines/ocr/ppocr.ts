import { type Session } from '#engines/inference';
import { type PixelFrame } from '#engines/pixels';
import { CHIP_HEIGHT } from './chips.js';
import { OcrError } from './errors.js';

/** What a reader made of one strip. */
export interface Reading {
  text: string;
  /** Mean confidence of the characters, 0..1; 0 when there are none. */
  confidence: number;
}

/** Narrower strips are padded to this: the network was trained on at least this. */
const LEAST_WIDTH = 64;

function inputOf(chip: PixelFrame): { data: Float32Array; width: number } {
  const width = Math.max(LEAST_WIDTH, 8 * Math.ceil(chip.width / 8));
  const size = width * CHIP_HEIGHT;
  const data = new Float32Array(3 * size);
  for (let y = 0; y < CHIP_HEIGHT; y++) {
    for (let x = 0; x < chip.width; x++) {
      const at = 3 * (y * chip.width + x);
      for (let c = 0; c < 3; c++) data[c * size + y * width + x] = (chip.rgb[at + 2 - c] as number) / 127.5 - 1;
    }
  }
  return { data, width };
}

/** Greedy CTC: the strongest class of each step, repeats joined, blanks (class 0) left out. */
export function decodeCtc(values: Float32Array, keys: readonly string[]): Reading {
  const classes = keys.length + 1;
  let [text, sum, count, before] = ['', 0, 0, 0];
  for (let step = 0; step < values.length; step += classes) {
    let best = 0;
    for (let c = 1; c < classes; c++) {
      if ((values[step + c] as number) > (values[step + best] as number)) best = c;
    }
    if (best !== 0 && best !== before) {
      text += keys[best - 1] ?? '';
      sum += values[step + best] as number;
      count++;
    }
    before = best;
  }
  return { text, confidence: count === 0 ? 0 : sum / count };
}

/**
 * Reads one strip with PP-OCRv4 mobile.
 * @param keys the network's alphabet, class 1 first, the space last
 * @throws InferenceError; OcrError `ocr_output_invalid`
 */
export async function readPpocr(net: Session, chip: PixelFrame, keys: readonly string[]): Promise<Reading> {
  const { data, width } = inputOf(chip);
  const values = await net.run(data, [1, 3, CHIP_HEIGHT, width]);
  if (values.length === 0 || values.length % (keys.length + 1) !== 0 || !Number.isFinite(values[0])) {
    throw new OcrError('ocr_output_invalid', 'The text recogniser gave values that do not fit its alphabet.');
  }
  return decodeCtc(values, keys);
}
