import { X509Certificate } from 'node:crypto';
import { z } from 'zod';

/** A certificate chain and its key, PEM. */
const CertificateAndKey = z.object({ certificateChainPem: z.string(), privateKeyPkcs8Pem: z.string() });
const time = z.iso.datetime();

/** A certificate that this deployment signs with, or has signed with. */
export const SignerRecord = z.object({
  /** SHA-256 of the leaf's DER, 64 hex digits. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Leaf first, root left out. */
  certificateChainPem: z.string(),
  /** Null when a remote signer holds the key, and once the certificate is retired: a retired key is destroyed. */
  privateKeyPkcs8Pem: z.string().nullable(),
  addedAt: time,
  retiredAt: time.nullable(),
  revokedAt: time.nullable(),
  /** From then on, signatures with it are not ours. */
  compromisedAt: time.nullable(),
});
export type SignerRecord = z.infer<typeof SignerRecord>;

const Watermark = z.object({ id: z.string(), key: z.string().regex(/^[0-9a-f]{64}$/), createdAt: z.string() });
/** An Ed25519 key, PKCS #8 PEM. */
const PlainKey = z.object({ privateKeyPkcs8Pem: z.string() });

const common = {
  createdAt: z.string(),
  /** Newest first: the first one marks, all of them are tried when reading. */
  watermark: z.array(Watermark).min(1),
  /** The log's key is apart from the one that signs claims. */
  log: PlainKey,
  report: PlainKey,
};

const Version1 = z.object({
  ...common,
  version: z.literal(1),
  credentials: z.object({
    development: z.boolean(),
    rootPem: z.string(),
    tsaRootPem: z.string().optional(),
    signer: CertificateAndKey,
    tsa: CertificateAndKey,
  }),
});

/** What a keyring holds. */
export const Contents = z.object({
  ...common,
  version: z.literal(2),
  credentials: z.object({
    /** True for the chain that the first start makes: trusted by nobody else. */
    development: z.boolean(),
    /** Roots of all signers, one PEM after the other. */
    rootPem: z.string(),
    tsaRootPem: z.string().optional(),
    /** The authority that issues further leaves; null when the keyring was made before there was one to keep. */
    issuer: CertificateAndKey.nullable(),
    /** Newest first. The first one signs, unless it is retired. */
    signers: z.array(SignerRecord).min(1),
    tsa: CertificateAndKey,
  }),
});
export type Contents = z.infer<typeof Contents>;

/** SHA-256 of the leaf of a PEM chain, 64 lower-case hex digits. */
export function leafSha256(certificateChainPem: string): string {
  return new X509Certificate(certificateChainPem).fingerprint256.replaceAll(':', '').toLowerCase();
}

/** A signer that starts to sign now. */
export function newSigner(
  material: { certificateChainPem: string; privateKeyPkcs8Pem: string | null },
  addedAt: string,
): SignerRecord {
  const states = { retiredAt: null, revokedAt: null, compromisedAt: null };
  return { sha256: leafSha256(material.certificateChainPem), ...material, addedAt, ...states };
}

/** Reads what a keyring of this or an earlier version holds. @throws ZodError when it is none */
export function parseContents(value: unknown): Contents {
  if ((value as { version?: unknown } | null)?.version !== 1) return Contents.parse(value);
  const old = Version1.parse(value);
  const { signer, ...credentials } = old.credentials;
  const added = new Date(old.createdAt).toISOString();
  return {
    ...old,
    version: 2,
    credentials: { ...credentials, issuer: null, signers: [newSigner(signer, added)] },
  };
}
