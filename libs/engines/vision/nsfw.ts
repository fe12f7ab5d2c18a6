import { type ModelRef } from '#contracts';
import { modelCard, modelPath, openSession, type SessionOptions } from '#engines/inference';
import { type PixelFrame, stretchInto } from '#engines/pixels';
import { VisionError } from './types.js';

/** Name of the model's card. */
export const NSFW_MODEL = 'nsfw-mobilenet-v2-mid';

/** Side of the classifier's input in pixels. */
const SIZE = 224;
const VALUES = 3 * SIZE * SIZE;

/** Classes of the classifier, in the order of its output. */
export const NSFW_CLASSES = ['drawing', 'hentai', 'neutral', 'porn', 'sexy'] as const;

/** Probability per class, each 0..1, together 1. */
export type NsfwScores = Record<(typeof NSFW_CLASSES)[number], number>;

/** How the classifier is opened. */
export interface NsfwOptions extends SessionOptions {
  /** Frames per run, 1..32; by default 1 on the CPU, where larger batches only cost memory, and 8 elsewhere. */
  batch?: number;
}

/** A classifier of single frames, ready to run. */
export interface NsfwDetector {
  /** Name, version, hash and provider, for {@link aggregateNsfw} and decision records. */
  readonly model: ModelRef;
  /**
   * Scores frames in the order given; frames of one call may have different sizes.
   * @throws PixelError; VisionError `nsfw_output_invalid`; InferenceError when the network fails
   */
  score(frames: readonly PixelFrame[]): Promise<NsfwScores[]>;
}

function toScores(values: Float32Array, offset: number): NsfwScores {
  const entries = NSFW_CLASSES.map((name, i) => [name, values[offset + i] ?? NaN] as const);
  const sum = entries.reduce((total, [, value]) => total + value, 0);
  // A provider that computes rubbish must not read as "nothing found".
  if (!(Math.abs(sum - 1) < 0.02) || entries.some(([, v]) => !(v >= 0 && v <= 1.001))) {
    throw new VisionError('nsfw_output_invalid', 'The frame classifier gave values that are not probabilities.');
  }
  return Object.fromEntries(entries) as NsfwScores;
}

/**
 * Opens the frame classifier (MobileNetV2, 5 classes, converted from nsfwjs; models/README.md).
 * Every frame is stretched to 224x224 (area average when shrinking).
 * @throws InferenceError when the model is missing, altered, or nothing can run it
 */
export async function createNsfwDetector(opts: NsfwOptions = {}): Promise<NsfwDetector> {
  const card = modelCard(NSFW_MODEL);
  const session = await openSession(modelPath(card), card.sha256, opts);
  const size = Math.min(32, Math.max(1, Math.trunc(opts.batch ?? (session.provider === 'cpu' ? 1 : 8))));
  const run = async (frames: readonly PixelFrame[]): Promise<NsfwScores[]> => {
    const batch = new Float32Array(frames.length * VALUES);
    frames.forEach((frame, i) => stretchInto(frame, SIZE, batch, i * VALUES));
    const values = await session.run(batch, [frames.length, SIZE, SIZE, 3]);
    return frames.map((_, i) => toScores(values, i * NSFW_CLASSES.length));
  };
  return {
    model: session.ref(card.name, card.version),
    score: async (frames) => {
      const results: NsfwScores[] = [];
      let next = 0;
      // A few batches in flight keep every lane busy without holding all frames of a long clip as floats.
      const feed = async () => {
        while (next < frames.length) {
          const start = next;
          next += size;
          const scores = await run(frames.slice(start, start + size));
          scores.forEach((s, i) => (results[start + i] = s));
        }
      };
      await Promise.all(Array.from({ length: 4 }, feed));
      return results;
    },
  };
}
