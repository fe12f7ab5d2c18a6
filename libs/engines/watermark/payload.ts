import { isReleaseId } from '#kernel';
import { WatermarkError } from './errors.js';
import { CRC_BITS, ID_BITS, MESSAGE_BITS } from './params.js';

/** CRC-24 of OpenPGP (RFC 4880, section 6.1), here with a start value that depends on the key. */
const CRC_POLYNOMIAL = 0x864cfb;
const CRC_MASK = 0xffffff;

function crc24(bits: Uint8Array, count: number, seed: number): number {
  let register = seed & CRC_MASK;
  for (let index = 0; index < count; index++) {
    const feedback = ((register >>> (CRC_BITS - 1)) ^ bits[index]!) & 1;
    register = (register << 1) & CRC_MASK;
    if (feedback) register ^= CRC_POLYNOMIAL;
  }
  return register & CRC_MASK;
}

/** Throws `watermark_bad_release_id` unless the text is 16 lower-case hex digits. */
export function requireReleaseId(releaseId: string): void {
  if (!isReleaseId(releaseId)) {
    throw new WatermarkError('watermark_bad_release_id', 'A release id is 16 lower-case hex digits.');
  }
}

/** The 88 message bits of an id: 64 id bits, most significant first, then the 24-bit CRC. */
export function messageBits(releaseId: string, crcSeed: number): Uint8Array {
  requireReleaseId(releaseId);
  const bits = new Uint8Array(MESSAGE_BITS);
  for (let digit = 0; digit < ID_BITS / 4; digit++) {
    const value = Number.parseInt(releaseId[digit]!, 16);
    for (let bit = 0; bit < 4; bit++) bits[digit * 4 + bit] = (value >> (3 - bit)) & 1;
  }
  const crc = crc24(bits, ID_BITS, crcSeed);
  for (let bit = 0; bit < CRC_BITS; bit++) bits[ID_BITS + bit] = (crc >> (CRC_BITS - 1 - bit)) & 1;
  return bits;
}

/** The id in 88 message bits, or null when the CRC does not hold. */
export function readMessage(bits: Uint8Array, crcSeed: number): string | null {
  const crc = crc24(bits, ID_BITS, crcSeed);
  for (let bit = 0; bit < CRC_BITS; bit++) {
    if (bits[ID_BITS + bit] !== ((crc >> (CRC_BITS - 1 - bit)) & 1)) return null;
  }
  let releaseId = '';
  for (let digit = 0; digit < ID_BITS / 4; digit++) {
    let value = 0;
    for (let bit = 0; bit < 4; bit++) value = (value << 1) | bits[digit * 4 + bit]!;
    releaseId += value.toString(16);
  }
  return releaseId;
}

/**
 * Value of a C2PA `c2pa.soft-binding` block for this mark: base64 of the 8 payload bytes, most significant first.
 * Throws WatermarkError `watermark_bad_release_id`.
 */
export function softBindingValue(releaseId: string): string {
  requireReleaseId(releaseId);
  return Buffer.from(releaseId, 'hex').toString('base64');
}

/** The release id in a soft binding value made by {@link softBindingValue}; null for anything else. */
export function parseSoftBindingValue(b64: string): string | null {
  if (!/^[A-Za-z0-9+/]{11}=$/.test(b64)) return null;
  const bytes = Buffer.from(b64, 'base64');
  // Only the canonical spelling counts: stray low bits in the last digit would name the same id twice.
  return bytes.length === ID_BITS / 8 && bytes.toString('base64') === b64 ? bytes.toString('hex') : null;
}
