import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type OpenAI from 'openai';
import { LivenessChallenge, type EnrolView, type Enrolment } from '#contracts';
import { closeInference } from '#engines/inference';
import { liveCamera } from '../../libs/engines/liveness/testing/recordings.js';
import { CLIP } from '../support/gate.js';
import { filmAnswer, PEOPLE, sitterFrom } from '../support/enrolment.js';
import { startService, type TestService } from '../support/service.js';
import { sdk } from '../support/wire.js';

let service: TestService;
let client: OpenAI;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-characters-'));
  service = await startService();
  client = sdk(service).client;
}, 120_000);

afterAll(async () => {
  await service?.stop();
  await closeInference();
  await rm(dir, { recursive: true, force: true });
});

async function call<T>(method: string, path: string, bearer: string, body?: object): Promise<T> {
  const response = await fetch(`${service.baseURL}${path}`, {
    method,
    headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

describe('characters, by the OpenAI SDK', () => {
  it('are refused from a video alone', async () => {
    const asked = client.videos.createCharacter({ name: 'Somebody', video: createReadStream(CLIP) });
    await expect(asked).rejects.toMatchObject({ status: 400, code: 'enrolment_required' });
  });

  it('come of a person who read the notice, agreed and answered their challenge', async () => {
    const enrolment = await call<Enrolment>('POST', '/consent/enrolments', service.key, { user: 'eileen' });
    const { id, secret } = enrolment as Enrolment & { secret: string };
    expect(enrolment.url).toBe(`${service.url}/consent#${secret}`);
    const options = { headers: { 'x-imprimatur-enrolment': id } };
    const early = client.videos.createCharacter({ name: 'Eileen', video: createReadStream(CLIP) }, options);
    await expect(early).rejects.toMatchObject({ status: 400, code: 'enrolment_required' });

    const { notice } = await call<EnrolView>('GET', '/consent/enrol', secret);
    expect(notice.text.fr).toContain('biométrique');
    const attest = { is_me: true, is_adult: true };
    const agreed = {
      accept: true,
      notice_sha256: notice.sha256,
      name: 'Eileen Collins',
      birth_date: '1956-11-19',
      attest,
    };
    await call('POST', '/consent/enrol/release', secret, agreed);
    const challenge = LivenessChallenge.parse(await call('POST', '/consent/enrol/challenge', secret, {}));
    const eileen = await sitterFrom(PEOPLE.eileen);
    const path = await filmAnswer(join(dir, 'answer.mp4'), challenge, liveCamera(eileen, challenge));

    // Drawn faster than it could have been filmed, which would be refused.
    const filmed = Date.parse(challenge.issuedAt) + 1000 * (challenge.lengthS + 1);
    await new Promise((done) => setTimeout(done, Math.max(0, filmed - Date.now())));
    const video = () => createReadStream(path);
    const character = await client.videos.createCharacter({ name: 'Commander', video: video() }, options);
    expect(character).toMatchObject({ name: 'Commander', object: 'character', handle: expect.any(String) as unknown });
    const found = await client.videos.getCharacter(character.id!);
    expect(found).toMatchObject({ id: character.id, name: 'Commander', created_at: character.created_at });
    await expect(client.videos.createCharacter({ name: 'Again', video: video() }, options)).rejects.toMatchObject({
      status: 409,
      code: 'enrolment_state',
    });

    const { person } = await call<EnrolView>('GET', '/consent/enrol', secret);
    await call('POST', '/consent/me/revoke', person!.manage_url.split('#')[1]!, { withdraw: 'all' });
    await expect(client.videos.getCharacter(character.id!)).rejects.toMatchObject({ status: 404 });
    const receipt = `/consent/receipts/era_${character.id!.slice(5)}`;
    const until = Date.now() + 20_000;
    let answer = await fetch(service.baseURL + receipt);
    while (answer.status === 404 && Date.now() < until) {
      await new Promise((done) => setTimeout(done, 200));
      answer = await fetch(service.baseURL + receipt);
    }
    expect(answer.status).toBe(200);
    expect(service.output()).not.toMatch(/Eileen|Collins|1956-11-19/);
  }, 180_000);
});
