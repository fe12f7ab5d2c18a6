// Five ways in which the C2PA library, believed alone, leads to a wrong public statement about a clip.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { createCredentialsPool, type CredentialsPool, type SignResult } from '#engines/credentials';
import { parseCose } from '../../libs/engines/credentials/cose.js';
import { signedClaimOf } from '../../libs/engines/credentials/jumbf.js';
import {
  createSignedWorld,
  createWorld,
  fixture,
  RELEASE,
  smallClip,
  topLevelBoxes,
  type World,
} from '../../libs/engines/credentials/testing.js';
import {
  jpegWithXmp,
  openDecoy,
  withXmp,
  xmpNaming,
  type Decoy,
} from '../../libs/engines/credentials/testing/decoy.js';
import { createLightPki } from '../../libs/engines/credentials/testing/light-pki.js';
import { manifestBox } from '../../libs/engines/credentials/testing/mutations.js';

const NAMES = { organisation: 'Studio', commonName: 'Studio clips' };
let world: World;
let pool: CredentialsPool;
let signed: SignResult;
let clip: Buffer;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ world, pool, signed, clip, close } = await createSignedWorld(NAMES));
});
afterAll(() => close());

const readBytes = async (bytes: Uint8Array) => pool.read(await world.file('read.mp4', bytes));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function readIn(trust: World['trust'], path: string) {
  const own = createCredentialsPool({ trust, size: 1 });
  const finding = await own.read({ path, mime: 'video/mp4' });
  await own.close();
  return finding;
}

describe('trap 1: "valid" is not "ours"', () => {
  let stranger: World;
  let path: string;
  beforeAll(async () => {
    stranger = await createWorld(NAMES);
    path = stranger.at('clip.mp4');
    const theirs = createCredentialsPool({ trust: stranger.trust, size: 1 });
    await theirs.sign(stranger.request('clip.mp4', { inputPath: world.at('small.mp4') }));
    await theirs.close();
  });
  afterAll(() => rm(stranger.folder, { recursive: true }));

  it('a look-alike hierarchy with our names and our release id is an unknown signer', async () => {
    const finding = await readIn(world.trust, path);
    expect(finding.signer).toBe((await readBytes(clip)).signer);
    expect(finding).toMatchObject({ state: 'unknown_signer', trustedBy: 'nobody', softBinding: null, signedAt: null });
  });

  it('on the list of others it is another signer, with a time only by an authority on the list of those', async () => {
    const listed = { ...world.trust, anchorsPem: [stranger.pki.rootPem] };
    const timeless = await readIn(listed, path);
    expect(timeless).toMatchObject({ state: 'other_trusted', trustedBy: 'list', softBinding: null, signedAt: null });
    expect(timeless.codes).not.toContain('timeStamp.trusted');
    const both = { ...listed, tsaAnchorsPem: [stranger.pki.tsaRootPem] };
    expect(await readIn(both, path)).toMatchObject({
      state: 'other_trusted',
      signedAt: expect.stringMatching(/Z$/) as unknown,
      softBinding: null,
    });
  });

  it('a root for time stamps vouches for no signer, and our root for no leaf that is not registered', async () => {
    const stampOnly = { ...world.trust, tsaAnchorsPem: [stranger.pki.tsaRootPem] };
    expect(await readIn(stampOnly, path)).toMatchObject({ state: 'unknown_signer', trustedBy: 'nobody' });
    const { registered } = world.trust.ours;
    const unregistered = { ...stranger.trust, ours: { ...stranger.trust.ours, registered } };
    expect(await readIn(unregistered, path)).toMatchObject({
      state: 'unknown_signer',
      trustedBy: 'nobody',
      softBinding: null,
    });
  });
});

describe('trap 2: the hash of the file is not the identity of its credentials', () => {
  const identity = () => ({ manifestId: signed.manifestId, softBinding: RELEASE });
  const cose = () => {
    const { start, end } = manifestBox(clip);
    // Header of the box: type, version, purpose, offset.
    return parseCose(signedClaimOf(clip.subarray(start + 45, end), signed.manifestId).signature);
  };

  it('padding and a free box change the file and nothing that is stated', async () => {
    const good = await readBytes(clip);
    expect(good.signatureSha256).toMatch(/^[0-9a-f]{64}$/);
    const padding = clip.lastIndexOf(Buffer.alloc(512), manifestBox(clip).end);
    const flipped = Buffer.from(clip);
    flipped[padding + 100] = 1;
    const appended = Buffer.concat([clip, Buffer.from('00000009667265650a', 'hex')]);
    for (const bytes of [flipped, appended]) {
      expect(sha256(bytes)).not.toBe(signed.sha256);
      expect(await readBytes(bytes)).toEqual(good);
    }
  });

  it('a destroyed time stamp leaves the identity, and takes the standing', async () => {
    const token = Buffer.from(cose().tokens[0]!);
    const bytes = Buffer.from(clip);
    const at = bytes.indexOf(token) + token.length - 4;
    bytes[at] = bytes[at]! ^ 1;
    const finding = await readBytes(bytes);
    expect(finding).toMatchObject({ ...identity(), state: 'damaged', trustedBy: 'ours', signedAt: null });
    expect(finding.signatureSha256).toBe((await readBytes(clip)).signatureSha256);
  });

  it('so does the second spelling of an ECDSA signature', async () => {
    const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
    const signature = Buffer.from(cose().signature);
    const s = BigInt(`0x${signature.toString('hex', 32)}`);
    const bytes = Buffer.from(clip);
    bytes.write((order - s).toString(16).padStart(64, '0'), bytes.indexOf(signature) + 32, 'hex');
    const finding = await readBytes(bytes);
    // The stamp was made of the first spelling.
    expect(finding).toMatchObject({ ...identity(), state: 'damaged', trustedBy: 'ours', signedAt: null });
    expect(finding.codes).toContain('claimSignature.validated');
    expect(finding.signatureSha256).toBe((await readBytes(clip)).signatureSha256);
  });
});

describe('trap 3: a file names addresses', () => {
  let decoy: Decoy;
  beforeAll(async () => {
    decoy = await openDecoy();
  });
  afterAll(() => decoy.close());

  /** The library with its own network, in a process of its own. Shows that the file is a lure. */
  async function bait(path: string, mime: string, rootPem: string): Promise<number> {
    const wasm = createRequire(import.meta.url).resolve('@contentauth/c2pa-wasm/c2pa.wasm');
    const settings = {
      trust: { trust_anchors: rootPem },
      verify: { remote_manifest_fetch: true, ocsp_fetch: true, verify_trust: true },
    };
    const script = `
      const { default: initialise, WasmReader } = await import('@contentauth/c2pa-wasm');
      const { readFileSync } = await import('node:fs');
      await initialise({ module_or_path: readFileSync(${JSON.stringify(wasm)}) });
      const [path, mime, settings] = process.argv.slice(1);
      await WasmReader.fromBytes(mime, readFileSync(path), settings).catch(() => undefined);`;
    const args = ['--input-type=module', '-e', script, path, mime, JSON.stringify(settings)];
    decoy.reset();
    await promisify(execFile)(process.execPath, args);
    return decoy.connections();
  }

  it('none is contacted: remote manifest in MP4 and JPEG, OCSP, issuer, revocation list, cloud data', async () => {
    const url = `${decoy.url}/manifest(1).c2pa?a=1`;
    // In capitals, so that the signing side does not ask this responder either.
    const baited = await createWorld(await createLightPki(decoy.url.replace('http', 'HTTP')));
    const own = createCredentialsPool({ trust: baited.trust, size: 1 });
    const small = await smallClip();
    await baited.file('xmp.mp4', withXmp(small, xmpNaming(url)));
    await baited.file('xmp.jpg', jpegWithXmp(await readFile(fixture('adobe-20220124-I.jpg')), xmpNaming(url)));
    const hash = Array.from({ length: 32 }, () => 1);
    const location = { url: `${decoy.url}/cloud`, alg: 'sha256', hash };
    const extra = [
      { label: 'c2pa.cloud-data', data: { label: 'c2pa.metadata', size: 10, location, content_type: 'text/plain' } },
      { label: 'c2pa.external-reference', data: { location, content_type: 'text/plain' } },
    ];
    await own.sign(baited.request('signed.mp4', { inputPath: baited.at('xmp.mp4'), extra }));
    const files = [
      ['xmp.mp4', 'video/mp4', 'damaged'],
      ['xmp.jpg', 'image/jpeg', 'damaged'],
      ['signed.mp4', 'video/mp4', 'ours'],
    ] as const;
    for (const [name, mime] of files) {
      expect([name, await bait(baited.at(name), mime, baited.pki.rootPem)]).toEqual([name, 1]);
    }
    decoy.reset();
    for (const [name, mime, state] of files) {
      const finding = await own.read({ path: baited.at(name), mime });
      expect(finding).toMatchObject({ state, remoteManifest: url });
    }
    await own.close();
    expect(decoy.connections()).toBe(0);
    await rm(baited.folder, { recursive: true });
  });
});

describe('trap 4: our manifest on another video is not a changed clip', () => {
  it('reads as a mismatch that names the release, not as damage', async () => {
    const { start, end } = manifestBox(clip);
    const other = await smallClip();
    const [ftyp, , mdat] = topLevelBoxes(other);
    for (let at = mdat!.start + 8; at < mdat!.end; at++) other[at] = other[at]! ^ 0x5a;
    const finding = await readBytes(
      Buffer.concat([other.subarray(0, ftyp!.end), clip.subarray(start, end), other.subarray(ftyp!.end)]),
    );
    expect(finding).toMatchObject({
      state: 'mismatch',
      trustedBy: 'ours',
      manifestId: signed.manifestId,
      softBinding: RELEASE,
    });
    expect(finding.codes).toContain('assertion.bmffHash.mismatch');
  });
});

describe('trap 5: every string is by whoever made the file', () => {
  const HOSTILE = '\u202e\u0000\r\n<img src=x onerror=alert(1)>\u2066';

  function strings(value: unknown): string[] {
    if (typeof value === 'string') return [value];
    return value !== null && typeof value === 'object' ? Object.values(value).flatMap(strings) : [];
  }

  it('names, titles and codes come short and without control characters', async () => {
    const theirs = await createWorld({ organisation: `Evil${HOSTILE}`, commonName: `Us${HOSTILE}` });
    const own = createCredentialsPool({ trust: theirs.trust, size: 1 });
    const parent = { path: world.at('clip.mp4'), mime: 'video/mp4', title: `${HOSTILE}${'x'.repeat(10_000)}` };
    await own.sign(theirs.request('evil.mp4', { inputPath: world.at('small.mp4'), parent }));
    await own.close();
    const finding = await readIn(world.trust, theirs.at('evil.mp4'));
    expect(finding).toMatchObject({ state: 'unknown_signer', ingredients: [{ state: 'ours', softBinding: RELEASE }] });
    // Text of theirs did arrive.
    expect(finding.signer).toMatch(/^Us<img/);
    expect(finding.ingredients[0]!.title).toMatch(/^<img.*x{100}/);
    for (const text of strings(finding)) {
      expect(text.length).toBeLessThanOrEqual(200);
      expect(text).not.toMatch(/\p{C}/u);
    }
    await rm(theirs.folder, { recursive: true });
  });
});
