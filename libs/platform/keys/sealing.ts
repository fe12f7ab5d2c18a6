import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { AppError } from '#kernel';

/** A key is missing, damaged or cannot be opened. */
export class KeyError extends AppError {
  constructor(code: string, message: string, cause?: unknown) {
    super('internal', code, message, { cause });
  }
}

const VERSION = 1;

/**
 * Seals small secrets with AES-256-GCM (NIST SP 800-38D): version byte, 12-byte nonce, 16-byte tag, ciphertext, as
 * base64. `context` is authenticated, so that a sealed value cannot be moved to another place.
 */
export class Sealer {
  /** @param key 32 bytes */
  constructor(private readonly key: Uint8Array) {
    if (key.length !== 32) throw new KeyError('master_key_invalid', 'The master key must have 32 bytes.');
  }

  /** Seals text or bytes for one context, e.g. `webhook:<id>`. */
  seal(value: string | Uint8Array, context: string): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, nonce).setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(value), cipher.final()]);
    return Buffer.concat([Buffer.from([VERSION]), nonce, cipher.getAuthTag(), body]).toString('base64');
  }

  /** @throws KeyError `sealed_value_invalid` when the value was changed, moved, or sealed with another key */
  open(sealed: string, context: string): Buffer {
    try {
      const raw = Buffer.from(sealed, 'base64');
      if (raw[0] !== VERSION) throw new Error('unknown version');
      const decipher = createDecipheriv('aes-256-gcm', this.key, raw.subarray(1, 13))
        .setAAD(Buffer.from(context))
        .setAuthTag(raw.subarray(13, 29));
      return Buffer.concat([decipher.update(raw.subarray(29)), decipher.final()]);
    } catch (cause) {
      throw new KeyError(
        'sealed_value_invalid',
        `The sealed value for ${context} cannot be opened with this master key.`,
        cause,
      );
    }
  }

  /**
   * A key for one other purpose (HKDF-SHA-256, RFC 5869): it says nothing of this key or of those for other purposes.
   * @param purpose a fixed name of the program, e.g. `names`
   * @returns 32 bytes
   */
  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.key, new Uint8Array(), `imprimatur:${purpose}`, 32));
  }
}
