import { randomBytes, randomInt } from 'node:crypto';
import { constantTimeEqual, sha256Hex } from '#kernel';
import type { Transaction } from '#platform/database';
import { GuardianshipError } from './errors.js';

const DAY_MS = 24 * 3600_000;

/** How long an address that was given out can be opened. */
export const INVITATION_MS = 7 * DAY_MS;

/** A new secret with 256 random bits. @param prefix `gdi` for addresses, `gds` for sessions */
export function newSecret(prefix: 'gdi' | 'gds'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** Two digits that the guardian sees and the teen's side types. */
export function newNumber(): number {
  return randomInt(10, 100);
}

/** Makes an address of a link. @returns its secret, which is kept nowhere */
export async function issueToken(
  tx: Transaction,
  linkId: string,
  kind: 'invitation' | 'reentry',
  now: Date,
): Promise<string> {
  const secret = newSecret('gdi');
  const expiresAt = new Date(now.getTime() + INVITATION_MS);
  await tx.guardianToken.create({ data: { hash: sha256Hex(secret), linkId, kind, expiresAt } });
  return secret;
}

/**
 * Uses up an address, once.
 * @throws GuardianshipError `invitation_not_found`, `invitation_used`, `invitation_expired`
 */
export async function useToken(tx: Transaction, secret: string, now: Date): Promise<{ linkId: string; kind: string }> {
  const hash = sha256Hex(secret);
  const token = await tx.guardianToken.findUnique({ where: { hash } });
  if (!token || !constantTimeEqual(token.hash, hash))
    throw new GuardianshipError('not_found', 'invitation_not_found', 'This address is not known. Ask for a new one.');
  // Whoever comes second finds it used, also at the same moment.
  const { count } = await tx.guardianToken.updateMany({
    where: { hash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (count === 1) return token;
  const expired = token.expiresAt <= now && !token.usedAt;
  throw expired
    ? new GuardianshipError('gone', 'invitation_expired', 'This address has expired. Ask for a new one.')
    : new GuardianshipError('gone', 'invitation_used', 'This address was used already. Ask for a new one.');
}
