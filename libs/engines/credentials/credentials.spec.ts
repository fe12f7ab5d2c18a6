import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { compiledModule } from '#kernel';
import { createCredentialsPool } from './pool.js';
import { fileSigner } from './signer.js';
import { SOFT_BINDING_ALG, softBindingValue } from './soft-binding.js';
import { createWorld, fixture, RELEASE } from './testing.js';
import { CredentialsThread } from './thread.js';
import { localTimeStamper } from './time-stamper.js';
import { type CredentialsPool, type SignResult } from './types.js';

const DAY = 86_400_000;
let world: Awaited<ReturnType<typeof createWorld>>;
let pool: CredentialsPool;
let signed: SignResult;

const read = (name: string) => pool.read({ path: world.at(name), mime: 'video/mp4' });

beforeAll(async () => {
  world = await createWorld();
  pool = createCredentialsPool({ trust: world.trust, size: 2 });
  signed = await pool.sign(world.request('clip.mp4'));
});
afterAll(async () => {
  await pool.close();
  await rm(world.folder, { recursive: true });
});

interface CrManifest {
  label: string;
  assertions: Record<
    string,
    { allActionsIncluded?: boolean; actions?: Record<string, unknown>[]; [key: string]: unknown }
  >;
  'claim.v2': {
    claim_generator_info: { specVersion: string; name: string };
    created_assertions: { url: string }[];
    gathered_assertions: unknown[];
  };
}

/** The library's crJSON, read in a process of its own: the WASM build does not run in the test sandbox. */
async function crJson(path: string): Promise<CrManifest[]> {
  const module = compiledModule(import.meta.url, './wasm.js');
  const script = `
    const { loadWasm, WasmReader } = await import(${JSON.stringify(module)});
    await loadWasm();
    const { readFileSync } = await import('node:fs');
    const reader = await WasmReader.fromBytes('video/mp4', readFileSync(process.argv[1]));
    process.stdout.write(reader.crJson());`;
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script, path], { maxBuffer: 1e7 });
  return (JSON.parse(stdout) as { manifests: CrManifest[] }).manifests;
}

describe('sign', () => {
  it('gives a file that reads as ours, with trusted time and release id', async () => {
    const bytes = await world.bytesOf('clip.mp4');
    expect(signed.sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
    expect(signed.bytes).toBe(bytes.length);
    expect(bytes.includes(Buffer.from(signed.manifest))).toBe(true);
    expect(Math.abs(Date.parse(signed.signedAt) - Date.now())).toBeLessThan(60_000);
    const finding = await read('clip.mp4');
    expect(finding).toMatchObject({
      state: 'ours',
      manifestId: signed.manifestId,
      signer: 'Imprimatur (Imprimatur (development))',
      signedAt: signed.signedAt,
      softBinding: RELEASE,
      revocation: 'checked',
    });
    expect(finding.codes).toEqual(expect.arrayContaining(['timeStamp.trusted', 'assertion.bmffHash.match']));
  });

  it('meets the essentials of the public conformance rubric', async () => {
    const [manifest, ...rest] = await crJson(world.at('clip.mp4'));
    expect(rest).toEqual([]);
    const claim = manifest!['claim.v2'];
    expect(claim.claim_generator_info).toMatchObject({ name: 'Imprimatur', specVersion: '2.4' });
    expect(claim.created_assertions.map((one) => one.url.split('/').at(-1))).toEqual([
      'c2pa.actions.v2',
      'c2pa.soft-binding',
      'c2pa.hash.bmff.v3',
    ]);
    expect(claim.gathered_assertions).toEqual([]);
    const actions = manifest!.assertions['c2pa.actions.v2']!;
    expect(actions.allActionsIncluded).toBe(true);
    expect(actions.actions!.map((one) => one.action)).toEqual(['c2pa.created', 'c2pa.watermarked.bound']);
    expect(actions.actions![0]!.digitalSourceType).toMatch(/trainedAlgorithmicMedia$/);
    expect(manifest!.assertions['c2pa.soft-binding']).toMatchObject({
      alg: SOFT_BINDING_ALG,
      blocks: [{ value: softBindingValue(RELEASE) }],
    });
  });

  it('names the parent of a remix and keeps its manifest', async () => {
    const parent = { path: world.at('clip.mp4'), mime: 'video/mp4', title: 'A clip' };
    const extra = [{ label: 'cawg.training-mining', data: { entries: { 'cawg.ai_training': { use: 'notAllowed' } } } }];
    const remix = await pool.sign(world.request('remix.mp4', { parent, extra }));
    expect(await read('remix.mp4')).toMatchObject({
      state: 'ours',
      manifestId: remix.manifestId,
      softBinding: RELEASE,
    });
    const manifests = await crJson(world.at('remix.mp4'));
    expect(manifests.map((one) => one.label).sort()).toEqual([remix.manifestId, signed.manifestId].sort());
    const active = manifests.find((one) => one.label === remix.manifestId)!;
    const actions = active.assertions['c2pa.actions.v2']!.actions!;
    expect(actions.map((one) => one.action)).toEqual(['c2pa.opened', 'c2pa.edited', 'c2pa.watermarked.bound']);
    expect(actions[0]).not.toHaveProperty('digitalSourceType');
    expect((actions[0]!.parameters as { ingredients: unknown[] }).ingredients).toHaveLength(1);
    expect(actions[1]!.digitalSourceType).toMatch(/compositeWithTrainedAlgorithmicMedia$/);
    expect(active.assertions).toHaveProperty(['cawg.training-mining']);
    // The library itself puts ingredients on the gathered list, and nothing else.
    expect(active['claim.v2'].gathered_assertions).toEqual([
      expect.objectContaining({ url: 'self#jumbf=c2pa.assertions/c2pa.ingredient.v3' }),
    ]);
  });

  it('states a label that was drawn as an action, and one beside the clip in words only', async () => {
    const said = { text: ['AI GENERATED'], language: 'en' as const };
    const systems = { softwareAgent: { name: 'Test engine', version: '1' }, digitalSourceType: undefined };
    const stated = async (name: string, delivery: 'burned' | 'overlay', type?: string) => {
      const disclosure = { ...said, delivery };
      await pool.sign(world.request(name, { ...systems, disclosure, ...(type && { digitalSourceType: type }) }));
      expect((await read(name)).state).toBe('ours');
      const [manifest] = await crJson(world.at(name));
      const claim = manifest!['claim.v2'];
      expect(claim.gathered_assertions).toEqual([]);
      const actions = manifest!.assertions['c2pa.actions.v2']!;
      expect(actions.allActionsIncluded).toBe(true);
      return {
        created: claim.created_assertions.map((one) => one.url.split('/').at(-1)),
        actions: actions.actions!,
        words: manifest!.assertions['org.imprimatur.disclosure'],
      };
    };
    const drawn = await stated('drawn.mp4', 'burned');
    expect(drawn.actions.map(({ action }) => action)).toEqual([
      'c2pa.created',
      'c2pa.addedText',
      'c2pa.watermarked.bound',
    ]);
    expect(drawn.actions[1]).toMatchObject({ softwareAgent: { name: 'Imprimatur' } });
    expect(drawn.created).toEqual(expect.arrayContaining(['c2pa.ai-disclosure', 'org.imprimatur.disclosure']));
    expect(drawn.words).toEqual({
      ...{ ...said, delivery: 'burned', provider: 'Imprimatur', system: { name: 'Test engine', version: '1' } },
      ...{ createdAt: '2026-11-22T12:00:00Z', id: RELEASE },
    });
    const beside = await stated(
      'beside.mp4',
      'overlay',
      'http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicMedia',
    );
    expect(beside.actions.map(({ action }) => action)).toEqual(['c2pa.created', 'c2pa.watermarked.bound']);
    expect(beside.words).toMatchObject({ delivery: 'overlay' });
    // No model was trained for it, so none is described.
    expect(beside.created).not.toContain('c2pa.ai-disclosure');
  });

  it.each(['es384', 'ed25519'] as const)('signs with %s', async (algorithm) => {
    const other = await createWorld({ algorithm });
    const own = createCredentialsPool({ trust: other.trust, size: 1 });
    const result = await own.sign(other.request('clip.mp4'));
    const finding = await own.read({ path: other.at('clip.mp4'), mime: 'video/mp4' });
    expect(finding).toMatchObject({ state: 'ours', softBinding: RELEASE, signedAt: result.signedAt });
    await own.close();
  });

  it('refuses a clip that has credentials already, and a value that is not the release id', async () => {
    const again = pool.sign(world.request('again.mp4', { inputPath: world.at('clip.mp4') }));
    await expect(again).rejects.toMatchObject({ code: 'credentials_already_present', kind: 'conflict' });
    const softBinding = { alg: SOFT_BINDING_ALG, value: softBindingValue('ffffffffffffffff') };
    const wrong = pool.sign(world.request('again.mp4', { softBinding }));
    await expect(wrong).rejects.toMatchObject({ code: 'credentials_soft_binding_invalid' });
    const missing = pool.sign(world.request('again.mp4', { inputPath: world.at('nothing.mp4') }));
    await expect(missing).rejects.toMatchObject({
      code: 'credentials_sign_failed',
      message: expect.stringMatching(/ENOENT/) as unknown,
    });
    await expect(missing).rejects.not.toThrow(world.folder);
  });

  it('keeps nothing that is unstamped, wrongly stamped or signed by a stranger', async () => {
    const stranger = await createWorld();
    const outage = { stamp: () => Promise.reject(new Error('the authority is down')) };
    const other = { stamp: () => localTimeStamper(world.pki.tsa).stamp(Buffer.from('other')) };
    const late = localTimeStamper({ ...world.pki.tsa, clock: { now: () => new Date(Date.now() + 500 * DAY) } });
    const requests = [
      { timeStamper: outage },
      { timeStamper: other },
      { timeStamper: late },
      { timeStamper: localTimeStamper(stranger.pki.tsa) },
      { signer: fileSigner(stranger.pki.signer) },
    ];
    const results = await Promise.allSettled(requests.map((one) => pool.sign(world.request('bad.mp4', one))));
    const codes = results.map((one) => (one.status === 'rejected' ? (one.reason as { code: string }).code : 'signed'));
    for (const code of codes) expect(code).toMatch(/^credentials_(sign_failed|untrusted_after_sign)$/);
    expect((await readdir(world.folder)).filter((name) => name.startsWith('bad'))).toEqual([]);
    expect(await read('clip.mp4')).toMatchObject({ state: 'ours' });
  });

  it('stays ours after the leaf has expired, because of the time stamp', async () => {
    const past = new Date(Date.now() - 400 * DAY);
    const then = new Date(Date.now() - 390 * DAY);
    const old = await createWorld({ now: past });
    const own = createCredentialsPool({ trust: old.trust, size: 1 });
    const stamped = localTimeStamper({ ...old.pki.tsa, clock: { now: () => then } });
    const result = await own.sign(old.request('old.mp4', { timeStamper: stamped }));
    expect(result.signedAt).toBe(then.toISOString());
    expect(await own.read({ path: old.at('old.mp4'), mime: 'video/mp4' })).toMatchObject({ state: 'ours' });
    // The same leaf, stamped now that it has expired.
    const now = own.sign(old.request('now.mp4'));
    await expect(now).rejects.toMatchObject({ code: expect.stringMatching(/sign_failed|untrusted/) as unknown });
    await own.close();
  });

  it('asks for trust before every job, and honours a compromise by time', async () => {
    let compromisedAt: string | undefined;
    const [leaf] = world.trust.ours.registered;
    const trust = () => ({ ...world.trust, ours: { ...world.trust.ours, registered: [{ ...leaf!, compromisedAt }] } });
    const own = createCredentialsPool({ trust, size: 1 });
    const clip = { path: world.at('clip.mp4'), mime: 'video/mp4' };
    expect(await own.read(clip)).toMatchObject({ state: 'ours', revocation: 'not_checked' });
    compromisedAt = new Date(Date.now() + DAY).toISOString();
    expect(await own.read(clip)).toMatchObject({ state: 'ours', revocation: 'checked' });
    compromisedAt = new Date(Date.now() - DAY).toISOString();
    expect(await own.read(clip)).toMatchObject({ state: 'damaged', revocation: 'revoked' });
    await own.close();
  });
});

describe('the pool', () => {
  it('works in parallel', async () => {
    let arrived = 0;
    let open: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (open = resolve));
    const real = fileSigner(world.pki.signer);
    // Neither signature is given before both threads have asked: one thread alone would time out.
    const signer = {
      ...real,
      sign: async (data: Uint8Array) => (++arrived === 2 && open(), await both, real.sign(data)),
    };
    const names = ['one.mp4', 'two.mp4'];
    const results = await Promise.all(names.map((name) => pool.sign(world.request(name, { signer }))));
    expect(new Set(results.map((one) => one.manifestId)).size).toBe(2);
  });

  it('terminates a hung thread and goes on', async () => {
    const own = createCredentialsPool({ trust: world.trust, size: 1, timeoutMs: 8000 });
    const signer = { ...fileSigner(world.pki.signer), sign: () => new Promise<Uint8Array>(() => undefined) };
    const hung = own.sign(world.request('hung.mp4', { signer }));
    const next = own.sign(world.request('next.mp4'));
    await expect(hung).rejects.toMatchObject({ code: 'credentials_timeout', kind: 'unavailable' });
    expect((await next).manifestId).toMatch(/^urn:c2pa:/);
    expect((await readdir(world.folder)).filter((name) => name.startsWith('hung'))).toEqual([]);
    await own.close();
  });

  it('ends a thread that is deep in a computation, and retires one that has read a large file', async () => {
    const small = await readFile(fixture('video1_no_manifest.mp4'));
    const padding = Buffer.alloc(55_000_000);
    padding.writeUInt32BE(padding.length);
    padding.write('mdat', 4, 'latin1');
    await writeFile(world.at('padded.mp4'), Buffer.concat([small, padding]));
    const large = world.request('large.mp4', { inputPath: world.at('padded.mp4') });
    expect((await pool.sign(large)).bytes).toBeGreaterThan(55_000_000);

    const job = {
      kind: 'read',
      path: world.at('large.mp4'),
      mime: 'video/mp4',
      maxBytes: 1e9,
      trust: world.trust,
    } as const;
    const thread = new CredentialsThread();
    const warm = await thread.run({ ...job, path: world.at('clip.mp4') }, 20_000);
    expect([warm.type, thread.spent]).toEqual(['read', false]);
    const started = Date.now();
    expect(await thread.run(job, 40)).toEqual({ type: 'timeout' });
    expect(Date.now() - started).toBeLessThan(1500);
    const other = new CredentialsThread();
    expect(await other.run(job, 20_000)).toMatchObject({ type: 'read', finding: { state: 'ours' } });
    expect([thread.spent, other.spent]).toEqual([true, true]);
    await Promise.all([thread.close(), other.close()]);
  });

  it('answers `unable` when reading takes too long, and rejects after closing', async () => {
    const own = createCredentialsPool({ trust: world.trust, size: 1, timeoutMs: 1 });
    const clip = { path: world.at('clip.mp4'), mime: 'video/mp4' };
    expect(await own.read(clip)).toMatchObject({
      state: 'unable',
      detail: expect.stringMatching(/within 1 ms/) as unknown,
    });
    await own.close();
    expect(await own.read(clip)).toMatchObject({ state: 'unable' });
    await expect(own.sign(world.request('late.mp4'))).rejects.toMatchObject({ code: 'credentials_pool_closed' });
  });

  it('has a size limit for both ways', async () => {
    const own = createCredentialsPool({ trust: world.trust, size: 1, maxBytes: 500_000 });
    await expect(own.sign(world.request('large.mp4'))).rejects.toMatchObject({ code: 'credentials_too_large' });
    const finding = await own.read({ path: fixture('video1.mp4'), mime: 'video/mp4' });
    expect(finding).toMatchObject({ state: 'unable', detail: expect.stringMatching(/limit/) as unknown });
    await own.close();
  });
});
