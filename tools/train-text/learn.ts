import { type LinearWeights } from '#engines/text';
import { type Dataset } from './dataset.js';
import { randomFrom } from './templates/grammar.js';

/** Choices of the learner; the values were chosen on the development rows. */
export interface LearnOptions {
  epochs: number;
  rate: number;
  decay: number;
  /** Largest factor by which positives of a rare category weigh more. */
  boost: number;
  seed: number;
}

/** Learnt weights before rounding: `table` holds floats, one row of `labels` per bucket, IDF folded in. */
export interface Learnt {
  table: Float32Array;
  bias: Float64Array;
  log: string[];
}

/** How much more a positive of a category weighs: the square root of its rarity, within a bound. */
function positiveBoost(data: Dataset, labels: number, limit: number): Float64Array {
  const positive = new Float64Array(labels);
  const total = new Float64Array(labels);
  for (let i = 0; i < data.weight.length; i++) {
    total[i % labels]! += data.weight[i]!;
    if (data.target[i]) positive[i % labels]! += data.weight[i]!;
  }
  return positive.map((n, k) => (n === 0 ? 1 : Math.min(limit, Math.max(1, Math.sqrt(total[k]! / n / 8)))));
}

function shuffled(count: number, random: () => number): Int32Array {
  const order = Int32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}

/** Turns the sum of weights into their mean and folds the inverse document frequency in. */
function foldIn(mean: Float32Array, idf: Float32Array, labels: number, averaged: number): void {
  for (let bucket = 0; bucket < idf.length; bucket++) {
    for (let k = 0; k < labels; k++) mean[bucket * labels + k]! *= idf[bucket]! / averaged;
  }
}

/**
 * Masked logistic regression, one output per label, by AdaGrad over single rows (Duchi et al. 2011): unknown labels
 * have weight 0. Every style has its own intercept, so that "questions are mostly unsafe in these sources" is not
 * learnt as "question words are unsafe"; the intercept kept at run time is the templates' one.
 */
export function learn(data: Dataset, idf: Float32Array, labels: number, options: LearnOptions): Learnt {
  const table = new Float32Array(idf.length * labels);
  const sum = new Float32Array(idf.length * labels).fill(0.1);
  const styles = data.styles.length;
  const bias = new Float64Array(labels * (styles + 1));
  const biasSum = new Float64Array(bias.length).fill(1);
  const boost = positiveBoost(data, labels, options.boost);
  const random = randomFrom(options.seed);
  const z = new Float64Array(labels);
  const g = new Float64Array(labels);
  const log: string[] = [];
  // The average of the later epochs' weights generalises better than the last one (Polyak and Juditsky 1992).
  const mean = new Float32Array(table.length);
  let averaged = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    const order = shuffled(data.rows, random);
    const rate = options.rate * (1 - 0.8 * (epoch / options.epochs));
    let loss = 0;
    for (const row of order) {
      const from = data.start[row]!;
      const mid = from + data.words[row]!;
      const to = data.start[row + 1]!;
      const wordNorm = mid > from ? 1 / Math.sqrt(mid - from) : 0;
      const charNorm = to > mid ? 1 / Math.sqrt(to - mid) : 0;
      const style = (1 + data.style[row]!) * labels;
      for (let k = 0; k < labels; k++) z[k] = bias[k]! + bias[style + k]!;
      for (let i = from; i < to; i++) {
        const bucket = data.buckets[i]!;
        const x = idf[bucket]! * (i < mid ? wordNorm : charNorm);
        for (let k = 0, at = bucket * labels; k < labels; k++, at++) z[k]! += x * table[at]!;
      }
      let busy = false;
      for (let k = 0; k < labels; k++) {
        const w = data.weight[row * labels + k]!;
        const y = data.target[row * labels + k]!;
        const p = 1 / (1 + Math.exp(-z[k]!));
        const scale = w * (y ? boost[k]! : 1);
        g[k] = scale * (p - y);
        loss -= scale * Math.log(Math.max(1e-9, y ? p : 1 - p));
        if (Math.abs(g[k]!) > 1e-3) busy = true;
        else g[k] = 0;
      }
      if (!busy) continue;
      for (let i = from; i < to; i++) {
        const bucket = data.buckets[i]!;
        const x = idf[bucket]! * (i < mid ? wordNorm : charNorm);
        for (let k = 0, at = bucket * labels; k < labels; k++, at++) {
          const d = g[k]!;
          if (d === 0) continue;
          const step = d * x + options.decay * table[at]!;
          const s = (sum[at]! += step * step);
          table[at]! -= (rate * step) / Math.sqrt(s);
        }
      }
      for (const base of [0, style]) {
        for (let k = 0; k < labels; k++) {
          const s = (biasSum[base + k]! += g[k]! * g[k]!);
          bias[base + k]! -= (0.3 * rate * g[k]!) / Math.sqrt(s);
        }
      }
    }
    if (epoch >= options.epochs >> 1) {
      for (let i = 0; i < table.length; i++) mean[i]! += table[i]!;
      averaged++;
    }
    log.push(`epoch ${epoch + 1}: mean loss ${(loss / data.rows).toFixed(4)}`);
  }
  foldIn(mean, idf, labels, averaged);
  const kept = (1 + data.styles.indexOf('template')) * labels;
  return { table: mean, bias: bias.slice(0, labels).map((b, k) => b + bias[kept + k]!), log };
}

/** Rounds to int8 with one scale per label and block; the rare largest weights are clipped. */
export function quantise(learnt: Learnt, space: { wordBits: number; charBits: number }, labels: number): LinearWeights {
  const words = 1 << space.wordBits;
  const total = words + (1 << space.charBits);
  const table = new Int8Array(total * labels);
  const scaleOf = (from: number, to: number, k: number): number => {
    const values: number[] = [];
    for (let b = from; b < to; b++) {
      const v = Math.abs(learnt.table[b * labels + k]!);
      if (v > 0) values.push(v);
    }
    values.sort((a, b) => a - b);
    const top = values[Math.floor(values.length * 0.9998)] ?? values[values.length - 1] ?? 1;
    return top / 127;
  };
  const blocks: [number, number, number[]][] = [[0, words, []], [words, total, []]]; // prettier-ignore
  for (const [from, to, scales] of blocks) {
    for (let k = 0; k < labels; k++) {
      const scale = scaleOf(from, to, k);
      scales.push(scale);
      for (let b = from; b < to; b++) {
        const v = Math.round(learnt.table[b * labels + k]! / scale);
        table[b * labels + k] = Math.max(-127, Math.min(127, v));
      }
    }
  }
  const ones = Array.from({ length: labels }, () => 1);
  return {
    ...space,
    table,
    wordScale: blocks[0]![2],
    charScale: blocks[1]![2],
    bias: Array.from(learnt.bias),
    slope: ones,
    offset: ones.map(() => 0),
    chatShift: 0,
  };
}
