/** Distances are bytes. */
const FARTHEST = 255;

/**
 * The nearest of very many, without sorting: what is offered is kept while it may be among them, and whenever there are
 * too many, a histogram says from where on they are dropped. Of those just as far as the last, the first offered stay.
 */
export class Selection {
  private readonly entries: Uint32Array;
  private readonly distances: Uint8Array;
  private readonly histogram = new Uint32Array(FARTHEST + 1);
  private count = 0;
  /** Farther ones cannot be among the best any more. */
  private limit = FARTHEST;

  /** @param most kept in the end. @param offered at a time, at most */
  constructor(
    private readonly most: number,
    offered: number,
  ) {
    this.entries = new Uint32Array(most + offered);
    this.distances = new Uint8Array(most + offered);
  }

  get bytes(): number {
    return this.entries.byteLength + this.distances.byteLength;
  }

  clear(): void {
    this.count = 0;
    this.limit = FARTHEST;
    this.histogram.fill(0);
  }

  /** Offers entries from `first` on, so many, that count for a scope. @param far how far each is */
  offer(far: Uint8Array, many: number, scopes: Int32Array, first: number, scope: number): void {
    const { limit, entries, distances, histogram } = this;
    let count = this.count;
    for (let i = 0; i < many; i++) {
      const distance = far[i]!;
      if (distance > limit) continue;
      const owner = scopes[first + i]!;
      if (owner !== 0 && owner !== scope) continue;
      entries[count] = first + i;
      distances[count++] = distance;
      histogram[distance]!++;
    }
    this.count = count;
    if (count > this.most) this.cut();
  }

  /** Those kept, in the order of their numbers; valid until the next question. */
  best(): Uint32Array {
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
    this.limit = limit;
  }
}
