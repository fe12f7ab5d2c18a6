import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newId, systemClock } from '#kernel';
import type { DecideCase } from '#contracts';
import { StaffSessions } from '#domain/staff';
import { Database, json } from '#platform/database';
import { csrfOf } from '../../apps/api/wire/cookies.js';
import { promptsThat } from '../support/prompts.js';
import { until } from '../support/service.js';
import { ask } from '../support/staff.js';
import { sdk, startWithStubEngine, waitForState, type StubbedService } from '../support/wire.js';

let stubbed: StubbedService;
let database: Database;
let receiver: Server;
/** Ids and types of the events that came, once for each delivery. */
const received: { id: string; type: string; about: string }[] = [];

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { id, type, data } = JSON.parse(body) as { id: string; type: string; data: { id: string } };
      received.push({ id, type, about: data.id });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done));
  stubbed = await startWithStubEngine({ WEBHOOK_ALLOW: '127.0.0.1' });
  database = new Database(stubbed.service.databaseUrl, 2);
}, 120_000);

afterAll(async () => {
  await database?.$disconnect();
  await stubbed?.stop();
  receiver?.closeAllConnections();
  receiver?.close();
});

/** A reader who is signed in, without the work of passwords and codes. */
async function reader(): Promise<(path: string, body: unknown) => ReturnType<typeof ask>> {
  const id = newId('stf');
  const limits = json({ queues: null, categories: null, tenants: null });
  const person = { id, email: `${id}@example.org`, name: 'Anna', roles: ['reviewer'], limits, oidcSubject: id };
  await database.staff.create({ data: person });
  const { secret } = await database.$transaction((tx) =>
    new StaffSessions(database, systemClock).open(tx, id, 'totp', { address: '127.0.0.1', userAgent: 'test' }),
  );
  const headers = { cookie: `imprimatur-staff=${secret}`, 'x-imprimatur-csrf': csrfOf(secret) };
  return (path, body) => ask(`${stubbed.service.url}/v1/desk/cases/${path}`, 'POST', body, headers);
}

/** Invariant 8 for people's decisions: between the word of a reader and what it does, everything may be killed. */
it('a decision that is on record is settled once, whatever is killed before and while it leaves', async () => {
  const { client } = sdk(stubbed.service);
  const { port } = receiver.address() as AddressInfo;
  const event_types = ['video.failed', 'video.completed', 'statement.created'];
  await client.post('/webhook_endpoints', { body: { name: 'it', url: `http://127.0.0.1:${port}/`, event_types } });
  // One is stopped by its words, one by what a rehearsal found in it.
  const found = JSON.stringify([{ category: 'violence', score: 0.6, reason: 'rehearsal' }]);
  const headers = { 'x-imprimatur-synthetic-signals': found };
  const [released, refused] = await Promise.all([
    client.videos.create({ prompt: promptsThat('allow')[0]!, seconds: '4' }, { headers }),
    client.videos.create({ prompt: promptsThat('hold')[0]!, seconds: '4' }),
  ]);
  for (const { id } of [refused, released]) await waitForState(client, id, 'held', 120_000);
  const call = await reader();
  const decisions: string[] = [];
  let leaves = 0;
  for (const [clip, outcome] of [
    [refused, 'refuse'],
    [released, 'release'],
  ] as const) {
    const { id } = await database.reviewCase.update({
      where: { id: (await database.reviewCase.findFirstOrThrow({ where: { clipId: clip.id } })).id },
      data: { needs: 1 },
    });
    const { token } = (await call(`${id}/take`, {})).body as unknown as { token: string };
    const decision: DecideCase = {
      ...{ token, outcome, category: 'other', reason: 'A test.', unblurred_ms: 0, watched: [] },
    };
    const { status, body } = await call(`${id}/decide`, decision);
    expect(status).toBeLessThan(300);
    decisions.push(String(body.decision_id));
    leaves = Date.parse(String(body.leaves_at));
  }
  const states = async () =>
    (await database.reviewDecision.findMany({ where: { id: { in: decisions } } })).map(({ state }) => state);
  await stubbed.crash(async () => {
    expect(await states()).toEqual(['pending', 'pending']);
    expect(await database.statement.count()).toBe(0);
  });
  // And again in the moment in which they leave.
  await until(async () => Date.now() > leaves || (await states()).includes('settled'), 20_000);
  for (const pid of await stubbed.service.workerPids()) process.kill(pid, 'SIGKILL');

  await until(
    async () => (await states()).every((state) => state === 'settled'),
    90_000,
    () => `not settled:\n${stubbed.service.output()}`,
  );
  const after = sdk(stubbed.service).client;
  await waitForState(after, refused.id, 'refused');
  await waitForState(after, released.id, 'released', 120_000);
  const moves = async (id: string) =>
    (
      await database.auditEvent.findMany({
        where: { subject: id, action: 'clip.transition' },
        orderBy: { id: 'asc' },
      })
    ).map(({ toState }) => toState);
  expect(await moves(refused.id)).toEqual(['held', 'refused']);
  expect(await moves(released.id)).toEqual([
    ...['queued', 'generating', 'inspecting', 'held', 'marking', 'signing', 'rereading', 'logging', 'released'],
  ]);
  expect(await database.statement.count()).toBe(1);
  expect(await database.release.count()).toBe(1);
  expect(await database.auditEvent.count({ where: { action: 'case.settled' } })).toBe(2);

  // A delivery may come twice, its event is one: that is how receivers know it.
  const types = () => [...new Map(received.map(({ id, type }) => [id, type])).values()].sort();
  await until(
    async () => types().length >= 3,
    30_000,
    () => `came: ${types().join()}`,
  );
  expect(types()).toEqual(['statement.created', 'video.completed', 'video.failed']);
}, 300_000);
