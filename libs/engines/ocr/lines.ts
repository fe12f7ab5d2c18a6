import { type ScreenText } from '#contracts';
import { type PixelFrame } from '#engines/pixels';
import { type Likeness } from './likeness.js';
import { type Reading } from './ppocr.js';
import { type Quad } from './types.js';
import { isPart, lettersIn, sameLine } from './words.js';

/** Longest text that is kept of one line, characters. */
export const MOST_CHARACTERS = 200;

/** A line followed through the clip. */
export interface Line {
  fromS: number;
  toS: number;
  /** Numbers of the frames in which it was seen. */
  frames: Set<number>;
  /** Where it was last, and how it looked. */
  quad: Quad;
  likeness: Likeness;
  /** Every reading so far. */
  readings: Reading[];
  /** The strip of the most confident reading, and its place. */
  best: Reading & { chip: PixelFrame; box: ScreenText['box'] };
}

/** Confidence from which a quick reading is believed. */
const SURE = 0.8;
/** Short texts come out of texture more easily. */
const SURE_SHORT = 0.9;

/**
 * Whether a reading is worth keeping: two letters or digits at least, and a confidence that texture seldom reaches.
 */
export function credible({ text, confidence }: Reading): boolean {
  const letters = lettersIn(text);
  return (
    letters >= 2 && letters * 2 >= text.replace(/\s/gu, '').length && confidence >= (letters < 4 ? SURE_SHORT : SURE)
  );
}

/** The reading that most others resemble; among equals the most confident. */
export function vote(readings: readonly Reading[]): Reading {
  const weight = (one: Reading) =>
    readings.filter((other) => sameLine(one.text, other.text)).reduce((sum, other) => sum + other.confidence, 0);
  const ranked = readings.map((one) => ({ one, key: weight(one) + one.confidence / 100 }));
  return ranked.reduce((a, b) => (b.key > a.key ? b : a)).one;
}

/** Seconds that a line may be away and still count as the same showing. */
const GAP_S = 2;

/**
 * The same line once: texts that differ in at most one letter in five and follow each other within two seconds, or
 * stand in several places at once, become one with the better reading. A piece of a line in the line's place is dropped.
 */
export function mergeTexts(texts: readonly (ScreenText & { seen: ReadonlySet<number> })[]): ScreenText[] {
  const kept: (ScreenText & { seen: Set<number> })[] = [];
  for (const one of [...texts].sort((a, b) => a.fromS - b.fromS)) {
    const same = kept.find((other) => sameLine(one.text, other.text) && one.fromS <= other.toS + GAP_S);
    if (!same) {
      kept.push({ ...one, seen: new Set(one.seen) });
      continue;
    }
    for (const frame of one.seen) same.seen.add(frame);
    same.toS = Math.max(same.toS, one.toS);
    if (one.confidence > same.confidence) {
      same.text = one.text;
      same.kind = one.kind;
      same.confidence = one.confidence;
      same.box = one.box;
    }
  }
  const whole = kept.filter((one) => !kept.some((other) => isFragment(one, other)));
  return whole.map(({ seen, ...text }) => ({ ...text, frames: seen.size }));
}

/** Whether a text is a piece of another one that was on the screen in the same place and, at least once, together. */
function isFragment(one: ScreenText, other: ScreenText): boolean {
  const [a, b] = [one.box, other.box];
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (across < a.width / 2 || down < a.height / 2) return false;
  return one.fromS <= other.toS + GAP_S && other.fromS <= one.toS + GAP_S && isPart(one.text, other.text);
}
