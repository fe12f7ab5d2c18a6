import { type SessionOptions } from '#engines/inference';
import { checkFrame, type PixelFrame } from '#engines/pixels';
import { beginClip, detectWhole, FINE_SIDE, largest } from './clip-reader.js';
import { spelled } from './combine.js';
import { type Engines, openEngines, readQuickly } from './engines.js';
import { credible, MOST_CHARACTERS } from './lines.js';
import { frameBoxOf } from './quads.js';
import { type Quad, type ScreenLine, type TextReader } from './types.js';

/** Most lines read in one picture, the largest first. */
const MOST_LINES = 40;

/** How the reader is opened. */
export type TextReaderOptions = SessionOptions;

const degrees = (angle: number) => {
  const turned = Math.round((angle * 1800) / Math.PI) / 10;
  return turned > 180 ? turned - 360 : turned;
};

async function readLine(engines: Engines, frame: PixelFrame, found: Quad): Promise<ScreenLine | null> {
  const { quad, chip, reading } = await readQuickly(engines, frame, found);
  if (!credible(reading)) return null;
  const { text, confidence } = await spelled(engines.careful, reading, chip);
  return {
    text: [...text.trim()].slice(0, MOST_CHARACTERS).join(''),
    confidence,
    box: frameBoxOf(quad, frame),
    angleDeg: degrees(quad.angle),
    heightPx: Math.round(quad.height),
  };
}

/**
 * Opens the reader of text on screens: PP-OCRv4 finds and reads lines, Tesseract (English and French) spells them.
 * Everything is local; nothing is fetched.
 * @throws InferenceError, OcrError when a network or its data is missing or altered
 */
export async function createTextReader(options: TextReaderOptions = {}): Promise<TextReader> {
  const engines = await openEngines(options);
  return {
    models: engines.models,
    begin: () => beginClip(engines),
    read: async (frame) => {
      checkFrame(frame);
      const quads = largest(await detectWhole(engines, frame, FINE_SIDE), MOST_LINES);
      const lines = await Promise.all(quads.map((quad) => readLine(engines, frame, quad)));
      return lines.filter((line) => line !== null);
    },
    close: () => engines.careful.close(),
  };
}
