import { newId } from '#kernel';
import type { BankKind } from '#contracts';
import { MIN_QUALITY, type VideoFingerprint } from '#engines/fingerprint';
import { recordAudit } from '#platform/audit';
import type { Transaction } from '#platform/database';
import { insertEntries } from './rows.js';

const NAMES = { reupload: 'Refused here', own_releases: 'Released here' } as const;

/** The bank of a tenant and kind that the service itself fills; made when it is first needed. */
async function automaticBank(tx: Transaction, tenantId: string, kind: keyof typeof NAMES): Promise<string> {
  const automaticKey = `${tenantId}:${kind}`;
  const id = newId('hb');
  // Two workers may need it first at the same time.
  await tx.$executeRaw`
    INSERT INTO hash_banks (id, tenant_id, name, kind, automatic_key, created_by)
    VALUES (${id}, ${tenantId}, ${NAMES[kind]}, ${kind}, ${automaticKey}, 'worker')
    ON CONFLICT (automatic_key) DO NOTHING`;
  return (await tx.hashBank.findUniqueOrThrow({ where: { automaticKey } })).id;
}

/**
 * Keeps a clip's fingerprint: `own_releases` when it is released, `reupload` when it is refused. Meant for the
 * transaction that moves the clip; doing it twice does no harm. Hashes of low quality are not kept.
 * @returns how many hashes were kept
 */
export async function rememberFingerprint(
  tx: Transaction,
  kind: Exclude<BankKind, 'block'>,
  clip: { id: string; tenantId: string },
  fingerprint: VideoFingerprint,
): Promise<number> {
  const rich = fingerprint.hashes.filter(({ quality }) => quality >= MIN_QUALITY);
  if (rich.length === 0) return 0;
  const bankId = await automaticBank(tx, clip.tenantId, kind);
  const entries = rich.map(({ hash, quality, atS }) => ({
    algorithm: 'vpdq' as const,
    hash,
    quality,
    atS,
    label: null,
  }));
  const added = await insertEntries(tx, bankId, entries, { actor: 'worker', clipId: clip.id });
  await recordAudit(tx, {
    tenantId: clip.tenantId,
    actor: 'worker',
    action: 'hash_bank.remembered',
    subject: clip.id,
    data: { bank: bankId, kind, added },
  });
  return added;
}

/**
 * Takes a clip's fingerprint out of the bank that the service itself fills, in the transaction that undoes what put it there. Entries
 * that other clips or people put there stay.
 * @returns how many hashes were taken out
 */
export async function forgetFingerprint(
  tx: Transaction,
  kind: Exclude<BankKind, 'block'>,
  clip: { id: string; tenantId: string },
  actor: string,
): Promise<number> {
  const removed = await tx.$executeRaw`
    UPDATE hash_entries SET removed_at = now(), removed_by = ${actor}
    WHERE clip_id = ${clip.id} AND removed_at IS NULL
      AND bank_id IN (SELECT id FROM hash_banks WHERE automatic_key = ${`${clip.tenantId}:${kind}`})`;
  if (!removed) return 0;
  const data = { kind, removed };
  await recordAudit(tx, { tenantId: clip.tenantId, actor, action: 'hash_bank.forgot', subject: clip.id, data });
  return removed;
}
