import { execFileSync } from 'node:child_process';
import { TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import type Axe from 'axe-core';
import { projectRoot } from '#kernel';
import type { TestService } from './service.js';

const PASSWORD = 'mauve tabouret canoë orage';

/** Somebody with a password and an authenticator app, at a browser. */
export interface AtDesk {
  email: string;
  app: TOTP;
}

/** Address of an invitation, made as the operator makes it. */
export function invite(service: TestService, email: string, roles: string): string {
  const words = ['staff', 'create', '--email', email, '--roles', roles];
  const out = execFileSync(process.execPath, ['apps/cli/bin.mjs', ...words], {
    cwd: projectRoot,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH,
      LANG: 'C',
      IMPRIMATUR_DATA_DIR: service.dataDir,
      DATABASE_URL: service.databaseUrl,
      PORT: new URL(service.url).port,
    },
  });
  return out.trim();
}

/** Takes up an invitation in the browser, as a person does: password, app, recovery codes. */
export async function acceptInvitation(page: Page, url: string, email: string): Promise<AtDesk> {
  await page.goto(url);
  await page.getByLabel('New password').fill(PASSWORD);
  await page.getByLabel('Once more').fill(PASSWORD);
  await page.getByRole('button', { name: 'Next' }).click();
  const secret = (await page.locator('[data-secret]').textContent())!.replaceAll(' ', '');
  const app = new TOTP({ secret, digits: 6, period: 30 });
  await page.getByLabel('Code').fill(app.generate());
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'I kept them' }).click();
  await page.getByRole('heading', { level: 1, name: 'My shift' }).waitFor();
  return { email, app };
}

/** Signs in with password and code. A code is taken once: the one of the step to come is within the slack. */
export async function signIn(page: Page, { email, app }: AtDesk, steps = 1): Promise<void> {
  await page.goto('/dashboard');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByLabel('Code').fill(app.generate({ timestamp: Date.now() + steps * 30_000 }));
  await page.keyboard.press('Enter');
}

/** Rules of axe-core that the page breaks, each with the first place. */
export async function violationsOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof Axe };
    const { violations } = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
  });
}
