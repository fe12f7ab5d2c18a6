import { randomBytes } from 'node:crypto';
import { sha256Hex } from '#kernel';
import type { Commitment, NewLeaf } from '#contracts';
import { json, type Transaction } from '#platform/database';

const SALT_BYTES = 32;

/**
 * Promises an entry of the public log inside the caller's transaction: it gets its place if and only if the transaction
 * commits, once, whatever crashes afterwards.
 * @param dedupeKey names what the leaf tells of; a second promise with the same key fails
 */
export async function promiseLeaf(tx: Transaction, leaf: NewLeaf, dedupeKey: string): Promise<void> {
  await tx.logPending.create({ data: { dedupeKey, leaf: json(leaf) } });
}

/**
 * Binds a leaf to a value without showing it: SHA-256(salt || value), salt of 32 random bytes. The salt is kept under the
 * leaf's key; deleting it erases what the commitment stood for.
 */
export async function commit(
  tx: Transaction,
  dedupeKey: string,
  alg: string,
  value: string | Uint8Array,
): Promise<Commitment> {
  const salt = randomBytes(SALT_BYTES);
  await tx.logSalt.create({ data: { dedupeKey, alg, salt } });
  return { alg, commit: sha256Hex(Buffer.concat([salt, typeof value === 'string' ? Buffer.from(value) : value])) };
}
