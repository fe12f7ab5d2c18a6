import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type OpenAI from 'openai';
import type { Browser, Page } from 'playwright-core';
import { LivenessChallenge, type Enrolment, type Revocation } from '#contracts';
import { closeInference } from '#engines/inference';
import { startBrowser } from '../support/browser.js';
import { agreeAndBegin, answerInTime, EILEEN, PEOPLE, sitterFrom } from '../support/enrolment.js';
import { opened, unframed, violations, type Open } from '../support/person-pages.js';
import { until } from '../support/service.js';
import {
  anotherTenant,
  query,
  refusal,
  scratchIsEmpty,
  sdk,
  startWithStubEngine,
  waitFor,
  waitForState,
  type StubbedService,
} from '../support/wire.js';

let stubbed: StubbedService;
let browser: Browser;
let current: Open;
let page: Page;
let client: OpenAI;
let dir: string;
let personId: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-consent-page-'));
  stubbed = await startWithStubEngine();
  client = sdk(stubbed.service).client;
  browser = await startBrowser();
  current = await opened(browser, stubbed.service.url, { viewport: { width: 360, height: 740 }, isMobile: true });
  page = current.page;
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await stubbed?.stop();
  await closeInference();
  await rm(dir, { recursive: true, force: true });
});

const phase = (at: string, timeout = 30_000) => page.waitForSelector(`main[data-phase=${at}]`, { timeout });
const useIn = (state: string) => page.waitForSelector(`.use[data-state=${state}]`, { timeout: 30_000 });

/** Ends every worker as a power cut does; others are started in their place. */
async function killWorkers(): Promise<void> {
  for (const pid of await stubbed.service.workerPids()) process.kill(pid, 'SIGKILL');
}

/** Somebody else's request for the person. */
async function ask(platform = client, id = personId) {
  const age = { state: 'verified', birth_year: 1980, by: 'the platform' };
  await platform.put('/makers/somebody', { body: { age } });
  const body = { prompt: 'A quiet room with a plant in the morning', characters: [{ id }] };
  return platform.videos.create(body, { headers: { 'x-imprimatur-maker': 'somebody' } });
}

describe('what is no answer to a challenge', () => {
  const sent = async (secret: string, video: Blob) => {
    const form = new FormData();
    form.set('video', video, 'answer.mp4');
    const headers = { authorization: `Bearer ${secret}` };
    const url = `${stubbed.service.baseURL}/consent/enrol/recording`;
    const answer = await fetch(url, { method: 'POST', headers, body: form });
    const { error } = (await answer.json()) as { error?: { code: string } };
    return [answer.status, error?.code];
  };
  const garbage = new Blob([Buffer.alloc(100_000, 7)], { type: 'video/mp4' });

  it('is refused: no challenge, wrong secrets, too large, twice at once, too late', async () => {
    const { id, secret = '' } = await client.post<Enrolment>('/consent/enrolments', { body: {} });
    expect(await sent(secret, garbage)).toEqual([409, 'enrolment_state']);
    expect(await sent(`ers_${'x'.repeat(43)}`, garbage)).toEqual([401, 'consent_link_invalid']);
    expect(await sent(stubbed.service.key, garbage)).toEqual([401, 'consent_link_invalid']);
    const person = (method: string, path: string, body?: object) =>
      sdk({ ...stubbed.service, key: secret }).client[method === 'GET' ? 'get' : 'post'](path, {
        body,
      }) as Promise<never>;
    await agreeAndBegin(person);
    expect(await sent(secret, new Blob([Buffer.alloc(65e6)]))).toEqual([413, 'recording_too_large']);
    const both = await Promise.all([sent(secret, garbage), sent(secret, garbage)]);
    expect(both.map(([status]) => status).sort()).toEqual([202, 409]);
    const state = async () => (await client.get<Enrolment>(`/consent/enrolments/${id}`)).state;
    await until(async () => (await state()) === 'released', 60_000);
    expect(await client.get(`/consent/enrolments/${id}`)).toMatchObject({ fault: 'liveness_failed', tries_left: 4 });
    await person('POST', '/consent/enrol/challenge', {});
    const times = { issuedAt: '2026-01-01T00:00:00.000Z', expiresAt: '2026-01-01T00:10:00.000Z' };
    const ended = "jsonb_set(challenge, '{challenge}', challenge->'challenge' || $2::jsonb)";
    const values = [id, JSON.stringify(times)];
    await query(stubbed.service, `UPDATE likeness_enrolments SET challenge = ${ended} WHERE id = $1`, values);
    expect(await sent(secret, garbage)).toEqual([409, 'challenge_expired']);
    await scratchIsEmpty(stubbed.service);
  }, 120_000);
});

it('a person enrols with a recording from another camera', async () => {
  const { url } = await client.post<Enrolment>('/consent/enrolments', { body: { user: 'eileen', handle: 'eileen.c' } });
  await page.goto(url!);
  await phase('notice');
  await page.fill('[data-field=name] input', EILEEN.name);
  await page.fill('[data-field=birth] input', EILEEN.birth_date);
  for (const box of await page.$$('[data-field=confirm] input')) await box.check();
  await page.click('button[type=submit]');
  await phase('ready');
  const asked = page.waitForResponse((answer) => answer.url().endsWith('/consent/enrol/challenge'));
  await page.click('button:text-is("Use a recording from another camera")');
  const challenge = LivenessChallenge.parse(await (await asked).json());
  await phase('file');
  const shown = await page.textContent('main');
  expect(shown).toContain(challenge.code);
  // Of a recording, not of any upload.
  expect(shown).toContain('up to 61 MB');
  const path = await answerInTime(join(dir, 'answer.mp4'), challenge, await sitterFrom(PEOPLE.eileen));
  await page.setInputFiles('input[type=file] >> nth=-1', path);
  await phase('checking', 60_000);
  // Whoever looks at it dies: another one begins again, and nobody has to film anew.
  await killWorkers();
  await phase('done', 240_000);
  await page.click('text=Open “My likeness”');
  await phase('here');
  expect(await page.textContent('.greeting')).toMatch(/Eileen Collins.*@eileen\.c/);
  const { data } = await client.get<{ data: { id: string }[] }>('/consent/persons');
  personId = data[0]!.id;
}, 300_000);

it('opens the likeness to everyone, sees a clip of somebody else, and withdraws it', async () => {
  expect(await refusal(ask())).toMatchObject({ code: 'moderation_blocked' });
  await page.click('input[name=audience] >> nth=3');
  await page.click('button:text-is("Save")');
  await page.waitForSelector('text=It holds from now on.');
  const { id } = await ask();
  await waitFor(client, id, 'completed');
  await page.reload();
  await useIn('released');
  expect(await page.textContent('.uses')).toContain('somebody');
  await page.click('.use >> text=Show a picture');
  await page.waitForSelector('.use img');
  await page.click('.use >> text=Withdraw');
  await page.click('dialog >> text=Withdraw >> nth=-1');
  await useIn('withdrawn');
  expect(await refusal(client.videos.downloadContent(id))).toMatchObject({ status: 410, code: 'video_withdrawn' });
}, 120_000);

it('is nobody to another tenant, as somebody who does not exist', async () => {
  const other = sdk(await anotherTenant(stubbed.service)).client;
  for (const id of [personId, 'char_nobody']) {
    expect(await refusal(ask(other, id))).toMatchObject({ status: 404, code: 'character_not_found' });
    expect(await refusal(other.videos.getCharacter(id))).toMatchObject({ status: 404 });
    expect(await refusal(other.post(`/consent/persons/${id}/revoke`, { body: {} }))).toMatchObject({ status: 404 });
  }
});

it('ends everything with a clip on its way, and keeps the receipt', async () => {
  Object.assign(stubbed.engine.faults, { neverEnds: true });
  const { id } = await ask();
  await waitForState(client, id, 'generating');
  await page.click('.stop button');
  // What was asked for since the page was loaded counts as well.
  await page.waitForSelector('dialog >> text=1 clip in the making is stopped.');
  await page.click('dialog .danger');
  await phase('over');
  // By the platform as well, and again, at the same moment; and the workers die.
  const again = () => client.post<Revocation>(`/consent/persons/${personId}/revoke`, { body: { withdraw: 'all' } });
  const [one, other] = await Promise.all([again(), again(), killWorkers()]);
  expect(one.receipt).toBe(other.receipt);
  expect(await waitForState(client, id, 'refused')).toMatchObject({ release: null });
  expect(await refusal(ask())).toMatchObject({ code: expect.stringMatching(/moderation_blocked|not_found/) as string });
  const [saved] = await Promise.all([
    page.waitForEvent('download'),
    page.click('text=Download the receipt', { timeout: 30_000 }),
  ]);
  expect(await page.textContent('.dashes')).toContain(`${id}: In the making, is stopped`);
  expect(await violations(page)).toEqual([]);
  expect(saved.suggestedFilename()).toMatch(/^imprimatur-era_.*\.json$/);
  expect(await current.close()).toEqual(unframed);
}, 120_000);
