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
