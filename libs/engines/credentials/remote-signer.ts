import { verify, type X509Certificate } from 'node:crypto';
import { messageOf } from '#kernel';
import { z } from 'zod';
import { certificatesOf } from './certificates.js';
import { CredentialsError } from './errors.js';
import { algorithmOf, HASHES } from './signer.js';
import { type ClaimSigner, type SignatureAlgorithm } from './types.js';

/** Options of {@link remoteSigner}. */
export interface RemoteSignerOptions {
  /** Address of the signing service, as the operator configured it. */
  url: string;
  token: string;
  keyId: string;
  /** PEM, leaf first, root left out. */
  certificateChainPem: string;
  /** HTTP client; the caller sets its egress rules. */
  fetch: typeof globalThis.fetch;
  /** Longest wait for a signature; 10 000 when absent. */
  timeoutMs?: number;
}

const NAMES: Record<SignatureAlgorithm, string> = { es256: 'ES256', es384: 'ES384', ed25519: 'EdDSA' };
const MAX_ANSWER = 16 * 1024;
const Answer = z.object({ signature: z.base64() });

async function ask(options: RemoteSignerOptions, alg: SignatureAlgorithm, data: Uint8Array): Promise<Buffer> {
  const { url, token, keyId, timeoutMs = 10_000 } = options;
  const response = await options.fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ keyId, algorithm: NAMES[alg], message: Buffer.from(data).toString('base64') }),
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) throw new Error(`it answered with HTTP ${response.status}`);
  const text = await response.text();
  if (text.length > MAX_ANSWER) throw new Error('the answer is too long');
  return Buffer.from(Answer.parse(JSON.parse(text)).signature, 'base64');
}

/**
 * A claim signer whose key another service holds (a KMS, an HSM behind HTTP; wire in docs/keys.md). Every signature is
 * verified with the leaf's key before it is used.
 * @throws CredentialsError `credentials_key_invalid` when the chain holds no usable certificate; `sign` throws
 *   `credentials_sign_failed`
 */
export function remoteSigner(options: RemoteSignerOptions): ClaimSigner {
  const chain = certificatesOf(options.certificateChainPem);
  const leaf: X509Certificate | undefined = chain[0];
  if (!leaf) throw new CredentialsError('credentials_key_invalid', 'The chain of the signing service is empty.');
  const alg = algorithmOf(leaf.publicKey);
  const key = { key: leaf.publicKey, dsaEncoding: 'ieee-p1363' as const };
  return {
    alg,
    certificateChainDer: chain.map((one) => new Uint8Array(one.raw)),
    sign: async (data) => {
      try {
        const signature = await ask(options, alg, data);
        if (!verify(HASHES[alg], data, key, signature)) throw new Error('the signature does not fit the certificate');
        return new Uint8Array(signature);
      } catch (cause) {
        const text = `The signing service gave no usable signature: ${messageOf(cause)}. Check SIGNER_URL and the key.`;
        throw new CredentialsError('credentials_sign_failed', text, { cause });
      }
    },
  };
}
