import { FeatureCollector, windowsOf } from './features.js';
import { type LinearWeights } from './types.js';

const collectors = new Map<string, FeatureCollector>();

/** Buffers are shared by all models of the same shape: scoring is synchronous. */
function collectorFor(weights: LinearWeights): FeatureCollector {
  const key = `${weights.wordBits}/${weights.charBits}`;
  const known = collectors.get(key);
  if (known) return known;
  const fresh = new FeatureCollector(weights);
  collectors.set(key, fresh);
  return fresh;
}

/** Logistic function. */
function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/**
 * Raw scores (log-odds before calibration) of a run of words, one per label:
 * `bias + wordScale * sum(w) / sqrt(words) + charScale * sum(w) / sqrt(chars)` with integer sums, so that the
 * result is the same on every machine.
 */
function rawScores(weights: LinearWeights, collector: FeatureCollector, out: Float64Array): void {
  const labels = weights.bias.length;
  const { table } = weights;
  const { buckets, words, chars } = collector;
  const wordNorm = words > 0 ? 1 / Math.sqrt(words) : 0;
  const charNorm = chars > 0 ? 1 / Math.sqrt(chars) : 0;
  const sums = new Int32Array(labels * 2);
  for (let i = 0; i < words; i++) {
    const row = buckets[i]! * labels;
    for (let k = 0; k < labels; k++) sums[k]! += table[row + k]!;
  }
  for (let i = words; i < words + chars; i++) {
    const row = buckets[i]! * labels;
    for (let k = 0; k < labels; k++) sums[labels + k]! += table[row + k]!;
  }
  for (let k = 0; k < labels; k++) {
    out[k] =
      weights.bias[k]! +
      weights.wordScale[k]! * sums[k]! * wordNorm +
      weights.charScale[k]! * sums[labels + k]! * charNorm;
  }
}

/** Largest raw score of each label over the windows of a text. */
export function linearRaw(weights: LinearWeights, tokens: readonly string[]): Float64Array {
  const labels = weights.bias.length;
  const best = new Float64Array(labels).fill(-Infinity);
  const scores = new Float64Array(labels);
  const collector = collectorFor(weights);
  for (const [from, to] of windowsOf(tokens.length)) {
    collector.collect(tokens, from, to);
    rawScores(weights, collector, scores);
    for (let k = 0; k < labels; k++) if (scores[k]! > best[k]!) best[k] = scores[k]!;
  }
  return best;
}

/** Calibrated scores 0..1 per label, rounded to 5 decimals. An empty text scores 0. */
export function linearScores(weights: LinearWeights, tokens: readonly string[], kind = 'video_prompt'): number[] {
  if (tokens.length === 0) return weights.bias.map(() => 0);
  const raw = linearRaw(weights, tokens);
  const shift = kind === 'chat' ? weights.chatShift : 0;
  return Array.from(raw, (z, k) => Math.round(sigmoid(weights.slope[k]! * z + weights.offset[k]! - shift) * 1e5) / 1e5);
}
