import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProtectedKind, Scope } from '#contracts';
import { eraseEntry, ProtectedRegister, sweepRegister, type RegisterStore } from '#domain/protected';
import { NameBook, nameKey, openTemplate } from '#domain/recognition';
import { decodeTemplate } from '#engines/faces';
import { projectRoot, sha256Hex } from '#kernel';
import { ApiKeys, type Caller } from '#platform/auth';
import { takeFace } from '../../apps/worker/register.js';
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
    await expect(look(CLIP)).rejects.toMatchObject({
      kind: expect.stringMatching(/unsupported_media|invalid/) as string,
    });
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
