import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { fromBase64, fromDecimal, toBase64 } from './encoding.js';
import { TlogError } from './errors.js';

/** What a key's signatures say (c2sp.org/signed-note): the note's text, or that a witness saw it at a time. */
export type NoteKeyType = 'ed25519' | 'cosignature';

const TYPE_BYTE = { ed25519: 1, cosignature: 4 } as const satisfies Record<NoteKeyType, number>;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;

/** Names have no white space of any alphabet, no plus sign and no control characters. */
const KEY_NAME = /^[^\p{White_Space}\p{Cc}\p{Surrogate}+]+$/u;

/** Whether a text can be the name of a key. */
export function isKeyName(name: string): boolean {
  return KEY_NAME.test(name);
}

function keyId(name: string, material: Uint8Array): string {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), material])).slice(0, 8);
}

/** What a cosigner signs: the time and the whole text of the note (c2sp.org/tlog-cosignature). */
function cosigned(time: number | bigint, text: string): Buffer {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`);
}

/** A key that notes are checked with. */
export class NoteVerifier {
  private constructor(
    /** Schema-less URL that tells whose key it is. */
    readonly name: string,
    readonly type: NoteKeyType,
    /** First four bytes of SHA-256(name, newline, type, key), 8 lower-case hex digits. */
    readonly keyId: string,
    /** `name+keyId+base64(type, key)`: the text that others are given. */
    readonly verifierKey: string,
    private readonly key: KeyObject,
  ) {}

  /** From an Ed25519 public key of 32 bytes. Throws TlogError `tlog_key_invalid`. */
  static of(name: string, type: NoteKeyType, publicKey: Uint8Array): NoteVerifier {
    if (!isKeyName(name)) throw badKey('The name of a key must be non-empty, without spaces and plus signs.');
    if (publicKey.length !== 32) throw badKey(`An Ed25519 key has 32 bytes, not ${publicKey.length}.`);
    const material = Buffer.concat([Buffer.from([TYPE_BYTE[type]]), publicKey]);
    const id = keyId(name, material);
    const x = Buffer.from(publicKey).toString('base64url');
    const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    return new NoteVerifier(name, type, id, `${name}+${id}+${toBase64(material)}`, key);
  }

  /** The public key alone, base64 of 32 bytes: the same key under two names is one key. */
  get publicKey(): string {
    return toBase64(fromBase64(this.verifierKey.slice(this.name.length + 10))!.subarray(1));
  }

  /**
   * Checks a signature (without the key id) over a note's text. null: it is wrong or malformed. `time` is when a cosigner
   * says that it signed, in seconds since 1970.
   */
  check(text: string, signature: Uint8Array): { time?: number } | null {
    if (this.type === 'ed25519') return verify(null, Buffer.from(text), this.key, signature) ? {} : null;
    if (signature.length !== TIME_BYTES + SIGNATURE_BYTES) return null;
    const time = Buffer.from(signature).readBigUInt64BE();
    const right = verify(null, cosigned(time, text), this.key, signature.subarray(TIME_BYTES));
    return right ? (fromTime(time) ?? null) : null;
  }
}

/** A time of 0 says nothing about the largest tree seen; beyond 2^53 no clock will ever be. */
function fromTime(seconds: bigint): { time: number } | null {
  const time = fromDecimal(String(seconds));
  return time ? { time } : null;
}

function badKey(message: string, cause?: unknown): TlogError {
  return new TlogError('tlog_key_invalid', message, cause);
}

/**
 * Reads a verifier key, `name+hex8+base64`, of type 0x01 (Ed25519) or 0x04 (cosignature/v1 of a witness).
 * Throws TlogError `tlog_key_invalid` for other types, and when the id does not follow from name and key.
 */
export function parseVerifierKey(vkey: string): NoteVerifier {
  const [, name = '', id, base64 = ''] = /^([^+]*)\+([0-9a-f]{8})\+(.*)$/.exec(vkey) ?? [];
  const material = fromBase64(base64);
  if (!id || !material?.length) throw badKey('A verifier key is written name+keyid+base64; copy it whole.');
  const type = (['ed25519', 'cosignature'] as const).find((candidate) => TYPE_BYTE[candidate] === material[0]);
  if (!type) throw badKey(`Keys of type ${material[0]} are not supported; use an Ed25519 key (type 1 or 4).`);
  const verifier = NoteVerifier.of(name, type, material.subarray(1));
  if (verifier.keyId !== id) throw badKey(`The key id ${id} does not belong to this name and key; copy the key whole.`);
  return verifier;
}

/** A key that signs notes. */
export class NoteSigner {
  private constructor(
    /** The key that others check the signatures with. */
    readonly verifier: NoteVerifier,
    private readonly key: KeyObject,
    private readonly seconds: () => number,
  ) {}

  /** A log's key, type 0x01, from an Ed25519 key as PKCS#8 PEM. Throws TlogError `tlog_key_invalid`. */
  static ed25519(name: string, privateKeyPkcs8Pem: string): NoteSigner {
    return NoteSigner.from(name, 'ed25519', privateKeyPkcs8Pem, () => 0);
  }

  /** A witness's key, type 0x04; `seconds` tells the time since 1970. Throws TlogError `tlog_key_invalid`. */
  static cosigner(name: string, privateKeyPkcs8Pem: string, seconds: () => number): NoteSigner {
    return NoteSigner.from(name, 'cosignature', privateKeyPkcs8Pem, seconds);
  }

  private static from(name: string, type: NoteKeyType, pem: string, seconds: () => number): NoteSigner {
    let key: KeyObject;
    try {
      key = createPrivateKey(pem);
    } catch (cause) {
      throw badKey('The key that signs notes cannot be read; give a PKCS#8 PEM.', cause);
    }
    if (key.asymmetricKeyType !== 'ed25519') throw badKey('The key that signs notes must be an Ed25519 key.');
    const { x } = createPublicKey(key).export({ format: 'jwk' });
    return new NoteSigner(NoteVerifier.of(name, type, Buffer.from(x!, 'base64url')), key, seconds);
  }

  get name(): string {
    return this.verifier.name;
  }

  /** `name+hex8+base64`, for those who check. */
  get verifierKey(): string {
    return this.verifier.verifierKey;
  }

  /** One signature line, without its newline, over a note's text (which ends in one). */
  sign(text: string): string {
    const parts = [Buffer.from(this.verifier.keyId, 'hex')];
    if (this.verifier.type === 'ed25519') {
      parts.push(sign(null, Buffer.from(text), this.key));
    } else {
      const time = BigInt(this.seconds());
      const stamp = Buffer.alloc(TIME_BYTES);
      stamp.writeBigUInt64BE(time);
      parts.push(stamp, sign(null, cosigned(time, text), this.key));
    }
    return `\u2014 ${this.name} ${toBase64(Buffer.concat(parts))}`;
  }
}
