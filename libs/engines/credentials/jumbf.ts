/** Content of one manifest as far as its signature is concerned. */
export interface SignedClaim {
  /** CBOR of the claim: what the signature covers. */
  claim: Uint8Array;
  /** The COSE_Sign1. */
  signature: Uint8Array;
  /** Each assertion by its label, as the claim hashes it: content of its box, without the header. */
  assertions: Map<string, Uint8Array>;
}

interface Box {
  type: string;
  body: Uint8Array;
}

// Manifest stores of real files have a few hundred boxes.
const MAX_BOXES = 10_000;

function boxesIn(bytes: Uint8Array): Box[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length && boxes.length < MAX_BOXES;) {
    if (at + 8 > bytes.length) throw new Error('a box is cut off');
    const size = view.getUint32(at) || bytes.length - at;
    if (size < 8 || at + size > bytes.length) throw new Error('a box has an impossible size');
    boxes.push({
      type: Buffer.from(bytes.subarray(at + 4, at + 8)).toString('latin1'),
      body: bytes.subarray(at + 8, at + size),
    });
    at += size;
  }
  return boxes;
}

/** Label in a superbox's description box: 16 bytes of type, a toggle byte, then text that ends with NUL. */
function labelOf(superbox: Uint8Array): string {
  const description = boxesIn(superbox)[0];
  if (description?.type !== 'jumd') return '';
  const end = description.body.indexOf(0, 17);
  return end < 0 ? '' : Buffer.from(description.body.subarray(17, end)).toString('utf8');
}

function only(superbox: Uint8Array, labels: readonly string[]): Uint8Array {
  const found = boxesIn(superbox).filter((box) => box.type === 'jumb' && labels.includes(labelOf(box.body)));
  if (found.length !== 1) throw new Error(`expected one ${labels[0]}, found ${found.length}`);
  return found[0]!.body;
}

/** The one CBOR box in a superbox. Throws when there is another number of them. */
export function cborIn(superbox: Uint8Array): Uint8Array {
  const found = boxesIn(superbox).filter((box) => box.type === 'cbor');
  if (found.length !== 1) throw new Error('expected one CBOR box');
  return found[0]!.body;
}

function assertionsIn(manifest: Uint8Array): Map<string, Uint8Array> {
  const stores = boxesIn(manifest).filter((box) => box.type === 'jumb' && labelOf(box.body) === 'c2pa.assertions');
  const assertions = new Map<string, Uint8Array>();
  for (const box of stores.flatMap((store) => boxesIn(store.body)).filter((one) => one.type === 'jumb')) {
    const label = labelOf(box.body);
    if (assertions.has(label)) throw new Error('two assertions have one name');
    assertions.set(label, box.body);
  }
  return assertions;
}

/**
 * Finds claim, signature and assertions of the manifest named `label` in a manifest store (JUMBF, ISO 19566-5). Anything
 * ambiguous, such as two manifests of that name, is an error.
 */
export function signedClaimOf(store: Uint8Array, label: string): SignedClaim {
  const outer = boxesIn(store);
  if (outer.length !== 1 || outer[0]!.type !== 'jumb') throw new Error('not a manifest store');
  const manifest = only(outer[0]!.body, [label]);
  return {
    claim: cborIn(only(manifest, ['c2pa.claim.v2', 'c2pa.claim'])),
    signature: cborIn(only(manifest, ['c2pa.signature'])),
    assertions: assertionsIn(manifest),
  };
}

function boxOf({ type, body }: Box): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt32BE(8 + body.length);
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, body]);
}

/**
 * A manifest store with nothing but the manifest named `label`, whose bytes stay as they are: its signature holds, and the
 * manifests that it calls ingredients are gone, which readers report as `ingredient.manifest.missing`.
 * @throws Error when the store cannot be read, or has not exactly one manifest of that name
 */
export function manifestAlone(store: Uint8Array, label: string): Uint8Array {
  const [outer, ...more] = boxesIn(store);
  if (outer?.type !== 'jumb' || more.length > 0) throw new Error('not a manifest store');
  const description = boxesIn(outer.body)[0];
  if (description?.type !== 'jumd') throw new Error('the manifest store has no description');
  const manifest = { type: 'jumb', body: only(outer.body, [label]) };
  return boxOf({ type: 'jumb', body: Buffer.concat([boxOf(description), boxOf(manifest)]) });
}

// The uuid box type of C2PA in BMFF files, and the JUMBF content type of a manifest store in any container.
const MARKERS = [
  Buffer.from('d8fec3d61b0e483c92975828877ec481', 'hex'),
  Buffer.from('6332706100110010800000aa00389b71', 'hex'),
];

/**
 * True when the bytes of a manifest store's wrapping occur anywhere. Independent of the C2PA library, so that a defect
 * there cannot turn present credentials into absent ones.
 */
export function mentionsCredentials(file: Uint8Array): boolean {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  return MARKERS.some((marker) => bytes.includes(marker));
}
