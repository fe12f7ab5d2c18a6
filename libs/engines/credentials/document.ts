import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import * as asn1 from 'asn1js';
import { createECDH, createPrivateKey, createPublicKey, hkdfSync, webcrypto, X509Certificate } from 'node:crypto';
import * as pkijs from 'pkijs';
import { fingerprintOf } from './certificates.js';
import { certificateOf, sha256, sha256Identifier, SIGNED_DATA, signerInfo } from './cms.js';
import { openKeyMaterial } from './signer.js';
import { arrayBufferOf } from './time-stamp-token.js';
import { type KeyMaterial, type TimeStamper } from './types.js';

const DATA = '1.2.840.113549.1.7.1';
const TIME_STAMP_ATTRIBUTE = '1.2.840.113549.1.9.16.2.14';
/** Document signing (RFC 9336), and mail protection, which older PDF readers ask for. */
const PURPOSES = ['1.3.6.1.5.5.7.3.36', '1.3.6.1.5.5.7.3.4'];
const YEARS = 20;
const P256_ORDER = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');

/** PDF readers know ECDSA and not Ed25519: a P-256 key that follows from the Ed25519 key, so that nothing more is kept. */
function derivedKey(seed: Uint8Array): { pkcs8: string; spki: Buffer } {
  // 48 bytes make the remainder as good as uniform (FIPS 186-5, A.2.1).
  const wide = Buffer.from(hkdfSync('sha256', seed, '', 'imprimatur document signing P-256 v1', 48)).toString('hex');
  const scalar = (BigInt(`0x${wide}`) % (P256_ORDER - 1n)) + 1n;
  const d = Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex');
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(d);
  const point = ecdh.getPublicKey();
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url'));
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d: d.toString('base64url') }, format: 'jwk' });
  return {
    pkcs8: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
    spki: createPublicKey(key).export({ type: 'spki', format: 'der' }),
  };
}

/**
 * A certificate and key for signing PDF documents, issued by an Ed25519 key: whoever knows that key knows the
 * certificate. The same key and time give the same certificate.
 * @param privateKeyPkcs8Pem Ed25519, PKCS #8
 * @param since start of validity, 20 years
 */
export async function documentKeyMaterial(
  privateKeyPkcs8Pem: string,
  since: Date,
  { commonName = 'Imprimatur Reports', organisation = 'Imprimatur (development)' } = {},
): Promise<KeyMaterial> {
  x509.cryptoProvider.set(webcrypto as unknown as Crypto);
  const issuer = createPrivateKey(privateKeyPkcs8Pem);
  const seed = Buffer.from(issuer.export({ format: 'jwk' }).d!, 'base64url');
  const { pkcs8, spki } = derivedKey(seed);
  const algorithm = { name: 'Ed25519' };
  const pkcs8Der = issuer.export({ type: 'pkcs8', format: 'der' });
  const signingKey = await webcrypto.subtle.importKey('pkcs8', Uint8Array.from(pkcs8Der), algorithm, false, ['sign']);
  const name = (cn: string): x509.JsonName => [{ O: [organisation] }, { CN: [cn] }];
  const serial = sha256(spki).subarray(0, 16);
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  const notBefore = new Date(Math.floor(since.getTime() / 1000) * 1000);
  const notAfter = new Date(notBefore);
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + YEARS);
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: serial.toString('hex'),
    subject: name(commonName),
    issuer: name(`${commonName} (Ed25519)`),
    notBefore,
    notAfter,
    publicKey: new x509.PublicKey(Uint8Array.from(spki)),
    signingKey,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.nonRepudiation, true),
      new x509.ExtendedKeyUsageExtension(PURPOSES, false),
    ],
  });
  return { certificateChainPem: `${certificate.toString('pem')}\n`, privateKeyPkcs8Pem: pkcs8 };
}

/** Signs documents. */
export interface DocumentSigner {
  /** Of the leaf. */
  certificate: { subject: string; sha256: string };
  /** Detached CMS (DER) over `content` with a signature time stamp: CAdES-T, the form that PAdES wants. */
  sign(content: Uint8Array): Promise<Uint8Array>;
}

/**
 * A signer of documents, ECDSA or RSA with SHA-256.
 * @throws CredentialsError `credentials_key_invalid` when chain and key do not fit
 */
export function documentSigner(material: KeyMaterial, timeStamper: TimeStamper): DocumentSigner {
  const { key, chainDer } = openKeyMaterial(material);
  const leaf = new X509Certificate(chainDer[0]!);
  const sign = async (content: Uint8Array): Promise<Uint8Array> => {
    const signer = signerInfo({ type: DATA, content }, key, chainDer[0]!);
    const token = await timeStamper.stamp(new Uint8Array(signer.signature.valueBlock.valueHexView));
    const stamp = asn1.fromBER(arrayBufferOf(token)).result;
    signer.unsignedAttrs = new pkijs.SignedAndUnsignedAttributes({
      type: 1,
      attributes: [new pkijs.Attribute({ type: TIME_STAMP_ATTRIBUTE, values: [stamp] })],
    });
    const data = new pkijs.SignedData({
      version: 1,
      digestAlgorithms: [sha256Identifier()],
      encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: DATA }),
      certificates: chainDer.map(certificateOf),
      signerInfos: [signer],
    });
    const info = new pkijs.ContentInfo({ contentType: SIGNED_DATA, content: data.toSchema(true) });
    return new Uint8Array(info.toSchema().toBER());
  };
  const [subject = ''] = /CN=(.*)/.exec(leaf.subject)?.slice(1) ?? [];
  return { certificate: { subject, sha256: fingerprintOf(leaf) }, sign };
}
