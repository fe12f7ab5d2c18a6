import { X509Certificate } from 'node:crypto';

/** SHA-256 of the DER of the first certificate in a PEM chain: the leaf. 64 lower-case hex digits. */
export function leafFingerprint(certificateChainPem: string): string {
  return new X509Certificate(certificateChainPem).fingerprint256.replaceAll(':', '').toLowerCase();
}
