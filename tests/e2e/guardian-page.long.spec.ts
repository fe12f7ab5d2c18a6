import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { GuardianLink } from '#contracts';
import { ASKED_CATEGORIES, INVITATION, SESSION, StagedGuardian, teenView } from '../support/guardian-page.js';
import { looks, opened, tabTo, unframed, violations, type Open } from '../support/person-pages.js';
import { startBrowser } from '../support/browser.js';
import { startWithStubEngine, type StubbedService } from '../support/wire.js';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const;

let stubbed: StubbedService;
let browser: Browser;
let current: Open | undefined;

beforeAll(async () => {
  stubbed = await startWithStubEngine();
  browser = await startBrowser();
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await stubbed?.stop();
});

afterEach(async () => {
  const seen = await current?.close();
  current = undefined;
  expect(seen ?? unframed).toEqual(unframed);
});

async function open(options: BrowserContextOptions = PHONE): Promise<Page> {
  current = await opened(browser, stubbed.service.url, options);
  return current.page;
}

const phase = (page: Page, at: string) => page.waitForSelector(`main[data-phase=${at}]`, { timeout: 20_000 });

/** The page of somebody who is signed in. */
async function signedIn(staged: StagedGuardian, options?: BrowserContextOptions): Promise<Page> {
  const page = await open(options);
  await staged.stand(page);
  await page.addInitScript((secret) => sessionStorage.setItem('guardian', secret), SESSION);
  await page.goto('/guardian');
  return page;
}

async function asPlatform(method: string, path: string, body?: unknown): Promise<unknown> {
  const { service } = stubbed;
  const answer = await fetch(`${service.baseURL}${path}`, {
    method,
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

it('with the running service: invited, confirmed by the number, limits that hold, an alert, the end', async () => {
  const teen = 'leo';
  await asPlatform('PUT', `/makers/${teen}`, { birth_year: new Date().getUTCFullYear() - 15 });
  const { url, id } = (await asPlatform('POST', `/makers/${teen}/guardians`, {})) as { url: string; id: string };
  const page = await open();
  await page.goto(`/guardian${new URL(url).hash}`);
  await page.waitForSelector('form');
  expect(new URL(page.url()).hash).toBe('');
  await page.fill('input[type=text]', 'Maman');
  await page.click('button[type=submit]');
  await phase(page, 'accepted');
  const number = await page.textContent('.number span');
  // Loaded anew, it is still there.
  await page.reload();
  await phase(page, 'accepted');
  expect(await page.textContent('.number span')).toBe(number);
  await asPlatform('POST', `/makers/${teen}/guardians/${id}/confirm`, { number });
  await phase(page, 'active');
  await page.click('text=At most');
  await page.fill('input[type=number]', '0');
  await page.click('text=Politics');
  await page.click('text=Save the limits');
  await page.waitForSelector('text=They hold from now on.');
  await expect(asPlatform('POST', '/videos', { prompt: 'A red fox in the snow', user: teen })).rejects.toThrow(
    /daily_limit_reached/,
  );
  await page.reload();
  await page.click('text=I have seen it');
  await page.waitForSelector('text=Seen on');
  await page.waitForSelector('.rows >> text=Stopped by your limits');
  await page.click('text=End the link …');
  await page.click('dialog .danger');
  await phase(page, 'ended');
  const { data } = (await asPlatform('GET', `/makers/${teen}/guardians`)) as { data: unknown[] };
  expect(GuardianLink.parse(data[0])).toMatchObject({ id, state: 'ended', ended_by: 'guardian' });
}, 90_000);

describe('with a staged service', () => {
  it('an invitation by keyboard alone; the secret is in no address and no head but its own', async () => {
    const page = await open();
    const staged = await new StagedGuardian([]).stand(page);
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    staged.confirmedAfter = 1;
    await page.goto(`/guardian#${INVITATION}`);
    await page.waitForSelector('form');
    await tabTo(page, 'button[type=submit]');
    await page.keyboard.press('Enter');
    expect(await page.textContent('.field .wrong')).toMatch(/Write a name/);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
    await page.keyboard.type('Maman');
    await page.keyboard.press('Enter');
    await phase(page, 'accepted');
    expect(await page.textContent('.number')).toContain('The number is 47.');
    await phase(page, 'active');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^leo <i>/);
    expect(staged.bodies).toEqual([{ token: INVITATION }, { token: INVITATION, name: 'Maman' }]);
    expect([...staged.bearers]).toEqual([`Bearer ${SESSION}`]);
    expect(addresses.filter((url) => url.includes(SESSION) || url.includes(INVITATION))).toEqual([]);
    expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
  });

  it('limits are sent as they stand in the form, and what cannot be is said', async () => {
    const staged = new StagedGuardian();
    const page = await signedIn(staged);
    await phase(page, 'active');
    expect(await page.isDisabled('text=Save the limits')).toBe(true);
    await page.fill('input[type=number]', '1.5');
    expect(await page.textContent('.limits')).toContain('Enter a whole number from 0 to 1000.');
    await page.click('text=Save the limits');
    expect(staged.bodies).toEqual([]);
    await page.fill('input[type=number]', '3');
    await page.fill('input[type=time] >> nth=1', '21:30');
    expect(await page.textContent('.limits')).toContain('Enter two different times.');
    await page.fill('input[type=time] >> nth=1', '07:15');
    await page.selectOption('.limits select', 'America/Toronto');
    await page.click('text=May make clips');
    await page.click('.limits label:has-text("Politics")');
    await page.click('text=Save the limits');
    await page.waitForSelector('text=They hold from now on.');
    expect(staged.bodies).toEqual([
      {
        cameo: true,
        remix: true,
        daily_generations: 3,
        quiet_hours: { from: '21:30', to: '07:15', time_zone: 'America/Toronto' },
        blocked_categories: ['graphic_violence'],
      },
    ]);
    const boxes = await page.$$('.limits fieldset[aria-describedby] input');
    expect(boxes).toHaveLength(ASKED_CATEGORIES.length);
  });

  it('numbers of every day stand in the table behind the chart', async () => {
    const page = await signedIn(new StagedGuardian());
    await page.waitForSelector('.chart');
    expect(await page.getAttribute('.chart svg[role=img]', 'aria-label')).toMatch(/^Bars for 14 days: \d+ requests/);
    await page.click('.summary summary');
    expect(await page.$$('.summary tbody tr')).toHaveLength(14);
    await page.selectOption('.summary select', '30');
    await page.waitForFunction(() => document.querySelectorAll('.summary tbody tr').length === 30);
  });

  it('several young people; signed out, the session is forgotten', async () => {
    const staged = new StagedGuardian([
      teenView(),
      teenView({ id: 'gua_2', maker: 'mia' }),
      teenView({ id: 'gua_3', maker: 'noa', state: 'ended', ended_by: 'adult', limits: null }),
    ]);
    const page = await signedIn(staged);
    await phase(page, 'list');
    expect(await page.textContent('.teens')).toContain('The young person has come of age.');
    await page.click('.teen:nth-child(2) button');
    await phase(page, 'active');
    await page.click('text=Sign out');
    await phase(page, 'none');
    expect(staged.asked.at(-1)).toBe('DELETE session');
    expect(await page.evaluate(() => sessionStorage.getItem('guardian'))).toBeNull();
  });

  it('what opens nothing any more says where a new link comes from', async () => {
    const page = await open({ ...PHONE, locale: 'fr' });
    await page.goto(`/guardian#${INVITATION}`);
    await page.waitForSelector('.fault');
    expect(await page.textContent('.fault')).toMatch(/Ce lien ne marche plus.*demandez/is);
  });

  it.each(looks)('axe finds nothing, and nothing is wider than the screen: %s', async (_, look) => {
    const page = await signedIn(new StagedGuardian(), look);
    await phase(page, 'active');
    await page.waitForSelector('.chart');
    await page.click('.summary summary');
    const found = await violations(page);
    await page.click('.board > .card:last-child button');
    await page.waitForSelector('dialog');
    found.push(...(await violations(page)));
    expect([found, await page.getAttribute('html', 'lang')]).toEqual([[], look.locale]);
  });
});
