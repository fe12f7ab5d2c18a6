import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import { certificatesOf, chainsTo, fingerprintOf } from './certificates.js';
import { contentOf, type SoftBinding } from './claim.js';
import { cbor, parseCose, signedBytes, stampedBytes, type CoseSignature } from './cose.js';
import { signedClaimOf } from './jumbf.js';
import { isTrustedAuthority, verifyToken } from './time-stamp-token.js';
import { type RegisteredLeaf, type TrustSettings } from './types.js';

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

/** What this room found out by itself about one manifest's signature, beside the C2PA library. */
export interface SignatureEvidence {
  /** Signature over the claim holds with the leaf's key. */
  signed: boolean;
  /** The manifest is the one that was signed: see {@link ClaimContent}. */
  intact: boolean;
  /**
   * SHA-256 (hex) of what the signature covers: protected header and claim. Not of the signature itself, which for ECDSA
   * has a second spelling that holds too, nor of the time stamp and padding beside it, which anybody can change.
   */
  signedSha256: string;
  /** SHA-256 (hex) of the leaf's DER. */
  leafSha256: string;
  /** The register's entry for the leaf; null when it is none of ours. */
  leaf: RegisteredLeaf | null;
  /** The chain ends at an anchor of ours. */
  anchoredOurs: boolean;
  /** The chain ends at an anchor of the list of other claim signers. */
  anchoredOther: boolean;
  /** Time by an authority on our list of time-stamping authorities. */
  trustedTime: Date | null;
  softBindings: SoftBinding[];
}

// COSE algorithm numbers that C2PA permits (RFC 9053), with their hash and kinds of key.
const ALGORITHMS = new Map<unknown, { hash: string | null; keys: string[] }>([
  [-7, { hash: 'sha256', keys: ['ec'] }],
  [-35, { hash: 'sha384', keys: ['ec'] }],
  [-36, { hash: 'sha512', keys: ['ec'] }],
  [-37, { hash: 'sha256', keys: ['rsa', 'rsa-pss'] }],
  [-38, { hash: 'sha384', keys: ['rsa', 'rsa-pss'] }],
  [-39, { hash: 'sha512', keys: ['rsa', 'rsa-pss'] }],
  [-8, { hash: null, keys: ['ed25519'] }],
]);
const HEADER_ALG = 1;

function signatureHolds(cose: CoseSignature, signed: Uint8Array, leaf: X509Certificate): boolean {
  const header: unknown = cbor.decode(cose.protectedHeader);
  const algorithm = header instanceof Map ? ALGORITHMS.get(header.get(HEADER_ALG)) : undefined;
  const type = leaf.publicKey.asymmetricKeyType ?? '';
  if (!algorithm?.keys.includes(type)) return false;
  const key = type.startsWith('rsa')
    ? {
        key: leaf.publicKey,
        padding: constants.RSA_PKCS1_PSS_PADDING,
        saltLength: constants.RSA_PSS_SALTLEN_DIGEST,
      }
    : { key: leaf.publicKey, dsaEncoding: 'ieee-p1363' as const };
  return verify(algorithm.hash, signed, key, cose.signature);
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
    const found = signedClaimOf(store, label);
    const cose = parseCose(found.signature);
    const chain = cose.chainDer.map((der) => new X509Certificate(der));
    const leaf = chain[0]!;
    const leafSha256 = fingerprintOf(leaf);
    const signed = signedBytes(cose.protectedHeader, found.claim);
    const trustedTime = trustedTimeOf(cose, trust.stampers);
    const at = trustedTime ?? new Date();
    return {
      signed: signatureHolds(cose, signed, leaf),
      ...contentOf(found, label),
      signedSha256: createHash('sha256').update(signed).digest('hex'),
      leafSha256,
      leaf: trust.settings.ours.registered.find((one) => one.sha256.toLowerCase() === leafSha256) ?? null,
      anchoredOurs: chainsTo(chain, trust.ours, at),
      anchoredOther: chainsTo(chain, trust.others, at),
      trustedTime,
    };
  } catch {
    return null;
  }
}
