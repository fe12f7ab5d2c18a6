import 'reflect-metadata';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import OpenAI from 'openai';
import sharp from 'sharp';
import { Inspection } from '#contracts';
import { ApiKeys } from '#platform/auth';
import type { Clip } from '#platform/database';
import { createServer } from '../../apps/api/server.js';
import { closer, enrolPerson, PORTRAITS, revoke, templateOf } from '../support/consent.js';
import { GateHarness } from '../support/gate.js';
import { refusal } from '../support/wire.js';

let gate: GateHarness;
let client: OpenAI;
let stop: () => Promise<void>;
let dir: string;
const persons: { id: string }[] = [];

beforeAll(async () => {
  gate = await GateHarness.open('embedded');
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-drawing-'));
  const app = await createServer(gate.core);
  const server = (await app.listen(0, '127.0.0.1')) as { address(): AddressInfo };
  stop = () => app.close();
  const keys = new ApiKeys(gate.core.database, gate.core.clock);
  const { key } = await keys.create(gate.caller.tenantId, 'test', ['admin'], 'test');
  const maker = { 'x-imprimatur-maker': 'grown-up' };
  const baseURL = `http://127.0.0.1:${server.address().port}/v1`;
  client = new OpenAI({ baseURL, apiKey: key, maxRetries: 0, defaultHeaders: maker });
  await gate.maker('grown-up');
  // Known by one picture, drawn from another.
  const [portrait, other] = [join(dir, 'portrait.jpg'), join(dir, 'other.jpg')];
  await sharp(PORTRAITS.vlado).extract({ left: 360, top: 0, width: 480, height: 520 }).jpeg().toFile(portrait);
  const again = await closer(PORTRAITS.vladoAgain, join(dir, 'again.png'));
  persons.push(await enrolPerson(gate, { template: await templateOf(gate, again), portrait }));
  await sharp(PORTRAITS.eileen).extract({ left: 100, top: 0, width: 250, height: 288 }).jpeg().toFile(other);
  persons.push(await enrolPerson(gate, { template: await templateOf(gate, PORTRAITS.eileen), portrait: other }));
}, 90_000);
afterAll(async () => {
  await stop?.();
  await gate?.close();
  await rm(dir, { recursive: true, force: true });
});

const ask = (ids: readonly { id: string }[], size: '1280x720' | '720x1280' = '1280x720') => {
  const body = { prompt: 'A quiet room with a plant in the morning', size, characters: ids.map(({ id }) => ({ id })) };
  return client.videos.create(body);
};
const uses = (clip: Clip) => gate.core.database.likenessUse.findMany({ where: { clipId: clip.id } });
const scratch = async () => (await readdir(join(gate.core.config.dataDir, 'scratch')).catch(() => [])).length;

it.each(['1280x720', '720x1280'] as const)(
  'draws both persons so that the frames know them again, in %s',
  async (size) => {
    const before = await scratch();
    const { id } = await ask(persons, size);
    const clip = await gate.drive(id, 'marking');
    expect(clip.state).toBe('marking');
    const { faces } = Inspection.parse(clip.inspection);
    expect(faces.filter(({ widthPx }) => widthPx >= 100)).toHaveLength(2);
    expect((await uses(clip)).map(({ seenAt }) => seenAt !== null)).toEqual([true, true]);
    // The opened portraits are gone.
    expect(await scratch()).toBe(before);
  },
  90_000,
);

it('draws one, releases the clip, and refuses the next after the person revoked', async () => {
  const { id } = await ask(persons.slice(0, 1));
  const clip = await gate.drive(id);
  expect(clip.state).toBe('released');
  await revoke(gate, persons[0]!.id);
  expect(await refusal(ask(persons.slice(0, 1)))).toMatchObject({ status: 400, code: 'moderation_blocked' });
  expect(await refusal(ask([{ id: 'char_nobody' }]))).toMatchObject({ code: 'character_not_found' });
}, 90_000);
