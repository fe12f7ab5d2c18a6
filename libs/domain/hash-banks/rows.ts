import type { ListEntry } from '#engines/fingerprint';
import type { Transaction } from '#platform/database';

/**
 * Writes entries of one bank; one that was removed is put back, one that is there stays as it is.
 * @returns how many are new or back
 */
export async function insertEntries(
  tx: Transaction,
  bankId: string,
  entries: readonly ListEntry[],
  by: { actor: string; clipId?: string },
): Promise<number> {
  const clipId = by.clipId ?? '';
  // One statement must not name the same row twice.
  const distinct = [...new Map(entries.map((entry) => [`${entry.algorithm}:${entry.hash}`, entry])).values()];
  const column = <K extends keyof ListEntry>(key: K) => distinct.map((entry) => entry[key]);
  return tx.$executeRaw`
    INSERT INTO hash_entries (bank_id, algorithm, hash, label, quality, at_s, clip_id, added_by)
    SELECT ${bankId}, t.algorithm, t.hash, t.label, t.quality, t.at_s, ${clipId}, ${by.actor}
    FROM unnest(${column('algorithm')}::text[], ${column('hash')}::text[], ${column('label')}::text[],
                ${column('quality')}::int[], ${column('atS')}::float8[]) AS t(algorithm, hash, label, quality, at_s)
    ON CONFLICT (bank_id, algorithm, hash, clip_id) DO UPDATE
      SET removed_at = NULL, removed_by = NULL, label = EXCLUDED.label, quality = EXCLUDED.quality,
          at_s = EXCLUDED.at_s, added_by = EXCLUDED.added_by, added_at = now()
      WHERE hash_entries.removed_at IS NOT NULL`;
}
