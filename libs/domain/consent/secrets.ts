import { randomBytes } from 'node:crypto';
import { constantTimeEqual, sha256Hex } from '#kernel';

/** A new secret for an address: 256 random bits. Only its SHA-256 is kept. @param prefix tells what it opens */
export function newSecret(prefix: 'ers' | 'prs'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** What is kept of a secret. */
export function secretHash(secret: string): string {
  return sha256Hex(secret);
}

/** The secret of an Authorization header as its hash; null when there is none of the kind. */
export function bearerHash(header: string | undefined, prefix: 'ers' | 'prs'): string | null {
  const secret = /^Bearer\s+(\S{1,200})$/i.exec(header ?? '')?.[1];
  return secret?.startsWith(`${prefix}_`) ? secretHash(secret) : null;
}

/** Whether a row that was found by a hash is really that of the hash; takes the same time however much is alike. */
export function sameHash(kept: string | null, given: string): boolean {
  return kept !== null && constantTimeEqual(kept, given);
}
