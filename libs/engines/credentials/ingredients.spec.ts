import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { contentOf } from './claim.js';
import { SIGNATURE_RESERVE, signClaim } from './cose.js';
import { signedClaimOf } from './jumbf.js';
import { createCredentialsPool } from './pool.js';
import { fileSigner } from './signer.js';
import { SOFT_BINDING_ALG, softBindingValue } from './soft-binding.js';
import { createWorld, fixture, RELEASE, smallClip } from './testing.js';
import { manifestBox } from './testing/mutations.js';
import { createLightPki } from './testing/light-pki.js';
import { localTimeStamper } from './time-stamper.js';
import { type CredentialsPool, type SignResult } from './types.js';

type World = Awaited<ReturnType<typeof createWorld>>;
let world: World;
let pool: CredentialsPool;

const SECOND = '00000000000000bb';
const FORGED = 'ffffffffffffffff';

async function remix(of: World, name: string, parent: string, changes = {}): Promise<SignResult> {
  const own = of === world ? pool : createCredentialsPool({ trust: of.trust, size: 1 });
  const from = { path: parent, mime: 'video/mp4', title: `Parent of ${name}` };
  const result = await own.sign(of.request(name, { inputPath: world.at('small.mp4'), parent: from, ...changes }));
  if (own !== pool) await own.close();
  return result;
}

const read = (path: string) => pool.read({ path, mime: 'video/mp4' });

let first: SignResult;
beforeAll(async () => {
  world = await createWorld(await createLightPki());
  pool = createCredentialsPool({ trust: world.trust, size: 1 });
  await world.file('small.mp4', await smallClip());
  first = await pool.sign(world.request('first.mp4', { inputPath: world.at('small.mp4') }));
});
afterAll(async () => {
  await pool.close();
  await rm(world.folder, { recursive: true });
});

describe('what a clip was made from', () => {
  it('is stated back to the first clip, the nearest first', async () => {
    const softBinding = { alg: SOFT_BINDING_ALG, value: softBindingValue(SECOND) };
    const second = await remix(world, 'second.mp4', world.at('first.mp4'), { releaseId: SECOND, softBinding });
    const third = await remix(world, 'third.mp4', world.at('second.mp4'));
    const { ingredients } = await read(world.at('third.mp4'));
    const ours = { relationship: 'parentOf', signer: 'Light (Light)', state: 'ours' };
    expect(ingredients).toEqual([
      {
        ...ours,
        title: 'Parent of third.mp4',
        manifestId: second.manifestId,
        softBinding: SECOND,
        usedBy: third.manifestId,
      },
      {
        ...ours,
        title: 'Parent of second.mp4',
        manifestId: first.manifestId,
        softBinding: RELEASE,
        usedBy: second.manifestId,
      },
    ]);
  });

  it("keeps a stranger's credentials with the state they had: valid, or broken already", async () => {
    const states = async (parent: string) => {
      await remix(world, 'taken.mp4', parent);
      const finding = await read(world.at('taken.mp4'));
      expect(finding.state).toBe('ours');
      return finding.ingredients.map(({ state }) => state);
    };
    expect(await states(fixture('adobe-20220124-CACA.jpg'))).toEqual(['other', 'other', 'none']);
    expect(await states(fixture('adobe-20220124-E-dat-CA.jpg'))).toEqual(['broken']);
    expect(await states(fixture('adobe-20220124-CIE-sig-CA.jpg'))).toEqual(['other', 'broken']);
    expect(await states(fixture('video1_no_manifest.mp4'))).toEqual(['none']);
  });

  it('is broken when our leaf was compromised before it was stamped', async () => {
    const stranger = await createWorld(await createLightPki());
    await remix(stranger, 'theirs.mp4', world.at('first.mp4'));
    const at = new Date(Date.now() - 3_600_000).toISOString();
    const registered = world.trust.ours.registered.map((leaf) => ({ ...leaf, compromisedAt: at }));
    const own = createCredentialsPool({ trust: { ...world.trust, ours: { ...world.trust.ours, registered } } });
    const finding = await own.read({ path: stranger.at('theirs.mp4'), mime: 'video/mp4' });
    expect(finding.ingredients).toMatchObject([{ state: 'broken', softBinding: null }]);
    await own.close();
    await rm(stranger.folder, { recursive: true });
  });
});

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
/** Header of the box that holds the manifest store. */
const BOX_HEADER = 45;

function replaceAll(file: Buffer, from: Uint8Array, to: Uint8Array): number {
  let count = 0;
  for (let at = file.indexOf(from); at >= 0; at = file.indexOf(from, at + to.length), count++) file.set(to, at);
  return count;
}

/** Content of the box that begins eight bytes before its description box, which names `label`. */
function boxNamed(file: Buffer, label: string): Buffer {
  const start = file.indexOf(`${label}\0`) - 8 - 17;
  return file.subarray(start, start - 8 + file.readUInt32BE(start - 8));
}

describe('a trusted signer who lies', () => {
  it('does not make ours what we have not signed, with every hash and the signature made anew', async () => {
    const liar = await createWorld(await createLightPki());
    const outer = await remix(liar, 'lie.mp4', world.at('first.mp4'));
    const file = await liar.bytesOf('lie.mp4');
    const parts = () => {
      const { start, end } = manifestBox(file);
      return signedClaimOf(file.subarray(start + BOX_HEADER, end), outer.manifestId);
    };
    // Another release id in our manifest; then every hash that leads there, by the liar's own hand.
    const hashOf = {
      manifest: sha256(boxNamed(file, first.manifestId)),
      link: sha256(link()),
      actions: sha256(actions()),
    };
    function link() {
      return parts().assertions.get('c2pa.ingredient.v3')!;
    }
    function actions() {
      return parts().assertions.get('c2pa.actions.v2')!;
    }
    const ours = boxNamed(file, first.manifestId);
    expect(replaceAll(ours, Buffer.from(softBindingValue(RELEASE)), Buffer.from(softBindingValue(FORGED)))).toBe(1);
    expect(replaceAll(file, hashOf.manifest, sha256(boxNamed(file, first.manifestId)))).toBe(1);
    expect(replaceAll(file, hashOf.link, sha256(link()))).toBe(2);
    expect(replaceAll(file, hashOf.actions, sha256(actions()))).toBe(1);
    const { claim, signature } = parts();
    const again = await signClaim(claim, fileSigner(liar.pki.signer), localTimeStamper(liar.pki.tsa));
    expect([signature.length, again.length]).toEqual([SIGNATURE_RESERVE, SIGNATURE_RESERVE]);
    signature.set(again);

    const trust = {
      ...world.trust,
      anchorsPem: [liar.pki.rootPem],
      tsaAnchorsPem: [...world.trust.tsaAnchorsPem, liar.pki.tsaRootPem],
    };
    const own = createCredentialsPool({ trust, size: 1 });
    const honest = await own.read({ path: liar.at('lie.mp4'), mime: 'video/mp4' });
    expect(honest).toMatchObject({ state: 'other_trusted', ingredients: [{ state: 'ours', softBinding: RELEASE }] });
    const finding = await own.read(await liar.file('forged.mp4', file));
    expect(finding).toMatchObject({
      softBinding: null,
      ingredients: [{ state: 'broken', softBinding: null, manifestId: first.manifestId }],
    });
    // The library noticed as well, from a new fault that the liar had not recorded. This room does without that.
    const { start, end } = manifestBox(file);
    const forged = contentOf(signedClaimOf(file.subarray(start + BOX_HEADER, end), first.manifestId), first.manifestId);
    expect(forged).toEqual({ intact: false, softBindings: [] });
    await own.close();
    await rm(liar.folder, { recursive: true });
  });

  it('cannot give our manifest another name: the claim says its own', async () => {
    const clip = await world.bytesOf('first.mp4');
    const { start, end } = manifestBox(clip);
    const found = signedClaimOf(clip.subarray(start + BOX_HEADER, end), first.manifestId);
    expect(contentOf(found, first.manifestId)).toMatchObject({
      intact: true,
      softBindings: [{ alg: SOFT_BINDING_ALG }],
    });
    expect(contentOf(found, 'urn:c2pa:00000000-0000-4000-8000-000000000000').intact).toBe(false);
    // What is not there any more is not read; what differs is noticed.
    const without = { ...found, assertions: new Map([...found.assertions].filter(([name]) => !name.includes('soft'))) };
    expect(contentOf(without, first.manifestId)).toEqual({ intact: true, softBindings: [] });
  });
});
