import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProtectedEntry, ProtectedEntryDetail, ProtectedList, type ProtectedKind, type Scope } from '#contracts';
import { sealCase } from '#domain/child-safety';
import { projectRoot, sha256Hex } from '#kernel';
import { ApiKeys, type Caller } from '#platform/auth';
import { JobHandlers, JOBS, OutboxRelay, startWorkers, type JobName } from '#platform/queue';
import { takeFace } from '../../apps/worker/register.js';
import { serveApi } from '../support/api.js';
import { storeOf, young } from '../support/cases.js';
import { CLIP, GateHarness } from '../support/gate.js';

const PORTRAIT = join(projectRoot, 'tests/fixtures/images/astronaut_collins.png');
const proof = 'A made-up proof for a test';
const reason = 'looks right';

let gate: GateHarness;
let keys: ApiKeys;

async function someone(tenantId: string, scopes: Scope[] = ['register']): Promise<Caller & { key: string }> {
  const { key } = await keys.create(tenantId, 'test', scopes, 'test');
  return { ...(await keys.authenticate(`Bearer ${key}`)), key };
}

beforeAll(async () => {
  gate = await GateHarness.open();
  keys = new ApiKeys(gate.core.database, gate.core.clock);
});
afterAll(() => gate.close());

const db = () => gate.core.database;
const approve = { outcome: 'approve' as const, reason };
const submission = (kind: ProtectedKind, names: string[]) => ({ kind, names, proof, shared: false });
/** Three people of one tenant. */
async function three() {
  const tenantId = await keys.createTenant('register');
  return [await someone(tenantId), await someone(tenantId), await someone(tenantId)] as const;
}

describe('over HTTP', () => {
  let url: string;
  let stop: (() => Promise<void>)[];

  beforeAll(async () => {
    const { core, parts } = gate;
    const handlers = new JobHandlers().register('register.face', ({ entryId, path }) =>
      takeFace(core, parts, entryId, path),
    );
    for (const name of Object.keys(JOBS) as JobName[])
      if (name !== 'register.face') handlers.register(name, () => Promise.resolve());
    const concurrency = { generate: 1, examine: 1, quick: 1, verify: 1, fetch: 1, deliver: 1 };
    const quiet = { onFailure: () => undefined, onError: () => undefined };
    const stopWorkers = startWorkers({ databaseUrl: core.databaseUrl }, handlers, { concurrency, ...quiet });
    const relay = new OutboxRelay(core.database, core.queue, core.databaseUrl, () => undefined);
    await relay.start();
    const api = await serveApi(gate, {});
    url = `${api.url}/v1`;
    stop = [api.stop, () => relay.stop(), stopWorkers];
  }, 60_000);
  afterAll(async () => {
    for (const one of stop ?? []) await one();
  });

  async function call(as: { key: string }, method: string, path: string, body?: object) {
    const headers: Record<string, string> = { authorization: `Bearer ${as.key}` };
    if (body && !(body instanceof FormData)) headers['content-type'] = 'application/json';
    const sent = body instanceof FormData ? body : body && JSON.stringify(body);
    const answer = await fetch(`${url}${path}`, { method, headers, ...(sent && { body: sent }) });
    const type = answer.headers.get('content-type') ?? '';
    return {
      status: answer.status,
      body: (type.includes('json') ? await answer.json() : await answer.text()) as Record<string, unknown>,
    };
  }

  it('a form with a picture is submitted, reviewed, listed in pages and ended', async () => {
    const [asker, a, b] = await three();
    const form = new FormData();
    form.append('kind', 'child');
    form.append('names', 'Hieronyma Kettleburn');
    form.append('names', 'Hiero Kettleburn');
    form.append('proof', proof);
    form.append('image', new Blob([await readFile(PORTRAIT)], { type: 'image/png' }), 'p.png');
    const made = ProtectedEntry.parse((await call(asker, 'POST', '/register', form)).body);
    expect(made).toMatchObject({ face: 'taken', names_count: 2, shared: false });
    const path = `/register/${made.id}`;
    expect((await call(asker, 'POST', `${path}/review`, approve)).status).toBe(403);
    expect((await call(a, 'POST', `${path}/review`, approve)).body).toMatchObject({ recognised: true });
    expect((await call(b, 'POST', `${path}/review`, approve)).body).toMatchObject({ state: 'active' });
    const detail = ProtectedEntryDetail.parse((await call(b, 'GET', path)).body);
    expect(detail).toMatchObject({
      names: ['Hieronyma Kettleburn', 'Hiero Kettleburn'],
      proof,
      reasons: [reason, reason],
    });
    for (const name of ['Ottoline Greavesend', 'Perpetua Lindqvist'])
      await call(asker, 'POST', '/register', submission('opted_out', [name]));
    const page = ProtectedList.parse((await call(asker, 'GET', '/register?limit=2')).body);
    expect([page.data.length, page.has_more]).toEqual([2, true]);
    const rest = ProtectedList.parse((await call(asker, 'GET', `/register?limit=2&after=${page.data[1]!.id}`)).body);
    expect(rest).toMatchObject({ has_more: false, data: [{ id: made.id }] });
    expect(JSON.stringify([page, rest])).not.toMatch(/Kettleburn|Greavesend/);
    expect((await call(asker, 'DELETE', path)).body).toMatchObject({ state: 'ended' });
  });

  it('says what is wrong, and asks for the scope', async () => {
    const [asker] = await three();
    const wrong = async (body: object) => (await call(asker, 'POST', '/register', body)).body.error;
    expect(await wrong({ kind: 'public_figure', names: ['A B'] })).toMatchObject({ param: 'proof' });
    expect(await wrong({ ...submission('estate', ['Abelard Crickmore']), colour: 1 })).toMatchObject({
      code: 'unknown_parameter',
    });
    expect(await wrong(submission('estate', []))).toMatchObject({ code: 'nothing_to_recognise', param: 'names' });
    const form = new FormData();
    form.append('kind', 'estate');
    form.append('proof', proof);
    form.append('image', new Blob([await readFile(CLIP)]), 'p.png');
    expect((await call(asker, 'POST', '/register', form)).status).toBe(400);
    const reviewer = await someone(asker.tenantId, ['review', 'videos:read']);
    expect((await call(reviewer, 'GET', '/register')).status).toBe(403);
  });

  it('child safety cases open to their own scope alone, not to administrators', async () => {
    const { tenantId } = await someone(await keys.createTenant('cases'));
    const admin = await someone(tenantId, ['admin', 'review', 'videos:read', 'videos:write', 'register', 'consent']);
    const paths = [
      '',
      '/chi_0',
      '/chi_0/evidence',
      '/chi_0/evidence/files/source',
      '/chi_0/evidence/stills/s',
      '/chi_0/report',
    ];
    for (const path of paths) {
      expect((await call(admin, 'GET', `/child-safety/cases${path}`)).body.error).toMatchObject({
        code: 'missing_scope',
      });
    }
    for (const verb of ['decision', 'preserve', 'send'])
      expect((await call(admin, 'POST', `/child-safety/cases/chi_0/${verb}`, {})).status).toBe(403);
    const officer = await someone(tenantId, ['child_safety']);
    expect((await call(officer, 'GET', '/child-safety/cases')).body).toMatchObject({ data: [], reporting: 'off' });
    for (const path of paths.slice(1))
      expect((await call(officer, 'GET', `/child-safety/cases${path}`)).status).toBe(404);
    expect((await call(officer, 'GET', '/register')).status).toBe(403);
  });

  it('a case is read, decided and not sent while reporting is off; other routes refuse the clip', async () => {
    const clip = await gate.drive((await gate.admit({ prompt: 'A stone' }, { injected: young() })).id);
    const { tenantId } = gate.caller;
    const [officer, reviewer] = [
      await someone(tenantId, ['child_safety']),
      await someone(tenantId, ['review', 'videos:read']),
    ];
    const { id } = await db().safetyCase.findUniqueOrThrow({ where: { clipId: clip.id } });
    await sealCase(storeOf(gate), id);
    const path = `/child-safety/cases/${id}`;
    expect((await call(officer, 'GET', '/child-safety/cases?limit=1')).body.data).toMatchObject([{ id, sealed: true }]);
    expect((await call(officer, 'GET', `${path}/evidence`)).body).toMatchObject({ prompt: 'A stone' });
    const headers = { authorization: `Bearer ${officer.key}` };
    const video = await fetch(`${url}${path}/evidence/files/source`, { headers });
    expect(video.headers.get('cache-control')).toBe('no-store');
    expect(sha256Hex(Buffer.from(await video.arrayBuffer()))).toBe(sha256Hex(await readFile(CLIP)));
    const draft = await fetch(`${url}${path}/report`, { headers });
    expect([draft.headers.get('content-type'), (await draft.text()).slice(0, 38)]).toEqual([
      'application/xml; charset=utf-8',
      '<?xml version="1.0" encoding="UTF-8"?>',
    ]);
    const decision = { outcome: 'report', class: 'A2', reason: 'made up' };
    expect((await call(officer, 'POST', `${path}/decision`, decision)).body).toMatchObject({ state: 'to_report' });
    expect((await call(officer, 'POST', `${path}/send`)).body.error).toMatchObject({ code: 'reporting_off' });
    expect((await call(reviewer, 'GET', `/clips/${clip.id}`)).body).toMatchObject({
      prompt: '[sealed]',
      inspection: null,
    });
    expect((await call(reviewer, 'GET', `/videos/${clip.id}/content`)).body.error).toMatchObject({
      code: 'clip_sealed',
    });
    expect((await call(reviewer, 'GET', `/clips/${clip.id}/stills/still_1`)).body.error).toMatchObject({
      code: 'clip_sealed',
    });
    expect(JSON.stringify((await call(reviewer, 'GET', '/clips/held')).body)).not.toContain(clip.id);
  });
});
