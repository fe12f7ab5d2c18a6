import { jest } from '@jest/globals';
import OpenAI from 'openai';
import { Database } from '#platform/database';
import { startService, until, type TestService } from '../support/service.js';

jest.setTimeout(480_000);

/** Invariant 8 on real processes: whatever is killed, each request ends in exactly one release, refusal or hold. */
describe('crash anywhere, lose nothing', () => {
  let service: TestService;
  let database: Database;
  let client: OpenAI;

  beforeAll(async () => {
    service = await startService();
    database = new Database(service.databaseUrl, 2);
    client = new OpenAI({ apiKey: service.key, baseURL: service.baseURL });
  });
  afterAll(async () => {
    await database.$disconnect();
    await service.stop();
  });

  const stateOf = async (id: string) => (await database.clip.findUniqueOrThrow({ where: { id } })).state;
  const ended = (id: string, ms: number) =>
    until(
      async () => ['released', 'refused', 'held', 'failed'].includes(await stateOf(id)),
      ms,
      () => `clip ${id} did not end:\n${service.output()}`,
    );
  const make = (text: string) => client.videos.create({ prompt: text, seconds: '4', size: '720x1280' });

  async function assertOneEnd(id: string): Promise<void> {
    expect(await stateOf(id)).toBe('released');
    const events = await database.auditEvent.findMany({
      where: { subject: id, action: 'clip.transition' },
      orderBy: { id: 'asc' },
    });
    expect(events.map(({ toState }) => toState)).toEqual([
      'queued',
      'generating',
      'inspecting',
      'marking',
      'signing',
      'rereading',
      'logging',
      'released',
    ]);
    expect(await database.release.count({ where: { clipId: id } })).toBe(1);
    expect((await client.videos.downloadContent(id)).status).toBe(200);
  }

  // One clip, and its worker killed in each of its states: what is recovered is killed again. How fast a step is taken
  // again is not asserted, because other tests run beside this one (4 to 5 s on a machine that does nothing else).
  it('kill -9 of the worker in every state', async () => {
    const { id } = await make('A sailing boat on a calm lake');
    const order = ['queued', 'generating', 'inspecting', 'marking', 'signing', 'rereading', 'logging', 'released'];
    const killed: string[] = [];
    for (const state of order.slice(1, -1)) {
      let now = '';
      await until(
        async () => order.indexOf((now = await stateOf(id))) >= order.indexOf(state),
        90_000,
        () => `never ${state}, but ${now}:\n${service.output()}`,
      );
      // A short state can pass between two looks; most are met.
      if (now !== state) continue;
      killed.push(state);
      for (const pid of await service.workerPids()) process.kill(pid, 'SIGKILL');
      const { version } = await database.clip.findUniqueOrThrow({ where: { id } });
      // Recovered: the step was begun anew (its starts are counted) or has even been done.
      await until(
        async () => {
          const clip = await database.clip.findUniqueOrThrow({ where: { id } });
          return clip.attempts >= 2 || clip.version > version;
        },
        90_000,
        () => `not recovered from ${state}:\n${service.output()}`,
      );
    }
    expect(killed.length).toBeGreaterThanOrEqual(3);
    await ended(id, 120_000);
    await assertOneEnd(id);
  });

  it('kill -9 of everything at once, then a new start', async () => {
    const ids = (
      await Promise.all([make('A lighthouse in the rain'), make('Un vélo rouge dans une rue de Paris')])
    ).map(({ id }) => id);
    await until(async () => (await stateOf(ids[0]!)) !== 'queued', 60_000);
    await service.crash();
    service = await startService({}, service);
    client = new OpenAI({ apiKey: service.key, baseURL: service.baseURL });
    for (const id of ids) {
      await ended(id, 120_000);
      await assertOneEnd(id);
    }
  });
});
