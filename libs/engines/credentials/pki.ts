import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import * as asn1 from 'asn1js';
import { randomBytes, randomUUID, webcrypto } from 'node:crypto';
import { type DevelopmentPki, type KeyMaterial, type SignatureAlgorithm } from './types.js';

/** Options of {@link createDevelopmentPki}. */
export interface DevelopmentPkiOptions {
  /** O of every certificate. */
  organisation?: string;
  /** CN of the signing leaf: the name that readers are shown. */
  commonName?: string;
  /** ISO 3166 code; `ZZ` (unknown) when absent. */
  country?: string;
  /** Start of validity. */
  now?: Date;
  /** Key of the signing leaf; ES256 when absent. */
  algorithm?: SignatureAlgorithm;
}

type KeyParams = webcrypto.EcKeyGenParams | { name: 'Ed25519' };
interface Certified {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}
interface Plan {
  commonName: string;
  days: number;
  key: KeyParams;
  extensions: x509.Extension[];
}

const P384: KeyParams = { name: 'ECDSA', namedCurve: 'P-384' };
const P256: KeyParams = { name: 'ECDSA', namedCurve: 'P-256' };
const LEAF_KEYS: Record<SignatureAlgorithm, KeyParams> = { es256: P256, es384: P384, ed25519: { name: 'Ed25519' } };
const DAY_MS = 86_400_000;
// C2PA certificate policy: claim signing key purpose, policy, assurance level 1, product record id.
const C2PA = '1.3.6.1.4.1.62558';
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';

async function generate(params: KeyParams): Promise<webcrypto.CryptoKeyPair> {
  return (await webcrypto.subtle.generateKey(params, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
}

function issuerExtensions(pathLength?: number): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(true, pathLength, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ];
}

function signerExtensions(): x509.Extension[] {
  const level = new asn1.ObjectIdentifier({ value: `${C2PA}.3.10` }).toBER();
  const product = new asn1.Utf8String({ value: randomUUID() }).toBER();
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation, true),
    new x509.ExtendedKeyUsageExtension([`${C2PA}.2.1`, EMAIL_PROTECTION], false),
    new x509.CertificatePolicyExtension([`${C2PA}.1.1`]),
    new x509.Extension(`${C2PA}.3`, false, level),
    new x509.Extension(`${C2PA}.4`, false, product),
  ];
}

function stamperExtensions(): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation, true),
    new x509.ExtendedKeyUsageExtension([TIME_STAMPING], true),
  ];
}

function serial(): string {
  const bytes = randomBytes(16);
  // A positive integer without leading zero: first byte in 0x40..0x7f.
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}

class Authority {
  constructor(
    private readonly name: (commonName: string) => x509.JsonName,
    private readonly now: Date,
  ) {}

  /** Issues a certificate; without an issuer it is self-signed. */
  async issue(plan: Plan, issuer?: Certified): Promise<Certified> {
    const keys = await generate(plan.key);
    const subject = this.name(plan.commonName);
    const issuerKey = issuer?.certificate.publicKey ?? (await x509.PublicKey.create(keys.publicKey));
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serial(),
      subject,
      issuer: issuer?.certificate.subjectName.toJSON() ?? subject,
      // Five minutes back, for clocks that disagree a little.
      notBefore: new Date(this.now.getTime() - 300_000),
      notAfter: new Date(this.now.getTime() + plan.days * DAY_MS),
      publicKey: keys.publicKey,
      signingKey: (issuer?.keys ?? keys).privateKey,
      signingAlgorithm: { name: 'ECDSA', hash: 'SHA-384' },
      extensions: [
        ...plan.extensions,
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(issuerKey),
      ],
    });
    return { certificate, keys };
  }
}

async function material(leaf: Certified, ca: Certified): Promise<KeyMaterial> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', leaf.keys.privateKey);
  return {
    certificateChainPem: [leaf, ca].map((one) => `${one.certificate.toString('pem')}\n`).join(''),
    privateKeyPkcs8Pem: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  };
}

/**
 * Makes a new private hierarchy: root (P-384) -> claim signing CA (P-384, path length 0) -> leaf, and root -> time
 * stamping CA -> time stamping leaf (P-256). The private keys of the root and of both CAs are thrown away, so
 * a replacement leaf means a new hierarchy. The leaf has the profile of the C2PA certificate policy (365 days,
 * assurance level 1), without the OCSP address, for which a private hierarchy has no responder.
 */
export async function createDevelopmentPki(options: DevelopmentPkiOptions = {}): Promise<DevelopmentPki> {
  const { organisation = 'Imprimatur (development)', commonName = 'Imprimatur', country = 'ZZ' } = options;
  const name = (cn: string): x509.JsonName => [{ C: [country] }, { O: [organisation] }, { CN: [cn] }];
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  const authority = new Authority(name, options.now ?? new Date());
  const ca = issuerExtensions(0);
  const root = await authority.issue({
    commonName: `${commonName} Root`,
    days: 7300,
    key: P384,
    extensions: issuerExtensions(),
  });
  const claimCa = await authority.issue(
    { commonName: `${commonName} Claim Signing CA`, days: 4380, key: P384, extensions: ca },
    root,
  );
  const stampCa = await authority.issue(
    { commonName: `${commonName} Time Stamping CA`, days: 4380, key: P384, extensions: ca },
    root,
  );
  const key = LEAF_KEYS[options.algorithm ?? 'es256'];
  const leaf = await authority.issue({ commonName, days: 365, key, extensions: signerExtensions() }, claimCa);
  const stamper = await authority.issue(
    { commonName: `${commonName} Time Stamping`, days: 4000, key: P256, extensions: stamperExtensions() },
    stampCa,
  );
  const rootPem = `${root.certificate.toString('pem')}\n`;
  return {
    rootPem,
    tsaRootPem: rootPem,
    signer: await material(leaf, claimCa),
    tsa: await material(stamper, stampCa),
  };
}
