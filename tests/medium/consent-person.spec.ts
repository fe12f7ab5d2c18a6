import { canonicalJson, sha256Hex } from '#kernel';
import type { ConsentExport, Me, Use, UseList } from '#contracts';
import { decodeTemplate, type FaceTemplate } from '#engines/faces';
import type { ConsentApi } from '../support/consent-api.js';
import { clipWith, closeConsentWorld, enrolled, openConsentWorld, personRow } from '../support/consent-world.js';
import type { GateHarness } from '../support/gate.js';

let gate: GateHarness;
let api: ConsentApi;
let portrait: Uint8Array;
let face: FaceTemplate;

beforeAll(async () => {
  ({ gate, api, face, portrait } = await openConsentWorld());
});
afterAll(closeConsentWorld);

describe('an enrolled person', () => {
  it('changes what they allow: the grant before ends with the one that begins', async () => {
    const { id, secret } = await enrolled('granting');
    const wanted = { audience: 'approved', limits: { no: ['sexual'], never: ['riding a horse'] }, places: ['FR'] };
    const me = await api.good<Me>('PUT', '/consent/me/grant', wanted, secret);
    expect(me.grant).toMatchObject({ ...wanted, until: null, ended_at: null });
    expect((await api.good<Me>('PUT', '/consent/me/grant', {}, secret)).grant!.audience).toBe('only_me');
    const grants = await gate.core.database.likenessGrant.findMany({ where: { personId: id }, orderBy: { id: 'asc' } });
    expect(grants.map(({ endedAt }) => endedAt === null)).toEqual([false, false, true]);
    const past = await api.call('PUT', '/consent/me/grant', { until: '2020-01-01T00:00:00.000Z' }, secret);
    expect(past).toMatchObject({ status: 400, body: { error: { code: 'grant_until_past' } } });
    await api.good('PUT', '/consent/me/approved', { users: ['friend', 'friend', 'sister'] }, secret);
    expect((await api.good<Me>('GET', '/consent/me', undefined, secret)).approved).toEqual(['friend', 'sister']);
  });

  it('keeps a name of everyday words, and nobody is stopped by it', async () => {
    const { id, secret } = await enrolled('phrase', {}, undefined, { name: 'The Camera' });
    expect(await api.good<Me>('GET', '/consent/me', undefined, secret)).toMatchObject({ name: 'The Camera' });
    expect(await gate.core.database.likenessName.count({ where: { subjectId: id } })).toBe(0);
    expect((await gate.admit({ prompt: 'The camera follows a red fox' })).state).toBe('queued');
  });

  it('who enrols again has one record: the older one ends in the same moment', async () => {
    const first = await enrolled('again');
    const second = await enrolled('again', {}, undefined, { known: [first.id] });
    expect(await personRow(first.id)).toMatchObject({ state: 'revoked', withdrawAll: false });
    expect(await personRow(second.id)).toMatchObject({ state: 'enrolled' });
    expect(await gate.core.database.outbox.count({ where: { dedupeKey: `${first.id}-revoke` } })).toBe(1);
  });

  it('sees every clip, drafts too, and ends one: never that of somebody else', async () => {
    const [one, other] = [await enrolled('seen'), await enrolled('unseen')];
    const draft = await clipWith(one.id);
    const list = await api.good<UseList>('GET', '/consent/me/uses', undefined, one.secret);
    expect(list.data).toMatchObject([
      { clip_id: draft, state: 'draft', how: 'asked', available: false, can_withdraw: true },
    ]);
    const path = `/consent/me/uses/${draft}/withdraw`;
    expect(await api.call('POST', path, {}, other.secret)).toMatchObject({ status: 404 });
    expect(await api.call('POST', path, {})).toMatchObject({ status: 401 });
    expect(await api.good<Use>('POST', path, {}, one.secret)).toMatchObject({ state: 'refused', can_withdraw: false });
    expect(await gate.clip(draft)).toMatchObject({ state: 'refused', heldAt: 'clip' });
  });

  it('is not spoken for by the platform: its address sees, narrows and ends, and takes no biometrics along', async () => {
    const { id, secret } = await enrolled('linked');
    const limits = { no: ['sexual'], never: ['riding a horse'] };
    await api.good('PUT', '/consent/me/grant', { audience: 'approved', limits, places: ['FR', 'CA'] }, secret);
    await api.good('PUT', '/consent/me/approved', { users: ['friend', 'sister'] }, secret);
    const { url } = await api.good<{ url: string }>('POST', `/consent/persons/${id}/links`, {});
    const link = url.split('#')[1]!;
    const only = { status: 403, body: { error: { code: 'link_only_narrows' } } };
    for (const wider of [
      { audience: 'everyone', limits, places: ['FR'] },
      { audience: 'approved', limits: { ...limits, no: [] }, places: ['FR'] },
      { audience: 'approved', limits: { ...limits, never: [] }, places: ['FR'] },
      { audience: 'approved', limits },
      { audience: 'approved', limits, places: ['US'] },
    ])
      expect(await api.call('PUT', '/consent/me/grant', wider, link)).toMatchObject(only);
    expect(await api.call('PUT', '/consent/me/approved', { users: ['friend', 'me'] }, link)).toMatchObject(only);
    const data = await api.good<ConsentExport>('GET', '/consent/me/export', undefined, link);
    expect(data).toMatchObject({ templates: [], portrait: null, profile: { name: 'Eileen Collins' } });
    const narrower = { audience: 'only_me', limits: { ...limits, no: ['sexual', 'violence'] }, places: ['FR'] };
    await api.good('PUT', '/consent/me/grant', narrower, link);
    await api.good('PUT', '/consent/me/approved', { users: ['sister'] }, link);
    // The person's own address is as good as before, and can see who did it.
    await api.good('PUT', '/consent/me/grant', { audience: 'everyone', limits, places: ['FR'] }, secret);
    const { events } = await api.good<ConsentExport>('GET', '/consent/me/export', undefined, secret);
    expect(events.filter(({ by }) => by.startsWith('link:key:')).map(({ action }) => action)).toEqual([
      'consent.exported',
      'consent.granted',
      'consent.approved',
    ]);
  });

  it('can show what they agreed to, word for word, when the text has changed since', async () => {
    const { id, secret } = await enrolled('reading');
    const { notice } = await api.good<Me>('GET', '/consent/me', undefined, secret);
    const { database } = gate.core;
    const kept = await database.consentNotice.findUniqueOrThrow({ where: { sha256: notice.sha256 } });
    expect(sha256Hex(canonicalJson({ version: kept.version, text: kept.text }))).toBe(notice.sha256);
    expect(notice.text).toEqual(kept.text);
    await expect(database.consentNotice.deleteMany()).rejects.toThrow();
    const older = { sha256: 'e'.repeat(64), version: '2020', text: { en: 'Once.', fr: 'Jadis.' } };
    await database.consentNotice.create({ data: older });
    await database.likenessPerson.update({ where: { id }, data: { noticeSha256: older.sha256 } });
    expect((await api.good<Me>('GET', '/consent/me', undefined, secret)).notice.text).toEqual(older.text);
  });

  it('under 18, as their platform learns, is no likeness any more and becomes none', async () => {
    const { id } = await enrolled('grown');
    const draft = await clipWith(id);
    const born = { age: { state: 'verified', by: 'idp', birth_year: new Date().getUTCFullYear() - 15 } };
    await api.good('PUT', '/makers/grown', born);
    await expect(gate.admit({ user: 'adult-asker', characters: [{ id }] })).rejects.toMatchObject({
      kind: 'forbidden',
    });
    expect(await gate.drive(draft)).toMatchObject({ state: 'refused' });
    const young = enrolled('growing', {}, () => api.good('PUT', '/makers/growing', born));
    await expect(young).rejects.toThrow('age_not_confirmed');
  });

  it('takes everything along that is kept', async () => {
    const { id, secret } = await enrolled('leaving');
    const data = await api.good<ConsentExport>('GET', '/consent/me/export', undefined, secret);
    expect(data.profile).toMatchObject({
      name: 'Eileen Collins',
      birth_date: '1980-02-29',
      attested: ['is_me', 'is_adult'],
    });
    expect(data.grants).toMatchObject([{ audience: 'only_me', ended_at: null }]);
    expect(data.events.map(({ action }) => action)).toContain('consent.enrolled');
    const kept = data.templates.find(({ what }) => what === 'face')!;
    expect(decodeTemplate(Buffer.from(kept.base64, 'base64'))).toEqual(face);
    expect(Buffer.from(data.portrait!.base64, 'base64').equals(portrait)).toBe(true);
    expect(data.person.id).toBe(id);
  });
});
