import { setSizeLimits } from 'cbor-x';
import { createHash } from 'node:crypto';
import { cbor } from './cose.js';
import { cborIn, type SignedClaim } from './jumbf.js';

// A length that a stranger writes into CBOR is memory that is set aside before anything is read.
setSizeLimits({ maxArraySize: 100_000, maxMapSize: 100_000, maxObjectSize: 100_000 });

const HASHES = new Set(['sha256', 'sha384', 'sha512']);
const SIGNATURE = /^self#jumbf=\/?c2pa\/([^/]+)\/c2pa\.signature$/;
const ASSERTION = /^self#jumbf=(?:\/?c2pa\/([^/]+)\/)?c2pa\.assertions\/([^/]+)$/;
const SOFT_BINDING = /^c2pa\.soft-binding(__\d+)?$/;

/** A soft binding as the claim's signer made it. */
export interface SoftBinding {
  alg: string;
  values: unknown[];
}

/** What the claim says of its own manifest, compared with the manifest. */
export interface ClaimContent {
  /**
   * The claim does not name another manifest as its own, and no assertion differs from the hash in the claim. An assertion
   * that is not there any more was redacted or removed: then nothing is read from it.
   */
  intact: boolean;
  /** From those assertions only whose hash is in the claim. */
  softBindings: SoftBinding[];
}

type Fields = Map<unknown, unknown>;

const isMap = (value: unknown): value is Fields => value instanceof Map;
const listIn = (claim: Fields, name: string): unknown[] => {
  const value = claim.get(name);
  return Array.isArray(value) ? (value as unknown[]) : [];
};

function softBindingIn(assertion: Uint8Array): SoftBinding {
  const data: unknown = cbor.decode(cborIn(assertion));
  const alg = isMap(data) ? data.get('alg') : null;
  const blocks = isMap(data) ? listIn(data, 'blocks') : [];
  return {
    alg: typeof alg === 'string' ? alg : '',
    values: blocks.map((block) => (isMap(block) ? block.get('value') : null)),
  };
}

function holds(reference: Fields, claim: Fields, content: Uint8Array): boolean {
  const alg = reference.get('alg') ?? claim.get('alg') ?? 'sha256';
  const hash = reference.get('hash');
  if (typeof alg !== 'string' || !HASHES.has(alg) || !(hash instanceof Uint8Array)) return false;
  return createHash(alg).update(content).digest().equals(hash);
}

/**
 * Compares the claim of manifest `label` with that manifest. Of an ingredient the C2PA library tells only what differs from
 * what its taker has written down; here nothing is taken from there.
 * @throws Error when the claim cannot be parsed
 */
export function contentOf({ claim: bytes, assertions }: SignedClaim, label: string): ClaimContent {
  const claim: unknown = cbor.decode(bytes);
  if (!isMap(claim)) throw new Error('the claim is not a map');
  const signature = SIGNATURE.exec(String(claim.get('signature')));
  const content: ClaimContent = { intact: !signature || signature[1] === label, softBindings: [] };
  const references = ['created_assertions', 'gathered_assertions', 'assertions'].flatMap((list) => listIn(claim, list));
  for (const reference of references) {
    const [, manifest = label, name = ''] = (isMap(reference) && ASSERTION.exec(String(reference.get('url')))) || [];
    const assertion = assertions.get(name);
    if (!isMap(reference) || !name || manifest !== label) content.intact = false;
    else if (!assertion) continue;
    else if (!holds(reference, claim, assertion)) content.intact = false;
    else if (SOFT_BINDING.test(name)) content.softBindings.push(softBindingIn(assertion));
  }
  return content;
}
