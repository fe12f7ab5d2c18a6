/** Parts of the table; each grows by itself, so that growth never takes long at once. */
const PARTS = 256;
const EMPTY = -1;

/**
 * From a 32-bit mixed key to the numbers that have it, by open addressing in typed arrays: 8 to 16 bytes a number,
 * where a Map takes 40.
 */
export class SlotTable {
  private readonly parts = Array.from({ length: PARTS }, () => new Int32Array(16).fill(EMPTY));
  private readonly used = new Int32Array(PARTS);

  /** @param keyOf the mixed key of a number that is in the table, or about to be */
  constructor(private readonly keyOf: (slot: number) => number) {}

  /** The first number of the key that is the wanted one, or -1. */
  find(key: number, wanted: (slot: number) => boolean): number {
    const part = this.parts[key & (PARTS - 1)]!;
    const mask = part.length - 1;
    for (let at = (key >>> 8) & mask; ; at = (at + 1) & mask) {
      const slot = part[at] as number;
      if (slot === EMPTY || wanted(slot)) return slot;
    }
  }

  /** Adds a number that is not in it. */
  insert(slot: number): void {
    const key = this.keyOf(slot);
    const which = key & (PARTS - 1);
    let part = this.parts[which]!;
    if (2 * ++this.used[which]! > part.length) {
      const larger = new Int32Array(2 * part.length).fill(EMPTY);
      for (const old of part) if (old !== EMPTY) this.place(larger, old, this.keyOf(old));
      part = this.parts[which] = larger;
    }
    this.place(part, slot, key);
  }

  private place(part: Int32Array, slot: number, key: number): void {
    const mask = part.length - 1;
    let at = (key >>> 8) & mask;
    while (part[at] !== EMPTY) at = (at + 1) & mask;
    part[at] = slot;
  }

  /** Removes a number; those behind it move up, so that no trace is left. */
  remove(slot: number): void {
    const key = this.keyOf(slot);
    const part = this.parts[key & (PARTS - 1)]!;
    const mask = part.length - 1;
    let hole = (key >>> 8) & mask;
    while (part[hole] !== slot) {
      if (part[hole] === EMPTY) return;
      hole = (hole + 1) & mask;
    }
    this.used[key & (PARTS - 1)]!--;
    for (let at = (hole + 1) & mask; part[at] !== EMPTY; at = (at + 1) & mask) {
      const home = (this.keyOf(part[at] as number) >>> 8) & mask;
      // It may move when its home is not between the hole and where it stands.
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      part[hole] = part[at] as number;
      hole = at;
    }
    part[hole] = EMPTY;
  }

  /** Memory of the arrays. */
  get bytes(): number {
    return this.parts.reduce((sum, part) => sum + part.byteLength, 0);
  }
}
