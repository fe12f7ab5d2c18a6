import { readFile } from 'node:fs/promises';
import { canonicalJson, sha256Hex } from '#kernel';
import type { ConsentExport, EnrolView, ErasureReceipt, Me, Revocation, Use, UseList } from '#contracts';
import { EnrolmentRunner, Erasures, openNotice, Revocations, type ConsentParts } from '#domain/consent';
import { endedByPerson } from '#domain/consent-check';
import { EvidenceStills } from '#domain/gate';
import { openTemplate } from '#domain/recognition';
import { decodeTemplate, encodeTemplate, isTemplate, type FaceTemplate } from '#engines/faces';
import { closeInference } from '#engines/inference';
import { decodeImageFrame, makeJpeg } from '#engines/media';
import { Makers } from '#platform/auth';
import { reportKey, Sealer, signatureHolds } from '#platform/keys';
import { ConsentApi } from '../support/consent-api.js';
import { bytesIn, copyOfDatabase } from '../support/copies.js';
import { analyser, PEOPLE } from '../support/enrolment.js';
import { CLIP, GateHarness } from '../support/gate.js';

let gate: GateHarness;
let api: ConsentApi;
let face: FaceTemplate;
let portrait: Uint8Array;

beforeAll(async () => {
  gate = await GateHarness.open();
  api = await ConsentApi.open(gate);
  const frame = await decodeImageFrame(await readFile(PEOPLE.eileen));
  const [seen] = await (await analyser()).observe(frame);
  const found = await (await analyser()).embed(frame, seen!);
  if (!isTemplate(found)) throw new Error(found.reason);
  face = found;
  portrait = await makeJpeg(frame, 256);
});
afterAll(async () => {
  await api.stop();
  await gate.close();
  await closeInference();
});

function parts(over: Partial<ConsentParts> = {}): ConsentParts {
  const { database, blobs, clock, keyring, subjectKeys: keys } = gate.core;
  return {
    ...{ database, blobs, clock, sealer: keyring.sealer, keys, clips: gate.parts.clips, notice: openNotice() },
    ...{ makers: new Makers(database), stills: new EvidenceStills(database, blobs) },
    refusal: (clip, actor) => endedByPerson(gate.policies, clip, actor, clock.now()),
    settings: { publicUrl: 'http://localhost', keepDays: 365, minimumAge: 18 },
    ...over,
  };
}

/** Enrols somebody whose recording counts as live: how that is judged is told in the spec of enrolment. */
async function enrolled(user: string): Promise<{ id: string; secret: string }> {
  await gate.maker(user);
  const one = await api.begin(user);
  await api.good('POST', '/consent/enrol/challenge', {}, one.secret);
  await api.record(one.secret, CLIP);
  const template = { model: face.model, template: encodeTemplate(face) };
  const judge = async () => ({
    liveness: { result: 'live' as const, nonce: '', checks: [] },
    ...{ face: template, voice: { ...template, model: 'voice@1' }, under18: 0, portrait },
  });
  const { scratch, queue } = gate.core;
  const faces = { find: async () => [] };
  await new EnrolmentRunner({ ...parts(), scratch, queue, faces, judge: { judge }, onFault: () => undefined }).run(
    one.id,
  );
  const { person } = await api.good<EnrolView>('GET', '/consent/enrol', undefined, one.secret);
  return { id: person!.person_id, secret: person!.manage_url.split('#')[1]! };
}

/** A clip that somebody asks for with themselves in it. */
async function clipWith(personId: string, until?: 'released'): Promise<string> {
  const { makerId } = await gate.core.database.likenessPerson.findUniqueOrThrow({ where: { id: personId } });
  const { externalId: user } = await gate.core.database.maker.findUniqueOrThrow({ where: { id: makerId! } });
  const { id } = await gate.admit({ user, characters: [{ id: personId }] });
  if (until) expect(await gate.drive(id, until)).toMatchObject({ state: until });
  return id;
}

const personRow = (id: string) => gate.core.database.likenessPerson.findUniqueOrThrow({ where: { id } });

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

describe('revocation', () => {
  it('holds at once; what crashed in the middle is done again; a full copy of the database and the master key open nothing', async () => {
    const { database, keyring, subjectKeys, blobs, queue } = gate.core;
    const { id, secret } = await enrolled('revoking');
    const bystander = await enrolled('bystander');
    const [released, draft] = [await clipWith(id, 'released'), await clipWith(id)];
    const portraitBytes = await readFile(await gate.blobPath((await personRow(id)).portraitSha256!));
    const before = await copyOfDatabase(database);

    const revoked = await api.good<Revocation>('POST', '/consent/me/revoke', { withdraw: 'all' }, secret);
    expect(revoked.affected).toEqual(
      expect.arrayContaining([
        { clip_id: released, state: 'released', withdraws: true },
        { clip_id: draft, state: 'draft', withdraws: true },
      ]),
    );
    expect(await personRow(id)).toMatchObject({ state: 'revoked' });
    expect(await database.likenessGrant.count({ where: { personId: id, endedAt: null } })).toBe(0);
    expect(await api.call('PUT', '/consent/me/grant', {}, secret)).toMatchObject({ status: 410 });
    const receiptPath = `/consent/receipts/${revoked.receipt}`;
    expect(await api.call('GET', receiptPath)).toMatchObject({ status: 404 });

    const receiptKey = reportKey(keyring.report.privateKeyPkcs8Pem);
    const revocations = new Revocations(parts());
    const takeBack = gate.parts.clips.takeBack.bind(gate.parts.clips);
    let calls = 0;
    const dying = { ...parts(), queue, receiptKey, revocations };
    const clips = {
      takeBack: (...given: Parameters<typeof takeBack>) =>
        ++calls === 2 ? Promise.reject(new Error('killed')) : takeBack(...given),
    };
    await expect(new Erasures({ ...dying, clips: clips as never }).run(id)).rejects.toThrow('killed');
    expect(await personRow(id)).toMatchObject({ state: 'revoked' });
    expect(await subjectKeys.open(id)).toBeNull();
    expect(await api.call('GET', receiptPath)).toMatchObject({ status: 404 });
    const signing = {
      sign: () => {
        throw new Error('killed');
      },
    };
    await expect(new Erasures({ ...dying, receiptKey: signing }).run(id)).rejects.toThrow('killed');
    expect(await personRow(id)).toMatchObject({ state: 'revoked' });
    await gate.parts.consent.erasures.run(id);
    await gate.parts.consent.erasures.run(id); // again, as the queue may
    const after = await copyOfDatabase(database);

    expect(await gate.clip(released)).toMatchObject({ state: 'withdrawn' });
    expect(await gate.clip(draft)).toMatchObject({ state: 'refused', heldAt: 'clip' });
    const video = await fetch(`${api.url}/v1/videos/${released}/content`, {
      headers: { authorization: `Bearer ${api.key}` },
    });
    expect(video.status).toBe(410);
    expect(await database.withdrawal.findMany({ where: { clipId: released } })).toMatchObject([{ reason: 'consent' }]);

    const { receipt, signature } = await api.good<ErasureReceipt>('GET', receiptPath);
    expect(receipt).toMatchObject({ person_id: id, reason: 'revoked', withdraw: 'all' });
    expect(receipt.destroyed).toEqual(['key', 'face_template', 'voice_template', 'profile', 'portrait', 'names']);
    const sha256 = sha256Hex(canonicalJson(receipt));
    expect(signatureHolds(signature, 'receipt', sha256)).toBe(true);
    expect(signatureHolds(signature, 'report', sha256)).toBe(false);
    expect(await personRow(id)).toMatchObject({ state: 'erased', handle: null, profileSealed: null, tokenHash: null });
    expect(
      await blobs.has(before.get('likeness_persons')!.find((row) => row.id === id)!.portrait_sha256 as string),
    ).toBe(false);
    expect(await api.call('GET', '/consent/me', undefined, secret)).toMatchObject({ status: 401 });

    // Whoever has a copy of the database from before, the master key, and all keys that are left.
    const master = new Sealer(
      Buffer.from(await readFile(`${gate.core.config.dataDir}/keys/master.key`, 'utf8'), 'hex'),
    );
    const stolen = [master, keyring.sealer, (await subjectKeys.open(bystander.id))!];
    const templates = before.get('likeness_templates')!.filter((row) => row.subject_id === id);
    expect(templates).toHaveLength(2);
    for (const key of stolen) {
      for (const { sealed, what } of templates)
        expect(() => openTemplate(key, id, bytesIn(sealed), what as 'face')).toThrow('cannot be opened');
      const { profile_sealed } = before.get('likeness_persons')!.find((row) => row.id === id)!;
      expect(() => key.open(profile_sealed as string, `profile:${id}`)).toThrow('cannot be opened');
      expect(() => key.open(portraitBytes.toString('base64'), `portrait:${id}`)).toThrow('cannot be opened');
    }
    // The same attempt opens somebody who did not revoke: it is the key that is missing, not the skill.
    const [left] = before
      .get('likeness_templates')!
      .filter((row) => row.subject_id === bystander.id && row.what === 'face');
    expect(decodeTemplate(openTemplate(stolen[2]!, bystander.id, bytesIn(left!.sealed)))).toEqual(face);
    // And the copy from afterwards does not even have what cannot be opened.
    expect(after.get('likeness_templates')!.filter((row) => row.subject_id === id)).toEqual([]);
    expect(after.get('likeness_names')!.filter((row) => row.subject_id === id)).toEqual([]);
    expect(
      after
        .get('log_salts')!
        .filter((row) => String(row.dedupe_key).startsWith(`consent:${id}:`) && row.alg === 'person'),
    ).toEqual([]);
    expect(JSON.stringify([...before, ...after])).not.toMatch(/Eileen|Collins|1980-02-29/);
  });

  it('leaves released clips where nobody asked for more, and never begins again', async () => {
    const { id } = await enrolled('staying');
    const [released, draft] = [await clipWith(id, 'released'), await clipWith(id)];
    const first = await api.good<Revocation>('POST', `/consent/persons/${id}/revoke`, {});
    expect(first.affected.find(({ clip_id }) => clip_id === released)).toMatchObject({ withdraws: false });
    const again = await api.good<Revocation>('POST', `/consent/persons/${id}/revoke`, {});
    expect(again.revoked_at).toBe(first.revoked_at);
    await gate.parts.consent.erasures.run(id);
    expect((await gate.clip(released)).state).toBe('released');
    expect((await gate.clip(draft)).state).toBe('refused');
    await expect(
      gate.core.database.likenessPerson.update({ where: { id }, data: { state: 'enrolled', revokedAt: null } }),
    ).rejects.toThrow();
    await expect(gate.core.database.erasureReceipt.deleteMany({ where: { personId: id } })).rejects.toThrow();
  });

  it('comes by itself when the time kept is over', async () => {
    const { id } = await enrolled('forgotten');
    await gate.core.database.likenessPerson.update({ where: { id }, data: { keepUntil: new Date(Date.now() - 1000) } });
    await gate.parts.consent.erasures.sweep();
    await gate.parts.consent.erasures.run(id);
    const { receipt } = await api.good<ErasureReceipt>('GET', `/consent/receipts/era_${id.slice(5)}`);
    expect(receipt).toMatchObject({ reason: 'expired', withdraw: 'none' });
  });
});
