import { randomBytes } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { renderSVG } from 'uqr';
import { constantTimeEqual, sha256Hex } from '#kernel';

const PERIOD_S = 30;
/** 160 bits, as RFC 4226 asks for. */
const SECRET_BYTES = 20;
const RECOVERY_CODES = 10;
/** Crockford's alphabet: nothing that is read as something else. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

function totp(secret: string, label = ''): TOTP {
  // What every authenticator app speaks: SHA-1, six digits, 30 seconds (RFC 6238).
  return new TOTP({ issuer: 'Imprimatur', label, algorithm: 'SHA1', digits: 6, period: PERIOD_S, secret });
}

/** A new secret of a second factor, base32. */
export function newTotpSecret(): string {
  return new Secret({ buffer: new Uint8Array(randomBytes(SECRET_BYTES)).buffer }).base32;
}

/** What an authenticator app reads: an address, and its picture. */
export function totpSetup(secret: string, email: string): { otpauth_url: string; qr_svg: string } {
  const otpauth_url = totp(secret, email).toString();
  return { otpauth_url, qr_svg: renderSVG(otpauth_url, { border: 2 }) };
}

/** The time step whose code this is, the one before and after the present one included; null when it is none. */
export function totpStepOf(secret: string, code: string, now: Date): number | null {
  const delta = totp(secret).validate({ token: code, timestamp: now.getTime(), window: 1 });
  return delta === null ? null : Math.floor(now.getTime() / 1000 / PERIOD_S) + delta;
}

/** True for what looks like a one-time code rather than a recovery code. */
export function isOneTimeCode(code: string): boolean {
  return /^\d{6}$/.test(code.replace(/\s/g, ''));
}

const canonical = (code: string) =>
  code
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .replace(/[il]/g, '1')
    .replace(/o/g, '0');

/** What is kept of a recovery code: with 80 random bits it needs no slow hash. */
export function recoveryHash(staffId: string, code: string): string {
  return sha256Hex(`recovery:${staffId}:${canonical(code)}`);
}

/** Ten new recovery codes, and what is kept of them. */
export function newRecoveryCodes(staffId: string): { codes: string[]; hashes: string[] } {
  const codes = Array.from({ length: RECOVERY_CODES }, () => {
    const signs = [...randomBytes(16)].map((byte) => ALPHABET[byte % 32]!).join('');
    return signs.match(/.{4}/g)!.join('-');
  });
  return { codes, hashes: codes.map((code) => recoveryHash(staffId, code)) };
}

/** The hash among those kept that belongs to a code, or null. */
export function matchRecovery(staffId: string, code: string, hashes: readonly string[]): string | null {
  const hash = recoveryHash(staffId, code);
  return hashes.find((kept) => constantTimeEqual(kept, hash)) ?? null;
}
