import { LogLeaf, type NewLeaf } from '#contracts';
import { canonicalJson, messageOf, type Clock } from '#kernel';
import {
  appendTiles,
  EMPTY_ROOT,
  formatCheckpoint,
  leafHash,
  signNote,
  treeRoot,
  type NoteSigner,
} from '#engines/tlog';
import type { Database, LogPending, Transaction } from '#platform/database';
import { LogError } from './errors.js';
import { isStored, lockLog, newestCheckpoint, tilesOf } from './tree.js';

const BATCH = 1000;
const APPEND_MS = 30_000;
/** Entry bundles give lengths in 16 bits (C2SP tlog-tiles). */
const MOST_BYTES = 65_535;

/** Who signs the log, and in whose name. */
export interface LogIdentity {
  /** Such as `log.example.org/releases`; it is the name of the key as well. */
  origin: string;
  signer: NoteSigner;
  clock: Clock;
}

interface Entry {
  idx: bigint;
  entry: Uint8Array<ArrayBuffer>;
  leafHash: Uint8Array<ArrayBuffer>;
  dedupeKey: string;
  at: Date;
}

function entryOf({ leaf, dedupeKey }: LogPending, seq: number, at: Date): Entry {
  const whole = LogLeaf.parse({ ...(leaf as NewLeaf), v: 1, seq, time: at.toISOString() });
  const entry = new TextEncoder().encode(canonicalJson(whole));
  if (entry.length > MOST_BYTES) throw new RangeError(`An entry of ${entry.length} bytes is too long for the log.`);
  return { idx: BigInt(seq), entry, leafHash: new Uint8Array(leafHash(entry)), dedupeKey, at };
}

/** Drops promises that the log has kept already, so that nothing is logged twice. */
async function stillPending(tx: Transaction): Promise<LogPending[]> {
  const pending = await tx.logPending.findMany({ where: { failedAt: null }, orderBy: { id: 'asc' }, take: BATCH });
  if (!pending.length) return [];
  const keys = pending.map(({ dedupeKey }) => dedupeKey);
  const logged = await tx.logLeafRow.findMany({ where: { dedupeKey: { in: keys } }, select: { dedupeKey: true } });
  const done = new Set(logged.map(({ dedupeKey }) => dedupeKey));
  if (done.size) await tx.logPending.deleteMany({ where: { dedupeKey: { in: [...done] } } });
  return pending.filter(({ dedupeKey }) => !done.has(dedupeKey));
}

/**
 * Gives the promised leaves their places: entries, tiles and a signed checkpoint in one transaction, under the one lock.
 * A leaf that cannot be an entry is left out and reported; it holds up nobody else.
 * @returns number of entries that were added
 * @throws LogError `log_altered` when the stored tree is not the one that was signed
 */
export function appendPending(
  database: Database,
  { origin, signer, clock }: LogIdentity,
  onUnusable: (dedupeKey: string, reason: string) => void,
): Promise<number> {
  return database.$transaction(
    async (tx) => {
      await lockLog(tx);
      const pending = await stillPending(tx);
      if (!pending.length) return 0;
      const head = await newestCheckpoint(tx);
      const size = Number(head?.size ?? 0);
      const readTile = tilesOf(tx);
      const stored = size ? await treeRoot(size, readTile) : EMPTY_ROOT;
      if (!Buffer.from(stored).equals(head?.root ?? EMPTY_ROOT))
        throw new LogError('log_altered', `The stored tree of ${size} entries is not the one that was signed.`);
      const at = clock.now();
      const entries: Entry[] = [];
      for (const one of pending) {
        try {
          entries.push(entryOf(one, size + entries.length, at));
        } catch (e) {
          await tx.logPending.update({ where: { id: one.id }, data: { failedAt: at } });
          onUnusable(one.dedupeKey, messageOf(e));
        }
      }
      if (!entries.length) return 0;
      const { tiles, root } = await appendTiles(
        size,
        entries.map((one) => one.leafHash),
        readTile,
      );
      await tx.logLeafRow.createMany({ data: entries });
      const rows = tiles.filter(isStored).map(({ level, n, width, data }) => ({ level, n, width, data }));
      await tx.logTile.createMany({
        data: rows.map((row) => ({ ...row, n: BigInt(row.n), data: Buffer.from(row.data) })),
      });
      const newSize = size + entries.length;
      const note = signNote(formatCheckpoint({ origin, size: newSize, root }), [signer]);
      await tx.logCheckpoint.create({ data: { size: BigInt(newSize), root: Buffer.from(root), note, createdAt: at } });
      await tx.logPending.deleteMany({ where: { dedupeKey: { in: entries.map(({ dedupeKey }) => dedupeKey) } } });
      return entries.length;
    },
    { timeout: APPEND_MS, maxWait: APPEND_MS },
  );
}
