import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { createPrivateKey, randomBytes, webcrypto } from 'node:crypto';
import { type KeyMaterial } from './types.js';

/** Key of a certificate that is to be issued. */
export type KeyParams = webcrypto.EcKeyGenParams | { name: 'Ed25519' };

/** A certificate and the keys that it certifies. */
export interface Certified {
  certificate: x509.X509Certificate;
  keys: { privateKey: webcrypto.CryptoKey; publicKey?: webcrypto.CryptoKey };
}

/** What a certificate is to say; key identifiers and serial number are added. */
export interface CertificatePlan {
  subject: x509.JsonName;
  notBefore: Date;
  notAfter: Date;
  key: KeyParams;
  extensions: x509.Extension[];
}

export const P256: KeyParams = { name: 'ECDSA', namedCurve: 'P-256' };
export const P384: KeyParams = { name: 'ECDSA', namedCurve: 'P-384' };

x509.cryptoProvider.set(webcrypto as unknown as Crypto);

function serial(): string {
  const bytes = randomBytes(16);
  // A positive integer without leading zero: first byte in 0x40..0x7f.
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes.toString('hex');
}

/** Issues a certificate for a new key, signed with ECDSA and SHA-384; without an issuer it is self-signed. */
export async function issueCertificate(plan: CertificatePlan, issuer?: Certified): Promise<Certified> {
  const keys = (await webcrypto.subtle.generateKey(plan.key, true, ['sign', 'verify'])) as webcrypto.CryptoKeyPair;
  const issuerKey = issuer?.certificate.publicKey ?? (await x509.PublicKey.create(keys.publicKey));
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: plan.subject,
    issuer: issuer?.certificate.subjectName.toJSON() ?? plan.subject,
    notBefore: plan.notBefore,
    notAfter: plan.notAfter,
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

/** A certificate, those above it without the root, and its key, as text. */
export async function materialOf(certified: Certified, above: Certified[] = []): Promise<KeyMaterial> {
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', certified.keys.privateKey);
  return {
    certificateChainPem: [certified, ...above].map((one) => `${one.certificate.toString('pem')}\n`).join(''),
    privateKeyPkcs8Pem: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY'),
  };
}

/** Opens an authority (P-384) that was kept as text. @throws Error when it is of another kind */
export async function openAuthority(material: KeyMaterial): Promise<Certified> {
  const pkcs8 = createPrivateKey(material.privateKeyPkcs8Pem).export({ format: 'der', type: 'pkcs8' });
  const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, P384, true, ['sign']);
  return { certificate: new x509.X509Certificate(material.certificateChainPem), keys: { privateKey } };
}
