import { FeatureCollector, normaliseText, windowsOf, type FeatureSpace, type Lexicon } from '#engines/text';
import { CATEGORIES } from '#contracts';
import { type Row } from './data.js';

/** Rows as features: row r has `buckets[start[r] .. start[r+1])`, the first `words[r]` of them word buckets. */
export interface Dataset {
  rows: number;
  buckets: Int32Array;
  start: Int32Array;
  words: Int32Array;
  /** Per row and label: target and sample weight (0 = unknown). */
  target: Uint8Array;
  weight: Float32Array;
  /** Per row: index of its style, whose intercept is learnt and thrown away. */
  style: Uint8Array;
  styles: string[];
  kinds: string[];
}

const WEAK_NEGATIVE = 0.15;

/** Weight of a label that nobody stated, in a row where another category is positive: probably absent. */
function unknownWeight(row: Row): number {
  return Object.values(row.labels).includes(1) ? WEAK_NEGATIVE : 0;
}

/** Text style as a nuisance: questions, posts and captions differ in how often they are unsafe in these sources. */
function styleOf(row: Row): string {
  if (row.source.startsWith('template')) return 'template';
  return row.lang === 'en' || row.lang === 'fr' ? `${row.kind}-${row.lang}` : row.kind;
}

interface Growing {
  buckets: Int32Array;
  size: number;
}

function append(out: Growing, from: FeatureCollector): void {
  const count = from.words + from.chars;
  if (out.size + count > out.buckets.length) {
    const bigger = new Int32Array(out.buckets.length * 2);
    bigger.set(out.buckets.subarray(0, out.size));
    out.buckets = bigger;
  }
  out.buckets.set(from.buckets.subarray(0, count), out.size);
  out.size += count;
}

function labelsOf(row: Row): { target: number[]; weight: number[] } {
  const unknown = unknownWeight(row);
  const target: number[] = [];
  const weight: number[] = [];
  for (const category of CATEGORIES) {
    const value = category === 'other' ? row.unsafe : row.labels[category];
    target.push(value === 1 ? 1 : 0);
    weight.push(value == null ? (category === 'other' ? 0 : unknown * row.weight) : row.weight);
  }
  return { target, weight };
}

/** Turns rows into features. Harmless long texts are cut into the windows that the runtime looks at. */
export function buildDataset(rows: readonly Row[], space: FeatureSpace, lexicon: Lexicon): Dataset {
  const collector = new FeatureCollector(space);
  const grown: Growing = { buckets: new Int32Array(1 << 24), size: 0 };
  const start: number[] = [0];
  const words: number[] = [];
  const target: number[] = [];
  const weight: number[] = [];
  const style: number[] = [];
  const styles: string[] = [];
  const kinds: string[] = [];
  for (const row of rows) {
    const { tokens } = normaliseText(row.text, lexicon);
    if (tokens.length === 0) continue;
    const labels = labelsOf(row);
    const name = styleOf(row);
    if (!styles.includes(name)) styles.push(name);
    const windows = row.unsafe === 0 ? windowsOf(tokens.length) : [[0, tokens.length] as [number, number]];
    for (const [from, to] of windows) {
      collector.collect(tokens, from, to);
      append(grown, collector);
      start.push(grown.size);
      words.push(collector.words);
      target.push(...labels.target);
      weight.push(...labels.weight);
      style.push(styles.indexOf(name));
      kinds.push(row.kind);
    }
  }
  return {
    rows: words.length,
    buckets: grown.buckets.subarray(0, grown.size),
    start: Int32Array.from(start),
    words: Int32Array.from(words),
    target: Uint8Array.from(target),
    weight: Float32Array.from(weight),
    style: Uint8Array.from(style),
    styles,
    kinds,
  };
}

/** Inverse document frequency per bucket, scaled so that common features weigh about 1 and rare ones at most 3. */
export function inverseFrequency(data: Dataset, buckets: number): Float32Array {
  const count = new Float32Array(buckets);
  for (const bucket of data.buckets) count[bucket]!++;
  return count.map((n) => (n === 0 ? 0 : Math.min(3, Math.log((data.rows + 1) / (n + 1)) / 3)));
}
