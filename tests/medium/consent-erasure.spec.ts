import { readdir, readFile } from 'node:fs/promises';
import { canonicalJson, newId, sha256Hex } from '#kernel';
import type { ErasureReceipt, Revocation } from '#contracts';
import { Erasures, Revocations } from '#domain/consent';
import { KeptFaces } from '#domain/likeness';
import { announceBlob, announceKey, keepKey, openTemplate, sweepSpentKeys } from '#domain/recognition';
import { decodeTemplate, encodeTemplate, type FaceTemplate } from '#engines/faces';
import { reportKey, Sealer, signatureHolds } from '#platform/keys';
import type { ConsentApi } from '../support/consent-api.js';
import { clipWith, closeConsentWorld, enrolled, openConsentWorld, parts, personRow } from '../support/consent-world.js';
import { bytesIn, copyOfDatabase } from '../support/copies.js';
import { CLIP, type GateHarness } from '../support/gate.js';

let gate: GateHarness;
let api: ConsentApi;
let face: FaceTemplate;

beforeAll(async () => {
  ({ gate, api, face } = await openConsentWorld());
});
afterAll(closeConsentWorld);

/** All keys that somebody has who took the folder of keys. */
async function keysLeft(): Promise<Sealer[]> {
  const { config, keyring, subjectKeys } = gate.core;
  const folder = `${config.dataDir}/keys`;
  const files = await readdir(`${folder}/subjects`, { recursive: true, withFileTypes: true });
  const own = await Promise.all(files.filter((one) => one.isFile()).map(({ name }) => subjectKeys.open(name)));
  const master = new Sealer(Buffer.from(await readFile(`${folder}/master.key`, 'utf8'), 'hex'));
  return [master, keyring.sealer, ...own.filter((one) => one !== null)];
}

const opens = (keys: Sealer[], [sealed, context]: readonly [string, string]): boolean =>
  keys.some((key) => {
    try {
      return key.open(sealed, context).length > 0;
    } catch {
      return false;
    }
  });

describe('keys that end', () => {
  it('leave the faces of clips and the words of enrolments closed in every older copy of the database', async () => {
    const { database, subjectKeys } = gate.core;
    const { id } = await enrolled('kept');
    const draft = await clipWith(id);
    const kept = new KeptFaces(database, subjectKeys);
    const bytes = encodeTemplate(face);
    const clip = await gate.clip(draft);
    for (const seq of [1n, 2n])
      await database.$transaction((tx) => kept.keep(tx, clip, [{ face: 'face_1', bytes }], seq));
    expect((await kept.open(draft))[0]!.bytes).toEqual(new Uint8Array(bytes));
    const open = await api.begin('mayfly');
    const before = await copyOfDatabase(database);
    const faces = before.get('clip_faces')!.find((row) => row.clip_id === draft)!.sealed as string;
    const words = before.get('likeness_enrolments')!.find((row) => row.id === open.id)!.profile_sealed as string;
    const contexts = [
      [faces, `clip-faces:${draft}`],
      [words, `profile:${open.id}`],
    ] as const;
    const keys = await keysLeft();
    // Not with the keys of the deployment alone, but with those that are there now.
    expect(contexts.map((one) => opens(keys.slice(0, 2), one))).toEqual([false, false]);
    expect(contexts.map((one) => opens(keys, one))).toEqual([true, true]);

    await database.likenessEnrolment.update({ where: { id: open.id }, data: { expiresAt: new Date() } });
    await gate.parts.consent.enrolments.sweep();
    await api.good('POST', `/consent/persons/${id}/revoke`, {});
    await gate.parts.consent.erasures.run(id);
    const left = await keysLeft();
    expect(contexts.map((one) => opens(left, one))).toEqual([false, false]);
    expect(await database.spentKey.count()).toBe(0);
  });

  it('stay with somebody whose enrolment took effect without an answer, and go with nobody', async () => {
    const { database, subjectKeys, blobs, clock } = gate.core;
    // The database commits, and its answer never comes.
    const lost = new Proxy(database, {
      get(target, name, self) {
        if (name !== '$transaction') return Reflect.get(target, name, self) as unknown;
        return async (work: never, options?: { maxWait?: number }) => {
          const value: unknown = await target.$transaction(work, options);
          if (options?.maxWait === 30_000) throw new Error('the connection was lost');
          return value;
        };
      },
    });
    const { id } = await enrolled('lucky', { database: lost });
    expect(await subjectKeys.open(id)).not.toBeNull();
    expect(await blobs.has((await personRow(id)).portraitSha256!)).toBe(true);

    // A worker that was killed between the portrait and the person.
    const never = newId('char');
    await announceKey({ database, clock }, never);
    await subjectKeys.create(never);
    async function* bytes() {
      yield Buffer.from('a portrait');
    }
    const { sha256 } = await blobs.put(bytes());
    await announceBlob(database, never, sha256);
    const store = { database, blobs, clock, keys: subjectKeys };
    await sweepSpentKeys(store);
    expect(await subjectKeys.open(never)).not.toBeNull();
    const later = { now: () => new Date(Date.now() + 3600_000) };
    await sweepSpentKeys({ ...store, clock: later });
    expect(await subjectKeys.open(never)).toBeNull();
    expect(await blobs.has(sha256)).toBe(false);
    await expect(database.$transaction((tx) => keepKey(tx, never))).rejects.toMatchObject({ code: 'took_too_long' });
  });

  it('leave no room for one platform to keep all others waiting', async () => {
    const { database } = gate.core;
    const one = await api.begin('patient');
    const row = await database.likenessEnrolment.findUniqueOrThrow({ where: { id: one.id } });
    const { challenge: _, result: __, ...plain } = row;
    const others = Array.from({ length: 10 }, () => newId('enr'));
    const data = others.map((id) => ({ ...plain, id, tokenHash: id, state: 'checking' }));
    await database.likenessEnrolment.createMany({ data });
    await api.good('POST', '/consent/enrol/challenge', {}, one.secret);
    expect(await api.record(one.secret, CLIP)).toMatchObject({
      status: 429,
      body: { error: { code: 'too_many_recordings' } },
    });
    await database.likenessEnrolment.deleteMany({ where: { id: { in: others } } });
    expect(await api.record(one.secret, CLIP)).toMatchObject({ status: 202 });
  });
});

describe('revocation', () => {
  it('holds at once; what crashed in the middle is done again; a full copy of the database and the master key open nothing', async () => {
    const { database, keyring, subjectKeys, blobs, queue } = gate.core;
    const { id, secret } = await enrolled('revoking');
    const never = ['my sister Carla Bruni', 'smoking'];
    await api.good('PUT', '/consent/me/grant', { limits: { no: ['sexual'], never } }, secret);
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
    expect(JSON.stringify([...before])).toContain('Carla Bruni');
    expect(JSON.stringify([...after])).not.toContain('Carla Bruni');
    const grants = await database.likenessGrant.findMany({ where: { personId: id }, orderBy: { id: 'asc' } });
    expect(grants.at(-1)!.limits).toEqual({ no: ['sexual'], never: ['[erased]', '[erased]'] });
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
