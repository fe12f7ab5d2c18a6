import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type FileChooser,
  type Page,
} from 'playwright-core';
import { projectRoot } from '#kernel';

const modules = join(projectRoot, 'node_modules');
const { version } = JSON.parse(readFileSync(join(modules, '@sparticuz/chromium/package.json'), 'utf8')) as {
  version: string;
};
const HOME = join(projectRoot, 'dist', `browser-${version}`);

/** The package unpacks to the temporary folder, libraries only where it believes itself in a cloud function. */
const UNPACK = `import('@sparticuz/chromium').then(({ default: chromium }) => chromium.executablePath());`;

/** Unpacks the browser from its npm package, once. Several processes may do it at the same time; the first one stands. */
function unpacked(): string {
  if (!existsSync(HOME)) {
    mkdirSync(join(projectRoot, 'dist'), { recursive: true });
    const making = mkdtempSync(`${HOME}-`);
    const env = { ...process.env, TMPDIR: making, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' };
    const { status, stderr } = spawnSync(process.execPath, ['-e', UNPACK], { cwd: projectRoot, env });
    if (status !== 0) throw new Error(`the browser could not be unpacked:\n${String(stderr)}`);
    writeFileSync(join(making, 'fonts.conf'), FONTS);
    try {
      renameSync(making, HOME);
    } catch (e) {
      rmSync(making, { recursive: true, force: true });
      if (!existsSync(HOME)) throw e;
    }
  }
  return join(HOME, 'chromium');
}

/** The fonts of the package stand beside those of the machine, which may have none. */
const FONTS = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir prefix="relative">fonts</dir><dir>/usr/share/fonts</dir><dir>/usr/local/share/fonts</dir></fontconfig>
`;

/** Environment of the browser: its own libraries only where the machine lacks some. */
function environment(path: string): Record<string, string> {
  const base = { PATH: process.env.PATH ?? '', HOME, FONTCONFIG_FILE: join(HOME, 'fonts.conf') };
  if (spawnSync(path, ['--version'], { env: base }).status === 0) return base;
  return { ...base, LD_LIBRARY_PATH: join(HOME, 'al2023/lib') };
}

/** A real browser, started without a download and without a screen. @param more further arguments */
export async function startBrowser(more: readonly string[] = []): Promise<Browser> {
  const executablePath = unpacked();
  const args = ['--disable-gpu', '--font-render-hinting=none', ...more];
  return chromium.launch({ executablePath, args, env: environment(executablePath), chromiumSandbox: false });
}

/** What a context saw that a page must not do. */
export interface Watched {
  context: BrowserContext;
  /** Requests to anywhere but the service. */
  strangers: string[];
  /** Errors of scripts, and what the content security policy stopped. */
  errors: string[];
}

/** A context with axe-core in every page, that notes errors and requests to others. @param home origin of the service */
export async function watchedContext(
  browser: Browser,
  home: string,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ baseURL: home, ...options });
  const strangers: string[] = [];
  const errors: string[] = [];
  await context.addInitScript({ path: join(modules, 'axe-core/axe.min.js') });
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${home}/`) && !/^(blob|data):/.test(url)) strangers.push(url);
  });
  context.on('weberror', (error) => errors.push(String(error.error())));
  context.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) errors.push(message.text());
  });
  return { context, strangers, errors };
}

/** Opens the chooser of files with a key; on a busy machine the first press may come too early. */
export async function chosenBy(page: Page, key: string): Promise<FileChooser> {
  for (let tries = 1; ; tries++) {
    const opened = page.waitForEvent('filechooser', { timeout: 10_000 });
    await page.keyboard.press(key);
    const chooser = await opened.catch(() => null);
    if (chooser) return chooser;
    if (tries === 4) throw new Error(`${key} opens no chooser of files`);
  }
}
