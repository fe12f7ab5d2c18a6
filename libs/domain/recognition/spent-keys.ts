import { AppError, type Clock } from '#kernel';
import type { Database, Transaction } from '#platform/database';
import type { SubjectKeys } from '#platform/keys';
import type { BlobStore } from '#platform/storage';

/** For making somebody; what is not on record by then is taken back. */
const MAKING_MS = 15 * 60_000;
const BATCH = 200;

/** What the sweep of spent keys works with. */
export interface SpentKeysStore {
  database: Database;
  keys: Pick<SubjectKeys, 'destroy'>;
  blobs: Pick<BlobStore, 'delete'>;
  clock: Clock;
}

/**
 * Notes a key before it is made: a crash from here on leaves nothing, since it is destroyed in a quarter of an hour unless
 * {@link keepKey} says otherwise in the transaction that gives it an owner.
 */
export async function announceKey({ database, clock }: Pick<SpentKeysStore, 'database' | 'clock'>, id: string) {
  await database.spentKey.create({ data: { id, after: new Date(clock.now().getTime() + MAKING_MS) } });
}

/** Notes a blob that goes with an announced key, before it is stored. */
export async function announceBlob(database: Database, id: string, blobSha256: string): Promise<void> {
  await database.spentKey.update({ where: { id }, data: { blobSha256 } });
}

/** In the transaction that gives an announced key its owner. @throws AppError when it was taken back meanwhile */
export async function keepKey(tx: Transaction, id: string): Promise<void> {
  const { count } = await tx.spentKey.deleteMany({ where: { id } });
  if (count === 1) return;
  throw new AppError('unavailable', 'took_too_long', 'This took too long, and nothing was kept. Try again.');
}

/** Takes an announced key back at once. Does nothing to one that has an owner: the transaction may have taken effect. */
export async function takeBackKey(store: SpentKeysStore, id: string): Promise<void> {
  await store.database.spentKey.updateMany({ where: { id }, data: { after: store.clock.now() } });
  await destroySpent(store, id);
}

/**
 * Destroys the keys that are spent, and what goes with them. May be killed anywhere and be called again.
 * @returns number of keys
 */
export async function sweepSpentKeys(store: SpentKeysStore): Promise<number> {
  let count = 0;
  for (;;) {
    const over = { after: { lte: store.clock.now() } };
    const rows = await store.database.spentKey.findMany({ where: over, orderBy: { after: 'asc' }, take: BATCH });
    for (const { id } of rows) count += await destroySpent(store, id);
    if (rows.length < BATCH) return count;
  }
}

/** The row stays locked until key and blob are gone, so that nobody gives the key an owner meanwhile. */
async function destroySpent({ database, keys, blobs, clock }: SpentKeysStore, id: string): Promise<number> {
  return database.$transaction(
    async (tx) => {
      const [row] = await tx.$queryRaw<{ blob: string | null }[]>`
        SELECT blob_sha256 AS blob FROM spent_keys WHERE id = ${id} AND "after" <= ${clock.now()} FOR UPDATE`;
      if (!row) return 0;
      await keys.destroy(id);
      if (row.blob) await blobs.delete(row.blob);
      await tx.spentKey.delete({ where: { id } });
      return 1;
    },
    { timeout: 20_000 },
  );
}
