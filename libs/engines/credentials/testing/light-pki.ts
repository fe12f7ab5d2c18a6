import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { randomBytes, webcrypto } from 'node:crypto';
import { type DevelopmentPki, type KeyMaterial } from '../types.js';

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING = { name: 'ECDSA', hash: 'SHA-256' } as const;
const EMAIL_PROTECTION = '1.3.6.1.5.5.7.3.4';
const TIME_STAMPING = '1.3.6.1.5.5.7.3.8';
const DAY = 86_400_000;

interface Issued {
  certificate: x509.X509Certificate;
  keys: webcrypto.CryptoKeyPair;
}

function addresses(url: string | undefined): x509.Extension[] {
  if (url === undefined) return [];
  return [
    new x509.AuthorityInfoAccessExtension({ ocsp: url, caIssuers: url }),
    new x509.CRLDistributionPointsExtension([url]),
  ];
}

async function issue(name: string, extensions: x509.Extension[], issuer?: Issued): Promise<Issued> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const subject: x509.JsonName = [{ C: ['ZZ'] }, { O: ['Light'] }, { CN: [name] }];
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: `4${randomBytes(8).toString('hex').slice(1)}`,
    subject,
    issuer: issuer?.certificate.subjectName.toJSON() ?? subject,
    notBefore: new Date(Date.now() - DAY),
    notAfter: new Date(Date.now() + 300 * DAY),
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: SIGNING,
    extensions: [
      ...extensions,
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(issuer?.certificate.publicKey ?? keys.publicKey),
    ],
  });
  return { certificate, keys };
}

function leafExtensions(purpose: string, url?: string): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation, true),
    new x509.ExtendedKeyUsageExtension([purpose], purpose === TIME_STAMPING),
    ...addresses(url),
  ];
}

async function material({ certificate, keys }: Issued): Promise<KeyMaterial> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
  return {
    certificateChainPem: `${certificate.toString('pem')}\n`,
    privateKeyPkcs8Pem: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  };
}

/**
 * A hierarchy of a root and two leaves, all P-256: reading what it signed takes a fraction of the time that the real
 * profile takes.
 * @param url address that both leaves name for OCSP, issuer certificates and revocation lists
 */
export async function createLightPki(url?: string): Promise<DevelopmentPki> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  const root = await issue('Light Root', [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
  ]);
  const signer = await issue('Light', leafExtensions(EMAIL_PROTECTION, url), root);
  const tsa = await issue('Light Time', leafExtensions(TIME_STAMPING, url), root);
  const rootPem = `${root.certificate.toString('pem')}\n`;
  return {
    rootPem,
    tsaRootPem: rootPem,
    issuer: await material(root),
    signer: await material(signer),
    tsa: await material(tsa),
  };
}
