import { malformed } from './errors.js';

/** A PDQ hash as eight 32-bit words, the first hex digits first. */
export type HashWords = Uint32Array;

/** 32-bit words of a hash. */
export const WORDS = 8;

/** Hashes that differ in at most so many of 256 bits show the same picture (the threshold of PDQ's authors). */
export const MATCH_DISTANCE = 31;

/** Hashes that differ in at most so many bits are the same picture, coded again. */
export const SAME_DISTANCE = 10;

/** Hashes of a lower quality (plain or dark pictures) are near too many others and are never matched. */
export const MIN_QUALITY = 50;

const PDQ = /^[0-9a-f]{64}$/i;

/**
 * Reads 64 hex digits.
 * @throws FingerprintError `hash_malformed`
 */
export function parseHash(hex: string): HashWords {
  if (!PDQ.test(hex)) throw malformed(hex, 64);
  return Uint32Array.from({ length: WORDS }, (_, i) => parseInt(hex.slice(8 * i, 8 * i + 8), 16));
}

/** Writes 64 lower-case hex digits. */
export function formatHash(words: ArrayLike<number>): string {
  return Array.from(words, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** Bits that are set in a 32-bit word. */
export function popcount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Bits in which two hashes differ, 0..256. */
export function wordsDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let distance = 0;
  for (let i = 0; i < WORDS; i++) distance += popcount((a[i] as number) ^ (b[i] as number));
  return distance;
}

/**
 * Bits in which two hashes of 64 hex digits differ, 0..256.
 * @throws FingerprintError `hash_malformed`
 */
export function hashDistance(a: string, b: string): number {
  return wordsDistance(parseHash(a), parseHash(b));
}
