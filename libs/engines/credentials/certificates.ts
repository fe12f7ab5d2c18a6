import { X509Certificate } from 'node:crypto';

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Every certificate in PEM text, in order. Throws when one cannot be parsed. */
export function certificatesOf(pem: string): X509Certificate[] {
  return (pem.match(PEM) ?? []).map((block) => new X509Certificate(block));
}

/** SHA-256 of a certificate's DER, as 64 lower-case hex digits. */
export function fingerprintOf(certificate: X509Certificate): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** A certificate serial number in one spelling: lower-case hex without leading zeros. */
export function serialOf(hex: string): string {
  return hex
    .toLowerCase()
    .replaceAll(':', '')
    .replace(/^0+(?=.)/, '');
}

function issued(issuer: X509Certificate, subject: X509Certificate): boolean {
  try {
    return subject.checkIssued(issuer) && subject.verify(issuer.publicKey);
  } catch {
    return false;
  }
}

function validAt(certificate: X509Certificate, at: Date): boolean {
  return new Date(certificate.validFrom) <= at && at <= new Date(certificate.validTo);
}

/**
 * True when the first of `chain` (leaf) was issued, through CA certificates of `chain`, by one of `anchors`, and all of
 * them were valid at `at`. Key purposes and path lengths are the business of the C2PA library, which ran before.
 */
export function chainsTo(chain: readonly X509Certificate[], anchors: readonly X509Certificate[], at: Date): boolean {
  let current = chain[0];
  for (let depth = 0; current && depth < 8; depth++) {
    const subject: X509Certificate = current;
    if (!validAt(subject, at)) return false;
    if (anchors.some((anchor) => validAt(anchor, at) && issued(anchor, subject))) return true;
    current = chain.slice(1).find((candidate) => candidate.ca && candidate !== subject && issued(candidate, subject));
  }
  return false;
}

/**
 * Address of the OCSP responder that a certificate names (authority information access), or null.
 * Only http and https: the C2PA certificate policy allows nothing else.
 */
export function responderOf(certificate: X509Certificate): string | null {
  const found = /^OCSP - URI:(https?:\/\/\S+)$/m.exec(certificate.infoAccess ?? '');
  return found?.[1] ?? null;
}
