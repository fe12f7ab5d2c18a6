import { type ModelRef } from '#contracts';
import { modelCard, modelPath, openSession, type Session, type SessionOptions } from '#engines/inference';
import { type PixelFrame } from '#engines/pixels';
import { chipOf } from './chips.js';
import { OcrError } from './errors.js';
import { readInstalled } from './installed.js';
import { type Reading, readPpocr } from './ppocr.js';
import { type LineReader, openTesseract, tesseractModels } from './tesseract.js';
import { type Quad } from './types.js';

const DETECTOR = 'ppocr-v4-det';
const RECOGNISER = 'ppocr-v4-rec';
const KEYS_FILE = 'assets/ppocr_keys_v1.txt';

/** The networks and programs that read. */
export interface Engines {
  detector: Session;
  recogniser: Session;
  /** Alphabet of the recogniser, the space last. */
  keys: readonly string[];
  careful: LineReader;
  models: ModelRef[];
}

function loadKeys(): string[] {
  const { source } = modelCard(RECOGNISER);
  const file = source.files.find(({ path }) => path === KEYS_FILE);
  if (!file) throw new OcrError('ocr_data_missing', `The card of ${RECOGNISER} does not name its alphabet.`);
  const text = readInstalled(`${source.package}/${file.path}`, file.sha256).toString('utf8');
  // One key a line, and after the last line the space, which the file does not hold.
  return [...text.replace(/\r?\n$/u, '').split(/\r?\n/u), ' '];
}

/** Opens everything that reads. @throws InferenceError, OcrError */
export async function openEngines(options: SessionOptions): Promise<Engines> {
  const open = (name: string) => {
    const card = modelCard(name);
    // The detector is the one network that is much slower without kept memory.
    return openSession(modelPath(card), card.sha256, { arena: name === DETECTOR, ...options });
  };
  const keys = loadKeys();
  const [detector, recogniser] = await Promise.all([open(DETECTOR), open(RECOGNISER)]);
  const careful = await openTesseract();
  const models = [
    detector.ref(DETECTOR, modelCard(DETECTOR).version),
    recogniser.ref(RECOGNISER, modelCard(RECOGNISER).version),
    ...tesseractModels(),
  ];
  return { detector, recogniser, keys, careful, models };
}

/** Steeper lines than this are read in both directions. */
const STEEP = (50 * Math.PI) / 180;

/** A line as it was read quickly, with its strip and the direction that read best. */
export interface QuickLine {
  quad: Quad;
  chip: PixelFrame;
  reading: Reading;
}

/** Turns a line upright and reads it with PP-OCR; steep lines also from the other end. @throws as readPpocr */
export async function readQuickly(engines: Engines, frame: PixelFrame, quad: Quad): Promise<QuickLine> {
  const quads = Math.abs(quad.angle) < STEEP ? [quad] : [quad, { ...quad, angle: quad.angle + Math.PI }];
  const tried = await Promise.all(
    quads.map(async (each) => {
      const chip = chipOf(frame, each);
      return { quad: each, chip, reading: await readPpocr(engines.recogniser, chip, engines.keys) };
    }),
  );
  return tried.reduce((a, b) => (b.reading.confidence > a.reading.confidence ? b : a));
}
