import { X509Certificate } from 'node:crypto';
import { promiseLeaf } from '#domain/transparency';
import { signatureAlgorithmOf } from '#engines/credentials';
import { sha256Hex } from '#kernel';
import { leafOf, type KnownLeaf } from '#platform/core';
import type { Database, Transaction } from '#platform/database';
import type { SignerRecord } from '#platform/keys';

const dateOf = (text: string | null) => (text === null ? null : new Date(text));

async function tell(
  tx: Transaction,
  event: 'added' | 'retired' | 'revoked',
  signerCertSha256: string,
  compromisedAt: string | null = null,
): Promise<void> {
  const key = ['key', event, signerCertSha256, ...(compromisedAt ? [compromisedAt] : [])].join(':');
  await promiseLeaf(tx, { type: 'key', event, signerCertSha256, compromisedAt }, key);
}

async function add(tx: Transaction, signer: SignerRecord): Promise<void> {
  const leaf = new X509Certificate(signer.certificateChainPem);
  await tx.signerCertificate.create({
    data: {
      sha256: signer.sha256,
      spkiSha256: sha256Hex(leaf.publicKey.export({ format: 'der', type: 'spki' })),
      serialHex: leaf.serialNumber.toLowerCase(),
      subject: leaf.subject.split('\n').join(', '),
      algorithm: signatureAlgorithmOf(leaf.publicKey),
      chainPem: signer.certificateChainPem,
      notBefore: new Date(leaf.validFrom),
      notAfter: new Date(leaf.validTo),
      addedAt: new Date(signer.addedAt),
    },
  });
  await tell(tx, 'added', signer.sha256);
}

type Known = { retiredAt: Date | null; compromisedAt: Date | null } | undefined;

/** States only ever get stricter: a keyring restored from a backup takes nothing back. */
async function bringUpToDate(tx: Transaction, signer: SignerRecord, known: Known): Promise<void> {
  const { sha256, retiredAt, revokedAt, compromisedAt } = signer;
  if (!known) await add(tx, signer);
  if (retiredAt && !known?.retiredAt) {
    await tx.signerCertificate.update({ where: { sha256 }, data: { retiredAt: dateOf(retiredAt) } });
    await tell(tx, 'retired', sha256);
  }
  const before = known?.compromisedAt;
  if (compromisedAt && !(before && before <= new Date(compromisedAt))) {
    const data = { revokedAt: dateOf(revokedAt), compromisedAt: dateOf(compromisedAt) };
    await tx.signerCertificate.update({ where: { sha256 }, data });
    await tell(tx, 'revoked', sha256, compromisedAt);
  }
}

/**
 * Writes into the register what the keyring says of our certificates and the register does not know yet, each change
 * together with its entry of the public log. Doing it twice, or in several processes at once, changes nothing more.
 * @param signers newest first, as the keyring holds them
 */
export async function registerSigners(database: Database, signers: readonly SignerRecord[]): Promise<void> {
  await database.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('signer_certificates', 0))`;
    const rows = await tx.signerCertificate.findMany({ where: { sha256: { in: signers.map((one) => one.sha256) } } });
    const known = new Map(rows.map((row) => [row.sha256, row]));
    for (const signer of [...signers].reverse()) await bringUpToDate(tx, signer, known.get(signer.sha256));
  });
}

/** Every certificate that this service has ever signed with. */
export async function registeredLeaves(database: Database): Promise<KnownLeaf[]> {
  return (await database.signerCertificate.findMany()).map((row) => leafOf(row.chainPem, row));
}
