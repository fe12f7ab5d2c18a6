import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EnrolView, LivenessChallenge, Me, Person } from '#contracts';
import type { ExaminationTasks } from '#domain/examination';
import { sha256Hex } from '#kernel';
import { NameBook, nameKey } from '#domain/recognition';
import { closeInference } from '#engines/inference';
import { json } from '#platform/database';
import { moments, shortChallenge } from '../../libs/engines/liveness/testing/acting.js';
import { liveCamera, printCamera, stillCamera, type Sitter } from '../../libs/engines/liveness/testing/recordings.js';
import { createChallenge } from '#engines/liveness';
import { ConsentApi } from '../support/consent-api.js';
import { filmAnswer, PEOPLE, sitterFrom } from '../support/enrolment.js';
import { GateHarness } from '../support/gate.js';

let gate: GateHarness;
let api: ConsentApi;
let dir: string;
let eileen: Sitter;
let live: string;

const challenge = brisk(shortChallenge(new Date()));
/** Drawing and looking at a recording take long on a busy machine. */
const LONG_MS = 240_000;

beforeAll(async () => {
  gate = await GateHarness.open();
  gate.faults.enrol = once((payload) => gate.unfaulted('enrol', payload, { timeoutMs: 200_000 }));
  api = await ConsentApi.open(gate);
  dir = await mkdtemp(join(tmpdir(), 'enrolment-'));
  eileen = await sitterFrom(PEOPLE.eileen);
  live = await filmAnswer(join(dir, 'live.mp4'), challenge, liveCamera(eileen, challenge));
}, LONG_MS);
afterAll(async () => {
  await api.stop();
  await gate.close();
  await closeInference();
  await rm(dir, { recursive: true, force: true });
});

/** The same movements with less time for each and less waiting: a third fewer frames to draw and to look at. */
function brisk(asked: LivenessChallenge): LivenessChallenge {
  const [leadS, waitS, moveS] = [1.5, 0.4, 2.6];
  const steps = asked.steps.map((step, i) => {
    const fromS = leadS + i * (waitS + moveS) + waitS;
    return { ...step, fromS, toS: fromS + moveS };
  });
  return { ...asked, leadS, steps, lengthS: steps.at(-1)!.toS };
}

type Enrol = ExaminationTasks['enrol'];

/** Every recording is really looked at, but once: it takes longer than all the rest. */
function once(look: (payload: Enrol['payload']) => Promise<Enrol['result']>) {
  const seen = new Map<string, Promise<Enrol['result']>>();
  return async (payload: Enrol['payload']) => {
    const sha256 = sha256Hex(await readFile(payload.path));
    const looked = seen.get(sha256) ?? look(payload);
    seen.set(sha256, looked);
    return structuredClone(await looked);
  };
}

const rowOf = (id: string) => gate.core.database.likenessEnrolment.findUniqueOrThrow({ where: { id } });
const view = (secret: string) => api.good<EnrolView>('GET', '/consent/enrol', undefined, secret);

/** Fetches a challenge; a shorter one takes its place, so that fewer frames have to be drawn. */
async function ask({ id, secret }: { id: string; secret: string }, asked: LivenessChallenge = challenge) {
  await api.good('POST', '/consent/enrol/challenge', {}, secret);
  const times = {
    issuedAt: new Date(Date.now() - 60_000).toISOString(),
    expiresAt: new Date(Date.now() + 300_000).toISOString(),
  };
  const held = { challenge: { ...asked, ...times }, received: null };
  await gate.core.database.likenessEnrolment.update({ where: { id }, data: { challenge: json(held) } });
}

/** Hands a recording in and has it judged. */
async function judged(one: { id: string; secret: string }, path: string): Promise<EnrolView> {
  expect(await api.record(one.secret, path)).toMatchObject({ status: 202, body: { state: 'checking' } });
  const { recordingSha256 } = await rowOf(one.id);
  expect(await gate.core.blobs.has(recordingSha256!)).toBe(true);
  await gate.parts.consent.enrolments.run(one.id);
  expect(await gate.core.blobs.has(recordingSha256!)).toBe(false);
  expect((await rowOf(one.id)).recordingSha256).toBeNull();
  return view(one.secret);
}

const failed = ({ result }: EnrolView) =>
  result!.checks.filter(({ state }) => state === 'failed').map(({ name }) => name);

describe('enrolment', () => {
  it(
    'makes a living person who answers their challenge a character, known to nobody but themselves',
    async () => {
      const one = await api.begin('eileen', { handle: '@Eileen.C' });
      await ask(one);
      const done = await judged(one, live);
      expect({ state: done.state, result: done.result }).toMatchObject({
        state: 'done',
        result: { passed: true, voice: false },
      });
      const { person_id: id, handle, manage_url: url } = done.person!;
      expect(handle).toBe('eileen.c');
      expect((await view(one.secret)).person).toBeNull();

      const person = await api.good<Person>('GET', `/consent/persons/${id}`);
      const no = ['violence', 'politics', 'swimwear', 'sexual'];
      expect(person).toMatchObject({ user: 'eileen', grant: { audience: 'only_me', limits: { no, never: [] } } });
      expect(JSON.stringify(person)).not.toMatch(/Collins|1980/);
      const me = await api.good<Me>('GET', '/consent/me', undefined, url.split('#')[1]);
      expect(me).toMatchObject({ name: 'Eileen Collins', kept: { face: true, voice: false, portrait: true } });
      expect(me.notice.text!.en).toContain('Biometric Information Privacy Act');

      const row = await gate.core.database.likenessPerson.findUniqueOrThrow({ where: { id } });
      expect(row.noticeSha256).toBe(done.notice.sha256);
      expect(await gate.core.blobs.has(row.portraitSha256!)).toBe(true);
      const names = new NameBook(gate.core.database, nameKey(gate.core.keyring.sealer));
      expect(await names.find('a video of Eileen Collins at the beach', gate.caller.tenantId)).toMatchObject([
        { subject: { kind: 'person', id } },
      ]);
      const leaves = await gate.core.database.logPending.findMany({
        where: { dedupeKey: { startsWith: `consent:${id}` } },
      });
      expect(leaves.map(({ leaf }) => (leaf as { event: string }).event).sort()).toEqual(['enrolled', 'granted']);
      expect(JSON.stringify(leaves.map(({ leaf }) => leaf))).not.toContain(id);
    },
    LONG_MS,
  );

  it(
    'refuses the same face from another account, and takes it again from its own',
    async () => {
      const other = await api.begin('somebody-else');
      await ask(other);
      expect(await judged(other, live)).toMatchObject({
        state: 'released',
        result: { fault: 'face_already_enrolled' },
      });
      const again = await api.begin('eileen');
      await ask(again);
      expect(await judged(again, live)).toMatchObject({ state: 'done' });
    },
    LONG_MS,
  );

  it(
    'refuses a photograph that is held to the camera and moved as asked',
    async () => {
      const one = await api.begin('printer');
      await ask(one);
      const print = await filmAnswer(join(dir, 'print.mp4'), challenge, printCamera(eileen, challenge));
      const refused = await judged(one, print);
      expect(refused).toMatchObject({ state: 'released', tries_left: 4, result: { fault: 'liveness_failed' } });
      expect(failed(refused)).toContain('actions');
      // Nothing of it is kept, and the challenge is used up.
      expect((await rowOf(one.id)).challenge).toBeNull();
      expect(await api.record(one.secret, print)).toMatchObject({
        status: 409,
        body: { error: { code: 'enrolment_state' } },
      });
    },
    LONG_MS,
  );

  it(
    'refuses the recording of an earlier challenge, also with the same movements',
    async () => {
      const one = await api.begin('replayer');
      const code = challenge.code === '23456' ? '65432' : '23456';
      await ask(one, { ...challenge, code });
      const refused = await judged(one, live);
      expect(refused).toMatchObject({ state: 'released', result: { fault: 'liveness_failed' } });
      const unlike = refused.result!.checks.filter(({ state }) => state !== 'passed').map(({ name }) => name);
      expect(unlike).toEqual(['code']);
      await ask(one, createChallenge({ now: new Date(), ttlS: 300, locale: 'en', steps: 3 }));
      expect(failed(await judged(one, live))).toContain('actions');
    },
    LONG_MS,
  );

  it(
    'refuses a recording in which somebody else takes over',
    async () => {
      const one = await api.begin('splicer');
      await ask(one);
      const first = liveCamera(eileen, challenge);
      const second = stillCamera(await sitterFrom(PEOPLE.vlado));
      const half = moments(challenge).at(-1)! / 2;
      const splice = await filmAnswer(join(dir, 'splice.mp4'), challenge, (t) => (t < half ? first(t) : second(t)));
      expect(failed(await judged(one, splice))).toContain('person');
    },
    LONG_MS,
  );

  it('is over for somebody under the age, and keeps nothing that they said', async () => {
    const { id, secret } = await api.good<{ id: string; secret: string }>('POST', '/consent/enrolments', {});
    const young = `${new Date().getUTCFullYear() - 17}-01-01`;
    const release = (birth?: string) =>
      api.release(secret, birth).then((body) => api.call('POST', '/consent/enrol/release', body, secret));
    expect(await release(young)).toMatchObject({ status: 403, body: { error: { code: 'enrolment_too_young' } } });
    expect(await rowOf(id)).toMatchObject({ state: 'failed', profileSealed: null, releasedAt: null });
    expect(await release()).toMatchObject({ status: 410, body: { error: { code: 'enrolment_failed' } } });
    const said = await gate.core.database.auditEvent.findMany({ where: { subject: id } });
    expect(said.map(({ action }) => action)).toEqual(['enrolment.started', 'enrolment.too_young']);
    expect(JSON.stringify([said.map(({ data }) => data), await rowOf(id)])).not.toMatch(/Eileen|Collins|-01-01/);
    // Where the platform said who it is, the year is kept, so that another one is no way around it.
    const named = await api.good<{ id: string; secret: string }>('POST', '/consent/enrolments', { user: 'minor' });
    const body = await api.release(named.secret, young);
    expect(await api.call('POST', '/consent/enrol/release', body, named.secret)).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining('Only the year of birth was kept') as string } },
    });
    expect(await api.call('POST', '/consent/enrolments', { user: 'minor' })).toMatchObject({ status: 403 });
    await api.good('PUT', '/makers/teen', { birth_year: new Date().getUTCFullYear() - 16 });
    expect(await api.call('POST', '/consent/enrolments', { user: 'teen' })).toMatchObject({ status: 403 });
  });

  it(
    'asks for the release first, gives five tries and ends overnight',
    async () => {
      const early = await api.good<{ secret: string }>('POST', '/consent/enrolments', {});
      expect(await api.call('POST', '/consent/enrol/challenge', {}, early.secret)).toMatchObject({ status: 409 });
      expect(await api.record(early.secret, live)).toMatchObject({
        status: 409,
        body: { error: { code: 'enrolment_state' } },
      });
      const one = await api.begin('nobody', { handle: 'taken' });
      expect(await api.call('POST', '/consent/enrolments', { handle: 'taken' })).toMatchObject({ status: 409 });
      const none = join(dir, 'none.mp4');
      await writeFile(none, 'no video at all');
      for (let tries = 1; tries <= 5; tries++) {
        await ask(one);
        const state = tries < 5 ? 'released' : 'failed';
        expect(await judged(one, none)).toMatchObject({ state, result: { fault: 'liveness_failed' } });
      }
      expect(await rowOf(one.id)).toMatchObject({ profileSealed: null, handle: null });
      const late = await api.begin('late');
      await gate.core.database.likenessEnrolment.update({ where: { id: late.id }, data: { expiresAt: new Date() } });
      expect(await api.call('POST', '/consent/enrol/challenge', {}, late.secret)).toMatchObject({ status: 410 });
      await gate.parts.consent.enrolments.sweep();
      expect(await rowOf(late.id)).toMatchObject({ state: 'expired', profileSealed: null });
      expect(await api.call('GET', '/consent/enrol', undefined, `ers_${'x'.repeat(43)}`)).toMatchObject({
        status: 401,
      });
    },
    LONG_MS,
  );
});
