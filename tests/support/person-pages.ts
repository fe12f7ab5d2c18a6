import type Axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { watchedContext } from './browser.js';

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const;
const DESKTOP = { viewport: { width: 1280, height: 800 } } as const;

/** Each device, each language and each scheme at least once. */
export const looks = (
  [
    { ...PHONE, locale: 'en', colorScheme: 'light' },
    { ...PHONE, locale: 'fr', colorScheme: 'dark' },
    { ...DESKTOP, locale: 'en', colorScheme: 'dark' },
  ] as const
).map((look) => [`${look.viewport.width} px, ${look.locale}, ${look.colorScheme}`, look] as const);

/** What a page must not have done. */
export const unframed = { strangers: [] as string[], errors: [] as string[] };

/** A page that is watched. */
export interface Open {
  page: Page;
  /** Ends it. @returns what it did that a page must not do */
  close(): Promise<typeof unframed>;
}

/** A page in a context of its own. @param home origin of the service */
export async function opened(browser: Browser, home: string, options: BrowserContextOptions): Promise<Open> {
  const { context, strangers, errors } = await watchedContext(browser, home, { locale: 'en', ...options });
  const page = await context.newPage();
  return {
    page,
    close: async () => {
      await context.close();
      return { strangers, errors };
    },
  };
}

/** Rules of axe-core that the page breaks, each with the first place; and how far it is wider than the screen. */
export async function violations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof Axe };
    const { violations: found } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    const wider = document.documentElement.scrollWidth - Math.min(innerWidth, screen.width);
    return [...found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`), ...(wider > 0 ? [`${wider} px wider`] : [])];
  });
}

/** Tabs on until the focus is where the selector says. @throws Error when it does not get there */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`the keyboard does not reach ${selector}`);
}
