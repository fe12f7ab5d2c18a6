// The gate on what our manifests say: golden release, remix and clip with further assertions, against all 31 checks.
import { rm } from 'node:fs/promises';
import { createCredentialsPool } from '#engines/credentials';
import { createWorld } from '../../libs/engines/credentials/testing.js';
import { runBare } from '../../libs/engines/credentials/testing/bare.js';
import { CHECKS, faultsOf, type CrManifest } from '../support/c2pa-rubric.js';

let release: CrManifest;
let remix: CrManifest;

beforeAll(async () => {
  const world = await createWorld();
  const pool = createCredentialsPool({ size: 1, trust: world.trust });
  const extra = [{ label: 'cawg.training-mining', data: { entries: { 'cawg.ai_training': { use: 'notAllowed' } } } }];
  await pool.sign(world.request('release.mp4', { extra }));
  const parent = { path: world.at('release.mp4'), mime: 'video/mp4', title: 'A clip' };
  await pool.sign(world.request('remix.mp4', { parent, extra }));
  await pool.close();
  const files = ['release.mp4', 'remix.mp4'];
  const read = await runBare(files.map((name) => ({ kind: 'read', path: world.at(name), trust: world.trust })));
  [release, remix] = read.map((one) => {
    if (!one.ok) throw new Error(one.reason);
    return (one.crJson as { manifests: CrManifest[] }).manifests[0]!;
  }) as [CrManifest, CrManifest];
  await rm(world.folder, { recursive: true });
});

it('asks 31 things', () => {
  expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(31);
});

it('finds no fault in a release or a remix', () => {
  expect(faultsOf(release)).toEqual({});
  expect(faultsOf(remix)).toEqual({});
  expect(Object.keys(remix.assertions)).toContain('c2pa.ingredient.v3');
});

it.each(CHECKS.map((check) => [check.name, check] as const))('would notice: %s', (name, check) => {
  const spoiled = structuredClone(remix);
  check.spoil(spoiled);
  expect(Object.keys(faultsOf(spoiled))).toContain(name);
});
