import * as asn1 from 'asn1js';
import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import * as pkijs from 'pkijs';
import { certIdOf, nonceExtension, nonceIn, OCSP_OID } from '../ocsp.js';
import { arrayBufferOf } from '../time-stamp-token.js';
import { type KeyMaterial } from '../types.js';

const ECDSA_SHA256 = '1.2.840.10045.4.3.2';
const HOUR_MS = 3600_000;

/** What the responder is to say, true or not. */
export interface OcspStatement {
  leaf: X509Certificate;
  issuer: X509Certificate;
  /** ECDSA P-256 certificate and key of the responder. */
  responder: KeyMaterial;
  status: 'good' | 'revoked' | 'unknown';
  thisUpdate?: Date;
  nextUpdate?: Date;
  nonce?: Uint8Array | null;
}

function statusBlock(status: OcspStatement['status'], at: Date): asn1.BaseBlock {
  const tagNumber = { good: 0, revoked: 1, unknown: 2 }[status];
  if (status !== 'revoked') return new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber }, lenBlock: { length: 1 } });
  return new asn1.Constructed({
    idBlock: { tagClass: 3, tagNumber },
    value: [new asn1.GeneralizedTime({ valueDate: at })],
  });
}

/** RFC 6960 wants times without fractions of a second, and so does the C2PA library. */
function wholeSeconds(time: Date): Date {
  return new Date(Math.floor(time.getTime() / 1000) * 1000);
}

/** DER OCSPResponse of a development responder (ECDSA, SHA-256). */
export function ocspResponse(statement: OcspStatement): Uint8Array {
  const thisUpdate = wholeSeconds(statement.thisUpdate ?? new Date());
  const parsed = (one: X509Certificate) =>
    new pkijs.Certificate({ schema: asn1.fromBER(arrayBufferOf(one.raw)).result });
  const certificate = parsed(new X509Certificate(statement.responder.certificateChainPem));
  const data = new pkijs.ResponseData({
    responderID: certificate.subject,
    producedAt: thisUpdate,
    responses: [
      new pkijs.SingleResponse({
        certID: certIdOf(statement.leaf, statement.issuer),
        certStatus: statusBlock(statement.status, new Date(thisUpdate.getTime() - HOUR_MS)),
        thisUpdate,
        nextUpdate: statement.nextUpdate ?? new Date(thisUpdate.getTime() + 24 * HOUR_MS),
      }),
    ],
    ...(statement.nonce && { responseExtensions: [nonceExtension(statement.nonce)] }),
  });
  const basic = new pkijs.BasicOCSPResponse({ tbsResponseData: data, certs: [certificate, parsed(statement.issuer)] });
  const encoded = data.toSchema(true) as asn1.Sequence;
  data.tbsView = new Uint8Array(encoded.toBER());
  basic.signatureAlgorithm = new pkijs.AlgorithmIdentifier({ algorithmId: ECDSA_SHA256 });
  const signature = sign('sha256', data.tbsView, createPrivateKey(statement.responder.privateKeyPkcs8Pem));
  basic.signature = new asn1.BitString({ valueHex: arrayBufferOf(signature) });
  const response = new pkijs.OCSPResponse({
    responseStatus: new asn1.Enumerated({ value: 0 }),
    responseBytes: new pkijs.ResponseBytes({
      responseType: OCSP_OID.basic,
      response: new asn1.OctetString({ valueHex: basic.toSchema().toBER() }),
    }),
  });
  return new Uint8Array(response.toSchema().toBER());
}

/** A development responder's answer to a request, given the truth about the one leaf that it knows. */
export function answerOcsp(request: Uint8Array, statement: OcspStatement): Uint8Array {
  const asked = new pkijs.OCSPRequest({ schema: asn1.fromBER(arrayBufferOf(request)).result });
  return ocspResponse({ nonce: nonceIn(asked.tbsRequest.requestExtensions), ...statement });
}
