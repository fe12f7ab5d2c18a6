import * as asn1 from 'asn1js';
import { createHash, verify, X509Certificate } from 'node:crypto';
import * as pkijs from 'pkijs';
import { chainsTo } from './certificates.js';

/** Object identifiers of RFC 3161, RFC 5652 and RFC 5816. */
export const OID = {
  sha256: '2.16.840.1.101.3.4.2.1',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  timeStamping: '1.3.6.1.5.5.7.3.8',
} as const;

const DIGESTS: Record<string, string> = {
  [OID.sha256]: 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

/** Copies bytes into an ArrayBuffer of their own, as asn1js wants them. */
export function arrayBufferOf(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

/** A token whose imprint and signature were checked. Whether its authority is trusted is a separate question. */
export interface VerifiedToken {
  time: Date;
  /** Hex of the nonce's bytes without leading zeros; null when the token has none. */
  nonce: string | null;
  /** Signer first, then the other certificates in the token. */
  chain: X509Certificate[];
}

function digestOf(algorithm: pkijs.AlgorithmIdentifier): string {
  const name = DIGESTS[algorithm.algorithmId];
  if (!name) throw new Error('the time stamp uses a digest that is not accepted');
  return name;
}

function attribute(signer: pkijs.SignerInfo, type: string): asn1.BaseBlock | undefined {
  const found = signer.signedAttrs?.attributes.filter((one) => one.type === type) ?? [];
  return found.length === 1 ? (found[0]!.values[0] as asn1.BaseBlock) : undefined;
}

function octets(block: unknown): Buffer {
  if (!(block instanceof asn1.OctetString)) throw new Error('the time stamp is malformed');
  return Buffer.from(block.getValue());
}

function chainOf(data: pkijs.SignedData, signer: pkijs.SignerInfo): X509Certificate[] {
  const sid: unknown = signer.sid;
  if (!(sid instanceof pkijs.IssuerAndSerialNumber))
    throw new Error('the time stamp names its signer in an unknown way');
  const certificates = (data.certificates ?? []).filter((one) => one instanceof pkijs.Certificate);
  const leaf = certificates.find((one) => one.serialNumber.isEqual(sid.serialNumber) && one.issuer.isEqual(sid.issuer));
  if (!leaf) throw new Error('the time stamp does not carry the certificate of its signer');
  return [leaf, ...certificates.filter((one) => one !== leaf)].map(
    (one) => new X509Certificate(Buffer.from(one.toSchema().toBER())),
  );
}

function checkSignature(data: pkijs.SignedData, content: Buffer): X509Certificate[] {
  const signer = data.signerInfos.length === 1 ? data.signerInfos[0] : undefined;
  if (!signer?.signedAttrs) throw new Error('the time stamp must have exactly one signer with signed attributes');
  const chain = chainOf(data, signer);
  const hash = digestOf(signer.digestAlgorithm);
  const digest = createHash(hash).update(content).digest();
  if (!octets(attribute(signer, OID.messageDigest)).equals(digest))
    throw new Error('the time stamp content was changed');
  const signed = Buffer.from(signer.signedAttrs.encodedValue);
  const signature = octets(signer.signature);
  if (!verify(hash, signed, chain[0]!.publicKey, signature)) throw new Error('the time stamp signature is wrong');
  return chain;
}

/**
 * Parses a DER TimeStampToken, and checks that it stamps `message` and that its signature and digests hold.
 * @throws Error with the reason, for anything else
 */
export function verifyToken(token: Uint8Array, message: Uint8Array): VerifiedToken {
  const outer = asn1.fromBER(arrayBufferOf(token));
  if (outer.offset === -1) throw new Error('the time stamp is not DER');
  const info = new pkijs.ContentInfo({ schema: outer.result });
  const data = new pkijs.SignedData({ schema: info.content as asn1.BaseBlock });
  if (data.encapContentInfo.eContentType !== OID.tstInfo) throw new Error('the token is not a time stamp');
  const content = octets(data.encapContentInfo.eContent);
  const chain = checkSignature(data, content);
  const tst = new pkijs.TSTInfo({ schema: asn1.fromBER(arrayBufferOf(content)).result });
  const imprint = createHash(digestOf(tst.messageImprint.hashAlgorithm)).update(message).digest();
  if (!octets(tst.messageImprint.hashedMessage).equals(imprint)) throw new Error('the time stamp is of something else');
  const nonce = tst.nonce
    ? Buffer.from(tst.nonce.valueBlock.valueHexView)
        .toString('hex')
        .replace(/^(00)+/, '')
    : null;
  return { time: tst.genTime, nonce, chain };
}

/**
 * True when the token's signer chains to one of `anchors` at the stamped time and may do nothing but stamp time. A root
 * that is trusted for claims only does not make a time trusted.
 */
export function isTrustedAuthority(token: VerifiedToken, anchors: readonly X509Certificate[]): boolean {
  const purposes = token.chain[0]?.keyUsage ?? [];
  return purposes.length === 1 && purposes[0] === OID.timeStamping && chainsTo(token.chain, anchors, token.time);
}
