import type { Database, LogCheckpoint, Transaction } from '#platform/database';
import type { ReadTile, TileId } from '#engines/tlog';
import { LogError } from './errors.js';

/** Hashes of a full tile. */
export const TILE = 256;
const HASH_BYTES = 32;

/** Held while the log grows or is published, until the transaction ends. */
export async function lockLog(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('imprimatur transparency log', 0))`;
}

/** The newest signed tree head, published or not. */
export function newestCheckpoint(database: Database | Transaction): Promise<LogCheckpoint | null> {
  return database.logCheckpoint.findFirst({ orderBy: { size: 'desc' } });
}

/** True for tiles that have rows: those at the edge of level 0 are the hashes of the leaves, which are stored anyway. */
export function isStored({ level, width }: TileId): boolean {
  return level > 0 || width === TILE;
}

/** Reads hashes of the tree from the tables. @throws LogError `log_tile_missing` */
export function tilesOf(database: Database | Transaction): ReadTile {
  return async ({ level, n, width }) => {
    const tile = await database.logTile.findFirst({
      where: { level, n: BigInt(n), width: { gte: width } },
      orderBy: { width: 'asc' },
    });
    if (tile) return tile.data.subarray(0, width * HASH_BYTES);
    const first = BigInt(n) * BigInt(TILE);
    const leaves =
      level > 0
        ? []
        : await database.logLeafRow.findMany({
            where: { idx: { gte: first, lt: first + BigInt(width) } },
            orderBy: { idx: 'asc' },
            select: { leafHash: true },
          });
    if (leaves.length === width) return Buffer.concat(leaves.map(({ leafHash }) => leafHash));
    throw new LogError('log_tile_missing', `The log lacks hashes: level ${level}, tile ${n}, ${width} of them.`);
  };
}
