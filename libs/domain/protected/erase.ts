import { recordAudit } from '#platform/audit';
import type { RegisterStore } from './register.js';

const BATCH = 100;

type Erasing = Pick<RegisterStore, 'database' | 'blobs' | 'keys' | 'clock'>;

/** Nothing of a person that opens with the entry's key. */
const NOTHING = { detailsSealed: null, templateSealed: null, templateModel: null, imageSha256: null, imageUntil: null };

/**
 * Destroys key and picture of an entry that ended, or was rejected and can be contested no more. The key goes first: no
 * copy of the database opens anything of it afterwards. Again does no harm.
 */
export async function erase({ database, blobs, keys, clock }: Erasing, id: string): Promise<void> {
  const row = await database.protectedEntry.findUnique({ where: { id } });
  if (!row || row.erasedAt || !['ended', 'rejected'].includes(row.state)) return;
  await keys.destroy(id);
  if (row.imageSha256) await blobs.delete(row.imageSha256);
  await database.$transaction(async (tx) => {
    const { count } = await tx.protectedEntry.updateMany({
      where: { id, erasedAt: null },
      data: { ...NOTHING, erasedAt: clock.now(), version: { increment: 1 } },
    });
    if (count === 0) return; // another process was faster
    await recordAudit(tx, { tenantId: row.tenantId, actor: 'worker', action: 'register.erased', subject: id });
  });
}

/**
 * Destroys pictures of entries that were decided and can be contested no more, or that nobody decided in half a year;
 * everything of rejected ones, and what is left of ended ones.
 * @returns number of entries
 */
export async function sweepRegister(store: Erasing): Promise<number> {
  const { database, blobs, clock } = store;
  const over = { imageUntil: { lte: clock.now() } };
  const rows = await database.protectedEntry.findMany({
    where: {
      erasedAt: null,
      OR: [
        { state: 'ended' },
        { state: 'rejected', ...over },
        { state: { in: ['submitted', 'first_approved', 'active'] }, imageSha256: { not: null }, ...over },
      ],
    },
    take: BATCH,
  });
  for (const row of rows) {
    if (row.state === 'ended' || row.state === 'rejected') {
      await erase(store, row.id);
      continue;
    }
    await blobs.delete(row.imageSha256!);
    await database.$transaction(async (tx) => {
      const data = { imageSha256: null, imageUntil: null };
      const { count } = await tx.protectedEntry.updateMany({ where: { id: row.id, ...over }, data });
      if (count === 0) return;
      await recordAudit(tx, {
        tenantId: row.tenantId,
        actor: 'worker',
        action: 'register.image_erased',
        subject: row.id,
      });
    });
  }
  return rows.length;
}
