import { createCipheriv, hkdfSync } from 'node:crypto';
import { WatermarkError } from './errors.js';

const BLOCK = 4096;

/** Bytes of a watermark key. */
export const KEY_BYTES = 32;

/** A reproducible stream of random numbers derived from a key: AES-256-CTR under an HKDF-SHA-256 subkey. */
export class KeyStream {
  private readonly cipher;
  private buffer: Buffer = Buffer.alloc(0);
  private at = 0;

  /** @param label separates the streams drawn from one key */
  constructor(key: Uint8Array, label: string) {
    if (key.length !== KEY_BYTES) {
      throw new WatermarkError('watermark_bad_key', `A watermark key has ${KEY_BYTES} bytes, not ${key.length}.`);
    }
    const subkey = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), `org.imprimatur.wm.1/${label}`, 32));
    this.cipher = createCipheriv('aes-256-ctr', subkey, Buffer.alloc(16));
  }

  /** Uniform integer in 0 .. 2^32 - 1. */
  uint32(): number {
    if (this.at + 4 > this.buffer.length) {
      this.buffer = this.cipher.update(Buffer.alloc(BLOCK));
      this.at = 0;
    }
    const value = this.buffer.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  /** Uniform number in [0, 1). */
  uniform(): number {
    return this.uint32() / 0x1_0000_0000;
  }

  /** The numbers 0 .. count-1 in random order (Fisher-Yates). */
  permutation(count: number): Int32Array {
    const order = Int32Array.from({ length: count }, (_, index) => index);
    for (let last = count - 1; last > 0; last--) {
      const pick = Math.floor(this.uniform() * (last + 1));
      const kept = order[last]!;
      order[last] = order[pick]!;
      order[pick] = kept;
    }
    return order;
  }
}
