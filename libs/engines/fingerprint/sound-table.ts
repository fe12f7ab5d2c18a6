import { Pages } from './pages.js';
import type { SoundFingerprint } from './sound.js';
import type { SoundPrint } from './sound-match.js';

/** Every so many sub-fingerprints of a release are in the table; a query looks up all of its own. */
const EVERY = 4;
/** Entries that one bucket holds; beyond it a word is so common that it counts for none. */
const MOST_IN_BUCKET = 64;
/** Offsets are kept as numbers of 21 bits: 7200 s either way. */
const OFFSETS = 2 ** 21;
const NONE = -1;

/** Releases by the sub-fingerprints of their sound, in about 16 bytes for each that is kept. */
export class SoundTable {
  private readonly heads: Int32Array;
  private readonly counts: Uint8Array;
  /** Word, release, place in the release. */
  private readonly entries = new Pages(3, (n) => new Uint32Array(n));
  private readonly links = new Pages(1, (n) => new Int32Array(n));
  private used = 0;

  /** @param capacity entries at most */
  constructor(readonly capacity: number) {
    const buckets = 2 ** Math.max(10, Math.floor(Math.log2(capacity)) - 1);
    this.heads = new Int32Array(buckets).fill(NONE);
    this.counts = new Uint8Array(buckets);
  }

  get size(): number {
    return this.used;
  }

  /** Memory of the arrays. */
  get bytes(): number {
    return this.heads.byteLength + this.counts.byteLength + this.entries.bytes + this.links.bytes;
  }

  /** Entries that a release would take. */
  static sizeOf({ words }: SoundPrint): number {
    return Math.ceil(words.length / EVERY);
  }

  private bucketOf(word: number): number {
    const mixed = Math.imul(word ^ (word >>> 15), 0x2c1b3c6d);
    return (mixed ^ (mixed >>> 16)) & (this.heads.length - 1);
  }

  /** Adds a release's sound under the caller's number; what is silent or too common is left out. */
  add(release: number, { words, usable }: SoundPrint): void {
    for (let at = 0; at < words.length; at += EVERY) {
      if (!usable[at]) continue;
      const word = words[at] as number;
      const bucket = this.bucketOf(word);
      if (this.counts[bucket]! >= MOST_IN_BUCKET) continue;
      this.counts[bucket]!++;
      const row = this.used++;
      this.entries.reserve(row);
      this.links.reserve(row);
      [word, release, at].forEach((value, column) => this.entries.set(row, column, value));
      this.links.set(row, 0, this.heads[bucket] as number);
      this.heads[bucket] = row;
    }
  }

  /** Calls `visit` with each release and place of a word. */
  private each(word: number, visit: (release: number, at: number) => void): void {
    const bucket = this.bucketOf(word);
    if (this.counts[bucket]! >= MOST_IN_BUCKET) return;
    for (let row = this.heads[bucket] as number; row !== NONE; row = this.links.get(row)) {
      if (this.entries.get(row) === word) visit(this.entries.get(row, 1), this.entries.get(row, 2));
    }
  }

  /**
   * Releases that share sub-fingerprints with a track at one and the same offset, as they are or with one of the three
   * weakest bits changed; those with most first.
   * @param least shared ones at least
   */
  search(track: SoundFingerprint, least: number, most: number): number[] {
    const votes = new Map<number, number>();
    track.words.forEach((word, i) => {
      if (!track.usable[i]) return;
      const vote = (release: number, at: number) => {
        const key = release * OFFSETS + (at - i + OFFSETS / 2);
        votes.set(key, (votes.get(key) ?? 0) + 1);
      };
      this.each(word, vote);
      for (const bit of track.weak.subarray(3 * i, 3 * i + 3)) this.each((word ^ (1 << bit)) >>> 0, vote);
    });
    const best = new Map<number, number>();
    for (const [key, count] of votes) {
      const release = Math.floor(key / OFFSETS);
      if (count >= least) best.set(release, Math.max(count, best.get(release) ?? 0));
    }
    return [...best]
      .sort((a, b) => b[1] - a[1])
      .slice(0, most)
      .map(([release]) => release);
  }
}
