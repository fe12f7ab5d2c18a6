import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { fingerprintOf } from './certificates.js';
import { createDevelopmentPki, type DevelopmentPkiOptions } from './pki.js';
import { createCredentialsPool } from './pool.js';
import { fileSigner } from './signer.js';
import { SOFT_BINDING_ALG, softBindingValue } from './soft-binding.js';
import { localTimeStamper } from './time-stamper.js';
import { type DevelopmentPki, type SignRequest, type TrustSettings } from './types.js';

/** Release id of every test clip. */
export const RELEASE = '0123456789abcdef';

/** Path of a test file under `tests/fixtures/c2pa`. */
export function fixture(name: string): string {
  return join(projectRoot, 'tests/fixtures/c2pa', name);
}

/** Trust settings under which the clips of `pki` are ours. */
export function trustIn(pki: DevelopmentPki): TrustSettings {
  const leaf = fingerprintOf(new X509Certificate(pki.signer.certificateChainPem));
  return {
    anchorsPem: [],
    tsaAnchorsPem: [pki.tsaRootPem],
    ours: { anchorsPem: [pki.rootPem], registered: [{ sha256: leaf, compromisedAt: null }] },
  };
}

/**
 * A hierarchy, its trust settings and a folder for files: what every test of the pool needs.
 * @param given a hierarchy, or what one is made with
 */
export async function createWorld(given: DevelopmentPkiOptions | DevelopmentPki = {}) {
  const pki = 'signer' in given ? given : await createDevelopmentPki(given);
  const folder = await mkdtemp(join(tmpdir(), 'credentials-'));
  const at = (name: string) => join(folder, name);
  const request = (output: string, changes: Partial<SignRequest> = {}): SignRequest => ({
    inputPath: fixture('video1_no_manifest.mp4'),
    outputPath: at(output),
    mime: 'video/mp4',
    title: 'A clip',
    releaseId: RELEASE,
    softBinding: { alg: SOFT_BINDING_ALG, value: softBindingValue(RELEASE) },
    generator: { name: 'Imprimatur', version: '0.1.0' },
    softwareAgent: { name: 'Test engine', version: '1' },
    createdAt: '2026-11-22T12:00:00Z',
    signer: fileSigner(pki.signer),
    timeStamper: localTimeStamper(pki.tsa),
    ...changes,
  });
  /** Writes bytes as a file and gives the request that reads it. */
  const file = async (name: string, bytes: Uint8Array) => {
    await writeFile(at(name), bytes);
    return { path: at(name), mime: 'video/mp4' };
  };
  return { pki, trust: trustIn(pki), folder, at, request, file, bytesOf: (name: string) => readFile(at(name)) };
}

/** What {@link createWorld} makes. */
export type World = Awaited<ReturnType<typeof createWorld>>;

/** A clip of 7 kB with the boxes of a real one and noise in place of pictures, for tests that read hundreds of files. */
export async function smallClip(): Promise<Buffer> {
  const whole = await readFile(fixture('video1_no_manifest.mp4'));
  const part = (type: string) => {
    const { start, end } = topLevelBoxes(whole).find((box) => box.type === type)!;
    return whole.subarray(start, end);
  };
  const media = Buffer.alloc(4096);
  for (let at = 8; at < media.length; at++) media[at] = (Math.imul(at, 0x9e3779b1) >>> 13) & 0xff;
  media.writeUInt32BE(media.length);
  media.write('mdat', 4, 'latin1');
  return Buffer.concat([part('ftyp'), part('moov'), media]);
}

/** A world in which {@link smallClip} was signed, with a pool that reads what is made of it. */
export async function createSignedWorld(given: DevelopmentPkiOptions | DevelopmentPki) {
  const world = await createWorld(given);
  const pool = createCredentialsPool({ trust: world.trust, size: 1 });
  await world.file('small.mp4', await smallClip());
  const signed = await pool.sign(world.request('clip.mp4', { inputPath: world.at('small.mp4') }));
  const close = async () => {
    await pool.close();
    await rm(world.folder, { recursive: true });
  };
  return { world, pool, signed, clip: await world.bytesOf('clip.mp4'), close };
}

/** Position and size of each top-level box of an MP4 file. */
export function topLevelBoxes(file: Uint8Array): { type: string; start: number; end: number }[] {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.byteLength);
  const boxes = [];
  for (let start = 0; start + 8 <= bytes.length;) {
    const end = start + (bytes.readUInt32BE(start) || bytes.length - start);
    boxes.push({ type: bytes.toString('latin1', start + 4, start + 8), start, end });
    start = Math.max(end, start + 8);
  }
  return boxes;
}
