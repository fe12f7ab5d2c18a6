import type { Browser, Page } from 'playwright-core';
import { newId, systemClock } from '#kernel';
import type { StaffRole } from '#contracts';
import { StaffSessions } from '#domain/staff';
import { Database, json } from '#platform/database';
import { watchedContext, type Watched } from './browser.js';
import type { TestService } from './service.js';

/** Somebody at a browser of their own. */
export interface Seated {
  id: string;
  page: Page;
  watched: Watched;
  /** Keys that they pressed, case by case. */
  pressed: number[];
}

const SCREEN = { viewport: { width: 1280, height: 800 }, locale: 'en' } as const;

/** Seats people who are signed in already at the console; the ways in have a spec of their own. */
export async function seat<Name extends string>(
  service: TestService,
  browser: Browser,
  people: Readonly<Record<Name, StaffRole[]>>,
  screen: { viewport: { width: number; height: number }; locale: string } = SCREEN,
): Promise<Record<Name, Seated>> {
  const database = new Database(service.databaseUrl);
  const sessions = new StaffSessions(database, systemClock);
  const seats: Partial<Record<Name, Seated>> = {};
  for (const [name, roles] of Object.entries(people) as [Name, StaffRole[]][]) {
    const id = newId('stf');
    const limits = json({ queues: null, categories: null, tenants: null });
    const data = { id, email: `${name.toLowerCase()}@example.org`, name, roles, limits, oidcSubject: id };
    await database.staff.create({ data });
    const place = { address: '127.0.0.1', userAgent: 'test' };
    const { secret } = await database.$transaction((tx) => sessions.open(tx, id, 'totp', place));
    const watched = await watchedContext(browser, service.url, screen);
    await watched.context.addCookies([{ name: 'imprimatur-staff', value: secret, url: service.url }]);
    const page = await watched.context.newPage();
    page.setDefaultTimeout(30_000);
    seats[name] = { id, page, watched, pressed: [] };
  }
  await database.$disconnect();
  return seats as Record<Name, Seated>;
}

/** Opens a screen of the console and waits until it is there. */
export async function open(page: Page, at: string): Promise<void> {
  await page.goto(`/dashboard#${at}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
}

/** Chooses language and theme, and loads the page anew. */
export async function look(page: Page, locale: 'en' | 'fr', theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate(
    async ([lang, mode]) => {
      localStorage.setItem('RaStore.locale', JSON.stringify(lang));
      localStorage.setItem('RaStore.theme', JSON.stringify(mode));
      const { csrf } = (await (await fetch('/v1/staff/session')).json()) as { csrf: string };
      const headers = { 'content-type': 'application/json', 'x-imprimatur-csrf': csrf };
      await fetch('/v1/staff/locale', { method: 'POST', headers, body: JSON.stringify({ locale: lang }) });
    },
    [locale, theme],
  );
  await page.reload();
}
