import { randomBytes } from 'node:crypto';

/**
 * A new identifier `<prefix>_<32 hex digits>`: 48 bits of Unix milliseconds (so that ids sort by time of
 * creation), then 80 random bits.
 */
export function newId(prefix: string, now: number = Date.now()): string {
  const time = Math.trunc(now).toString(16).padStart(12, '0');
  return `${prefix}_${time}${randomBytes(10).toString('hex')}`;
}

/**
 * A new 64-bit release id as 16 lower-case hex digits: what the watermark carries. It is random, so it has no
 * meaning without the registry.
 */
export function newReleaseId(): string {
  return randomBytes(8).toString('hex');
}

/** True for 16 hex digits, the written form of a 64-bit release id. */
export function isReleaseId(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text);
}
