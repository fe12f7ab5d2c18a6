import { jest } from '@jest/globals';
import OpenAI from 'openai';
import { Database } from '#platform/database';
import { startService, until, type TestService } from '../support/service.js';

jest.setTimeout(240_000);

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
      'released',
    ]);
    expect(await database.release.count({ where: { clipId: id } })).toBe(1);
    expect((await client.videos.downloadContent(id)).status).toBe(200);
  }

  it.each(['generating', 'inspecting', 'marking', 'signing', 'rereading'] as const)(
    'kill -9 of the worker while %s',
    async (state) => {
      const { id } = await make(`A sailing boat on a calm lake, number ${state}`);
      await until(
        async () => (await stateOf(id)) === state,
        60_000,
        () => `never ${state}:\n${service.output()}`,
      );
      const [pid] = await service.workerPids();
      process.kill(pid!, 'SIGKILL');
      const killed = Date.now();
      const version = (await database.clip.findUniqueOrThrow({ where: { id } })).version;
      // Recovered: the step was begun anew (its starts are counted) or has even been done.
      await until(
        async () => {
          const clip = await database.clip.findUniqueOrThrow({ where: { id } });
          return clip.attempts >= 2 || clip.version > version;
        },
        20_000,
        () => `not recovered:\n${service.output()}`,
      );
      // 4 to 5 s on a machine that does nothing else; this one runs other tests beside it.
      expect(Date.now() - killed).toBeLessThan(15_000);
      await ended(id, 90_000);
      await assertOneEnd(id);
    },
  );

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
