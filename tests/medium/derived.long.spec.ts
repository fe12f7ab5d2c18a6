import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { copyFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { ClipView, type Lineage } from '#contracts';
import { Clips } from '#domain/gate';
import { databaseAncestry, databaseRegister, lineageOf, releasesOf } from '#domain/provenance';
import { findingWithout } from '#engines/credentials';
import { projectRoot } from '#kernel';
import { ApiKeys } from '#platform/auth';
import type { Clip } from '#platform/database';
import { createServer } from '../../apps/api/server.js';
import { readCredentialsOf } from '../support/credentials.js';
import { GateHarness } from '../support/gate.js';
import { randomHash } from '../support/hash-banks.js';
import { looked } from '../support/looked.js';
import { promptThat } from '../support/prompts.js';
import { refusal } from '../support/wire.js';

let gate: GateHarness;
let client: OpenAI;
let other: OpenAI;
let stop: () => Promise<void>;
let parent: Clip;
let edit: Clip;

beforeAll(async () => {
  gate = await GateHarness.open('embedded');
  // What a clip shows is not the matter here.
  const fingerprint = () => ({ algorithm: 'vpdq' as const, hashes: [{ atS: 0, hash: randomHash(), quality: 100 }] });
  gate.faults.inspect = async () => looked({ fingerprint: fingerprint() });
  const app = await createServer(gate.core);
  const server = (await app.listen(0, '127.0.0.1')) as { address(): AddressInfo };
  const baseURL = `http://127.0.0.1:${server.address().port}/v1`;
  stop = () => app.close();
  const keys = new ApiKeys(gate.core.database, gate.core.clock);
  const as = async (tenantId: string) => {
    const { key } = await keys.create(tenantId, 'test', ['admin'], 'test');
    return new OpenAI({ baseURL, apiKey: key, maxRetries: 0 });
  };
  client = await as(gate.caller.tenantId);
  other = await as(await keys.createTenant('other'));
  const video = await client.videos.create({ prompt: 'A red fox walks in a meadow by day', size: '1280x720' });
  parent = await gate.drive(video.id);
  expect(parent).toMatchObject({ state: 'released', derivation: null });
}, 120_000);

afterAll(async () => {
  await stop?.();
  await gate?.close();
});

/** Seconds of a clip, read in a process of its own: native code stays out of the test's sandbox. */
async function durationOf(path: string): Promise<number> {
  const script = `import { probe } from '#engines/media'; console.log((await probe(${JSON.stringify(path)})).durationS);`;
  const args = ['--input-type=module', '-e', script];
  return Number((await promisify(execFile)(process.execPath, args, { cwd: projectRoot })).stdout);
}

const ask = (id: string) => ({ prompt: 'make it night', video: { id } });
const view = async (id: string) => ClipView.parse(await client.get(`/clips/${id}`));

describe('an edit', () => {
  it('asked for with the SDK becomes a release whose credentials hold its parent’s', async () => {
    const video = await client.videos.edit(ask(parent.id));
    expect(video).toMatchObject({ status: 'queued', seconds: '4', size: '1280x720', remixed_from_video_id: parent.id });
    edit = await gate.drive(video.id);
    expect(edit).toMatchObject({
      state: 'released',
      derivation: 'edit',
      effectivePrompt: `${parent.prompt}\nmake it night`,
    });
    expect((await view(edit.id)).made_from).toEqual({ video_id: parent.id, how: 'edit' });
    const { actions, manifests } = await readCredentialsOf(gate, edit.id);
    expect(actions).toEqual(['c2pa.opened', 'c2pa.edited', 'c2pa.addedText', 'c2pa.watermarked.bound']);
    expect(manifests.sort()).toEqual([parent.manifestId, edit.manifestId].sort());
  }, 120_000);

  it('is judged by the words of the whole chain', async () => {
    const [en] = [promptThat('refuse')];
    expect(await refusal(client.videos.edit({ ...ask(edit.id), prompt: en }))).toMatchObject({
      ...{ status: 400, code: 'moderation_blocked' },
    });
  });

  it('is refused for what is not the tenant’s, not released, not there, or not ours', async () => {
    const queued = await client.videos.create({ prompt: 'A boat on the sea' });
    expect(await refusal(client.videos.edit(ask(queued.id)))).toMatchObject({
      status: 400,
      code: 'video_not_completed',
    });
    expect(await refusal(other.videos.edit(ask(parent.id)))).toMatchObject({ status: 404, code: 'video_not_found' });
    expect(await refusal(client.videos.edit(ask('video_none')))).toMatchObject({ status: 404 });
    const video = new File([new Uint8Array(1000)], 'clip.mp4', { type: 'video/mp4' });
    expect(await refusal(client.videos.edit({ prompt: 'at night', video }))).toMatchObject({
      ...{ status: 400, code: 'video_upload_not_supported', param: 'video' },
    });
    for (const wrong of [{ prompt: 'x' }, { ...ask(parent.id), seconds: '4' }, { video: { id: parent.id } }]) {
      expect(await refusal(client.post('/videos/edits', { body: wrong }))).toMatchObject({ status: 400 });
    }
  });

  it('that the engine does not understand fails, and the credits come back', async () => {
    const { id } = await client.videos.edit({ ...ask(parent.id), prompt: 'flibbertigibbet' });
    expect(await gate.drive(id)).toMatchObject({ state: 'failed', errorCode: 'generator_rejected' });
    const ledger = await gate.core.database.creditEntry.findMany({ where: { clipId: id } });
    expect(ledger.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(0);
  }, 60_000);
});

describe('an extension', () => {
  it('is the clip with what was added, and only that is charged', async () => {
    const video = await client.videos.extend({ prompt: 'then it rains', seconds: '4', video: { id: parent.id } });
    expect(video).toMatchObject({ seconds: '8', remixed_from_video_id: parent.id });
    const ledger = await gate.core.database.creditEntry.findMany({ where: { clipId: video.id } });
    expect(ledger.map(({ seconds }) => seconds)).toEqual([-4]);
    const made = await gate.drive(video.id, 'inspecting');
    expect(made).toMatchObject({ state: 'inspecting', derivation: 'extension', seconds: 8 });
    expect(await durationOf(await gate.blobPath(made.sourceSha256!))).toBeCloseTo(8, 1);
  }, 120_000);

  it('has a length that the API knows, and an end', async () => {
    const extend = (seconds: string, id = parent.id) =>
      refusal(client.post('/videos/extensions', { body: { prompt: 'on', seconds, video: { id } } }));
    expect(await extend('5')).toMatchObject({ status: 400, param: 'seconds' });
    await gate.core.database.clip.update({ where: { id: parent.id }, data: { seconds: 44 } });
    expect(await extend('20')).toMatchObject({ status: 400, code: 'extension_too_long', param: 'seconds' });
    await gate.core.database.clip.update({ where: { id: parent.id }, data: { seconds: 4 } });
  });
});

describe('the history', () => {
  const submitted = { name: null };
  async function historyOf(clip: Clip): Promise<Lineage> {
    const { database } = gate.core;
    const credentials = findingWithout('none');
    const ids = { sha256: '', manifestId: null, watermarkId: clip.releaseId };
    const registered = await databaseRegister(database)(ids);
    const ancestry = await databaseAncestry(database)(releasesOf({ credentials, registered }));
    return lineageOf({ submitted, credentials, registered, ancestry });
  }

  it('of a copy leads back to the first release, and says nothing of people or words', async () => {
    const lineage = await historyOf(edit);
    expect(lineage.edges).toEqual([
      { from: edit.releaseId, to: 'submitted', relation: 'copy' },
      { from: parent.releaseId, to: edit.releaseId, relation: 'edit' },
    ]);
    const said = JSON.stringify(lineage);
    for (const secret of ['fox', 'night', parent.id, edit.id, gate.caller.tenantId]) expect(said).not.toContain(secret);
  });

  it('survives a loop in damaged rows', async () => {
    const to = (remixedFrom: string | null) =>
      gate.core.database.clip.update({ where: { id: parent.id }, data: { remixedFrom } });
    await to(edit.id);
    expect((await historyOf(edit)).nodes).toHaveLength(3);
    await to(null);
  });
});

describe('a parent that is withdrawn', () => {
  it('can be made nothing of, and stops what was on its way with its pictures', async () => {
    gate.faults.render = async ({ request, toPath }) => {
      await copyFile(request.source!.path, toPath); // drawing takes long, and is seen above
      return { frames: 96 };
    };
    const waiting = await client.videos.edit({ ...ask(parent.id), prompt: 'with snow' });
    const drawn = await gate.drive((await client.videos.edit({ ...ask(parent.id), prompt: 'at dusk' })).id, 'signing');
    const clips = new Clips(gate.core.database, gate.moves, gate.core.blobs);
    await clips.withdraw(gate.caller.tenantId, parent.id, { reason: 'consent' }, 'test');
    expect(await refusal(client.videos.edit(ask(parent.id)))).toMatchObject({
      status: 400,
      code: 'video_not_completed',
    });
    expect(await gate.drive(waiting.id)).toMatchObject({ state: 'failed', errorCode: 'parent_not_available' });
    expect(await gate.drive(drawn.id)).toMatchObject({ state: 'held', errorCode: 'parent_not_available' });
  }, 120_000);
});
