import { execFile } from 'node:child_process';
import { createPublicKey, verify as holds } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type OpenAI from 'openai';
import { toFile } from 'openai';
import {
  ErasureReceipt,
  ErrorEnvelope,
  LogLeaf,
  Me,
  StatementOfReasons,
  UseList,
  VerifyReport,
  type Enrolment,
  type EnrolView,
  type Revocation,
  type WebhookEndpoint,
  type WebhookEvent,
} from '#contracts';
import { closeInference } from '#engines/inference';
import { auditLog, parseVerifierKey } from '#engines/tlog';
import { canonicalJson, projectRoot, sha256Hex } from '#kernel';
import { agreeAndBegin, answerInTime, PEOPLE, sitterFrom } from '../support/enrolment.js';
import { writePeopleClip } from '../support/people-clip.js';
import { startService, until, type TestService } from '../support/service.js';
import { startStubEngine, type StubEngine } from '../support/stub-engine.js';
import { inspect, query, refusal, sdk, waitFor } from '../support/wire.js';

const HANDLE = 'commander.e';
const SCENE = 'a quiet room with a plant in the morning';
/** For what takes half a minute on a quiet machine. */
const LONG_MS = 300_000;

let service: TestService;
let client: OpenAI;
let careless: StubEngine;
let receiver: Server;
let dir: string;
let endpointSecret: string;
const received: { headers: Record<string, string>; body: string }[] = [];

/** The person, once enrolled: id of the character, and what opens their own page. */
let person: { id: string; secret: string };
/** The clip that was made with consent. */
let clipId: string;
let released: Buffer;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-consent-way-'));
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ headers: request.headers as Record<string, string>, body: Buffer.concat(chunks).toString() });
      response.writeHead(204).end();
    });
  });
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  // An engine that draws somebody whom nobody asked for.
  const scene = { ...{ width: 1280, height: 720, fps: 10, seconds: 4 }, portrait: 640, caption: '', speech: false };
  const clip = await readFile(await writePeopleClip(join(dir, 'unasked.mp4'), scene));
  careless = await startStubEngine({ profile: 'openai', clip, ticks: 1 });
  const engines = [
    { kind: 'embedded', name: 'scene' },
    { kind: 'openai-videos', name: 'careless', profile: 'openai', baseUrl: careless.url },
  ];
  await writeFile(join(dir, 'engines.yaml'), JSON.stringify({ default: 'scene', engines }));
  service = await startService({ GENERATORS_FILE: join(dir, 'engines.yaml'), WEBHOOK_ALLOW: '127.0.0.1' });
  client = sdk(service).client;
  for (const name of ['eileen', 'stranger']) {
    const age = { state: 'verified', birth_year: 1956, by: 'the platform' };
    await client.put(`/makers/${name}`, { body: { age } });
  }
  const { port } = receiver.address() as AddressInfo;
  const event_types = ['consent.granted', 'consent.revoked', 'clip.withdrawn'];
  const body = { name: 'consent', url: `http://127.0.0.1:${port}/`, event_types };
  endpointSecret = (await client.post<WebhookEndpoint>('/webhook_endpoints', { body })).secret!;
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await careless?.close();
  receiver?.closeAllConnections();
  receiver?.close();
  await closeInference();
  await rm(dir, { recursive: true, force: true });
});

/** Calls the API as the person does: with a secret of theirs. */
async function as<T>(bearer: string, method: string, path: string, body?: object): Promise<T> {
  const response = await fetch(`${service.baseURL}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

/** A request of a maker, as a platform sends it through the SDK. */
function ask(maker: string, prompt: string, more: object = {}) {
  const body = { prompt, seconds: '4' as const, size: '1280x720' as const, ...more };
  return client.videos.create(body, { headers: { 'x-imprimatur-maker': maker } });
}

/** A webhook that arrived, its signature checked by the SDK. */
async function told(type: string): Promise<WebhookEvent> {
  const typed = ({ body }: { body: string }) => (JSON.parse(body) as WebhookEvent).type === type;
  await until(
    async () => received.some(typed),
    30_000,
    () => `no ${type} arrived`,
  );
  const { body, headers } = received.find(typed)!;
  return (await client.webhooks.unwrap(body, headers, endpointSecret)) as unknown as WebhookEvent;
}

async function verify(bytes: Buffer): Promise<VerifyReport> {
  const form = new FormData();
  form.set('file', new File([new Uint8Array(bytes)], 'clip.mp4', { type: 'video/mp4' }));
  const answer = await fetch(`${service.baseURL}/verify`, { method: 'POST', body: form });
  return VerifyReport.parse(await answer.json());
}

/** Every leaf of the public log, which must be sound. */
async function leaves(): Promise<LogLeaf[]> {
  const source = async (path: string) =>
    new Uint8Array(await (await fetch(`${service.url}/log/${path}`)).arrayBuffer());
  const verifier = parseVerifierKey(
    Buffer.from(await source('key'))
      .toString('utf8')
      .trim(),
  );
  const found: LogLeaf[] = [];
  const onEntry = (_: number, entry: Uint8Array) =>
    void found.push(LogLeaf.parse(JSON.parse(Buffer.from(entry).toString('utf8'))));
  const { faults } = await auditLog({ source, verifiers: [verifier], origin: verifier.name, onEntry });
  expect(faults).toEqual([]);
  return found;
}

/** Refused before anything was made: a typed error, with a statement of reasons about a likeness. */
async function refusedAtPrompt(call: PromiseLike<unknown>, detector: string): Promise<void> {
  const error = await refusal(call);
  expect(error).toMatchObject({ status: 400, code: 'moderation_blocked', param: 'prompt' });
  const { categories, statement_id } = ErrorEnvelope.parse({ error: error.error }).error;
  expect(categories).toContain('likeness');
  const statement = StatementOfReasons.parse(await client.get(`/statements/${statement_id}`));
  expect(statement).toMatchObject({ decision: 'refuse', automated: true });
  const refused = await inspect(client, statement.clip_id);
  expect(refused).toMatchObject({ state: 'refused', release: null });
  expect(refused.decisions.map(({ stage }) => stage)).toEqual(['prompt']);
  expect(refused.decisions[0]!.reasons.map((reason) => reason.detector)).toContain(detector);
}

it('a video alone makes nobody a character', async () => {
  const asked = client.videos.createCharacter({ name: 'Somebody', video: createReadStream(PEOPLE.eileen) });
  expect(await refusal(asked)).toMatchObject({ status: 400, code: 'enrolment_required' });
});

it(
  'a person reads the notice, agrees, answers the challenge, and is a character of the platform',
  async () => {
    const begun = await client.post<Enrolment>('/consent/enrolments', { body: { user: 'eileen', handle: HANDLE } });
    const { id, secret = '' } = begun;
    expect(begun.url).toBe(`${service.url}/consent#${secret}`);
    const challenge = await agreeAndBegin((method, path, body) => as(secret, method, path, body));
    const path = await answerInTime(join(dir, 'answer.mp4'), challenge, await sitterFrom(PEOPLE.eileen));
    const create = () => {
      const headers = { 'x-imprimatur-enrolment': id };
      return client.videos.createCharacter({ name: 'Commander', video: createReadStream(path) }, { headers });
    };
    const character = await create();
    expect(character).toMatchObject({ name: 'Commander', handle: HANDLE, object: 'character' });
    expect(await client.videos.getCharacter(character.id!)).toMatchObject({ id: character.id, name: 'Commander' });
    expect(await refusal(create())).toMatchObject({ status: 409, code: 'enrolment_state' });
    const done = await as<EnrolView>(secret, 'GET', '/consent/enrol');
    person = { id: character.id!, secret: done.person!.manage_url.split('#')[1]! };
    const me = Me.parse(await as(person.secret, 'GET', '/consent/me'));
    expect(me).toMatchObject({ id: person.id, name: 'Eileen Collins', grant: { audience: 'only_me' } });
    expect((await told('consent.granted')).data.id).toBe(person.id);
  },
  LONG_MS,
);

it(
  'their own request draws them, and the clip is released',
  async () => {
    const made = await ask('eileen', `@${HANDLE} in ${SCENE}`, { characters: [{ id: person.id }] });
    clipId = made.id;
    await waitFor(client, clipId, 'completed', LONG_MS);
    released = Buffer.from(await (await client.videos.downloadContent(clipId)).arrayBuffer());
    expect((await verify(released)).verdict).toMatchObject({ code: 'released_exact', withdrawnAt: null });
    const { data } = UseList.parse(await as(person.secret, 'GET', '/consent/me/uses'));
    expect(data).toMatchObject([{ clip_id: clipId, state: 'released', how: 'asked', by: 'eileen', available: true }]);
    // Drawn so that the frames know them again.
    const seen = await query(service, 'SELECT seen_at FROM likeness_uses WHERE clip_id = $1', [clipId]);
    expect(seen).toEqual([{ seen_at: expect.any(Date) as unknown }]);
  },
  LONG_MS,
);

describe('another maker without a grant', () => {
  it.each([
    ['by id and handle', () => ({ prompt: `@${HANDLE} in ${SCENE}`, characters: [{ id: person.id }] })],
    ['by handle alone, in look-alike letters', () => ({ prompt: `@c\u043Emmand\u0435r.e in ${SCENE}` })],
  ])('is refused at the prompt, %s', (_, request) => {
    const { prompt, ...more } = request();
    return refusedAtPrompt(ask('stranger', prompt, more), 'likeness.names');
  });

  it('waits for a person who names somebody real: a name that people give themselves never refuses', async () => {
    const { id } = await ask('stranger', `Eileen Collins in ${SCENE}`);
    expect(await inspect(client, id)).toMatchObject({ state: 'held', held_at: 'prompt' });
    await client.videos.delete(id);
  });

  it('is refused at the prompt with other words and the face in the reference image', async () => {
    const image = await toFile(await readFile(PEOPLE.eileen), 'somebody.png', { type: 'image/png' });
    await refusedAtPrompt(ask('stranger', `A woman in ${SCENE}`, { input_reference: image }), 'likeness.reference');
  }, 120_000);

  it(
    'is stopped at the frames, where nothing asked for the person and the engine draws them all the same',
    async () => {
      const { id } = await ask('stranger', `A woman in ${SCENE}`, { model: 'careless' });
      const ended = ['refused', 'held', 'failed', 'released'];
      await until(
        async () => ended.includes((await inspect(client, id)).state),
        LONG_MS,
        () => 'no end',
      );
      const refused = await inspect(client, id);
      expect(refused).toMatchObject({ state: 'refused', held_at: 'clip', release: null });
      expect((await client.videos.retrieve(id)).error).toMatchObject({ code: 'moderation_blocked' });
      expect(refused.decisions.map(({ stage, outcome }) => `${stage} ${outcome}`)).toEqual([
        'prompt allow',
        'clip refuse',
      ]);
      expect(refused.decisions[1]!.reasons.map(({ detector }) => detector)).toContain('likeness.face');
      expect(JSON.stringify(refused)).not.toContain(person.id);
      await expect(client.videos.downloadContent(id)).rejects.toMatchObject({ code: 'video_not_available' });
    },
    LONG_MS,
  );
});

describe('after the person revoked', () => {
  let receipt: string;

  it('the clip is gone, its copies are told from valid ones, and the webhooks say so', async () => {
    const revoked = await as<Revocation>(person.secret, 'POST', '/consent/me/revoke', { withdraw: 'all' });
    expect(revoked).toMatchObject({ state: 'revoked', affected: [{ clip_id: clipId, withdraws: true }] });
    receipt = revoked.receipt;
    await refusedAtPrompt(
      ask('eileen', `@${HANDLE} in ${SCENE}`, { characters: [{ id: person.id }] }),
      'likeness.names',
    )
      // Erased meanwhile, nobody of this id is known.
      .catch((e: unknown) => expect(e).toMatchObject({ code: 'character_not_found' }));
    expect((await told('consent.revoked')).data.id).toBe(person.id);
    expect((await told('clip.withdrawn')).data.id).toBe(clipId);
    await expect(client.videos.downloadContent(clipId)).rejects.toMatchObject({ status: 410, code: 'video_withdrawn' });
    const report = await verify(released);
    expect(report.registry.state).toBe('withdrawn');
    expect(report.verdict.withdrawnAt).not.toBeNull();
    expect(report.verdict.text.en).toMatch(/withdr/);
  }, 120_000);

  it('anybody can read the receipt, and check its signature with the published key', async () => {
    const path = `${service.baseURL}/consent/receipts/${receipt}`;
    await until(async () => (await fetch(path)).status === 200, 30_000, () => 'no receipt'); // prettier-ignore
    const signed = ErasureReceipt.parse(await (await fetch(path)).json());
    expect(signed.receipt).toMatchObject({ person_id: person.id, reason: 'revoked', withdraw: 'all' });
    const pem = (await (await fetch(`${service.url}/log/report-key`)).text()).split('\n').slice(1).join('\n');
    const text = `imprimatur receipt v1\n${sha256Hex(canonicalJson(signed.receipt))}\n`;
    const value = Buffer.from(signed.signature.value, 'base64');
    expect(holds(null, Buffer.from(text), createPublicKey(pem), value)).toBe(true);
    await expect(as(person.secret, 'GET', '/consent/me')).rejects.toThrow(/401/);
    await expect(client.videos.getCharacter(person.id)).rejects.toMatchObject({ status: 404 });
  }, 60_000);

  it('the log holds all of it, is sound, and names nobody', async () => {
    const wanted = ['consent enrolled', 'consent granted', 'consent revoked', 'consent erased', 'withdraw consent'];
    const kinds = (all: LogLeaf[]) =>
      all.flatMap((leaf) =>
        leaf.type === 'consent'
          ? [`consent ${leaf.event}`]
          : leaf.type === 'withdraw'
            ? [`withdraw ${leaf.reason}`]
            : [],
      );
    let all: LogLeaf[] = [];
    await until(
      async () => {
        all = await leaves();
        return wanted.every((kind) => kinds(all).includes(kind));
      },
      30_000,
      () => `the log has only ${kinds(all).join(', ')}`,
    );
    expect(JSON.stringify(all)).not.toContain(person.id);
    const args = ['apps/cli/bin.mjs', 'log', 'audit', '--url', service.url];
    const env = { PATH: process.env.PATH, DATABASE_URL: service.databaseUrl, IMPRIMATUR_DATA_DIR: service.dataDir };
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: projectRoot, env });
    expect(stdout).toMatch(/sound/i);
    expect(service.output()).not.toMatch(/Eileen|Collins|1956/);
  }, 60_000);
});
