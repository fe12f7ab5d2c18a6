import * as asn1 from 'asn1js';
import { randomBytes, X509Certificate, type KeyObject } from 'node:crypto';
import * as pkijs from 'pkijs';
import { messageOf, systemClock, type Clock } from '#kernel';
import { certificateOf, octetString, sha256, sha256Identifier, SIGNED_DATA, signerInfo } from './cms.js';
import { CredentialsError } from './errors.js';
import { openKeyMaterial } from './signer.js';
import { arrayBufferOf, OID, verifyToken } from './time-stamp-token.js';
import { type KeyMaterial, type TimeStamper } from './types.js';

// A token must name a policy: the best-practices policy of ETSI EN 319 421.
const POLICY = '0.4.0.2023.1.1';

function integer(bytes: Uint8Array): asn1.Integer {
  return new asn1.Integer({ valueHex: arrayBufferOf(bytes) });
}

/** 16 random bytes that read as a positive DER integer without leading zero. */
function randomInteger(): Buffer {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x3f) | 0x40;
  return bytes;
}

function imprintOf(message: Uint8Array): pkijs.MessageImprint {
  return new pkijs.MessageImprint({ hashAlgorithm: sha256Identifier(), hashedMessage: octetString(sha256(message)) });
}

/** What a time-stamping authority puts into a token. */
export interface TokenFacts {
  imprint: pkijs.MessageImprint;
  time: Date;
  nonce?: asn1.Integer;
}

/** Builds and signs a TimeStampToken. */
export function issueToken(facts: TokenFacts, key: KeyObject, chainDer: Uint8Array[]): Uint8Array {
  const tst = new pkijs.TSTInfo({
    version: 1,
    policy: POLICY,
    messageImprint: facts.imprint,
    serialNumber: integer(randomInteger()),
    genTime: facts.time,
    ...(facts.nonce && { nonce: facts.nonce }),
  });
  const content = new Uint8Array(tst.toSchema().toBER());
  const encapContentInfo = new pkijs.EncapsulatedContentInfo({ eContentType: OID.tstInfo });
  // Set afterwards: the constructor would split the string, which is not DER.
  encapContentInfo.eContent = octetString(content);
  const data = new pkijs.SignedData({
    version: 3,
    digestAlgorithms: [sha256Identifier()],
    encapContentInfo,
    certificates: chainDer.map(certificateOf),
    signerInfos: [signerInfo({ type: OID.tstInfo, content }, key, chainDer[0]!)],
  });
  const token = new pkijs.ContentInfo({ contentType: SIGNED_DATA, content: data.toSchema(true) });
  return new Uint8Array(token.toSchema().toBER());
}

/** Options of {@link localTimeStamper}. */
export interface LocalTimeStamperOptions extends KeyMaterial {
  clock?: Clock;
}

/**
 * A time-stamping authority in this process (RFC 3161, SHA-256, ESS SigningCertificateV2). Its word is only as good
 * as this machine's clock and key: for evidence use {@link remoteTimeStamper}.
 * @throws CredentialsError `credentials_key_invalid` when chain and key do not fit or the key is no ECDSA or RSA key
 */
export function localTimeStamper(options: LocalTimeStamperOptions): TimeStamper {
  const { key, chainDer } = openKeyMaterial(options);
  if (key.asymmetricKeyType !== 'ec' && key.asymmetricKeyType !== 'rsa') {
    throw new CredentialsError('credentials_key_invalid', 'The time-stamping key must be ECDSA or RSA.');
  }
  const clock = options.clock ?? systemClock;
  const leaf = new X509Certificate(chainDer[0]!);
  return {
    stamp: async (message) => {
      const now = clock.now();
      if (now < new Date(leaf.validFrom) || now > new Date(leaf.validTo)) {
        throw new CredentialsError('credentials_time_stamp_failed', 'The time-stamping certificate is not valid now.');
      }
      return issueToken({ imprint: imprintOf(message), time: now }, key, chainDer);
    },
  };
}

/** Options of {@link remoteTimeStamper}. */
export interface RemoteTimeStamperOptions {
  /** Address of the authority, as the operator configured it. */
  url: string;
  /** HTTP client; the caller sets its time limit and egress rules. */
  fetch: typeof globalThis.fetch;
}

// Tokens of public authorities are 2 to 8 kB.
const MAX_RESPONSE = 64 * 1024;

function tokenIn(body: Uint8Array): Uint8Array {
  const parsed = asn1.fromBER(arrayBufferOf(body));
  if (parsed.offset === -1) throw new Error('the answer is not DER');
  const response = new pkijs.TimeStampResp({ schema: parsed.result });
  const status = response.status.status as number;
  if (status > 1 || !response.timeStampToken) throw new Error(`the authority refused with status ${status}`);
  // The token's own bytes: encoding it anew could change what was signed.
  const token = (parsed.result as asn1.Sequence).valueBlock.value[1]!;
  return new Uint8Array(token.valueBeforeDecodeView);
}

/**
 * Client of a time-stamping authority: RFC 3161 over HTTP, SHA-256, with nonce. Status, nonce, imprint and signature
 * of the answer are checked here; whether the authority is trusted is checked when the clip is read back.
 * `stamp` throws CredentialsError `credentials_time_stamp_failed`.
 */
export function remoteTimeStamper(options: RemoteTimeStamperOptions): TimeStamper {
  const stamp = async (message: Uint8Array): Promise<Uint8Array> => {
    const nonce = randomInteger();
    const request = new pkijs.TimeStampReq({
      version: 1,
      messageImprint: imprintOf(message),
      nonce: integer(nonce),
      certReq: true,
    });
    const response = await options.fetch(options.url, {
      method: 'POST',
      headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
      body: request.toSchema().toBER(),
      redirect: 'error',
    });
    if (!response.ok) throw new Error(`the authority answered with HTTP ${response.status}`);
    const body = new Uint8Array(await response.arrayBuffer());
    if (body.length > MAX_RESPONSE) throw new Error('the answer is too long');
    const token = tokenIn(body);
    if (verifyToken(token, message).nonce !== nonce.toString('hex')) throw new Error('the nonce differs');
    return token;
  };
  return {
    stamp: async (message) => {
      try {
        return await stamp(message);
      } catch (cause) {
        const text = `The time-stamping authority gave no usable time stamp: ${messageOf(cause)}. Try again later.`;
        throw new CredentialsError('credentials_time_stamp_failed', text, { cause });
      }
    },
  };
}
