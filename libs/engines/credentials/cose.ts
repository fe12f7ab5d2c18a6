import { Encoder, Tag } from 'cbor-x';
import { X509Certificate } from 'node:crypto';
import { messageOf } from '#kernel';
import { responderOf } from './certificates.js';
import { CredentialsError } from './errors.js';
import { type ClaimSigner, type RevocationSource, type SignatureAlgorithm, type TimeStamper } from './types.js';

/**
 * Bytes kept free in the manifest for the COSE signature, its certificates and the time stamp. Public authorities send up
 * to 8 kB; what is left is padding.
 */
export const SIGNATURE_RESERVE = 16_384;

// RFC 9053 algorithm numbers.
const ALGORITHMS: Record<SignatureAlgorithm, number> = { es256: -7, es384: -35, ed25519: -8 };
const HEADER_ALG = 1;
const HEADER_X5CHAIN = 33;
const COSE_SIGN1 = 18;
const EMPTY = new Uint8Array(0);

/** CBOR as COSE wants it: byte strings without tags, maps as Map. */
export const cbor = new Encoder({
  useRecords: false,
  mapsAsObjects: false,
  tagUint8Array: false,
  variableMapSize: true,
  copyBuffers: true,
});

const encode = (value: unknown): Uint8Array => new Uint8Array(cbor.encode(value));

/** The bytes that a COSE_Sign1 signature covers (RFC 9052, 4.4). */
export function signedBytes(protectedHeader: Uint8Array, payload: Uint8Array): Uint8Array {
  return encode(['Signature1', protectedHeader, EMPTY, payload]);
}

/** The bytes that a `sigTst2` time stamp covers: the signature, as a CBOR byte string, is the payload. */
export function stampedBytes(protectedHeader: Uint8Array, signature: Uint8Array): Uint8Array {
  return encode(['CounterSignature', protectedHeader, EMPTY, encode(signature)]);
}

/** Protected header of a claim signature: algorithm and certificates. */
export function protectedHeaderOf(signer: ClaimSigner): Uint8Array {
  return encode(
    new Map<number, unknown>([
      [HEADER_ALG, ALGORITHMS[signer.alg]],
      [HEADER_X5CHAIN, signer.certificateChainDer],
    ]),
  );
}

/** What is told beside a signature, unprotected: each part is signed by its own authority. */
export interface Countersigned {
  /** DER TimeStampToken. */
  token?: Uint8Array;
  /** DER OCSPResponse. */
  ocsp?: Uint8Array | null;
}

/** Builds the COSE_Sign1 of a claim, padded to exactly {@link SIGNATURE_RESERVE} bytes. @throws Error when it is longer */
export function coseSign1(protectedHeader: Uint8Array, signature: Uint8Array, by: Countersigned): Uint8Array {
  const parts: [string, unknown][] = [];
  if (by.token) parts.push(['sigTst2', new Map([['tstTokens', [new Map([['val', by.token]])]]])]);
  if (by.ocsp) parts.push(['rVals', new Map([['ocspVals', [by.ocsp]]])]);
  const header = (pad: number) => new Map<string, unknown>([...parts, ['pad', new Uint8Array(pad)]]);
  const whole = (pad: number) => encode(new Tag([protectedHeader, header(pad), null, signature], COSE_SIGN1));
  // From 256 bytes on, the length of a byte string takes three bytes: one correction reaches any size.
  const probe = 256;
  const pad = probe + SIGNATURE_RESERVE - whole(probe).length;
  if (pad < probe) throw new Error('certificates and time stamp are longer than the space reserved for them');
  return whole(pad);
}

async function stapleOf(signer: ClaimSigner, revocation?: RevocationSource): Promise<Uint8Array | null> {
  const named = responderOf(new X509Certificate(signer.certificateChainDer[0]!)) !== null;
  const staple = named ? await revocation?.staple(signer.certificateChainDer) : null;
  if (named && !staple) {
    const text = 'The signing certificate names an OCSP responder, and there is no answer of it. Nothing was signed.';
    throw new CredentialsError('credentials_revocation_unknown', text);
  }
  return staple ?? null;
}

/**
 * Signs and stamps a C2PA claim; a leaf that names an OCSP responder also gets its good answer beside the signature.
 * @param claim CBOR bytes of the claim (detached payload)
 * @returns COSE_Sign1, padded to exactly {@link SIGNATURE_RESERVE} bytes
 * @throws CredentialsError `credentials_sign_failed`, or what the time stamper or the revocation source threw
 */
export async function signClaim(
  claim: Uint8Array,
  signer: ClaimSigner,
  stamper: TimeStamper,
  revocation?: RevocationSource,
): Promise<Uint8Array> {
  try {
    const header = protectedHeaderOf(signer);
    const ocsp = await stapleOf(signer, revocation);
    const signature = await signer.sign(signedBytes(header, claim));
    const token = await stamper.stamp(stampedBytes(header, signature));
    return coseSign1(header, signature, { token, ocsp });
  } catch (cause) {
    if (cause instanceof CredentialsError) throw cause;
    throw new CredentialsError('credentials_sign_failed', `The claim could not be signed: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

/** What a COSE_Sign1 in a manifest says. */
export interface CoseSignature {
  protectedHeader: Uint8Array;
  /** Null for algorithms that we do not sign with. */
  algorithm: SignatureAlgorithm | null;
  /** DER, leaf first. */
  chainDer: Uint8Array[];
  signature: Uint8Array;
  /** DER TimeStampTokens under `sigTst2`. */
  tokens: Uint8Array[];
}

function tokensOf(unprotectedHeader: Map<unknown, unknown>): Uint8Array[] {
  const container = unprotectedHeader.get('sigTst2');
  const list: unknown = container instanceof Map ? container.get('tstTokens') : undefined;
  if (!Array.isArray(list)) return [];
  return list.map((one: unknown) => (one instanceof Map ? (one.get('val') as unknown) : null)).filter(isBytes);
}

function isBytes(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array;
}

/** Certificates stand in the protected header; older manifests have them in the other one, or under a name. */
function chainOf(...headers: Map<unknown, unknown>[]): Uint8Array[] {
  for (const header of headers) {
    const chain: unknown = header.get(HEADER_X5CHAIN) ?? header.get('x5chain');
    if (chain !== undefined) return (Array.isArray(chain) ? (chain as unknown[]) : [chain]).filter(isBytes);
  }
  return [];
}

/** Parses a COSE_Sign1. @throws Error when it is not one */
export function parseCose(bytes: Uint8Array): CoseSignature {
  const tagged: unknown = cbor.decode(bytes);
  const parts: unknown = tagged instanceof Tag && tagged.tag === COSE_SIGN1 ? tagged.value : tagged;
  if (!Array.isArray(parts) || parts.length !== 4) throw new Error('the signature is not COSE_Sign1');
  const [protectedHeader, unprotectedHeader, , signature] = parts as unknown[];
  if (!isBytes(protectedHeader) || !isBytes(signature) || !(unprotectedHeader instanceof Map)) {
    throw new Error('the signature is not COSE_Sign1');
  }
  const header: unknown = cbor.decode(protectedHeader);
  if (!(header instanceof Map)) throw new Error('the signature has no protected header');
  const chainDer = chainOf(header, unprotectedHeader);
  if (chainDer.length === 0) throw new Error('the signature carries no certificate');
  const number: unknown = header.get(HEADER_ALG);
  const algorithm = (Object.keys(ALGORITHMS) as SignatureAlgorithm[]).find((name) => ALGORITHMS[name] === number);
  return { protectedHeader, algorithm: algorithm ?? null, chainDer, signature, tokens: tokensOf(unprotectedHeader) };
}
