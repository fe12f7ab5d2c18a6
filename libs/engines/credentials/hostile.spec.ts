import { rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import { type CredentialsFinding } from '#contracts';
import { createCredentialsPool } from './pool.js';
import { createWorld, fixture, RELEASE, topLevelBoxes } from './testing.js';
import { type CredentialsPool, type SignResult } from './types.js';

let world: Awaited<ReturnType<typeof createWorld>>;
let pool: CredentialsPool;
let signed: SignResult;
let clip: Buffer;

beforeAll(async () => {
  world = await createWorld({ organisation: 'Studio', commonName: 'Studio clips' });
  pool = createCredentialsPool({ trust: world.trust, size: 2 });
  signed = await pool.sign(world.request('clip.mp4'));
  clip = await world.bytesOf('clip.mp4');
});
afterAll(async () => {
  await pool.close();
  await rm(world.folder, { recursive: true });
});

const readBytes = async (name: string, bytes: Uint8Array, mime = 'video/mp4') =>
  pool.read({ ...(await world.file(name, bytes)), mime });

function box(file: Buffer, type: string) {
  return topLevelBoxes(file).find((one) => one.type === type)!;
}

function withFlip(file: Buffer, at: number): Buffer {
  const changed = Buffer.from(file);
  changed[at] = changed[at]! ^ 0x10;
  return changed;
}

describe('tampering', () => {
  it('calls a changed picture a mismatch, and says which release was signed', async () => {
    const mdat = box(clip, 'mdat');
    const finding = await readBytes('flip.mp4', withFlip(clip, (mdat.start + mdat.end) >> 1));
    expect(finding).toMatchObject({ state: 'mismatch', manifestId: signed.manifestId, softBinding: RELEASE });
    expect(finding.codes).toContain('assertion.bmffHash.mismatch');
  });

  it('calls our manifest on another clip a mismatch', async () => {
    const uuid = box(clip, 'uuid');
    const other = Buffer.from(await readFile(fixture('video1_no_manifest.mp4')));
    const mdat = box(other, 'mdat');
    for (let at = mdat.start + 8; at < mdat.end; at++) other[at] = other[at]! ^ 0x5a;
    const ftyp = box(other, 'ftyp');
    const joined = [other.subarray(0, ftyp.end), clip.subarray(uuid.start, uuid.end), other.subarray(ftyp.end)];
    const finding = await readBytes('transplant.mp4', Buffer.concat(joined));
    expect(finding).toMatchObject({ state: 'mismatch', manifestId: signed.manifestId, softBinding: RELEASE });
  });

  it('does not call a clip ours whose time stamp was destroyed', async () => {
    // The token's object identifier id-ct-TSTInfo stands at its beginning.
    const at = clip.indexOf(Buffer.from('060b2a864886f70d0109100104', 'hex'));
    expect(at).toBeGreaterThan(0);
    const finding = await readBytes('unstamped.mp4', withFlip(clip, at + 5));
    expect(finding).toMatchObject({ state: 'damaged', signedAt: null });
  });

  it('does not call an altered manifest a mismatch of content', async () => {
    const at = clip.indexOf('trainedAlgorithmicMedia');
    const finding = await readBytes('assertion.mp4', withFlip(clip, at + 3));
    expect(finding).toMatchObject({ state: 'damaged', softBinding: null });
  });

  it('notices a manifest whose box was renamed', async () => {
    const uuid = box(clip, 'uuid');
    const retagged = Buffer.from(clip);
    retagged.write('nothing', uuid.start + 28, 'latin1');
    expect((await readBytes('retag.mp4', retagged)).state).toBe('damaged');
    const hidden = Buffer.from(clip);
    hidden.write('free', uuid.start + 4, 'latin1');
    expect((await readBytes('hidden.mp4', hidden)).state).toBe('damaged');
  });
});

describe('strangers', () => {
  it('knows an impostor with our name, and another trusted signer', async () => {
    const impostor = await createWorld({ organisation: 'Studio', commonName: 'Studio clips' });
    const theirs = createCredentialsPool({ trust: impostor.trust, size: 1 });
    await theirs.sign(impostor.request('clip.mp4'));
    await theirs.close();
    const file = { path: impostor.at('clip.mp4'), mime: 'video/mp4' };
    const finding = await pool.read(file);
    expect(finding).toMatchObject({ state: 'unknown_signer', softBinding: null, signedAt: null });
    expect(finding.signer).toBe((await pool.read({ path: world.at('clip.mp4'), mime: 'video/mp4' })).signer);

    const states = async (trust: typeof world.trust) => {
      const own = createCredentialsPool({ trust, size: 1 });
      const result = await own.read(file);
      await own.close();
      return result;
    };
    const listed = { ...world.trust, anchorsPem: [impostor.pki.rootPem] };
    // Its time stamp does not count: its authority is on the list of signers only.
    expect(await states(listed)).toMatchObject({ state: 'other_trusted', softBinding: null, signedAt: null });
    const both = { ...listed, tsaAnchorsPem: [impostor.pki.tsaRootPem] };
    expect(await states(both)).toMatchObject({
      state: 'other_trusted',
      signedAt: expect.stringMatching(/Z$/) as unknown,
    });
    // A root for time stamps only does not vouch for a signer.
    const stampOnly = { ...world.trust, tsaAnchorsPem: [impostor.pki.tsaRootPem] };
    expect(await states(stampOnly)).toMatchObject({ state: 'unknown_signer' });
    // Under our root, but not registered.
    const unregistered = {
      ...impostor.trust,
      ours: { ...impostor.trust.ours, registered: world.trust.ours.registered },
    };
    expect(await states(unregistered)).toMatchObject({ state: 'unknown_signer', softBinding: null });
  });

  it('fetches nothing that a file names', async () => {
    let hits = 0;
    const decoy = createServer((_request, response) => {
      hits++;
      response.end();
    });
    await new Promise<void>((resolve) => decoy.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(decoy.address() as AddressInfo).port}/manifest.c2pa`;
    const xmp = Buffer.from(
      `http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:dcterms="http://purl.org/dc/terms/" dcterms:provenance="${url}"/></rdf:RDF></x:xmpmeta>`,
    );
    const header = Buffer.from([0xff, 0xe1, (xmp.length + 2) >> 8, (xmp.length + 2) & 255]);
    const jpeg = await readFile(fixture('adobe-20220124-I.jpg'));
    const remote = Buffer.concat([jpeg.subarray(0, 2), header, xmp, jpeg.subarray(2)]);
    const finding = await readBytes('remote.jpg', remote, 'image/jpeg');
    decoy.close();
    expect(finding).toMatchObject({ state: 'damaged', remoteManifest: url });
    expect(hits).toBe(0);
  });
});

describe('public test files', () => {
  it.each([
    ['video1.mp4', 'unknown_signer', 'assertion.bmffHash.match'],
    ['video1_no_manifest.mp4', 'none', null],
    ['dashinit.mp4', 'mismatch', 'assertion.bmffHash.mismatch'],
    ['nested_moov_1000.mp4', 'unable', null],
    ['adobe-20220124-I.jpg', 'none', null],
    ['adobe-20220124-E-dat-CA.jpg', 'mismatch', 'assertion.dataHash.mismatch'],
    ['adobe-20220124-E-sig-CA.jpg', 'damaged', 'claimSignature.mismatch'],
    ['adobe-20220124-E-uri-CA.jpg', 'damaged', 'assertion.hashedURI.mismatch'],
    ['adobe-20220124-CIE-sig-CA.jpg', 'unknown_signer', 'claimSignature.validated'],
  ] as const)('%s reads as %s', async (name, state, code) => {
    // The declared type is wrong for the pictures; their first bytes decide.
    const finding = await pool.read({ path: fixture(name), mime: 'video/mp4' });
    expect(finding.state).toBe(state);
    if (code) expect(finding.codes).toContain(code);
    expect(finding).toMatchObject({ softBinding: null, signedAt: null });
    expect(finding.detail ?? '').toMatch(name.includes('CIE') ? /ingredient was already broken/ : /^/);
  });
});

/** mulberry32: the same mutations in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

describe('mutations', () => {
  const ALLOWED: CredentialsFinding['state'][] = ['ours', 'mismatch', 'damaged', 'none', 'unable'];
  const pick = random(20261122);

  function mutate(kind: number): Buffer {
    const bytes = Buffer.from(clip);
    const uuid = box(clip, 'uuid');
    const inManifest = uuid.start + pick(uuid.end - uuid.start);
    switch (kind) {
      case 0:
        return bytes.subarray(0, pick(bytes.length));
      case 1:
        return withFlip(bytes, inManifest);
      case 2:
        return withFlip(bytes, pick(bytes.length));
      case 3:
        bytes.writeUInt32BE(pick(0xffffffff), uuid.start + pick(600) * 4);
        return bytes;
      case 4:
        return Buffer.concat([bytes.subarray(0, inManifest), bytes.subarray(inManifest + 1 + pick(64))]);
      case 5:
        for (let at = inManifest; at < inManifest + 64; at++) bytes[at] = bytes[at] === 0 ? 0xff : 0;
        return bytes;
      case 6:
        return Buffer.concat([bytes, bytes.subarray(uuid.start, uuid.end)]);
      default:
        for (let at = 0; at < bytes.length; at++) bytes[at] = pick(256);
        return bytes.subarray(0, 4096);
    }
  }

  /** What a reader sees or hears, and how it is decoded. */
  const media = (file: Buffer) =>
    Buffer.concat(
      topLevelBoxes(file)
        .filter((one) => one.type === 'moov' || one.type === 'mdat')
        .map((one) => file.subarray(one.start, one.end)),
    );

  it('never crash the pool, and never leave changed media ours', async () => {
    const states: Record<string, number> = {};
    for (let index = 0; index < 60; index++) {
      const mutated = mutate(index % 8);
      const finding = await readBytes('mutated.mp4', mutated);
      states[finding.state] = (states[finding.state] ?? 0) + 1;
      expect(ALLOWED).toContain(finding.state);
      if (finding.state === 'ours') expect(media(mutated).equals(media(clip))).toBe(true);
      else expect(mutated.equals(clip)).toBe(false);
    }
    // Most changes are noticed; those to padding are not changes of anything stated.
    expect((states.damaged ?? 0) + (states.mismatch ?? 0) + (states.unable ?? 0)).toBeGreaterThan(35);
    expect((await readBytes('intact.mp4', clip)).state).toBe('ours');
  });

  it('of nothing: empty and tiny files are not called free of credentials', async () => {
    for (const size of [0, 1, 7, 8, 40]) {
      expect((await readBytes('tiny.mp4', clip.subarray(0, size))).state).toBe('unable');
    }
  });
});
