import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { sha256Hex } from '#kernel';
import type { Signature } from '#contracts';

/** What a signature is for: one made for a report never holds for a bundle or a receipt. */
export type Purpose = 'report' | 'bundle' | 'receipt';

/** The text that is signed: the purpose and a SHA-256 (hex), a line each. */
export function signedText(purpose: Purpose, sha256: string): string {
  return `imprimatur ${purpose} v1\n${sha256}\n`;
}

/** The key that signs reports and receipts. */
export interface ReportKey {
  /** SHA-256 of the public key (SubjectPublicKeyInfo, DER), hex: what others compare. */
  sha256: string;
  publicKeyPem: string;
  sign(purpose: Purpose, sha256: string): Signature;
}

const derOf = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });

/** Opens an Ed25519 key, PKCS #8 PEM. @throws Error when it is none */
export function reportKey(privateKeyPkcs8Pem: string): ReportKey {
  const key = createPrivateKey(privateKeyPkcs8Pem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('The key that signs reports must be Ed25519.');
  const publicKey = createPublicKey(key);
  const der = derOf(publicKey);
  return {
    sha256: sha256Hex(der),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (purpose, sha256) => ({
      alg: 'Ed25519',
      publicKey: der.toString('base64'),
      value: sign(null, Buffer.from(signedText(purpose, sha256)), key).toString('base64'),
    }),
  };
}

/** SHA-256 of the public key in a signature, hex. */
export function keyOf(signature: Signature): string {
  return sha256Hex(Buffer.from(signature.publicKey, 'base64'));
}

/** Whether a signature holds under the key that it names. Never throws. */
export function signatureHolds(signature: Signature, purpose: Purpose, sha256: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(signature.publicKey, 'base64'), format: 'der', type: 'spki' });
    const text = Buffer.from(signedText(purpose, sha256));
    return key.asymmetricKeyType === 'ed25519' && verify(null, text, key, Buffer.from(signature.value, 'base64'));
  } catch {
    return false;
  }
}
