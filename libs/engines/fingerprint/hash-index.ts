import { randomBytes } from 'node:crypto';
import { IndexFullError } from './errors.js';
import { MATCH_DISTANCE, popcount, WORDS, type HashWords } from './hash.js';
import { Pages, Rows } from './pages.js';
import { SlotTable } from './slot-table.js';

/** Chunks of 16 bits in a hash. Two hashes within 31 bits agree in one of them up to one bit. */
const CHUNKS = 16;
const BUCKETS = 1 << 16;
const NONE = -1;
/** Entries that are removed by group before others have their turn. */
const SLICE_MS = 15;

/** Something to find: a number of the caller's, its hash, and two numbers that a query can choose by. */
export interface IndexEntry {
  /** Whole number of the caller's own, 0 up to 2^53; unique. */
  id: number;
  hash: HashWords;
  /** Of the caller's own, 0 up to 2^31; by default 0. */
  group?: number;
  /** Of the caller's own, up to 2^53; by default 0. */
  source?: number;
}

/** An entry near the query. */
export interface IndexMatch {
  id: number;
  /** Bits that differ. */
  distance: number;
}

/** How {@link HashIndex.query} looks. */
export interface QueryOptions {
  /** Most bits that may differ, at most 31, the default. */
  distance?: number;
  /** Most entries in the answer, 100 by default: the nearest ones. */
  limit?: number;
  /** Which entries count, by their group and source; by default all. Entries that do not count take no place. */
  accept?: (group: number, source: number) => boolean;
}

/**
 * Finds every hash within 31 bits of another, exactly: multi-index hashing (Norouzi et al. 2012) over 16 chunks of
 * 16 bits. Equal hashes are stored once, however many entries have them.
 *
 * Where very many hashes share a chunk with the query (a million near-equal ones), it looks through all hashes in
 * turn instead, so no query takes longer than that; the answer is then still exact, and cut to the nearest `limit`.
 */
export class HashIndex {
  private readonly heads = new Int32Array(CHUNKS * BUCKETS).fill(NONE);
  private readonly counts = new Int32Array(CHUNKS * BUCKETS);
  private readonly words = new Pages(WORDS, (n) => new Uint32Array(n));
  /** Next and previous hash in each chunk's bucket. */
  private readonly links = new Pages(2 * CHUNKS, (n) => new Int32Array(n));
  /** First entry of each hash; -1 for a row out of use. */
  private readonly firsts = new Pages(1, (n) => new Int32Array(n).fill(NONE));
  private readonly hashRows = new Rows();
  private readonly byHash = new SlotTable((row) => this.keyOf((i) => this.words.get(row, i)));

  /** Id and source of each entry. */
  private readonly ids = new Pages(2, (n) => new Float64Array(n).fill(NONE));
  /** Hash, next and previous entry of the same hash, group. */
  private readonly entries = new Pages(4, (n) => new Int32Array(n));
  private readonly entryRows = new Rows();
  private readonly byId = new SlotTable((row) => this.idKey(this.ids.get(row)));
  /** So that nobody can choose hashes that fall together. */
  private readonly seed = randomBytes(4).readUInt32LE() | 1;

  /** @param capacity most entries; {@link add} throws beyond it */
  constructor(readonly capacity: number) {}

  /** Entries. */
  get size(): number {
    return this.entryRows.used;
  }

  /** Different hashes. */
  get hashes(): number {
    return this.hashRows.used;
  }

  /** Memory of the arrays. */
  get bytes(): number {
    const { heads, counts, words, links, firsts, byHash, ids, entries, byId } = this;
    const tables = [words, links, firsts, byHash, ids, entries, byId];
    return heads.byteLength + counts.byteLength + tables.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  private mix(key: number): number {
    let k = Math.imul(key ^ (key >>> 16), 0x85ebca6b);
    k = Math.imul(k ^ (k >>> 13), 0xc2b2ae35);
    return (k ^ (k >>> 16)) >>> 0;
  }

  private keyOf(word: (i: number) => number): number {
    let key = this.seed;
    for (let i = 0; i < WORDS; i++) key = this.mix(Math.imul(key, 31) ^ word(i));
    return key;
  }

  private idKey(id: number): number {
    return this.mix((id % 0x1_0000_0000) ^ Math.imul(Math.floor(id / 0x1_0000_0000), 31) ^ this.seed);
  }

  private rowOf(id: number): number {
    return this.byId.find(this.idKey(id), (row) => this.ids.get(row) === id);
  }

  has(id: number): boolean {
    return this.rowOf(id) !== NONE;
  }

  /**
   * Adds an entry, in microseconds.
   * @returns false when its id is there already; nothing is changed then
   * @throws IndexFullError `hash_index_full`
   */
  add({ id, hash, group = 0, source = 0 }: IndexEntry): boolean {
    if (this.has(id)) return false;
    if (this.size >= this.capacity) throw new IndexFullError(this.capacity);
    const at = this.hashRow(hash);
    const row = this.entryRows.take();
    this.ids.reserve(row);
    this.entries.reserve(row);
    const first = this.firsts.get(at);
    this.ids.set(row, 0, id);
    this.ids.set(row, 1, source);
    [at, first, NONE, group].forEach((value, column) => this.entries.set(row, column, value));
    if (first !== NONE) this.entries.set(first, 2, row);
    this.firsts.set(at, 0, row);
    this.byId.insert(row);
    return true;
  }

  /** Row of a hash, new if need be. */
  private hashRow(hash: HashWords): number {
    const same = (row: number) => hash.every((word, i) => this.words.get(row, i) === word);
    const known = this.byHash.find(
      this.keyOf((i) => hash[i] as number),
      same,
    );
    if (known !== NONE) return known;
    const row = this.hashRows.take();
    for (const table of [this.words, this.links, this.firsts]) table.reserve(row);
    hash.forEach((word, i) => this.words.set(row, i, word));
    this.firsts.set(row, 0, NONE);
    for (let chunk = 0; chunk < CHUNKS; chunk++) {
      const bucket = this.bucketOf(row, chunk);
      const next = this.heads[bucket] as number;
      this.links.set(row, 2 * chunk, next);
      this.links.set(row, 2 * chunk + 1, NONE);
      if (next !== NONE) this.links.set(next, 2 * chunk + 1, row);
      this.heads[bucket] = row;
      this.counts[bucket]!++;
    }
    this.byHash.insert(row);
    return row;
  }

  private bucketOf(row: number, chunk: number): number {
    const word = this.words.get(row, chunk >> 1);
    return chunk * BUCKETS + (chunk & 1 ? word & 0xffff : word >>> 16);
  }

  /** Removes an entry, in microseconds. @returns false when there is none of this id */
  remove(id: number): boolean {
    const row = this.rowOf(id);
    if (row === NONE) return false;
    const [at, next, previous] = [0, 1, 2].map((column) => this.entries.get(row, column)) as [number, number, number];
    this.byId.remove(row);
    if (next !== NONE) this.entries.set(next, 2, previous);
    if (previous !== NONE) this.entries.set(previous, 1, next);
    else this.firsts.set(at, 0, next);
    this.ids.set(row, 0, NONE);
    this.entryRows.giveBack(row);
    if (this.firsts.get(at) === NONE) this.dropHash(at);
    return true;
  }

  private dropHash(row: number): void {
    this.byHash.remove(row);
    for (let chunk = 0; chunk < CHUNKS; chunk++) {
      const bucket = this.bucketOf(row, chunk);
      const [next, previous] = [this.links.get(row, 2 * chunk), this.links.get(row, 2 * chunk + 1)];
      if (next !== NONE) this.links.set(next, 2 * chunk + 1, previous);
      if (previous !== NONE) this.links.set(previous, 2 * chunk, next);
      else this.heads[bucket] = next;
      this.counts[bucket]!--;
    }
    this.hashRows.giveBack(row);
  }

  /** Removes all entries of a group, a slice at a time so that others have their turn. @returns how many there were */
  async removeGroup(group: number): Promise<number> {
    let removed = 0;
    let since = performance.now();
    for (let row = 0; row < this.entryRows.high; row++) {
      const id = this.ids.get(row);
      if (id !== NONE && this.entries.get(row, 3) === group && this.remove(id)) removed++;
      if ((row & 255) === 0 && performance.now() - since > SLICE_MS) {
        await new Promise(setImmediate);
        since = performance.now();
      }
    }
    return removed;
  }

  /** Entries within `distance` bits, nearest first. `cut` says that as many as `limit` were found, so there may be more. */
  query(hash: HashWords, options: QueryOptions = {}): { matches: IndexMatch[]; cut: boolean } {
    const { distance = MATCH_DISTANCE, limit = 100, accept = () => true } = options;
    const most = Math.min(distance, MATCH_DISTANCE);
    const found = new Nearest(most, limit);
    const visit = (row: number) => {
      const bits = this.distanceTo(row, hash, found.reach);
      if (found.wants(bits)) this.collect(row, bits, accept, found);
    };
    const buckets = bucketsOf(hash);
    let candidates = 0;
    for (const bucket of buckets) candidates += this.counts[bucket] as number;
    if (candidates < this.hashRows.high / 2) this.visitNear(buckets, hash, most, visit);
    else for (let row = 0; row < this.hashRows.high; row++) if (this.firsts.get(row) !== NONE) visit(row);
    return found.answer();
  }

  private collect(row: number, bits: number, accept: NonNullable<QueryOptions['accept']>, found: Nearest): void {
    for (let entry = this.firsts.get(row); entry !== NONE && found.wants(bits); entry = this.entries.get(entry, 1)) {
      if (accept(this.entries.get(entry, 3), this.ids.get(entry, 1))) found.add(this.ids.get(entry), bits);
    }
  }

  private visitNear(buckets: Int32Array, hash: HashWords, most: number, visit: (row: number) => void): void {
    const seen = new Set<number>();
    const { pages } = this.links;
    for (const bucket of buckets) {
      const link = 2 * (bucket >>> 16);
      let row = this.heads[bucket] as number;
      while (row !== NONE) {
        if (this.distanceTo(row, hash, most) <= most && !seen.has(row)) {
          seen.add(row); // near hashes share several chunks
          visit(row);
        }
        row = pages[row >> Pages.bits]![(row & (Pages.rows - 1)) * 2 * CHUNKS + link] as number;
      }
    }
  }

  /** Bits that differ; any number above `most` once it is passed. */
  private distanceTo(row: number, hash: HashWords, most: number): number {
    const page = this.words.pages[row >> Pages.bits]!;
    const at = (row & (Pages.rows - 1)) * WORDS;
    let bits = 0;
    for (let i = 0; i < WORDS && bits <= most; i++) bits += popcount((page[at + i] as number) ^ (hash[i] as number));
    return bits;
  }
}

/** The buckets that a hash within 31 bits can be in: each chunk as it is, and with one bit changed. */
function bucketsOf(hash: HashWords): Int32Array {
  const buckets = new Int32Array(CHUNKS * 17);
  for (let chunk = 0, at = 0; chunk < CHUNKS; chunk++) {
    const word = hash[chunk >> 1] as number;
    const value = chunk & 1 ? word & 0xffff : word >>> 16;
    buckets[at++] = chunk * BUCKETS + value;
    for (let bit = 0; bit < 16; bit++) buckets[at++] = chunk * BUCKETS + (value ^ (1 << bit));
  }
  return buckets;
}

/** The nearest `limit` of what is found, without sorting. */
class Nearest {
  private readonly byDistance: number[][];
  private total = 0;
  private farthest = 0;
  /** Beyond this distance nothing is wanted any more. */
  reach: number;

  constructor(
    most: number,
    private readonly limit: number,
  ) {
    this.byDistance = Array.from({ length: most + 1 }, () => []);
    this.reach = most;
  }

  wants(bits: number): boolean {
    return bits <= this.reach;
  }

  add(id: number, bits: number): void {
    this.byDistance[bits]!.push(id);
    this.farthest = Math.max(this.farthest, bits);
    if (++this.total > this.limit) {
      this.byDistance[this.farthest]!.pop();
      this.total--;
    }
    if (this.total < this.limit) return;
    // With all places taken, only nearer ones are of use.
    while (this.farthest > 0 && this.byDistance[this.farthest]!.length === 0) this.farthest--;
    this.reach = this.farthest - 1;
  }

  answer(): { matches: IndexMatch[]; cut: boolean } {
    const matches = this.byDistance.flatMap((ids, distance) => ids.map((id) => ({ id, distance })));
    return { matches, cut: this.total >= this.limit };
  }
}
