import { X509Certificate } from 'node:crypto';
import {
  createDevelopmentPki,
  fileSigner,
  issueSigner,
  signatureAlgorithmOf,
  type KeyMaterial,
  type SignatureAlgorithm,
} from '#engines/credentials';
import { leafSha256, newSigner, type Contents, type SignerRecord } from './contents.js';
import { changeCredentials } from './keyring.js';
import { KeyError } from './sealing.js';

type Credentials = Contents['credentials'];

/** Where the keyring is and who asks. */
export interface KeyringPlace {
  dir: string;
  /** 64 hex digits; by default the file beside the keyring. */
  masterKey?: string;
}

/** Options of {@link rotateSigner}. */
export interface RotateOptions {
  /** Key of the new leaf; ES256 when absent. */
  algorithm?: SignatureAlgorithm;
  /** Issue the leaf here although the one before came from another authority. */
  own?: boolean;
}

/** The signer that begins and the one that ends. */
export interface Rotation {
  added: SignerRecord;
  retired: SignerRecord | null;
}

function retire(signer: SignerRecord, at: string): SignerRecord {
  return { ...signer, privateKeyPkcs8Pem: null, retiredAt: signer.retiredAt ?? at };
}

/** A new leaf under the same authority, or, where that is not kept, under a new root beside the old one. */
async function issue(
  now: Credentials,
  algorithm?: SignatureAlgorithm,
): Promise<{ material: KeyMaterial; issuer: KeyMaterial; rootPem: string }> {
  const successorOf = now.signers[0]!.certificateChainPem;
  const { issuer, rootPem } = now;
  if (issuer) return { material: await issueSigner(issuer, { successorOf, algorithm }), issuer, rootPem };
  const pki = await createDevelopmentPki({ algorithm });
  return { material: pki.signer, issuer: pki.issuer, rootPem: pki.rootPem + rootPem };
}

async function rotated(now: Credentials, at: string, options: RotateOptions = {}) {
  if (!now.development && !options.own) {
    const text = 'The signing certificate comes from another authority. Get a new one there; see docs/keys.md.';
    throw new KeyError('signer_not_issued_here', text);
  }
  const { material, issuer, rootPem } = await issue(now, options.algorithm);
  const added = newSigner(material, at);
  const before = now.signers[0]!;
  const retired = before.retiredAt ? null : retire(before, at);
  const signers = [added, retired ?? before, ...now.signers.slice(1)];
  const credentials = { ...now, rootPem, issuer, signers, development: true };
  return { credentials, result: { added, retired } satisfies Rotation };
}

/**
 * Issues a new signing leaf and retires the one before; its key is destroyed.
 * @throws KeyError also when the leaf before came from another authority and `own` is not set
 */
export function rotateSigner(place: KeyringPlace, at: Date, options?: RotateOptions): Promise<Rotation> {
  return changeCredentials(place.dir, place.masterKey, (now) => rotated(now, at.toISOString(), options));
}

/** What {@link revokeSigner} did. */
export interface Revocation {
  revoked: SignerRecord;
  /** The new signer, when the revoked one was the one that signs and its successor could be issued here. */
  rotation: Rotation | null;
}

function find(now: Credentials, which: string): SignerRecord {
  const known =
    which === 'current' ? now.signers.slice(0, 1) : now.signers.filter((one) => one.sha256.startsWith(which));
  if (known.length !== 1 || (which !== 'current' && which.length < 8)) {
    const text = `No certificate of this deployment is meant by "${which}". See them with: imprimatur keys list`;
    throw new KeyError('signer_unknown', text);
  }
  return known[0]!;
}

function checkCompromise(signer: SignerRecord, compromisedAt: Date, at: Date): void {
  if (compromisedAt > at) throw new KeyError('compromise_in_future', 'The time of the compromise lies in the future.');
  // Later would make signatures ours again that were disowned in public.
  if (signer.compromisedAt && compromisedAt > new Date(signer.compromisedAt)) {
    const text = `It is revoked already, as compromised from ${signer.compromisedAt}; only an earlier time can be given.`;
    throw new KeyError('signer_revoked_already', text);
  }
}

/**
 * Revokes a signing certificate: what was stamped from `compromisedAt` on is not ours. The one that signs is rotated
 * first; where a remote signer or another authority must provide the next one, nothing is signed until then.
 * @param which `current`, or at least the first 8 digits of its SHA-256
 * @throws KeyError `signer_unknown`, `compromise_in_future`, `signer_revoked_already`
 */
export function revokeSigner(place: KeyringPlace, which: string, compromisedAt: Date, at: Date): Promise<Revocation> {
  return changeCredentials(place.dir, place.masterKey, async (now) => {
    const target = find(now, which);
    checkCompromise(target, compromisedAt, at);
    const time = at.toISOString();
    const held = target.privateKeyPkcs8Pem !== null && now.development;
    const turned = target === now.signers[0] && held ? await rotated(now, time) : null;
    const revoked: SignerRecord = {
      ...retire(target, time),
      revokedAt: target.revokedAt ?? time,
      compromisedAt: compromisedAt.toISOString(),
    };
    const { credentials } = turned ?? { credentials: now };
    const signers = credentials.signers.map((one) => (one.sha256 === revoked.sha256 ? revoked : one));
    return { credentials: { ...credentials, signers }, result: { revoked, rotation: turned?.result ?? null } };
  });
}

/**
 * Makes a certificate from another authority the one that signs: that of a remote signer, or one whose key is given. The
 * one before is retired. Does nothing when it is the one that signs already.
 * @param chainPem leaf first, the root last
 * @returns false when it is the one that signs already
 * @throws KeyError `signer_chain_invalid`, `signer_retired` when it has been retired before; CredentialsError
 *   `credentials_key_invalid` when the key is of a kind that does not sign claims or is not that of the leaf
 */
export async function adoptSigner(
  place: KeyringPlace,
  chainPem: string,
  privateKeyPkcs8Pem: string | null,
  at: Date,
): Promise<boolean> {
  const { chain, root } = splitChain(chainPem);
  checkUsable(chain, privateKeyPkcs8Pem, at);
  return changeCredentials(place.dir, place.masterKey, async (now) => {
    const sha256 = leafSha256(chain);
    const first = now.signers[0]!;
    if (first.sha256 === sha256 && first.retiredAt === null) return { credentials: null, result: false };
    if (now.signers.some((one) => one.sha256 === sha256)) {
      const text = `The certificate ${sha256.slice(0, 16)} was retired or revoked and never signs again. Get a new one.`;
      throw new KeyError('signer_retired', text);
    }
    const time = at.toISOString();
    const added = newSigner({ certificateChainPem: chain, privateKeyPkcs8Pem }, time);
    const rootPem = now.rootPem.includes(root) ? now.rootPem : root + now.rootPem;
    const signers = [added, retire(first, time), ...now.signers.slice(1)];
    // Without an authority of its own before: the time stamper's root stays what it was.
    const tsaRootPem = now.tsaRootPem ?? now.rootPem;
    return { credentials: { ...now, rootPem, tsaRootPem, signers, development: false }, result: true };
  });
}

/** Before the signer that works is retired for it. */
function checkUsable(certificateChainPem: string, privateKeyPkcs8Pem: string | null, at: Date): void {
  const leaf = new X509Certificate(certificateChainPem);
  signatureAlgorithmOf(leaf.publicKey);
  if (privateKeyPkcs8Pem !== null) fileSigner({ certificateChainPem, privateKeyPkcs8Pem });
  if (new Date(leaf.validTo) <= at || new Date(leaf.validFrom) > at) {
    throw new KeyError('signer_chain_invalid', 'The certificate is not valid now.');
  }
}

const PEM = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

function splitChain(pem: string): { chain: string; root: string } {
  const blocks = (pem.match(PEM) ?? []).map((block) => `${block.replaceAll('\r', '')}\n`);
  const root = blocks.at(-1);
  try {
    if (!root || blocks.length < 2) throw new Error('fewer than two certificates');
    const certificates = blocks.map((block) => new X509Certificate(block));
    for (const [i, one] of certificates.entries()) {
      const issuer = certificates[i + 1] ?? one;
      if (!one.checkIssued(issuer) || !one.verify(issuer.publicKey))
        throw new Error(`certificate ${i + 1} is not issued by the next`);
    }
  } catch (cause) {
    const text = 'The certificate chain must hold the leaf first, each followed by its issuer, and the root last.';
    throw new KeyError('signer_chain_invalid', text, cause);
  }
  return { chain: blocks.slice(0, -1).join(''), root };
}
