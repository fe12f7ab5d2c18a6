import * as asn1 from 'asn1js';
import { createHash, sign, type KeyObject } from 'node:crypto';
import * as pkijs from 'pkijs';
import { arrayBufferOf, OID } from './time-stamp-token.js';

/** Content type of CMS SignedData. */
export const SIGNED_DATA = '1.2.840.113549.1.7.2';
const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const RSA_SHA256 = '1.2.840.113549.1.1.11';

/** SHA-256 of bytes. */
export const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest();

/** What a CMS signature covers. */
export interface SignedContent {
  /** Object identifier of the content type. */
  type: string;
  content: Uint8Array;
}

/** Bytes as an ASN.1 OCTET STRING. */
export function octetString(bytes: Uint8Array): asn1.OctetString {
  return new asn1.OctetString({ valueHex: arrayBufferOf(bytes) });
}

/** AlgorithmIdentifier of SHA-256. */
export function sha256Identifier(): pkijs.AlgorithmIdentifier {
  return new pkijs.AlgorithmIdentifier({ algorithmId: OID.sha256, algorithmParams: new asn1.Null() });
}

function signedAttributes({ type, content }: SignedContent, leafDer: Uint8Array): pkijs.SignedAndUnsignedAttributes {
  // ESSCertIDv2 with the default digest, SHA-256, which DER leaves out.
  const certId = new asn1.Sequence({ value: [octetString(sha256(leafDer))] });
  const signingCertificate = new asn1.Sequence({ value: [new asn1.Sequence({ value: [certId] })] });
  const attributes = [
    new pkijs.Attribute({ type: OID.contentType, values: [new asn1.ObjectIdentifier({ value: type })] }),
    new pkijs.Attribute({ type: OID.messageDigest, values: [octetString(sha256(content))] }),
    new pkijs.Attribute({ type: OID.signingCertificateV2, values: [signingCertificate] }),
  ];
  // DER orders the elements of a SET OF by their encodings.
  const encoded = (one: pkijs.Attribute) => Buffer.from(one.toSchema().toBER());
  attributes.sort((a, b) => Buffer.compare(encoded(a), encoded(b)));
  return new pkijs.SignedAndUnsignedAttributes({ type: 0, attributes });
}

/** A certificate as pkijs has it. */
export function certificateOf(der: Uint8Array): pkijs.Certificate {
  return new pkijs.Certificate({ schema: asn1.fromBER(arrayBufferOf(der)).result });
}

/** SignerInfo over `signed` with the attributes that CAdES and RFC 3161 ask for (RFC 5652 section 5.3), SHA-256. */
export function signerInfo(signed: SignedContent, key: KeyObject, leafDer: Uint8Array): pkijs.SignerInfo {
  const leaf = certificateOf(leafDer);
  const signedAttrs = signedAttributes(signed, leafDer);
  const toSign = Buffer.from(signedAttrs.toSchema().toBER());
  // Signed as a SET OF, carried with the implicit tag [0].
  toSign[0] = 0x31;
  const rsa = key.asymmetricKeyType === 'rsa';
  return new pkijs.SignerInfo({
    version: 1,
    sid: new pkijs.IssuerAndSerialNumber({ issuer: leaf.issuer, serialNumber: leaf.serialNumber }),
    digestAlgorithm: sha256Identifier(),
    signedAttrs,
    signatureAlgorithm: new pkijs.AlgorithmIdentifier(
      rsa ? { algorithmId: RSA_SHA256, algorithmParams: new asn1.Null() } : { algorithmId: ECDSA_SHA256 },
    ),
    signature: octetString(sign('sha256', toSign, key)),
  });
}
