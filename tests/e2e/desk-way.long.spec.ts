import type OpenAI from 'openai';
import type { Browser, Page } from 'playwright-core';
import type { AppealView, StatementOfReasons } from '#contracts';
import { startBrowser } from '../support/browser.js';
import { look, open, seat, type Seated } from '../support/desk-seats.js';
import { violationsOf } from '../support/desk-page.js';
import { until } from '../support/service.js';
import {
  inspect,
  query,
  refusal,
  sdk,
  startWithStubEngine,
  waitForState,
  type StubbedService,
} from '../support/wire.js';

/** Held by the policy in force, refused by the one that is published in the end. */
const SPEECH = 'A politician announces new taxes in a speech';
/** The same for people, and nothing that the new version changes. */
const FIGHT = 'Two men fight in a bar';
const MALLORY = { headers: { 'x-imprimatur-maker': 'mallory' } };

let stubbed: StubbedService;
let browser: Browser;
let client: OpenAI;
let anna: Seated, bob: Seated, sam: Seated, ines: Seated, pia: Seated;
/** The clip that people differ about, its case, and what was stated to its maker. */
let clip: string;
let caseId: string;
let statement: StatementOfReasons;
let appeal: AppealView;

beforeAll(async () => {
  stubbed = await startWithStubEngine();
  await query(stubbed.service, 'UPDATE review_queues SET second_share = 1, golden_share = 0, sample_share = 0');
  ({ client } = sdk(stubbed.service));
  browser = await startBrowser();
  clip = (await client.videos.create({ prompt: SPEECH, seconds: '4' }, MALLORY)).id;
  ({ anna, bob, sam, ines, pia } = await seat(stubbed.service, browser, {
    ...{ anna: ['reviewer'], bob: ['reviewer'], sam: ['senior', 'auditor'] },
    ...{ ines: ['reviewer', 'policy'], pia: ['policy', 'admin'] },
  }));
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await stubbed?.stop();
});

const one = async (sql: string, ...values: unknown[]) => (await query(stubbed.service, sql, values))[0]!;
const stageIs = (stage: string) =>
  until(async () => (await one('SELECT stage FROM review_cases WHERE id = $1', caseId)).stage === stage, 40_000);
const idAt = (page: Page) => /#\/review\/([^?]+)/.exec(page.url())?.[1] ?? '';

/** Reads the case that is on the screen and decides it with keys alone; the next page is there when it ends. */
async function reads({ page, pressed }: Seated, ...keys: string[]): Promise<void> {
  await page.getByText('yours for').waitFor();
  const id = idAt(page);
  for (const key of keys) await page.keyboard.press(key);
  pressed.push(keys.length);
  await page.waitForFunction((old) => !location.hash.includes(old), id);
}

async function takes({ page }: Seated, id: string): Promise<void> {
  await open(page, `/review/${id}`);
  await page.getByRole('button', { name: 'Take this case' }).click();
}

it('a first reader refuses, a second one who is blind approves, a senior sees both and decides', async () => {
  await open(anna.page, '/');
  await anna.page.getByRole('button', { name: 'Start', exact: true }).first().click();
  await anna.page.getByRole('region', { name: 'Decision' }).waitFor();
  caseId = idAt(anna.page);
  await reads(anna, 'r', 'p', '1', 'Enter');
  await stageIs('second');

  await open(bob.page, '/second');
  await bob.page.getByRole('row', { name: new RegExp(SPEECH) }).click();
  await bob.page.getByText('This is a second reading').waitFor();
  expect(await bob.page.textContent('body')).not.toContain('anna');
  await bob.page.getByRole('button', { name: 'Take this case' }).click();
  await reads(bob, 'a', 'Enter', 'Enter', 'Enter');
  await stageIs('arbiter');

  // Who read it is not asked again, and a reader without the right does not decide between readers.
  await open(anna.page, `/review/${caseId}`);
  await anna.page.getByText('You read this case before').waitFor();
  await takes(sam, caseId);
  const readings = sam.page.getByRole('region', { name: 'Readings' });
  for (const words of ['The readers disagree', 'First reading: Refuse', 'Second reading: Approve', 'anna', 'bob'])
    await readings.getByText(words).first().waitFor();
  await reads(sam, 'r', 'Enter', 'Enter', 'Enter');
  await waitForState(client, clip, 'refused', 40_000);
  const all = await query(stubbed.service, 'SELECT stage, state FROM review_decisions WHERE case_id = $1 ORDER BY at', [
    caseId,
  ]);
  expect(all).toEqual([
    { stage: 'first', state: 'settled' },
    { stage: 'second', state: 'overruled' },
    { stage: 'arbiter', state: 'settled' },
  ]);
}, 150_000);

it('the maker learns why, the account counts it, and the platform appeals', async () => {
  expect((await client.videos.retrieve(clip)).status).toBe('failed');
  const { statement_id: id } = (await inspect(client, clip)) as unknown as { statement_id: string };
  statement = await client.get(`/statements/${id}`);
  expect(statement).toMatchObject({ decision: 'refuse', automated: false, maker: 'mallory', overturned: null });

  await open(sam.page, '/makers');
  await sam.page.getByRole('link', { name: 'mallory' }).click();
  await sam.page.getByText('1 point · counts').waitFor();

  // One reader is enough for the appeal.
  await query(stubbed.service, 'UPDATE review_queues SET second_share = 0');
  appeal = await client.post('/appeals', {
    body: { statement_id: id, reason: 'It is a scene of a film, rehearsed.', user: 'mallory' },
  });
  expect(appeal).toMatchObject({ state: 'open', outcome: null });
});

it('nobody who decided before reads the appeal; another reader overturns, and the clip goes out', async () => {
  const { case_id: contested } = await one('SELECT case_id FROM appeals WHERE id = $1', appeal.id);
  for (const { page } of [anna, bob, sam]) {
    await open(page, `/review/${contested as string}`);
    await page.getByText('You read this case before').waitFor();
    expect(await page.getByRole('button', { name: /Approve$/ }).isDisabled()).toBe(true);
  }
  await open(ines.page, '/appeals');
  await ines.page.getByText('It is a scene of a film, rehearsed.').waitFor();
  await ines.page.getByRole('link', { name: `Open case ${contested as string}` }).click();
  await ines.page.getByRole('button', { name: 'Take this case' }).click();
  await reads(ines, 'a', 'p', '1', 'Enter');
}, 60_000);

it('meanwhile a draft is tested on past clips, and two who did not write it approve it', async () => {
  const { page } = ines;
  await open(page, '/policies');
  await page.getByRole('button', { name: 'New draft' }).click();
  await page.getByLabel('Why').fill('Politicians who never said it are refused for teens from a low score.');
  await page.getByRole('button', { name: 'Make the draft' }).click();
  const text = page.getByLabel('Policy document (YAML)');
  const before = await text.inputValue();
  const after = before
    .replace(/^version: .*$/m, 'version: 1.3.0')
    .replace(/(political: .*teen: \{ hold: 0.4, refuse: )null/, '$10.45');
  await text.fill(after);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'default 1.3.0' }).waitFor();
  await page.getByText('refuses from never → 0.45').first().waitFor();
  await page.getByRole('button', { name: 'Test', exact: true }).click();
  await page.getByText('1 decided differently').waitFor();
  const row = page.getByRole('row', { name: /Political Teen, or unknown held ≠ refused 1/ });
  await row.getByText('1 example').click();
  await row.getByText(clip).waitFor();
  await page.getByText('You wrote in it; others approve.').waitFor();
  expect(await page.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true);
  for (const [other, given] of [
    [sam, '1 of 2'],
    [pia, '2 of 2'],
  ] as const) {
    await open(other.page, new URL(page.url()).hash.slice(1));
    await other.page.getByRole('button', { name: 'Approve this text' }).click();
    await other.page.getByText(given).first().waitFor();
  }
}, 90_000);

it('the overturned clip is released, and nothing of the strike is left', async () => {
  await waitForState(client, clip, 'released', 120_000);
  expect((await client.videos.retrieve(clip)).status).toBe('completed');
  expect(await client.get(`/appeals/${appeal.id}`)).toMatchObject({ outcome: 'overturned', restored: 'queued' });
  const now: StatementOfReasons = await client.get(`/statements/${statement.id}`);
  expect(now.overturned).toMatchObject({ appeal_id: appeal.id });
  const bytes = await (await client.videos.downloadContent(clip)).arrayBuffer();
  expect(bytes.byteLength).toBeGreaterThan(1_000);
  await sam.page.goto('/dashboard#/makers');
  await sam.page.getByRole('link', { name: 'mallory' }).click();
  await sam.page.getByText('0 · nothing suggested').waitFor();
  await sam.page.getByText('1 point · overturned').waitFor();
}, 150_000);

it('the version is published, and decides the very next prompt', async () => {
  const { page } = ines;
  await page.reload();
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText('Published.').waitFor();
  const error = await refusal(client.videos.create({ prompt: SPEECH, seconds: '4' }, MALLORY));
  expect(error.code).toBe('moderation_blocked');
  const stated = await one(
    'SELECT clip_id FROM statements WHERE id = $1',
    (error.error as { statement_id: string }).statement_id,
  );
  const { decisions } = await inspect(client, stated.clip_id as string);
  expect(decisions).toMatchObject([{ outcome: 'refuse', policy: { id: 'default', version: '1.3.0' } }]);
}, 60_000);

it('a browser that crashes gives its case back within a minute', async () => {
  const { id: other } = await client.videos.create({ prompt: FIGHT, seconds: '4' });
  const { id } = await one('SELECT id FROM review_cases WHERE clip_id = $1', other);
  await takes(anna, id as string);
  await anna.page.getByText('yours for').waitFor();
  await open(bob.page, `/review/${id as string}`);
  await bob.page.getByText('Somebody else holds this case').waitFor();
  const crashing = anna.watched.context;
  await Promise.all([anna.page.waitForEvent('crash'), anna.page.goto('chrome://crash').catch(() => undefined)]);
  const { left } = await one(
    'SELECT extract(epoch FROM lease_until - now()) AS left FROM review_cases WHERE id = $1',
    id,
  );
  expect(Number(left)).toBeGreaterThan(0);
  expect(Number(left)).toBeLessThan(60);
  // The time until then is not waited for.
  await query(stubbed.service, 'UPDATE review_cases SET lease_until = now() WHERE id = $1', [id]);
  await bob.page.getByRole('button', { name: 'Take this case' }).click();
  await reads(bob, '1', 'a', 'v', '1', 'Enter');
  await crashing.close();
}, 60_000);

it('a decision takes at most six keys from the opening of a case to the next one', () => {
  const all = [anna, bob, sam, ines].flatMap(({ pressed }) => pressed).toSorted((a, b) => a - b);
  expect(all.length).toBeGreaterThanOrEqual(5);
  expect(all[Math.floor(all.length / 2)]).toBeLessThanOrEqual(6);
});

it('somebody who runs the place makes a key that works, and ends it', async () => {
  const { page } = pia;
  await open(page, '/keys');
  await page.getByRole('button', { name: 'New key' }).click();
  await page.getByLabel('Name').fill('Phone app');
  await page.getByRole('button', { name: 'Make the key' }).click();
  const apiKey = (await page.locator('[data-secret]').textContent())!;
  const { client: phone } = sdk({ ...stubbed.service, key: apiKey });
  expect((await phone.videos.retrieve(clip)).id).toBe(clip);
  await page.reload();
  expect(await page.textContent('body')).not.toContain(apiKey);
  await page.getByRole('button', { name: 'Revoke Phone app' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('revoked', { exact: false }).first().waitFor();
  expect((await refusal(phone.videos.retrieve(clip))).code).toBe('invalid_api_key');
  await page.getByRole('tab', { name: 'Webhook endpoints' }).click();
  await page.getByText('No endpoint yet').waitFor();
}, 60_000);

it('screens of the way have names and contrast, in both languages and both themes', async () => {
  const { page } = sam;
  const found: string[] = [];
  const policy = new URL(ines.page.url()).hash.slice(1);
  const maker = await one(`SELECT id FROM makers WHERE external_id = 'mallory'`);
  for (const [locale, theme] of [
    ['en', 'light'],
    ['fr', 'dark'],
  ] as const) {
    await look(page, locale, theme);
    await look(pia.page, locale, theme);
    for (const at of ['/keys', '/webhooks']) {
      await open(pia.page, at);
      await pia.page.waitForLoadState('networkidle');
      found.push(...(await violationsOf(pia.page)).map((text) => `${at} ${locale}: ${text}`));
    }
    for (const at of [
      `/makers/${maker.id as string}`,
      '/appeals',
      '/policies',
      policy,
      '/statements',
      '/audit',
      `/review/${caseId}`,
    ]) {
      await open(page, at);
      await page.waitForLoadState('networkidle');
      found.push(...(await violationsOf(page)).map((text) => `${at} ${locale}: ${text}`));
    }
  }
  expect(found).toEqual([]);
  expect([anna, bob, sam, ines, pia].flatMap(({ watched }) => [...watched.strangers, ...watched.errors])).toEqual([]);
}, 90_000);
