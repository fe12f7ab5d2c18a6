import { fromDecimal } from './encoding.js';
import { checkCount } from './hash.js';
import { TlogError } from './errors.js';
import { TILE_WIDTH, type TileId } from './tiles.js';

/** 1234067 is x001/x234/067. */
function indexPath(n: number): string {
  checkCount(n, 0);
  const digits = String(n);
  const groups = digits.padStart(Math.ceil(digits.length / 3) * 3, '0').match(/\d{3}/g)!;
  return groups.map((group, at) => (at < groups.length - 1 ? `x${group}` : group)).join('/');
}

function placePath(level: number | 'entries', n: number, width: number): string {
  checkCount(width, 1);
  if (width > TILE_WIDTH) throw new TlogError('tlog_argument_invalid', 'A tile holds at most 256 hashes or entries.');
  return `tile/${level}/${indexPath(n)}${width < TILE_WIDTH ? `.p/${width}` : ''}`;
}

/**
 * Path of a tile below the log's prefix, e.g. `tile/0/x001/x234/067.p/5` (c2sp.org/tlog-tiles).
 * Throws TlogError `tlog_argument_invalid` for a level above 63, an index or a width that cannot be.
 */
export function tilePath({ level, n, width }: TileId): string {
  checkCount(level, 0);
  if (level > 63) throw new TlogError('tlog_argument_invalid', 'A tile has a level of 0 to 63.');
  return placePath(level, n, width);
}

/** Path of a bundle of 1 to 256 entries below the log's prefix, e.g. `tile/entries/000.p/5`. Throws as {@link tilePath}. */
export function entriesPath(n: number, width: number): string {
  return placePath('entries', n, width);
}

/** What a path of a log names: hashes, or entries (whose level counts as 0). */
export interface TilePath {
  kind: 'hashes' | 'entries';
  tile: TileId;
}

const PATH = /^tile\/(entries|\d{1,2})\/((?:x\d{3}\/)*\d{3})(?:\.p\/(\d{1,3}))?$/;

/** Reads a path below the log's prefix; null for every spelling but the one that {@link tilePath} writes. */
export function parseTilePath(path: string): TilePath | null {
  const [, place, index, partial] = PATH.exec(path) ?? [];
  if (!place || !index) return null;
  const n = fromDecimal(index.replace(/[x/]/g, '').replace(/^0+(?=\d)/, ''));
  const width = partial === undefined ? TILE_WIDTH : fromDecimal(partial);
  const level = place === 'entries' ? 0 : fromDecimal(place);
  if (n === null || level === null || level > 63 || !width || (partial && width >= TILE_WIDTH)) return null;
  const tile = { level, n, width };
  const written = place === 'entries' ? entriesPath(n, width) : tilePath(tile);
  return written === path ? { kind: place === 'entries' ? 'entries' : 'hashes', tile } : null;
}
