import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { VerifyReport } from '#contracts';
import { chosenBy, startBrowser, watchedContext, type Watched } from '../support/browser.js';
import { promptThat } from '../support/prompts.js';
import { HOSTILE_NAME, richReport, stage, stagedJob, violations } from '../support/verify-page.js';
import { sdk, startWithStubEngine, waitFor, type StubbedService } from '../support/wire.js';

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true } as const;
const DESKTOP = { viewport: { width: 1280, height: 800 } } as const;
const LIMIT_MB = 8;

let stubbed: StubbedService;
let browser: Browser;
let dir: string;
/** A clip that was released by the service under test. */
let released: string;
let watched: Watched | undefined;

beforeAll(async () => {
  stubbed = await startWithStubEngine({ MAX_UPLOAD_MB: String(LIMIT_MB), VERIFY_PER_MINUTE: '1000' });
  const { client } = sdk(stubbed.service);
  const video = await client.videos.create({ prompt: promptThat('allow'), seconds: '4' });
  await waitFor(client, video.id, 'completed');
  const bytes = Buffer.from(await (await client.videos.downloadContent(video.id)).arrayBuffer());
  dir = await mkdtemp(join(tmpdir(), 'imprimatur-page-'));
  released = join(dir, 'released.mp4');
  await writeFile(released, bytes);
  browser = await startBrowser();
}, 180_000);

afterAll(async () => {
  await browser?.close();
  await stubbed?.stop();
  if (dir) await rm(dir, { recursive: true, force: true });
});

afterEach(async () => {
  const { context, strangers, errors } = watched ?? {};
  watched = undefined;
  await context?.close();
  expect([strangers ?? [], errors ?? []]).toEqual([[], []]);
});

async function open(options: BrowserContextOptions = DESKTOP, path = '/verify'): Promise<Page> {
  watched = await watchedContext(browser, stubbed.service.url, { locale: 'en', ...options });
  const page = await watched.context.newPage();
  await page.goto(path);
  return page;
}

/** An examination on a machine that does much else. */
const EXAMINED_MS = 120_000;
const phase = (page: Page, at: string, timeout = 30_000) => page.waitForSelector(`main[data-phase=${at}]`, { timeout });
const give = (page: Page, file: string | { name: string; mimeType: string; buffer: Buffer }) =>
  page.setInputFiles('input[type=file]', file);
const shapes = (page: Page) =>
  page.$$eval('.lamp .disc', (discs) => discs.map((disc) => disc.getAttribute('data-shape')));
const focused = (page: Page) => page.evaluate(() => document.activeElement?.textContent ?? '');
const clip = (bytes: number) => ({ name: 'clip.mp4', mimeType: 'video/mp4', buffer: Buffer.alloc(bytes, 7) });

/** Tabs on until the focus is where the selector says. @throws Error when it does not get there */
async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}

describe('how the page is served', () => {
  it('asks nobody else, allows nothing inline, is light, and only the named files are served', async () => {
    const { url } = stubbed.service;
    const answer = await fetch(`${url}/verify`);
    const html = await answer.text();
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'none'.*script-src 'self';/);
    expect(answer.headers.get('content-security-policy')).not.toMatch(/unsafe|https?:|\*/);
    const paths = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]!);
    expect(paths.length).toBeGreaterThan(2);
    let bytes = Buffer.byteLength(html);
    for (const path of paths) {
      const asset = await fetch(url + path, { headers: { 'accept-encoding': 'gzip' } });
      expect([asset.headers.get('content-encoding'), asset.headers.get('cache-control')]).toEqual([
        'gzip',
        'public, max-age=31536000, immutable',
      ]);
      bytes += Number(asset.headers.get('content-length'));
    }
    expect(bytes).toBeLessThan(100_000);
    for (const path of [`${paths[0]}.gz`, '/assets/..%2f.stamp', '/assets/%2e%2e%2fverify%2findex.html', '/assets/'])
      expect((await fetch(url + path)).status).toBe(404);
  });
});

describe('with the running service', () => {
  it('a released clip, by keyboard alone: the sentence is focused, and the language changes without losing it', async () => {
    const page = await open();
    await tabTo(page, 'input[type=file]');
    const chooser = await chosenBy(page, 'Enter');
    await chooser.setFiles(released);
    await phase(page, 'done', EXAMINED_MS);
    expect(await focused(page)).toMatch(/^Result: .*generated through this service and released on/);
    expect(await shapes(page)).toEqual(['full', 'full', 'full']);
    await page.keyboard.press('Shift+Tab');
    await tabTo(page, '.disc ~ *, .legend summary');
    await page.keyboard.press('Enter');
    expect(await page.isVisible('.legend li')).toBe(true);
    await tabTo(page, '.clip .digest ~ button');
    await tabTo(page, '.details summary');
    await page.keyboard.press('Enter');
    expect(await page.textContent('.details')).toContain('urn:c2pa:');
    while (!(await page.evaluate(() => document.activeElement?.matches('.lang[lang=fr]'))))
      await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    expect(await page.textContent('.sentence')).toMatch(/générée par ce service et diffusée le/);
    expect([await page.getAttribute('html', 'lang'), new URL(page.url()).search]).toEqual(['fr', '?lang=fr']);
    await tabTo(page, 'article > p button');
    await page.keyboard.press('Enter');
    await phase(page, 'start');
  }, 150_000);

  it('a file that is none: it is said that nothing can be said', async () => {
    const page = await open();
    await give(page, clip(50_000));
    await phase(page, 'done', EXAMINED_MS);
    const sentence = await page.textContent('.sentence');
    expect(sentence).toMatch(/could not be examined|No evidence/);
    expect(await shapes(page)).not.toContain('full');
  }, 150_000);

  it('no connection: said so, and the same file goes through afterwards', async () => {
    const page = await open(PHONE);
    await watched!.context.setOffline(true);
    await give(page, released);
    await phase(page, 'fault');
    expect(await focused(page)).toContain('The service cannot be reached.');
    await watched!.context.setOffline(false);
    const staged = await stage(page, [stagedJob('completed', richReport())]);
    await page.click('button:text-is("Try again")');
    await phase(page, 'done');
    expect(staged.asked[0]).toBe('POST /v1/verify');
    expect(await shapes(page)).toEqual(['crossed', 'full', 'full']);
  });

  it('too many: the wait is counted down, then the same file goes through', async () => {
    const page = await open(PHONE, '/verify?lang=fr');
    await stage(page, [stagedJob('completed', richReport())]);
    await page.route(
      '**/v1/verify',
      (route) =>
        route.fulfill({
          status: 429,
          headers: { 'retry-after': '2' },
          json: { error: { message: 'Too many files.', code: 'rate_limited', param: null, type: 'rate_limit_error' } },
        }),
      { times: 1 },
    );
    await give(page, released);
    await phase(page, 'fault');
    expect(await page.textContent('.fault')).toMatch(/Trop de fichiers.*dans 2 s/s);
    expect(await page.isDisabled('.fault button >> nth=0')).toBe(true);
    await page.click('button:text-is("Réessayer")');
    await phase(page, 'done');
  });

  it('too large: not even sent where the page knows the limit; the refusal of the service is understood as well', async () => {
    const page = await open();
    const sent: string[] = [];
    page.on('request', (request) => request.method() === 'POST' && sent.push(request.url()));
    await give(page, clip(LIMIT_MB * 1024 ** 2 + 1));
    await phase(page, 'fault');
    expect(await page.textContent('.fault')).toMatch(/too large.*up to 8 MB/s);
    expect(sent).toEqual([]);
    await page.route('**/verify', async (route) => {
      const answer = await route.fetch();
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/content="\d+"/, 'content="1e9"') });
    });
    await page.reload();
    await page.unroute('**/verify');
    await give(page, clip(LIMIT_MB * 1024 ** 2 + 1));
    await phase(page, 'fault');
    expect(await page.textContent('.fault h2')).toContain('The file is too large.');
    expect(sent).toHaveLength(1);
  });
});

describe('an examination that takes time', () => {
  const jobs = (report: VerifyReport | null = richReport()) => [
    stagedJob('queued'),
    stagedJob('queued'),
    stagedJob('examining'),
    stagedJob('completed', report),
  ];

  it('is followed to the end, found again after loading the page anew, and deleted', async () => {
    const page = await open();
    const staged = await stage(page, jobs());
    await give(page, released);
    await page.waitForFunction(() => document.querySelector('.work [role=status]')?.textContent === 'Examining, 25 %');
    await phase(page, 'done');
    expect(staged.asked).toEqual(['POST /v1/verify', ...Array<string>(3).fill('GET /v1/verify/ver_0123456789abcdef')]);
    await page.reload();
    await phase(page, 'done');
    const links = await page.$$eval('.files a', (all) => all.map((a) => a.getAttribute('href')));
    expect(links).toEqual(
      ['report.pdf', 'report.json', 'bundle.zip'].map((file) => `/v1/verify/ver_0123456789abcdef/${file}`),
    );
    await page.click('text=Delete now');
    await page.waitForSelector('text=Deleted. The service keeps nothing more');
    expect([staged.asked.at(-1), new URL(page.url()).hash, await page.isVisible('.sentence')]).toEqual([
      'DELETE /v1/verify/ver_0123456789abcdef',
      '',
      true,
    ]);
  });

  it('shows the answer before its files, and keeps the reader’s place when they come', async () => {
    const page = await open();
    const report = richReport();
    const coming = Array.from({ length: 4 }, () => stagedJob('examining', report));
    await stage(page, [stagedJob('queued'), ...coming, stagedJob('completed', report)]);
    await give(page, released);
    await page.waitForSelector('text=The files of the report are being made.');
    expect(await page.isVisible('.sentence')).toBe(true);
    expect(await page.$$('.files a')).toEqual([]);
    await page.focus('.details summary');
    await page.waitForSelector('.files a[href$="bundle.zip"]');
    expect(await page.$$eval('.files a', (links) => links.length)).toBe(3);
    expect(await page.isVisible('text=The files of the report are being made.')).toBe(false);
    expect(await page.evaluate(() => document.activeElement?.matches('.details summary'))).toBe(true);
  });

  it('shows a stranger’s words as text, cut and contained', async () => {
    const page = await open(PHONE);
    await stage(page, jobs());
    await give(page, released);
    await phase(page, 'done');
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
    const text = (await page.textContent('main')) ?? '';
    expect(text).toContain('<img src=x onerror');
    expect(text).not.toMatch(/\u202E|x{301}|\p{M}{3}/u);
    expect(HOSTILE_NAME).toMatch(/\u202E.*x{400}/u);
    expect(await page.$$('main img')).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wider).toBe(false);
  });

  it('tells the seconds of each track, goes to them in the clip, and draws the history', async () => {
    const page = await open();
    await stage(page, jobs());
    await give(page, released);
    await phase(page, 'done');
    const labels = await page.$$eval('.bar', (bars) => bars.map((bar) => bar.getAttribute('aria-label')));
    expect(labels[0]).toContain('Picture 0:04.2 to 0:12.0: points to a release of this service');
    expect(labels[1]).toContain('Sound 0:00.0 to 0:12.0: looked at, no sign of this service');
    expect(await page.$$eval('.node .name', (names) => names.map((n) => n.textContent))).toContain('16edc99947c39ca3');
    await page.click('.time summary');
    await page.waitForFunction(() => (document.querySelector('video')?.readyState ?? 0) >= 1);
    await page.click('.time tbody tr:nth-child(1) button');
    expect(await page.$eval('video', (video) => [video.muted, video.autoplay, video.currentTime])).toEqual([
      true,
      false,
      0,
    ]);
    const { x, y, width, height } = (await (await page.$('.bar'))!.boundingBox())!;
    await page.mouse.click(x + width * 0.1, y + height / 2);
    expect(await page.$eval('video', (video) => video.currentTime)).toBeCloseTo(1.84, 1);
  });

  it('takes what the reader thinks of it', async () => {
    const page = await open(PHONE);
    const staged = await stage(page, jobs());
    await give(page, released);
    await phase(page, 'done');
    await page.click('.feedback button');
    await page.waitForSelector('text=Choose yes or no first.');
    await page.click('.choices label >> nth=1');
    await page.fill('.feedback textarea', '  Too long.  ');
    await page.click('.feedback button');
    await page.waitForSelector('text=It is kept without your name.');
    expect(staged.asked.at(-1)).toBe('POST /v1/verify/ver_0123456789abcdef/feedback');
    expect(staged.bodies.at(-1)).toBe('{"helpful":false,"comment":"Too long."}');
  });

  it('is deleted when the reader goes away from it', async () => {
    const page = await open();
    const staged = await stage(page, [stagedJob('queued')]);
    await give(page, released);
    await page.waitForFunction(() => location.hash.startsWith('#ver_'));
    await page.click('text=Cancel');
    await phase(page, 'start');
    await page.waitForFunction(() => location.hash === '');
    expect(staged.asked.at(-1)).toMatch(/^DELETE/);
  });

  it('of an address: an impossible one is not sent; one that cannot be fetched says what to do', async () => {
    const page = await open(PHONE);
    const staged = await stage(page, [stagedJob('queued'), stagedJob('failed')]);
    await page.fill('#address', 'my clip');
    await page.press('#address', 'Enter');
    await phase(page, 'fault');
    expect([await focused(page), staged.asked]).toEqual(['No result This is not an address of a file.', []]);
    await page.click('text=Start over');
    await page.fill('#address', ' https://clips.example/a.mp4 ');
    await page.press('#address', 'Enter');
    await phase(page, 'fault');
    expect(staged.bodies).toEqual(['{"url":"https://clips.example/a.mp4"}']);
    expect(await page.textContent('.fault')).toMatch(/could not be fetched.*save the file, and choose it here/s);
  });
});

describe('for everybody', () => {
  // Each device in both languages, both languages in both schemes.
  const looks = [
    { ...PHONE, locale: 'en', colorScheme: 'light' },
    { ...PHONE, locale: 'fr', colorScheme: 'dark' },
    { ...DESKTOP, locale: 'en', colorScheme: 'dark' },
    { ...DESKTOP, locale: 'fr', colorScheme: 'light' },
  ] as const;
  const named = looks.map((look) => [`${look.viewport.width} px, ${look.locale}, ${look.colorScheme}`, look] as const);

  it.each(named)('axe finds nothing at %s: start, result with all unfolded', async (_, look) => {
    const page = await open(look);
    await stage(page, [stagedJob('completed', richReport())]);
    const found = await violations(page);
    await give(page, released);
    await phase(page, 'done');
    await page.evaluate(() => document.querySelectorAll('details').forEach((d) => (d.open = true)));
    found.push(...(await violations(page)));
    expect(found).toEqual([]);
    expect(await page.getAttribute('html', 'lang')).toBe(look.locale);
  });

  it.each(named.slice(1, 3))('axe finds nothing at %s: fault, work', async (_, look) => {
    const page = await open(look);
    await stage(page, [stagedJob('queued'), stagedJob('examining')]);
    await page.press('#address', 'Enter');
    await phase(page, 'fault');
    const found = await violations(page);
    await page.click('.fault button');
    await give(page, released);
    await phase(page, 'waiting');
    found.push(...(await violations(page)));
    expect(found).toEqual([]);
  });

  it('moves nothing for those who asked for that', async () => {
    const page = await open({ ...DESKTOP, reducedMotion: 'reduce' });
    await stage(page, [stagedJob('queued')]);
    await give(page, released);
    await phase(page, 'waiting');
    expect(await page.$eval('progress', (bar) => getComputedStyle(bar).animationName)).toBe('none');
  });
});
