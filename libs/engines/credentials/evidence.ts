import { verify, X509Certificate } from 'node:crypto';
import { certificatesOf, chainsTo, fingerprintOf, serialOf } from './certificates.js';
import { parseCose, signedBytes, stampedBytes, type CoseSignature } from './cose.js';
import { signedClaimOf } from './jumbf.js';
import { isTrustedAuthority, verifyToken } from './time-stamp-token.js';
import { type TrustSettings } from './types.js';

/** Trust settings with their certificates parsed. */
export interface ParsedTrust {
  settings: TrustSettings;
  others: X509Certificate[];
  ours: X509Certificate[];
  stampers: X509Certificate[];
}

/** Parses every anchor. Throws when one is no certificate: a trust list must never shrink silently. */
export function parseTrust(settings: TrustSettings): ParsedTrust {
  const all = (pems: string[]) => pems.flatMap(certificatesOf);
  return {
    settings,
    others: all(settings.anchorsPem),
    ours: all(settings.ours.anchorsPem),
    stampers: all(settings.tsaAnchorsPem),
  };
}

/** What this room found out by itself about the active manifest's signature, beside the C2PA library. */
export interface SignatureEvidence {
  /** Signature over the claim holds with the leaf's key. */
  signed: boolean;
  leafRegistered: boolean;
  /** The chain ends at an anchor of ours. */
  anchoredOurs: boolean;
  /** The chain ends at an anchor of the list of other claim signers. */
  anchoredOther: boolean;
  serialHex: string;
  /** Time by an authority on our list of time-stamping authorities. */
  trustedTime: Date | null;
}

function signatureHolds(cose: CoseSignature, claim: Uint8Array, leaf: X509Certificate): boolean {
  const type = leaf.publicKey.asymmetricKeyType;
  if (!cose.algorithm || (cose.algorithm === 'ed25519') !== (type === 'ed25519')) return false;
  const hash = { es256: 'sha256', es384: 'sha384', ed25519: null }[cose.algorithm];
  const key = { key: leaf.publicKey, dsaEncoding: 'ieee-p1363' as const };
  return verify(hash, signedBytes(cose.protectedHeader, claim), key, cose.signature);
}

function trustedTimeOf(cose: CoseSignature, anchors: X509Certificate[]): Date | null {
  const token = cose.tokens.length === 1 ? cose.tokens[0] : undefined;
  if (!token) return null;
  try {
    const verified = verifyToken(token, stampedBytes(cose.protectedHeader, cose.signature));
    return isTrustedAuthority(verified, anchors) ? verified.time : null;
  } catch {
    return null;
  }
}

/**
 * Examines the signature of manifest `label` in a manifest store.
 * @returns null when it cannot be found or parsed without ambiguity; then nothing may be called ours
 */
export function examineSignature(store: Uint8Array, label: string, trust: ParsedTrust): SignatureEvidence | null {
  try {
    const { claim, signature } = signedClaimOf(store, label);
    const cose = parseCose(signature);
    const chain = cose.chainDer.map((der) => new X509Certificate(der));
    const leaf = chain[0]!;
    const trustedTime = trustedTimeOf(cose, trust.stampers);
    const at = trustedTime ?? new Date();
    return {
      signed: signatureHolds(cose, claim, leaf),
      leafRegistered: trust.settings.ours.leafSha256.some((known) => known.toLowerCase() === fingerprintOf(leaf)),
      anchoredOurs: chainsTo(chain, trust.ours, at),
      anchoredOther: chainsTo(chain, trust.others, at),
      serialHex: serialOf(leaf.serialNumber),
      trustedTime,
    };
  } catch {
    return null;
  }
}
