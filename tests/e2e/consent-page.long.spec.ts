import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Enrolment } from '#contracts';
import { projectRoot } from '#kernel';
import { startBrowser } from '../support/browser.js';
import { ENROLMENT_SECRET, enrolView, PERSON_SECRET, StagedConsent } from '../support/consent-page.js';
import { looks, opened, tabTo, unframed, violations, type Open } from '../support/person-pages.js';
import { startWithStubEngine, type StubbedService } from '../support/wire.js';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const;
/** A camera without a person, and a reader who allows it. */
const CAMERA = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

let stubbed: StubbedService;
let browser: Browser;
let current: Open | undefined;

beforeAll(async () => {
  stubbed = await startWithStubEngine();
  browser = await startBrowser(CAMERA);
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
  await current.page.addInitScript(() => {
    const devices = navigator.mediaDevices as MediaDevices | undefined;
    if (!devices) return;
    const given = devices.getUserMedia.bind(devices);
    devices.getUserMedia = (constraints) => {
      document.documentElement.dataset.camera = 'asked';
      return given(constraints);
    };
  });
  return current.page;
}

const phase = (page: Page, at: string, timeout = 20_000) => page.waitForSelector(`main[data-phase=${at}]`, { timeout });
const cameraAsked = (page: Page) => page.evaluate(() => document.documentElement.dataset.camera ?? 'never');
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');
const lastFile = 'input[type=file] >> nth=-1';
const someVideo = { name: 'me.webm', mimeType: 'video/webm', buffer: Buffer.alloc(20_000, 5) };

/** The page of an enrolment or of a person, with a staged service. */
async function staged(path: string, service: StagedConsent, options?: BrowserContextOptions): Promise<Page> {
  const page = await open(options);
  await service.stand(page);
  await page.goto(path);
  return page;
}
const enrolling = (service: StagedConsent, options?: BrowserContextOptions) =>
  staged(`/consent#${ENROLMENT_SECRET}`, service, options);
const own = (service: StagedConsent, options?: BrowserContextOptions) =>
  staged(`/consent#${PERSON_SECRET}`, service, options);

async function agree(page: Page): Promise<void> {
  await page.fill('[data-field=name] input', 'Ana Beaumont');
  await page.fill('[data-field=birth] input', '1990-02-03');
  for (const box of await page.$$('[data-field=confirm] input')) await box.check();
  await page.click('button[type=submit]');
}

it.each([
  ['/consent', 'camera=(self), microphone=(self)'],
  ['/guardian', 'camera=(), microphone=()'],
  ['/verify', 'camera=(), microphone=()'],
])('%s is light, allows nothing inline, and has only the devices that it needs', async (path, devices) => {
  const { url } = stubbed.service;
  const answer = await fetch(url + path);
  const html = await answer.text();
  expect(answer.headers.get('permissions-policy')).toContain(devices);
  expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'.*media-src blob:/);
  expect(answer.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|\*/);
  expect([answer.headers.get('cache-control'), answer.headers.get('referrer-policy')]).toEqual([
    'no-store',
    'no-referrer',
  ]);
  let bytes = Buffer.byteLength(html);
  for (const [, asset] of html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
    const { headers } = await fetch(url + asset, { headers: { 'accept-encoding': 'gzip' } });
    bytes += Number(headers.get('content-length'));
  }
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(100_000);
});

it('with the running service: asked, agreed, and refused for the film of a door', async () => {
  const { service } = stubbed;
  const made = await fetch(`${service.baseURL}/consent/enrolments`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
    body: '{}',
  });
  const { url } = (await made.json()) as Enrolment;
  const page = await open();
  await page.goto(`/consent${new URL(url!).hash}`);
  await phase(page, 'notice');
  await agree(page);
  await phase(page, 'ready');
  await page.click('button:text-is("Use a recording from another camera")');
  await phase(page, 'file');
  await page.setInputFiles(lastFile, join(projectRoot, 'tests/fixtures/clips/flat-door-360p.mp4'));
  await phase(page, 'failed', 60_000);
  expect(await page.$$('.verdicts dt')).not.toHaveLength(0);
}, 100_000);

describe('an enrolment', () => {
  it('opens the camera only after the release, follows the challenge, and sends what was looked at', async () => {
    const service = new StagedConsent();
    const done = {
      person_id: 'char_1',
      handle: 'ana.b',
      manage_url: `${stubbed.service.url}/consent#${PERSON_SECRET}`,
    };
    service.results.push({ state: 'done', person: done });
    const page = await enrolling(service);
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await phase(page, 'notice');
    expect([new URL(page.url()).hash, await page.textContent('.lead')]).toEqual([
      '',
      expect.stringContaining('Lumière <b>Films</b> asks'),
    ]);
    await page.click('button[type=submit]');
    expect(await page.$$eval('.wrong', (all) => all.filter((one) => one.textContent).length)).toBe(3);
    await agree(page);
    await phase(page, 'ready');
    expect(await cameraAsked(page)).toBe('never');
    // Loaded anew, the page finds its place.
    await page.reload();
    await phase(page, 'ready');
    await page.click('text=Open the camera');
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await page.click('text=Begin recording');
    const cues: string[] = [];
    for (const { action } of service.challenge.steps) {
      await page.waitForSelector(`.cues[data-cue=${action}]`, { timeout: 15_000 });
      cues.push((await page.textContent('.cue')) ?? '');
    }
    expect(cues[0]).toBe('Turn your head to your left, then back.');
    await page.waitForSelector('.playback', { timeout: 15_000 });
    expect(service.asked).not.toContain('POST enrol/recording');
    await page.click('text=Send');
    await phase(page, 'failed');
    expect(await page.textContent('.verdicts')).toMatch(/Face seen.*window or lamp.*Digits.*quiet room/s);
    expect(await focused(page)).toBe('It did not work this time');
    await page.click('text=Try again');
    await page.click('button:text-is("Use a recording from another camera")');
    await phase(page, 'file');
    await page.setInputFiles(lastFile, someVideo);
    await phase(page, 'done');
    expect(service.bodies[0]).toMatchObject({ name: 'Ana Beaumont', attest: { is_me: true, is_adult: true } });
    expect([...service.bearers]).toEqual([`Bearer ${ENROLMENT_SECRET}`]);
    expect(addresses.filter((url) => url.includes(ENROLMENT_SECRET) || url.includes(PERSON_SECRET))).toEqual([]);
    // The link is told once by the service, and still there when the page is loaded again.
    service.view = { ...service.view, person: null };
    await page.reload();
    await phase(page, 'done');
    await page.click('text=Open “My likeness”');
    await phase(page, 'here');
  }, 60_000);

  it('declined, nothing is asked of the service; too young, it is not either', async () => {
    const service = new StagedConsent();
    const page = await enrolling(service);
    await phase(page, 'notice');
    await page.fill('[data-field=birth] input', `${new Date().getFullYear() - 15}-01-01`);
    await page.click('button[type=submit]');
    expect(await page.textContent('[data-field=birth] .wrong')).toMatch(/^Only people of 18 or older/);
    await page.click('button:text-is("I do not agree")');
    await phase(page, 'declined');
    expect([service.asked, await cameraAsked(page)]).toEqual([['GET enrol'], 'never']);
  });

  it('without a camera says what to do, and goes on with a file of the same challenge', async () => {
    const service = new StagedConsent(enrolView({ state: 'released' }));
    const page = await open();
    await page.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'));
    });
    await service.stand(page);
    await page.goto(`/consent#${ENROLMENT_SECRET}`);
    await phase(page, 'ready');
    await page.click('text=Open the camera');
    await page.waitForSelector('.fault');
    expect(await page.textContent('.fault')).toMatch(/blocked for this page.*address bar/s);
    await page.click('button:text-is("Use a recording from another camera")');
    await phase(page, 'file');
    expect(await page.$$('.timeline tbody tr')).toHaveLength(2 * service.challenge.steps.length);
    await page.setInputFiles(lastFile, { ...someVideo, buffer: Buffer.alloc(0) });
    await page.waitForSelector('text=This file is empty.');
    await page.setInputFiles(lastFile, { ...someVideo, mimeType: 'image/png', name: 'me.png' });
    await page.waitForSelector('text=This is not a video.');
    expect(service.asked.filter((what) => what.startsWith('POST'))).toEqual(['POST enrol/challenge']);
  });
});

describe('my likeness', () => {
  it('by keyboard: wider, limits and a list, saved as they stand', async () => {
    const service = new StagedConsent();
    const page = await own(service);
    await phase(page, 'here');
    await tabTo(page, 'input[name=audience]');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await tabTo(page, '.chips button');
    await page.keyboard.press('Enter');
    await page.fill('.nested input', 'maker-8');
    await page.press('.nested input', 'Enter');
    await page.click('text=No politics');
    await page.fill('textarea', 'smoking\n\n in a bank ');
    await page.click('text=Everywhere');
    await page.click('text=Until I change it');
    await page.waitForSelector('text=You have changes that are not saved.');
    await page.click('button:text-is("Save")');
    await page.waitForSelector('text=It holds from now on.');
    expect(service.bodies).toEqual([
      { users: ['maker-9', 'maker-8'] },
      {
        audience: 'approved',
        limits: { no: ['violence', 'swimwear', 'sexual'], never: ['smoking', 'in a bank'] },
        places: [],
        until: null,
      },
    ]);
  });

  it('a clip is looked at and withdrawn; then everything is stopped, with the receipt', async () => {
    const service = new StagedConsent();
    const page = await own(service);
    await page.waitForSelector('.use');
    expect(service.asked.filter((what) => what.includes('still'))).toEqual([]);
    await page.click('.use[data-state=released] >> text=Show a picture');
    await page.waitForSelector('.use img');
    expect(await page.$eval('.use img', (image) => (image as HTMLImageElement).src)).toMatch(/^blob:/);
    await page.click('.use[data-state=released] >> text=Withdraw');
    await page.keyboard.press('Escape');
    expect(service.asked.filter((what) => what.endsWith('/withdraw'))).toEqual([]);
    await page.click('.use[data-state=released] >> text=Withdraw');
    await page.click('dialog >> text=Withdraw >> nth=-1');
    await page.waitForFunction(() => document.querySelectorAll('.use[data-state=withdrawn]').length === 2);
    await page.click('.stop button');
    expect(await page.textContent('dialog')).toMatch(/2 clips in the making are stopped.*cannot be undone/s);
    await page.click('text=Withdraw all released clips too');
    await page.click('dialog .danger');
    await phase(page, 'over');
    expect(service.bodies.at(-1)).toEqual({ withdraw: 'all' });
    await page.waitForSelector('text=era_1');
    const [saved] = await Promise.all([page.waitForEvent('download'), page.click('text=Download the receipt')]);
    expect(saved.suggestedFilename()).toBe('imprimatur-era_1.json');
    expect([...service.bearers]).toEqual([`Bearer ${PERSON_SECRET}`]);
  });

  it('a stranger’s name is text that cannot turn its surroundings', async () => {
    const page = await own(new StagedConsent());
    await page.waitForSelector('.use');
    expect(await page.textContent('.uses')).not.toMatch(/\u202E/);
  });
});

describe('for everybody', () => {
  it.each(looks)('axe finds nothing, and nothing is wider than the screen: %s', async (_, look) => {
    const page = await enrolling(new StagedConsent(), look);
    await phase(page, 'notice');
    await page.click('button[type=submit]');
    const found = await violations(page);
    await agree(page);
    await phase(page, 'ready');
    await page.click('.buttons button.second');
    await phase(page, 'file');
    found.push(...(await violations(page)));
    await page.setInputFiles(lastFile, someVideo);
    await phase(page, 'failed');
    found.push(...(await violations(page)));
    await page.goto('about:blank');
    await page.goto(`/consent#${PERSON_SECRET}`);
    await page.waitForSelector('.use');
    found.push(...(await violations(page)));
    await page.click('.stop button');
    await page.waitForSelector('dialog');
    found.push(...(await violations(page)));
    expect([found, await page.getAttribute('html', 'lang')]).toEqual([[], look.locale]);
  });

  it('a language that was chosen is remembered', async () => {
    const page = await enrolling(new StagedConsent());
    await phase(page, 'notice');
    await page.click('.lang[lang=fr]');
    await page.goto('about:blank');
    await page.goto('/guardian');
    await phase(page, 'none');
    expect([await page.getAttribute('html', 'lang'), await page.textContent('h2')]).toEqual([
      'fr',
      'Ouvrez cette page avec votre lien',
    ]);
  });
});
