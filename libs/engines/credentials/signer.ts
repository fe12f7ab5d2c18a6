import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { messageOf } from '#kernel';
import { certificatesOf } from './certificates.js';
import { CredentialsError } from './errors.js';
import { type ClaimSigner, type KeyMaterial, type SignatureAlgorithm } from './types.js';

/** Digest that each algorithm signs; null where the algorithm has one of its own. */
export const HASHES: Record<SignatureAlgorithm, string | null> = { es256: 'sha256', es384: 'sha384', ed25519: null };

/** The algorithm that a claim signing key is for. @throws CredentialsError `credentials_key_invalid` */
export function algorithmOf(key: KeyObject): SignatureAlgorithm {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'ed25519') return 'ed25519';
  if (key.asymmetricKeyType === 'ec' && curve === 'prime256v1') return 'es256';
  if (key.asymmetricKeyType === 'ec' && curve === 'secp384r1') return 'es384';
  throw new CredentialsError(
    'credentials_key_invalid',
    'The claim signing key must be ECDSA P-256, ECDSA P-384 or Ed25519.',
  );
}

/** Parses a chain and its private key, and checks that the key belongs to the leaf. */
export function openKeyMaterial(material: KeyMaterial): { key: KeyObject; chainDer: Uint8Array[] } {
  try {
    const chain = certificatesOf(material.certificateChainPem);
    const leaf = chain[0];
    if (!leaf) throw new Error('the chain holds no certificate');
    const key = createPrivateKey(material.privateKeyPkcs8Pem);
    if (!createPublicKey(key).equals(leaf.publicKey))
      throw new Error('the key does not belong to the first certificate');
    return { key, chainDer: chain.map((certificate) => new Uint8Array(certificate.raw)) };
  } catch (cause) {
    const text = `The signing certificate chain and key cannot be used: ${messageOf(cause)}.`;
    throw new CredentialsError('credentials_key_invalid', text, { cause });
  }
}

/**
 * A claim signer whose key is in this process; the algorithm follows from the key.
 * @throws CredentialsError `credentials_key_invalid` when chain and key do not fit or the key is of another kind
 */
export function fileSigner(material: KeyMaterial): ClaimSigner {
  const { key, chainDer } = openKeyMaterial(material);
  const alg = algorithmOf(key);
  return {
    alg,
    certificateChainDer: chainDer,
    sign: async (data) => new Uint8Array(sign(HASHES[alg], data, { key, dsaEncoding: 'ieee-p1363' })),
  };
}
