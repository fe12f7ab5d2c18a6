import { TlogError } from './errors.js';
import { checkCount, checkHash, EMPTY_ROOT, HASH_BYTES, nodeHash, sameHash } from './hash.js';
import { splitPoint } from './merkle.js';

/** Hashes in a full tile. */
export const TILE_WIDTH = 256;

/** One tile of hashes (c2sp.org/tlog-tiles). */
export interface TileId {
  /** 0 holds leaf hashes; each hash of a level above is the root of a full tile below. */
  level: number;
  /** Place in its level, from 0. */
  n: number;
  /** Hashes in it, 1 to 256. */
  width: number;
}

/** Reads exactly `width * 32` bytes of a tile; it may cut them from a wider one, since tiles only grow at their end. */
export type ReadTile = (tile: TileId) => Promise<Uint8Array>;

/** Hashes of one level in a tree of `size` leaves. */
const rowLength = (size: number, level: number) => Math.floor(size / TILE_WIDTH ** level);

/** Width of a tile in a tree of `size` leaves; 0 or less: the tree has no such tile. */
export function widthIn(size: number, level: number, n: number): number {
  return Math.min(TILE_WIDTH, rowLength(size, level) - n * TILE_WIDTH);
}

/** The rightmost tile of each level that is not full, lowest first: what the next append and the root rest on. */
export function rightEdge(size: number): TileId[] {
  const edge: TileId[] = [];
  for (let level = 0; rowLength(size, level) > 0; level++) {
    const width = rowLength(size, level) % TILE_WIDTH;
    if (width > 0) edge.push({ level, n: Math.floor(rowLength(size, level) / TILE_WIDTH), width });
  }
  return edge;
}

/** Root over hashes of 32 bytes laid end to end, as many as a power of two. */
export function subtreeRoot(hashes: Uint8Array): Uint8Array {
  let row = Array.from({ length: hashes.length / HASH_BYTES }, (_, at) => hashAt(hashes, at));
  while (row.length > 1) row = row.filter((_, at) => at % 2 === 0).map((left, at) => nodeHash(left, row[2 * at + 1]!));
  return row[0]!;
}

function hashAt(hashes: Uint8Array, at: number): Uint8Array {
  return hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);
}

/** A tree as its tiles show it; each tile is asked for once. */
class TiledTree {
  private readonly read = new Map<string, Promise<Uint8Array>>();

  constructor(
    private readonly size: number,
    private readonly readTile: ReadTile,
  ) {}

  /** MTH(D[start:end]) of RFC 6962 for a range that the tree's division can lead to. */
  async range(start: number, end: number): Promise<Uint8Array> {
    const length = end - start;
    const split = length === 1 ? 1 : splitPoint(length);
    if (length === 1 || split * 2 === length) return this.subtree(start, length);
    const [left, right] = await Promise.all([this.range(start, start + split), this.range(start + split, end)]);
    return nodeHash(left, right);
  }

  /** Root of a whole subtree of a power of two of leaves. */
  private async subtree(start: number, length: number): Promise<Uint8Array> {
    let level = 0;
    let step = 1;
    for (; step * TILE_WIDTH <= length; step *= TILE_WIDTH) level++;
    const first = start / step;
    const n = Math.floor(first / TILE_WIDTH);
    const hashes = await this.tile({ level, n, width: widthIn(this.size, level, n) });
    const offset = (first % TILE_WIDTH) * HASH_BYTES;
    return subtreeRoot(hashes.subarray(offset, offset + (length / step) * HASH_BYTES));
  }

  private tile(tile: TileId): Promise<Uint8Array> {
    const key = `${tile.level}/${tile.n}`;
    const known = this.read.get(key) ?? readChecked(tile, this.readTile);
    this.read.set(key, known);
    return known;
  }
}

async function readChecked(tile: TileId, readTile: ReadTile): Promise<Uint8Array> {
  const hashes = await readTile(tile);
  if (hashes.length === tile.width * HASH_BYTES) return hashes;
  throw new TlogError(
    'tlog_tile_invalid',
    `Tile ${tile.n} of level ${tile.level} has ${hashes.length} bytes, not ${tile.width * HASH_BYTES}: the stored log is damaged. Restore it before going on.`,
  );
}

/**
 * Root of the tree of the first `size` leaves; 32 bytes. Reads the right edge only: at most one tile for each level.
 * Throws TlogError `tlog_argument_invalid` (size), `tlog_tile_invalid` (a tile of the wrong length), and what `readTile` throws.
 */
export async function treeRoot(size: number, readTile: ReadTile): Promise<Uint8Array<ArrayBuffer>> {
  checkCount(size, 0);
  return size === 0 ? EMPTY_ROOT : new Uint8Array(await new TiledTree(size, readTile).range(0, size));
}

/**
 * Hashes beside the way from leaf `index` to the root of the first `size` leaves, lowest first (RFC 6962, 2.1.1).
 * Reads at most two tiles for each level. Throws as {@link treeRoot} does.
 */
export async function inclusionProof(index: number, size: number, readTile: ReadTile): Promise<Uint8Array[]> {
  checkCount(index, 0);
  checkCount(size, index + 1);
  const beside: [number, number][] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitPoint(end - start);
    if (index < middle) {
      beside.push([middle, end]);
      end = middle;
    } else {
      beside.push([start, middle]);
      start = middle;
    }
  }
  return rangesOf(size, beside.reverse(), readTile);
}

/**
 * Proof that the tree of `from` leaves is the beginning of that of `to` leaves (RFC 6962, 2.1.2). Empty when they are the
 * same, and from nothing (a witness wants it so); `verifyConsistency` refuses the latter. Throws as {@link treeRoot} does.
 */
export async function consistencyProof(from: number, to: number, readTile: ReadTile): Promise<Uint8Array[]> {
  checkCount(from, 0);
  checkCount(to, from);
  if (from === 0) return [];
  const parts: [number, number][] = [];
  let [start, end] = [0, to];
  while (from < end) {
    const middle = start + splitPoint(end - start);
    if (from <= middle) {
      parts.push([middle, end]);
      end = middle;
    } else {
      parts.push([start, middle]);
      start = middle;
    }
  }
  if (start > 0) parts.push([start, end]);
  return rangesOf(to, parts.reverse(), readTile);
}

function rangesOf(size: number, ranges: [number, number][], readTile: ReadTile): Promise<Uint8Array[]> {
  const tree = new TiledTree(size, readTile);
  return Promise.all(ranges.map(([start, end]) => tree.range(start, end)));
}

/** A tile and its hashes, `width * 32` bytes. */
export interface Tile extends TileId {
  data: Uint8Array<ArrayBuffer>;
}

/** The tiles of one row that are new or wider once `added` (hashes end to end) follow the `before` hashes in it. */
function grownTiles(level: number, before: number, added: Uint8Array, oldEdge: Uint8Array): Tile[] {
  const row = new Uint8Array(oldEdge.length + added.length);
  row.set(oldEdge);
  row.set(added, oldEdge.length);
  const full = TILE_WIDTH * HASH_BYTES;
  return Array.from({ length: Math.ceil(row.length / full) }, (_, at) => {
    const data = row.slice(at * full, (at + 1) * full);
    return { level, n: Math.floor(before / TILE_WIDTH) + at, width: data.length / HASH_BYTES, data };
  });
}

/**
 * Appends leaves (hashes of 32 bytes) to a tree of `oldSize` leaves. Gives every tile that is new or wider, of every
 * level, each with its whole data, and the new root. A partial tile never feeds the level above, and no tile is empty.
 * Reads the old right edge only, at most one tile for each level. Throws as {@link treeRoot} does; with `oldRoot`, also
 * `tlog_tile_invalid` when the stored edge does not lead to it, for the log would sign a tree that contradicts its last one.
 */
export async function appendTiles(
  oldSize: number,
  leafHashes: readonly Uint8Array[],
  readTile: ReadTile,
  oldRoot?: Uint8Array,
): Promise<{ tiles: Tile[]; root: Uint8Array<ArrayBuffer> }> {
  checkCount(oldSize, 0);
  const size = oldSize + leafHashes.length;
  checkCount(size, 0);
  for (const hash of leafHashes) checkHash(hash);
  const edge = await Promise.all(
    rightEdge(oldSize).map(async (tile) => ({ ...tile, data: await readChecked(tile, readTile) })),
  );
  if (oldRoot && !sameHash(await rootOver(oldSize, edge), oldRoot)) {
    throw new TlogError(
      'tlog_tile_invalid',
      'The stored tiles do not lead to the last root: the stored log is damaged. Restore it before going on.',
    );
  }
  const tiles: Tile[] = [];
  let added: readonly Uint8Array[] = leafHashes;
  for (let level = 0; added.length > 0; level++) {
    const old = edge.find((tile) => tile.level === level)?.data ?? new Uint8Array(0);
    const grown = grownTiles(level, rowLength(oldSize, level), Buffer.concat(added), old);
    tiles.push(...grown);
    added = grown.filter(({ width }) => width === TILE_WIDTH).map(({ data }) => subtreeRoot(data));
  }
  return { tiles, root: await rootOver(size, [...edge, ...tiles]) };
}

/** Root of a tree whose right edge is among these tiles; later ones count. */
function rootOver(size: number, tiles: readonly (TileId & { data: Uint8Array })[]): Promise<Uint8Array<ArrayBuffer>> {
  const known = new Map(tiles.map(({ level, n, data }) => [`${level}/${n}`, data]));
  return treeRoot(size, async ({ level, n }) => known.get(`${level}/${n}`)!);
}
