import * as asn1 from 'asn1js';
import { createHash, verify, X509Certificate } from 'node:crypto';
import * as pkijs from 'pkijs';
import { serialOf } from './certificates.js';
import { arrayBufferOf } from './time-stamp-token.js';

/** Object identifiers of RFC 6960. */
export const OCSP_OID = {
  basic: '1.3.6.1.5.5.7.48.1.1',
  nonce: '1.3.6.1.5.5.7.48.1.2',
  signing: '1.3.6.1.5.5.7.3.9',
} as const;

const SHA1 = '1.3.14.3.2.26';
const SIGNATURE_HASHES: Record<string, string> = {
  '1.2.840.10045.4.3.2': 'sha256',
  '1.2.840.10045.4.3.3': 'sha384',
  '1.2.840.10045.4.3.4': 'sha512',
  '1.2.840.113549.1.1.11': 'sha256',
  '1.2.840.113549.1.1.12': 'sha384',
  '1.2.840.113549.1.1.13': 'sha512',
};
const CLOCK_SKEW_MS = 300_000;
const sha1 = (bytes: Uint8Array) => createHash('sha1').update(bytes).digest();

/** What a responder says of one certificate. */
export interface OcspAnswer {
  status: 'good' | 'revoked' | 'unknown';
  thisUpdate: Date;
  nextUpdate: Date;
}

/** DER as asn1js reads it. @throws Error when it is not DER or something follows it */
function parse(der: Uint8Array): asn1.BaseBlock {
  const parsed = asn1.fromBER(arrayBufferOf(der));
  if (parsed.offset !== der.length) throw new Error('the answer is not DER');
  return parsed.result;
}

const certificateOf = (certificate: X509Certificate) => new pkijs.Certificate({ schema: parse(certificate.raw) });

/**
 * Names a certificate to a responder. With SHA-1, the one digest that all responders know (RFC 5019): it is an index
 * here, not a protection.
 */
export function certIdOf(leaf: X509Certificate, issuer: X509Certificate): pkijs.CertID {
  const [subject, authority] = [certificateOf(leaf), certificateOf(issuer)];
  const octets = (bytes: Uint8Array) => new asn1.OctetString({ valueHex: arrayBufferOf(bytes) });
  return new pkijs.CertID({
    hashAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: SHA1, algorithmParams: new asn1.Null() }),
    issuerNameHash: octets(sha1(new Uint8Array(subject.issuer.valueBeforeDecode))),
    issuerKeyHash: octets(sha1(authority.subjectPublicKeyInfo.subjectPublicKey.valueBlock.valueHexView)),
    serialNumber: subject.serialNumber,
  });
}

/** The nonce extension of requests and answers. */
export function nonceExtension(nonce: Uint8Array): pkijs.Extension {
  const value = new asn1.OctetString({ valueHex: arrayBufferOf(nonce) }).toBER();
  return new pkijs.Extension({ extnID: OCSP_OID.nonce, extnValue: value });
}

/** DER OCSPRequest for one certificate, not signed. */
export function ocspRequest(leaf: X509Certificate, issuer: X509Certificate, nonce: Uint8Array): Uint8Array {
  const request = new pkijs.OCSPRequest();
  request.tbsRequest.requestList = [new pkijs.Request({ reqCert: certIdOf(leaf, issuer) })];
  request.tbsRequest.requestExtensions = [nonceExtension(nonce)];
  return new Uint8Array(request.toSchema(true).toBER());
}

/** Nonce among extensions; null when there is none. */
export function nonceIn(extensions: pkijs.Extension[] | undefined): Buffer | null {
  const found = extensions?.find((one) => one.extnID === OCSP_OID.nonce);
  if (!found) return null;
  return Buffer.from((parse(found.extnValue.valueBlock.valueHexView) as asn1.OctetString).valueBlock.valueHexView);
}

function mayAnswer(candidate: X509Certificate, issuer: X509Certificate, now: Date): boolean {
  const delegated =
    candidate.checkIssued(issuer) &&
    candidate.verify(issuer.publicKey) &&
    (candidate.keyUsage ?? []).includes(OCSP_OID.signing);
  return delegated && new Date(candidate.validFrom) <= now && now <= new Date(candidate.validTo);
}

/** The answer is signed by the issuer itself or by a responder that the issuer made one (RFC 6960, 4.2.2.2). */
function checkSignature(basic: pkijs.BasicOCSPResponse, issuer: X509Certificate, now: Date): void {
  const hash = SIGNATURE_HASHES[basic.signatureAlgorithm.algorithmId];
  if (!hash) throw new Error('the answer is signed with an algorithm that is not accepted');
  const carried = (basic.certs ?? []).map((one) => new X509Certificate(Buffer.from(one.toSchema().toBER())));
  const signers = [issuer, ...carried.filter((one) => mayAnswer(one, issuer, now))];
  const { tbsView } = basic.tbsResponseData;
  const signature = basic.signature.valueBlock.valueHexView;
  if (!signers.some((one) => verify(hash, tbsView, one.publicKey, signature))) {
    throw new Error('the answer is not signed by the issuer or by a responder of the issuer');
  }
}

function basicOf(der: Uint8Array): pkijs.BasicOCSPResponse {
  const response = new pkijs.OCSPResponse({ schema: parse(der) });
  const status = response.responseStatus.valueBlock.valueDec;
  if (status !== 0 || !response.responseBytes) throw new Error(`the responder refused with status ${status}`);
  if (response.responseBytes.responseType !== OCSP_OID.basic) throw new Error('the answer is of an unknown type');
  return new pkijs.BasicOCSPResponse({ schema: parse(response.responseBytes.response.valueBlock.valueHexView) });
}

function isAbout(id: pkijs.CertID, asked: pkijs.CertID): boolean {
  const hex = (block: asn1.Integer) => serialOf(Buffer.from(block.valueBlock.valueHexView).toString('hex'));
  return (
    id.hashAlgorithm.algorithmId === SHA1 &&
    id.issuerNameHash.isEqual(asked.issuerNameHash) &&
    id.issuerKeyHash.isEqual(asked.issuerKeyHash) &&
    hex(id.serialNumber) === hex(asked.serialNumber)
  );
}

/**
 * Reads what a responder says of `leaf`, and checks who says it and that it holds now. A nonce in the answer must be
 * ours; many responders give none.
 * @throws Error with the reason, for anything that is not a current answer about this certificate
 */
export function verifyOcsp(
  der: Uint8Array,
  leaf: X509Certificate,
  issuer: X509Certificate,
  at: { now: Date; nonce: Uint8Array | null },
): OcspAnswer {
  const basic = basicOf(der);
  checkSignature(basic, issuer, at.now);
  const nonce = nonceIn(basic.tbsResponseData.responseExtensions);
  if (nonce && at.nonce && !nonce.equals(at.nonce)) throw new Error('the nonce differs');
  const asked = certIdOf(leaf, issuer);
  const found = basic.tbsResponseData.responses.filter((one) => isAbout(one.certID, asked));
  const single = found.length === 1 ? found[0] : undefined;
  if (!single) throw new Error('the answer is about another certificate');
  const { thisUpdate, nextUpdate } = single;
  if (thisUpdate.getTime() > at.now.getTime() + CLOCK_SKEW_MS) throw new Error('the answer is of the future');
  if (!nextUpdate || nextUpdate <= at.now) throw new Error('the answer is out of date');
  const tag = (single.certStatus as asn1.BaseBlock).idBlock.tagNumber;
  return { status: (['good', 'revoked'] as const)[tag] ?? 'unknown', thisUpdate, nextUpdate };
}
