import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ProtectedEntry, ProtectedEntryDetail, ProtectedList, type ProtectedKind, type Scope } from '#contracts';
import { eraseEntry, ProtectedRegister, sweepRegister, type RegisterStore } from '#domain/protected';
import { NameBook, nameKey, openTemplate } from '#domain/recognition';
import { decodeTemplate } from '#engines/faces';
import { projectRoot, sha256Hex } from '#kernel';
import { ApiKeys, type Caller } from '#platform/auth';
import { JobHandlers, JOBS, OutboxRelay, startWorkers, type JobName } from '#platform/queue';
import { takeFace } from '../../apps/worker/register.js';
import { serveApi } from '../support/api.js';
import { CLIP, GateHarness } from '../support/gate.js';

const PORTRAIT = join(projectRoot, 'tests/fixtures/images/astronaut_collins.png');
const proof = 'A made-up proof for a test';
const reason = 'looks right';

let gate: GateHarness;
let keys: ApiKeys;
let store: RegisterStore;
let register: ProtectedRegister;
let book: NameBook;
let operator: Caller;

async function someone(tenantId: string, scopes: Scope[] = ['register']): Promise<Caller & { key: string }> {
  const { key } = await keys.create(tenantId, 'test', scopes, 'test');
  return { ...(await keys.authenticate(`Bearer ${key}`)), key };
}

beforeAll(async () => {
  gate = await GateHarness.open();
  const { database, blobs, subjectKeys, clock, keyring } = gate.core;
  keys = new ApiKeys(database, clock);
  operator = await someone(gate.caller.tenantId);
  const key = nameKey(keyring.sealer);
  store = { database, blobs, keys: subjectKeys, clock, nameKey: key };
  register = new ProtectedRegister(store);
  book = new NameBook(database, key);
});
afterAll(() => gate.close());

const db = () => gate.core.database;
const approve = { outcome: 'approve' as const, reason };
const submission = (kind: ProtectedKind, names: string[]) => ({ kind, names, proof, shared: false });
const found = async (text: string, tenantId: string) =>
  (await book.find(text, tenantId)).map(({ subject }) => subject.id);
/** Three people of one tenant. */
async function three() {
  const tenantId = await keys.createTenant('register');
  return [await someone(tenantId), await someone(tenantId), await someone(tenantId)] as const;
}
const image = async (path = PORTRAIT) => ({
  bytes: await readFile(path),
  takeFace: (id: string) => takeFace(gate.core, gate.parts, id, path),
});

describe('an entry of the register', () => {
  it('counts after two other people approved it, and for its tenant alone', async () => {
    const [asker, first, second] = await three();
    const { id, ...entry } = await register.submit(asker, submission('public_figure', ['Orlanda Quistwick']), null);
    expect(entry).toMatchObject({ state: 'submitted', recognised: false, face: 'no_image', names_count: 1 });
    const text = 'a film of Orlanda Quistwick at sea';
    await expect(register.review(asker, id, approve)).rejects.toMatchObject({ code: 'reviewer_not_independent' });
    expect(await register.review(first, id, approve)).toMatchObject({ state: 'first_approved', recognised: false });
    expect(await found(text, asker.tenantId)).toEqual([]);
    for (const again of [first, asker])
      await expect(register.review(again, id, approve)).rejects.toMatchObject({ code: 'reviewer_not_independent' });
    expect(await register.review(second, id, approve)).toMatchObject({ state: 'active', recognised: true });
    expect(await found(text, asker.tenantId)).toEqual([id]);
    expect(await found(text, operator.tenantId)).toEqual([]);
    await expect(register.review(second, id, approve)).rejects.toMatchObject({ code: 'entry_not_open' });
    const [stranger] = await three();
    for (const call of [
      () => register.get(stranger, id),
      () => register.review(stranger, id, approve),
      () => register.end(stranger, id),
    ])
      await expect(call()).rejects.toMatchObject({ kind: 'not_found', code: 'entry_not_found' });
    const events = await db().auditEvent.findMany({ where: { subject: id }, orderBy: { id: 'asc' } });
    expect(events.map(({ action, toState }) => [action, toState])).toEqual([
      ['register.submitted', 'submitted'],
      ['register.reviewed', 'first_approved'],
      ['register.reviewed', 'active'],
    ]);
    expect(
      JSON.stringify([events, await db().protectedEntry.findMany()].flat(), (_, v: unknown) =>
        typeof v === 'bigint' ? 0 : v,
      ),
    ).not.toMatch(/Quistwick|made-up proof|looks right/);
  });

  it('cannot have two first reviewers, however they hurry', async () => {
    for (let round = 0; round < 8; round++) {
      const [asker, a, b] = await three();
      const { id } = await register.submit(asker, submission('public_figure', ['Bertrand Holloway']), null);
      const both = await Promise.allSettled([register.review(a, id, approve), register.review(b, id, approve)]);
      const row = await db().protectedEntry.findUniqueOrThrow({ where: { id } });
      const done = both.filter(({ status }) => status === 'fulfilled').length;
      // One after the other is fine; at the same moment one of them is told.
      expect([row.state, row.version]).toEqual(done === 2 ? ['active', 2] : ['first_approved', 1]);
      if (done === 2) expect(new Set([row.firstBy, row.secondBy]).size).toBe(2);
      else expect(both.find((one) => one.status === 'rejected')?.reason).toMatchObject({ code: 'entry_changed' });
    }
  });

  it('is held to two people by the database too', async () => {
    const [asker, a] = await three();
    const { id } = await register.submit(asker, submission('estate', ['Cornelia Vandermeer']), null);
    const set = (data: object) => db().protectedEntry.update({ where: { id }, data });
    await expect(set({ state: 'active', recognised: true })).rejects.toThrow(/active_needs_two/);
    await expect(set({ state: 'active', firstBy: a.keyId, secondBy: a.keyId })).rejects.toThrow(/different_people/);
    await expect(set({ firstBy: asker.keyId })).rejects.toThrow(/different_people/);
    await expect(set({ state: 'first_approved', firstBy: a.keyId, recognised: true })).rejects.toThrow(/recognised/);
  });

  it.each(['child', 'victim'] as const)(
    'of a %s counts from the first approval on, until somebody objects',
    async (kind) => {
      const [asker, a, b] = await three();
      const name = kind === 'child' ? 'Tomasina Birkenfeld' : 'Leopoldine Astergaard';
      const { id } = await register.submit(asker, submission(kind, [name]), null);
      expect(await register.review(a, id, approve)).toMatchObject({ state: 'first_approved', recognised: true });
      expect(await found(`${name} dances`, asker.tenantId)).toEqual([id]);
      const rejected = await register.review(b, id, { outcome: 'reject', reason });
      expect(rejected).toMatchObject({
        state: 'rejected',
        recognised: false,
        reviews: [{ outcome: 'approve' }, { outcome: 'reject' }],
      });
      expect(await found(`${name} dances`, asker.tenantId)).toEqual([]);
    },
  );

  it('for every tenant is the operator’s alone to make and to see', async () => {
    const [asker] = await three();
    const wanted = { ...submission('opted_out', ['Philippa Nordstrand']), shared: true };
    await expect(register.submit(asker, wanted, null)).rejects.toMatchObject({
      kind: 'forbidden',
      code: 'operator_only',
    });
    const { id } = await register.submit(operator, wanted, null);
    for (let i = 0; i < 2; i++) await register.review(await someone(operator.tenantId), id, approve);
    expect(await found('Philippa Nordstrand sings', asker.tenantId)).toEqual([id]);
    await expect(register.get(asker, id)).rejects.toMatchObject({ code: 'entry_not_found' });
    expect((await register.list(asker, { limit: 20 })).data).toEqual([]);
    expect((await register.list(operator, { limit: 20 })).data.map((one) => one.id)).toContain(id);
  });
});

describe('a picture', () => {
  it('becomes a sealed template, and goes when the decision can be contested no more', async () => {
    const [asker, a, b] = await three();
    const { id, face } = await register.submit(asker, submission('public_figure', []), await image());
    expect(face).toBe('taken');
    expect(sha256Hex(await register.image(a, id))).toBe(sha256Hex(await readFile(PORTRAIT)));
    const row = await db().protectedEntry.findUniqueOrThrow({ where: { id } });
    const stored = await readFile(await gate.blobPath(row.imageSha256!));
    expect(stored.includes((await readFile(PORTRAIT)).subarray(0, 64))).toBe(false);
    expect(await db().likenessTemplate.count({ where: { subjectId: id } })).toBe(0);
    await register.review(a, id, approve);
    await register.review(b, id, approve);
    const template = await db().likenessTemplate.findFirstOrThrow({ where: { subjectId: id } });
    const key = await gate.core.subjectKeys.open(id);
    expect(decodeTemplate(openTemplate(key!, id, template.sealed)).model).toBe(template.model);

    expect(await sweepRegister(store)).toBe(0);
    gate.now = () => new Date(Date.now() + 31 * 86_400_000);
    try {
      expect(await sweepRegister(store)).toBeGreaterThanOrEqual(1);
      expect(await sweepRegister(store)).toBe(0);
    } finally {
      gate.now = () => new Date();
    }
    // What was rejected is gone altogether by then.
    expect(await db().protectedEntry.count({ where: { state: 'rejected', detailsSealed: { not: null } } })).toBe(0);
    expect(await register.get(a, id)).toMatchObject({ state: 'active', proof });
    await expect(register.image(a, id)).rejects.toMatchObject({ code: 'image_not_found' });
    expect(await gate.core.blobs.stat(row.imageSha256!)).toBeNull();
    expect(await db().likenessTemplate.count({ where: { subjectId: id } })).toBe(1);
  });

  it('without one large face protects nobody, and nothing of it is kept', async () => {
    const [asker] = await three();
    const before = await db().protectedEntry.count();
    const other = join(projectRoot, 'tests/fixtures/faces/vlado_2.jpg');
    const taken: string[] = [];
    const nobody = {
      ...(await image()),
      takeFace: (id: string) => (taken.push(id), Promise.resolve({ face: 'no_face' as const, template: null })),
    };
    await expect(register.submit(asker, submission('victim', []), nobody)).rejects.toMatchObject({
      code: 'nothing_to_recognise',
      details: { param: 'image', data: { face: 'no_face' } },
    });
    expect(await gate.core.subjectKeys.open(taken[0]!)).toBeNull();
    expect(await db().protectedEntry.count()).toBe(before);
    await expect(register.submit(asker, submission('victim', []), null)).rejects.toMatchObject({
      code: 'nothing_to_recognise',
    });
    // What the sandbox itself says of files: a portrait, another, and something that is no picture.
    const look = (path: string) => gate.unfaulted('portrait', { path });
    expect((await look(other)).face).toMatch(/taken|too_small|unsure|turned_away|blurred|cut_off/);
    await expect(look(CLIP)).rejects.toMatchObject({ kind: expect.stringMatching(/unsupported_media|invalid/) });
  });
});

describe('the end of an entry', () => {
  it('erases it: no name, no template, no key, not even with a copy of the database', async () => {
    const [asker, a, b] = await three();
    const { id } = await register.submit(asker, submission('estate', ['Wilhelmina Starkweather']), await image());
    await register.review(a, id, approve);
    await register.review(b, id, approve);
    const copy = await db().protectedEntry.findUniqueOrThrow({ where: { id } });
    const template = await db().likenessTemplate.findFirstOrThrow({ where: { subjectId: id } });
    expect(await register.end(b, id)).toMatchObject({ state: 'ended', recognised: false });
    expect(await register.end(b, id)).toMatchObject({ state: 'ended' });
    expect(await found('Wilhelmina Starkweather walks', asker.tenantId)).toEqual([]);
    expect(await db().likenessTemplate.count({ where: { subjectId: id } })).toBe(0);
    expect(await db().likenessChange.count({ where: { subjectId: id, change: 'removed' } })).toBe(1);
    expect(await register.get(a, id)).toMatchObject({ names: null, proof: null, reasons: null });
    expect(await gate.core.blobs.stat(copy.imageSha256!)).toBeNull();
    // A new key of the same name opens nothing of the copy.
    expect(await gate.core.subjectKeys.open(id)).toBeNull();
    const again = await gate.core.subjectKeys.create(id);
    expect(() => openTemplate(again, id, template.sealed)).toThrow(/cannot be opened/);
    expect(() => again.open(copy.detailsSealed!, `register:${id}:details`)).toThrow(/cannot be opened/);
    await gate.core.subjectKeys.destroy(id);
  });

  it('is finished by a worker when the process that ended it died', async () => {
    const [asker] = await three();
    const { id } = await register.submit(asker, submission('opted_out', ['Rosamund Featherstone']), null);
    await db().protectedEntry.update({ where: { id }, data: { state: 'ended', endedAt: new Date() } });
    expect(await gate.core.subjectKeys.open(id)).not.toBeNull();
    await eraseEntry(store, id);
    expect(await gate.core.subjectKeys.open(id)).toBeNull();
    expect(await db().protectedEntry.findUniqueOrThrow({ where: { id } })).toMatchObject({ detailsSealed: null });
  });
});

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
    const { young } = await import('../support/cases.js');
    const { sealCase } = await import('#domain/child-safety');
    const clip = await gate.drive((await gate.admit({ prompt: 'A stone' }, { injected: young() })).id);
    const { tenantId } = gate.caller;
    const [officer, reviewer] = [
      await someone(tenantId, ['child_safety']),
      await someone(tenantId, ['review', 'videos:read']),
    ];
    const { id } = await db().safetyCase.findUniqueOrThrow({ where: { clipId: clip.id } });
    const { database, blobs, subjectKeys } = gate.core;
    await sealCase({ database, blobs, keys: subjectKeys, clock: gate.core.clock }, id);
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
