import type { Browser, Page } from 'playwright-core';
import { startBrowser, watchedContext, type Watched } from '../support/browser.js';
import { acceptInvitation, invite, signIn, violationsOf, type AtDesk } from '../support/desk-page.js';
import { promptsThat } from '../support/prompts.js';
import { until } from '../support/service.js';
import { query, sdk, startWithStubEngine, waitForState, type StubbedService } from '../support/wire.js';

const SCREEN = { viewport: { width: 1280, height: 800 }, locale: 'en' } as const;

let stubbed: StubbedService;
let browser: Browser;
let watched: Watched;
let page: Page;
let anna: AtDesk;
/** Case of the clip that was made, and what the first reader gave as the reason. */
let seen: { id: string; reason: string };
/** The clip that was made and held for what a rehearsal found in it. */
let clipId: string;

beforeAll(async () => {
  stubbed = await startWithStubEngine();
  // Two people read every case, and chance has no part in the spec.
  await query(stubbed.service, 'UPDATE review_queues SET second_share = 1, golden_share = 0');
  const { client } = sdk(stubbed.service);
  const found = [{ category: 'violence', score: 0.6, reason: 'rehearsal' }];
  const headers = { 'x-imprimatur-synthetic-signals': JSON.stringify(found) };
  const video = await client.videos.create({ prompt: promptsThat('allow')[0]!, seconds: '4' }, { headers });
  clipId = video.id;
  for (const prompt of promptsThat('hold').slice(0, 2)) await client.videos.create({ prompt, seconds: '4' });
  [browser] = await Promise.all([startBrowser(), waitForState(client, video.id, 'held', 120_000)]);
  watched = await watchedContext(browser, stubbed.service.url, SCREEN);
  page = await watched.context.newPage();
  page.setDefaultTimeout(30_000);
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await stubbed?.stop();
});

afterEach(() => expect([watched.strangers, watched.errors]).toEqual([[], []]));

const caseId = () => /#\/review\/([^?]+)/.exec(page.url())?.[1] ?? '';
const onCase = async (id: string) => {
  await page.waitForFunction((wanted) => location.hash.includes(`/review/${wanted}`), id);
  await page.getByRole('region', { name: 'Decision' }).waitFor();
};
/** Presses keys one after the other, as somebody does who never touches the mouse. */
const keys = async (...all: string[]) => {
  for (const key of all) await page.keyboard.press(key);
};
const pausedFor = (ms: number) => new Promise((done) => setTimeout(done, ms));

it('is served with a nonce of its own for each answer, and allows nothing else inline', async () => {
  const policies = await Promise.all(
    [1, 2].map(async () => {
      const answer = await fetch(`${stubbed.service.url}/dashboard`);
      const policy = answer.headers.get('content-security-policy')!;
      const nonce = /style-src 'self' 'nonce-([^']+)';/.exec(policy)![1]!;
      expect(await answer.text()).toContain(`nonce="${nonce}"`);
      expect(policy).not.toMatch(/unsafe|https?:|\*/);
      return nonce;
    }),
  );
  expect(policies[0]).not.toBe(policies[1]);
});

it('an invitation, then password and code: the day begins, and the secret is not left in the address', async () => {
  const url = invite(stubbed.service, 'anna@example.org', 'reviewer,senior');
  anna = await acceptInvitation(page, url, 'anna@example.org');
  expect(page.url()).not.toContain('token');
  await page.getByRole('button', { name: 'Profile' }).click();
  await page.getByRole('menuitem', { name: 'Logout' }).click();
  await signIn(page, anna);
  await page.getByRole('heading', { level: 1, name: 'My shift' }).waitFor();
  expect(await page.getByRole('row', { name: /General/ }).textContent()).toContain('3');
  // What needs another right is neither in the menu nor at its address.
  expect(await page.getByRole('menuitem', { name: 'Child safety' }).count()).toBe(0);
  await page.goto('/dashboard#/child_safety');
  expect(await page.getByRole('heading', { name: 'Child safety' }).count()).toBe(0);
  await page.goto('/dashboard#/');
});

it('a case is decided with four keys, the next one is there, and the decision is taken back with one', async () => {
  await page.getByRole('button', { name: 'Start', exact: true }).first().click();
  await onCase('');
  const first = caseId();
  await keys('r', 'Enter', 'Enter', 'Enter');
  await page.waitForFunction((old) => !location.hash.includes(old), first);
  await onCase('');
  const second = caseId();
  expect(second).not.toBe(first);
  expect(await page.locator('[data-undo]').textContent()).toContain('Refuse: leaves in');
  await keys('u');
  await onCase(first);
  const rows = await query(stubbed.service, 'SELECT outcome, state FROM review_decisions');
  expect(rows).toEqual([{ outcome: 'refuse', state: 'undone' }]);
  const [other] = await query(stubbed.service, 'SELECT lease_holder FROM review_cases WHERE id = $1', [second]);
  expect(other).toEqual({ lease_holder: null });
});

it('pictures are blurred until a key is held, and the time in the clear is counted and sent', async () => {
  const [row] = await query(stubbed.service, 'SELECT id FROM review_cases WHERE clip_id = $1', [clipId]);
  const id = row!.id as string;
  if (caseId() !== id) {
    await page.getByRole('button', { name: 'Give back' }).click();
    await page.getByRole('heading', { level: 1, name: 'My shift' }).waitFor();
    await page.goto(`/dashboard#/review/${id}`);
    await page.getByRole('button', { name: 'Take this case' }).click();
  }
  await page.getByText('yours for').waitFor();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await keys('1');
  await pausedFor(300);
  expect(asked.filter((path) => /\/clear$|\/clip$/.test(path))).toEqual([]);
  await page.keyboard.down(' ');
  await page.locator('img[data-clear=true]').waitFor();
  await pausedFor(1_000);
  await page.keyboard.up(' ');
  await page.locator('img[data-clear=false]').waitFor({ state: 'attached' });
  expect(asked.filter((path) => path.endsWith('/clear'))).toHaveLength(1);
  await keys('r', 'v', '2', 'Enter');
  await page.waitForFunction((old) => !location.hash.includes(old), id);
  const [reading] = await query(
    stubbed.service,
    `SELECT outcome, category, reason, unblurred_ms FROM review_decisions WHERE case_id = $1 AND state <> 'undone'`,
    [id],
  );
  expect(reading).toMatchObject({ outcome: 'refuse', category: 'violence' });
  seen = { id, reason: reading!.reason as string };
  expect(reading!.unblurred_ms).toBeGreaterThanOrEqual(1_000);
  expect(reading!.unblurred_ms).toBeLessThan(20_000);
});

it('everything has a name and enough contrast, in both languages and both themes', async () => {
  const looks = [
    { locale: 'en', theme: 'light' },
    { locale: 'fr', theme: 'dark' },
  ];
  const found: string[] = [];
  for (const { locale, theme } of looks) {
    await page.goto('/dashboard#/settings');
    await page.evaluate(
      ([lang, mode]) => {
        localStorage.setItem('RaStore.locale', JSON.stringify(lang));
        localStorage.setItem('RaStore.theme', JSON.stringify(mode));
      },
      [locale, theme],
    );
    await query(stubbed.service, 'UPDATE staff SET locale = $1', [locale]);
    await page.reload();
    for (const at of ['settings', 'cases', 'queues', 'quality', 'makers', `review/${seen.id}`, '']) {
      await page.goto(`/dashboard#/${at}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await pausedFor(600);
      found.push(...(await violationsOf(page)).map((text) => `${at} ${locale}: ${text}`));
    }
  }
  expect(found).toEqual([]);
}, 60_000);

it('a second reader learns nothing of the first reading, decides with keys, and cannot read the case twice', async () => {
  const { id, reason } = seen;
  await until(
    async () =>
      (await query(stubbed.service, 'SELECT stage FROM review_cases WHERE id = $1', [id]))[0]?.stage === 'second',
    30_000,
  );
  const other = await watchedContext(browser, stubbed.service.url, SCREEN);
  const bobs = await other.context.newPage();
  await acceptInvitation(bobs, invite(stubbed.service, 'bob@example.org', 'reviewer'), 'bob@example.org');
  await bobs.goto(`/dashboard#/review/${id}`);
  await bobs.getByText('This is a second reading').waitFor();
  expect(await bobs.textContent('body')).not.toContain(reason);
  await bobs.getByRole('button', { name: 'Take this case' }).click();
  await bobs.getByText('yours for').waitFor();
  for (const key of ['a', 'Enter', 'Enter', 'Enter']) await bobs.keyboard.press(key);
  await bobs.waitForFunction((old) => !location.hash.includes(old), id);
  const readings = await query(
    stubbed.service,
    `SELECT stage, outcome FROM review_decisions WHERE case_id = $1 AND state <> 'undone' ORDER BY at`,
    [id],
  );
  expect(readings).toEqual([
    { stage: 'first', outcome: 'refuse' },
    { stage: 'second', outcome: 'release' },
  ]);
  await bobs.goto(`/dashboard#/review/${id}`);
  await bobs.getByText('You read this case before').waitFor();
  expect(await bobs.getByRole('button', { name: 'Refuse' }).isDisabled()).toBe(true);
  expect([other.strangers, other.errors]).toEqual([[], []]);
  await other.context.close();
}, 60_000);
