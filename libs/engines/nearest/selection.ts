import { LANES, SCANNED_BYTES } from './kernels.js';

/** Distances are bytes. */
const FARTHEST = 255;

/**
 * The nearest of very many, without sorting: what is offered is kept while it may be among them, and whenever there are
 * twice too many, a histogram says from where on they are dropped. Of those just as far as the last, the first offered stay.
 */
export class Selection {
  private readonly entries: Uint32Array;
  private readonly distances: Uint8Array;
  private readonly histogram = new Uint32Array(FARTHEST + 1);
  private count = 0;
  private bound = FARTHEST;

  /** @param most kept in the end. @param offered at a time, at most */
  constructor(
    private readonly most: number,
    offered: number,
  ) {
    this.entries = new Uint32Array(2 * most + offered);
    this.distances = new Uint8Array(2 * most + offered);
  }

  get bytes(): number {
    return this.entries.byteLength + this.distances.byteLength;
  }

  /** Farther ones cannot be among the best any more. */
  get limit(): number {
    return this.bound;
  }

  clear(): void {
    this.count = 0;
    this.bound = FARTHEST;
    this.histogram.fill(0);
  }

  /** Offers entries from `first` on. @param scanned of the scan with this limit. @param scopes theirs: 0 and `scope` count */
  offer(scanned: Uint8Array, first: number, scopes: Int32Array, scope: number): void {
    const { entries, distances, histogram } = this;
    let count = this.count;
    for (let at = 0, block = first; at < scanned.length; at += SCANNED_BYTES, block += LANES) {
      let mask = scanned[at + LANES]! | (scanned[at + LANES + 1]! << 8);
      for (; mask !== 0; mask &= mask - 1) {
        const lane = 31 - Math.clz32(mask & -mask);
        // Past the end there is no scope.
        const owner = scopes[block + lane];
        if (owner !== 0 && owner !== scope) continue;
        const distance = scanned[at + lane]!;
        entries[count] = block + lane;
        distances[count++] = distance;
        histogram[distance]!++;
      }
    }
    this.count = count;
    // Rarely, since it goes through all.
    if (count > 2 * this.most) this.cut();
  }

  /** Those kept, in the order of their numbers; valid until the next question. */
  best(): Uint32Array {
    if (this.count > this.most) this.cut();
    return this.entries.subarray(0, this.count);
  }

  private cut(): void {
    const { entries, distances, histogram, most } = this;
    let nearer = 0;
    let limit = 0;
    while (nearer + histogram[limit]! <= most) nearer += histogram[limit++]!;
    let room = most - nearer;
    histogram[limit] = room;
    histogram.fill(0, limit + 1);
    let kept = 0;
    for (let i = 0; i < this.count; i++) {
      const distance = distances[i]!;
      if (distance > limit || (distance === limit && room-- <= 0)) continue;
      entries[kept] = entries[i]!;
      distances[kept++] = distance;
    }
    this.count = kept;
    this.bound = limit;
  }
}
