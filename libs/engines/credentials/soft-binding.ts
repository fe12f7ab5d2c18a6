import { isReleaseId } from '#kernel';
import { CredentialsError } from './errors.js';

/** Name of our watermark in `c2pa.soft-binding` assertions: its payload is a 64-bit release id. */
export const SOFT_BINDING_ALG = 'org.imprimatur.wm.1';

/**
 * The soft binding value of a release id (16 hex digits): base64 of its 8 bytes.
 * @throws CredentialsError `credentials_soft_binding_invalid` when the id is malformed
 */
export function softBindingValue(releaseId: string): string {
  if (!isReleaseId(releaseId)) {
    throw new CredentialsError('credentials_soft_binding_invalid', 'A release id has 16 lower-case hex digits.');
  }
  return Buffer.from(releaseId, 'hex').toString('base64');
}

/** The release id (16 hex digits) in a soft binding value, or null when it is no base64 of 8 bytes. */
export function releaseIdOf(value: unknown): string | null {
  if (typeof value !== 'string' || value.length !== 12) return null;
  const bytes = Buffer.from(value, 'base64');
  return bytes.length === 8 && bytes.toString('base64') === value ? bytes.toString('hex') : null;
}
