import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, sha256Hex } from '#kernel';
import { type ModelRef } from '#contracts';
import { MotionError } from './errors.js';
import { STATISTICS } from './statistics.js';

/** A logistic head over the 32 statistics. */
export interface FightHead {
  readonly model: ModelRef;
  /** Score over which 5 % of the non-fights of the training collection lie; about a quarter of ordinary windows do. */
  readonly thresholdAt5: number;
  /** Score 0..1 of a window; not a probability. */
  score(statistics: ArrayLike<number>): number;
}

interface HeadFile {
  features: string[];
  mean: number[];
  scale: number[];
  weights: number[];
  bias: number;
  thresholdAt5: number;
}

const numbers = (list: unknown): list is number[] =>
  Array.isArray(list) && list.length === STATISTICS.length && list.every((v) => Number.isFinite(v));

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new MotionError('motion_model_missing', 'The fight head is missing; restore models/violence.', cause);
  }
}

/**
 * Loads the fight head.
 * @param dir folder with `model.json` and the file that it names; the committed one when left out
 * @throws MotionError `motion_model_missing`, `motion_model_corrupt` (wrong hash, other statistics, no numbers)
 */
export function loadFightHead(dir = join(projectRoot, 'models', 'violence')): FightHead {
  const corrupt = (why: string, cause?: unknown) =>
    new MotionError('motion_model_corrupt', `The fight head ${why}; restore models/violence.`, cause);
  let head: HeadFile;
  let model: { name: string; version: string; file: string; sha256: string };
  try {
    model = JSON.parse(read(join(dir, 'model.json')).toString('utf8')) as typeof model;
    const bytes = read(join(dir, model.file));
    if (sha256Hex(bytes) !== model.sha256) throw corrupt('is not the one that model.json names');
    head = JSON.parse(bytes.toString('utf8')) as HeadFile;
  } catch (cause) {
    throw cause instanceof MotionError ? cause : corrupt('cannot be read', cause);
  }
  const { mean, scale, weights, bias, thresholdAt5 } = head;
  const sound =
    [mean, scale, weights].every(numbers) &&
    Number.isFinite(bias) &&
    Number.isFinite(thresholdAt5) &&
    STATISTICS.every((name, i) => head.features[i] === name);
  if (!sound) throw corrupt('was fitted for other statistics');
  return {
    model: { name: model.name, version: model.version, sha256: model.sha256, provider: 'js' },
    thresholdAt5,
    score: (row) => {
      const z = weights.reduce((sum, w, i) => sum + (w * ((row[i] ?? NaN) - mean[i]!)) / scale[i]!, bias);
      return 1 / (1 + Math.exp(-z));
    },
  };
}
