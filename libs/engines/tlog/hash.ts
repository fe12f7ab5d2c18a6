import { hash } from 'node:crypto';
import { TlogError, type TlogErrorCode } from './errors.js';

/** Bytes of a hash. */
export const HASH_BYTES = 32;

// The one-shot hash to a one-byte text and back is twice as fast as hashing into a new buffer.
const sha256 = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Buffer.from(hash('sha256', bytes, 'binary'), 'binary');

/** Root of the tree without leaves, SHA-256 of nothing (RFC 6962, 2.1). */
export const EMPTY_ROOT: Uint8Array<ArrayBuffer> = sha256(new Uint8Array(0));

/** Hash of an entry as a leaf, SHA-256(0x00 || entry), 32 bytes (RFC 6962, 2.1). */
export function leafHash(entry: Uint8Array): Uint8Array<ArrayBuffer> {
  const input = new Uint8Array(1 + entry.length);
  input.set(entry, 1);
  return sha256(input);
}

const node = new Uint8Array(1 + 2 * HASH_BYTES);
node[0] = 1;

/** Hash of an inner node, SHA-256(0x01 || left || right), from two hashes of 32 bytes (RFC 6962, 2.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  checkHash(left);
  checkHash(right);
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return sha256(node);
}

/** Whether two hashes are the same bytes; the log is public, so the time it takes tells nobody anything. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Refuses anything but 32 bytes with a {@link TlogError} of the given code. */
export function checkHash(bytes: Uint8Array, code: TlogErrorCode = 'tlog_argument_invalid'): void {
  if (bytes.length !== HASH_BYTES) {
    throw new TlogError(code, `A hash has ${HASH_BYTES} bytes, not ${bytes.length}; give it as the log wrote it.`);
  }
}

/** Refuses anything but a whole number from `least` to 2^53 - 1 with a {@link TlogError} of the given code. */
export function checkCount(value: number, least: number, code: TlogErrorCode = 'tlog_argument_invalid'): void {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new TlogError(code, `A size or index must be a whole number from ${least} to 2^53 - 1, not ${value}.`);
  }
}
