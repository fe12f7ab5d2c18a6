import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import * as asn1 from 'asn1js';
import { randomUUID } from 'node:crypto';
import {
  issueCertificate,
  materialOf,
  openAuthority,
  P256,
  P384,
  type Certified,
  type CertificatePlan,
  type KeyParams,
} from './authority.js';
import { type DevelopmentPki, type KeyMaterial, type SignatureAlgorithm } from './types.js';

/** Options of {@link issueSigner}. */
export interface SignerLeafOptions {
  /** CN of the leaf: the name that readers are shown. */
  commonName?: string;
  /** PEM of the leaf that this one takes the place of: its name and product record are kept. */
  successorOf?: string;
  /** Start of validity. */
  now?: Date;
  /** Key of the leaf; ES256 when absent. */
  algorithm?: SignatureAlgorithm;
  /** Address of the OCSP responder that answers for the leaf; without it nobody can be asked. */
  ocspUrl?: string;
}

/** Options of {@link createDevelopmentPki}. */
export interface DevelopmentPkiOptions extends SignerLeafOptions {
  /** O of every certificate. */
  organisation?: string;
  /** ISO 3166 code; `ZZ` (unknown) when absent. */
  country?: string;
}

const LEAF_KEYS: Record<SignatureAlgorithm, KeyParams> = { es256: P256, es384: P384, ed25519: { name: 'Ed25519' } };
const DAY_MS = 86_400_000;
/** Five minutes back, for clocks that disagree a little. */
const CLOCK_SKEW_MS = 300_000;
// Longest validity, in days, that the C2PA certificate policy 0.2 allows, or a little less.
const DAYS = { root: 7300, issuer: 1827, signer: 365, stamper: 1800, responder: 365 };

/** The private arc of the C2PA; `.1.1` its certificate policy, `.3` assurance level, `.4` product record. */
const C2PA = '1.3.6.1.4.1.62558';
const PRODUCT_RECORD = `${C2PA}.4`;
const CLAIM_SIGNING = [`${C2PA}.2.1`, '1.3.6.1.5.5.7.3.4'];
const TIME_STAMPING = ['1.3.6.1.5.5.7.3.8'];
const OCSP_SIGNING = ['1.3.6.1.5.5.7.3.9'];
/** RFC 6960, 4.2.2.2.1: nobody need ask whether the responder's own certificate is revoked. */
const OCSP_NO_CHECK = '1.3.6.1.5.5.7.48.1.5';

const policy = () => new x509.CertificatePolicyExtension([`${C2PA}.1.1`]);
const leafConstraints = () => new x509.BasicConstraintsExtension(false, undefined, true);
const signatureUsage = () =>
  new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation, true);

function authorityExtensions(pathLength: number, purposes: string[]): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
    ...(purposes.length > 0 ? [new x509.ExtendedKeyUsageExtension(purposes, false), policy()] : []),
  ];
}

function signerExtensions(productRecord: ArrayBuffer, ocspUrl?: string): x509.Extension[] {
  const level = new asn1.ObjectIdentifier({ value: `${C2PA}.3.10` }).toBER();
  return [
    leafConstraints(),
    signatureUsage(),
    new x509.ExtendedKeyUsageExtension(CLAIM_SIGNING, false),
    policy(),
    ...(ocspUrl ? [new x509.AuthorityInfoAccessExtension({ ocsp: ocspUrl })] : []),
    new x509.Extension(`${C2PA}.3`, false, level),
    new x509.Extension(PRODUCT_RECORD, false, productRecord),
  ];
}

function stamperExtensions(): x509.Extension[] {
  return [leafConstraints(), signatureUsage(), new x509.ExtendedKeyUsageExtension(TIME_STAMPING, true), policy()];
}

function responderExtensions(): x509.Extension[] {
  return [
    leafConstraints(),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    new x509.ExtendedKeyUsageExtension(OCSP_SIGNING, false),
    new x509.Extension(OCSP_NO_CHECK, false, new asn1.Null().toBER()),
  ];
}

function validity(now: Date, days: number): Pick<CertificatePlan, 'notBefore' | 'notAfter'> {
  return {
    notBefore: new Date(now.getTime() - CLOCK_SKEW_MS),
    notAfter: new Date(now.getTime() + days * DAY_MS),
  };
}

/** The issuer's country and organisation with another common name. */
function named(issuer: Certified, commonName: string): x509.JsonName {
  const field = (name: string) => issuer.certificate.subjectName.getField(name);
  return [{ C: field('C') }, { O: field('O') }, { CN: [commonName] }];
}

async function signerLeaf(issuer: Certified, options: SignerLeafOptions): Promise<KeyMaterial> {
  const before = options.successorOf === undefined ? undefined : new x509.X509Certificate(options.successorOf);
  const commonName = options.commonName ?? before?.subjectName.getField('CN')[0] ?? 'Imprimatur';
  const record = before?.getExtension(PRODUCT_RECORD)?.value ?? new asn1.Utf8String({ value: randomUUID() }).toBER();
  const plan = {
    subject: named(issuer, commonName),
    ...validity(options.now ?? new Date(), DAYS.signer),
    key: LEAF_KEYS[options.algorithm ?? 'es256'],
    extensions: signerExtensions(record, options.ocspUrl),
  };
  return materialOf(await issueCertificate(plan, issuer), [issuer]);
}

/**
 * Issues a claim signing leaf with the profile of the C2PA certificate policy (assurance level 1, 365 days).
 * @param issuer claim signing authority of {@link createDevelopmentPki}
 * @returns chain of leaf and issuer, and the new key
 */
export async function issueSigner(issuer: KeyMaterial, options: SignerLeafOptions = {}): Promise<KeyMaterial> {
  return signerLeaf(await openAuthority(issuer), options);
}

/** Issues the certificate of an OCSP responder that answers for leaves of `issuer`, valid for a year from `now`. */
export async function issueOcspResponder(issuer: KeyMaterial, now = new Date()): Promise<KeyMaterial> {
  const authority = await openAuthority(issuer);
  const plan = {
    subject: named(authority, 'OCSP Responder'),
    ...validity(now, DAYS.responder),
    key: P256,
    extensions: responderExtensions(),
  };
  return materialOf(await issueCertificate(plan, authority));
}

/**
 * Makes a new private hierarchy: root (P-384) -> claim signing CA (P-384, path length 0) -> leaf, and root -> time
 * stamping CA -> time stamping leaf (P-256). The private keys of the root and of the time stamping CA are thrown away;
 * that of the claim signing CA is given back, so that it can issue the next leaf. The certificates have the profiles of
 * the C2PA certificate policy 0.2, except that authorities and time stamper name no place that tells of their revocation.
 */
export async function createDevelopmentPki(options: DevelopmentPkiOptions = {}): Promise<DevelopmentPki> {
  const { organisation = 'Imprimatur (development)', commonName = 'Imprimatur', country = 'ZZ' } = options;
  const now = options.now ?? new Date();
  const plan = (role: string, days: number, key: KeyParams, extensions: x509.Extension[]): CertificatePlan => ({
    subject: [{ C: [country] }, { O: [organisation] }, { CN: [`${commonName} ${role}`] }],
    ...validity(now, days),
    key,
    extensions,
  });
  const root = await issueCertificate(plan('Root', DAYS.root, P384, authorityExtensions(1, [])));
  const authority = (role: string, purposes: string[]) =>
    issueCertificate(plan(role, DAYS.issuer, P384, authorityExtensions(0, purposes)), root);
  const claimCa = await authority('Claim Signing CA', CLAIM_SIGNING);
  const stampCa = await authority('Time Stamping CA', TIME_STAMPING);
  const stamper = await issueCertificate(plan('Time Stamping', DAYS.stamper, P256, stamperExtensions()), stampCa);
  const rootPem = `${root.certificate.toString('pem')}\n`;
  return {
    rootPem,
    tsaRootPem: rootPem,
    issuer: await materialOf(claimCa),
    signer: await signerLeaf(claimCa, { ...options, commonName, now }),
    tsa: await materialOf(stamper, [stampCa]),
  };
}
