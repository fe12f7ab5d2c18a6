/** Sizes of the two hash tables, as log2 of their bucket counts. */
export interface FeatureSpace {
  wordBits: number;
  charBits: number;
}

const SEED_WORD = 0x811c9dc5 | 0;
const SEED_CHAR = 0x2f0b4c47 | 0;
const PRIME = 0x01000193;
const EDGE = 60; // '<' marks both ends of a word

function mix(h: number): number {
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/**
 * Collects the distinct hashed features of a run of words: words, pairs of neighbours, and the 3- to 5-character
 * pieces inside each word with its edges marked. Buckets of characters follow those of words. Reuses its buffers:
 * the result of one call is overwritten by the next.
 */
export class FeatureCollector {
  /** Buckets found by the last call; word buckets first. */
  readonly buckets: Int32Array;
  words = 0;
  chars = 0;
  private readonly seen: Uint32Array;
  private stamp = 0;

  constructor(
    private readonly space: FeatureSpace,
    capacity = 40_000,
  ) {
    this.buckets = new Int32Array(capacity);
    this.seen = new Uint32Array((1 << space.wordBits) + (1 << space.charBits));
  }

  /** Reads `tokens[from..to)`; what exceeds the capacity is left out. */
  collect(tokens: readonly string[], from: number, to: number): void {
    if (++this.stamp === 0xffffffff) {
      this.seen.fill(0);
      this.stamp = 1;
    }
    this.words = 0;
    this.chars = 0;
    const shift = 32 - this.space.wordBits;
    let before = 0;
    let count = 0;
    for (let t = from; t < to; t++) {
      const token = tokens[t]!;
      let h = SEED_WORD;
      for (let i = 0; i < token.length; i++) h = Math.imul(h ^ token.charCodeAt(i), PRIME);
      count = this.add(mix(h) >>> shift, count);
      if (t > from) count = this.add(mix(Math.imul(before, 31) ^ Math.imul(h, 17)) >>> shift, count);
      before = h;
    }
    this.words = count;
    for (let t = from; t < to; t++) count = this.pieces(tokens[t]!, count);
    this.chars = count - this.words;
  }

  private pieces(token: string, count: number): number {
    const shift = 32 - this.space.charBits;
    const base = 1 << this.space.wordBits;
    const last = token.length + 1;
    for (let start = 0; start <= last - 2; start++) {
      let h = SEED_CHAR;
      for (let n = 0; n < 5 && start + n <= last; n++) {
        const at = start + n;
        h = Math.imul(h ^ (at === 0 || at === last ? EDGE : token.charCodeAt(at - 1)), PRIME);
        if (n >= 2) count = this.add(base + (mix(h + n) >>> shift), count);
      }
    }
    return count;
  }

  private add(bucket: number, count: number): number {
    if (this.seen[bucket] === this.stamp || count >= this.buckets.length) return count;
    this.seen[bucket] = this.stamp;
    this.buckets[count] = bucket;
    return count + 1;
  }
}

/** Words to a window, and how far the next window starts: a long text cannot dilute one bad sentence. */
export const WINDOW = 96;
export const STRIDE = 64;

/** Windows [from, to) over `count` words. A short text has one; a tail shorter than a third joins its neighbour. */
export function windowsOf(count: number): [from: number, to: number][] {
  if (count <= WINDOW + 32) return [[0, count]];
  const out: [number, number][] = [];
  for (let from = 0; from < count; from += STRIDE) {
    const to = Math.min(count, from + WINDOW);
    out.push([count - to <= 0 ? Math.max(0, to - WINDOW) : from, to]);
    if (to === count) break;
  }
  return out;
}
