import { rm, writeFile } from 'node:fs/promises';
import { manifestAlone, signedClaimOf } from './jumbf.js';
import { createCredentialsPool } from './pool.js';
import { createWorld } from './testing.js';
import { readDetached, type DetachedReport } from './testing/detached.js';
import { type CredentialsPool, type SignResult } from './types.js';

let world: Awaited<ReturnType<typeof createWorld>>;
let pool: CredentialsPool;
let clip: SignResult;
let remix: SignResult;

beforeAll(async () => {
  world = await createWorld();
  pool = createCredentialsPool({ trust: world.trust, size: 1 });
  clip = await pool.sign(world.request('clip.mp4'));
  const parent = { path: world.at('clip.mp4'), mime: 'video/mp4', title: 'A clip' };
  remix = await pool.sign(world.request('remix.mp4', { parent }));
});
afterAll(async () => {
  await pool.close();
  await rm(world.folder, { recursive: true });
});

const read = async (store: Uint8Array) => {
  await writeFile(world.at('store.c2pa'), store);
  return readDetached(world.at('store.c2pa'), world.trust);
};
const codes = ({ validation_results: { activeManifest } }: DetachedReport, kind: 'success' | 'failure') =>
  activeManifest[kind].map(({ code }) => code);

describe('a manifest alone', () => {
  it('of a clip without ingredients is the whole store', () => {
    expect(Buffer.from(manifestAlone(clip.manifest, clip.manifestId))).toEqual(Buffer.from(clip.manifest));
  });

  it('of a remix is still read by the C2PA library, signed as before, without that of its ingredient', async () => {
    const whole = await read(remix.manifest);
    expect(Object.keys(whole.manifests).sort()).toEqual([clip.manifestId, remix.manifestId].sort());
    const alone = manifestAlone(remix.manifest, remix.manifestId);
    expect(alone.length).toBeLessThan(remix.manifest.length);
    expect(signedClaimOf(alone, remix.manifestId)).toEqual(signedClaimOf(remix.manifest, remix.manifestId));
    const report = await read(alone);
    expect(report.active_manifest).toBe(remix.manifestId);
    expect(Object.keys(report.manifests)).toEqual([remix.manifestId]);
    expect(report.manifests[remix.manifestId]).toMatchObject({
      assertions: whole.manifests[remix.manifestId]!.assertions.map(({ label }) => ({ label })),
    });
    expect(codes(report, 'success')).toEqual(
      expect.arrayContaining(['claimSignature.validated', 'signingCredential.trusted', 'timeStamp.trusted']),
    );
    // What lies apart from its clip never fits a clip. Beyond that only the ingredient's own manifest is missed.
    expect(codes(whole, 'failure')).toEqual(['assertion.bmffHash.mismatch']);
    expect(codes(report, 'failure').sort()).toEqual(['assertion.bmffHash.mismatch', 'ingredient.manifest.missing']);
  });

  it('is refused when the name is unknown or ambiguous, or the bytes are no store', () => {
    const twice = Buffer.from(remix.manifest);
    let at = twice.indexOf(clip.manifestId);
    for (; at >= 0; at = twice.indexOf(clip.manifestId, at + 1)) twice.write(remix.manifestId, at);
    expect(() => manifestAlone(twice, remix.manifestId)).toThrow('found 2');
    expect(() => manifestAlone(clip.manifest, remix.manifestId)).toThrow('found 0');
    expect(() => manifestAlone(clip.manifest.subarray(0, 100), clip.manifestId)).toThrow('impossible size');
    expect(() => manifestAlone(Buffer.from('no store'), clip.manifestId)).toThrow();
  });
});
