import { join } from 'node:path';
import type OpenAI from 'openai';
import type { Locale } from '#contracts';
import { loadPolicy } from '#engines/policy';
import type { Config } from '#platform/config';
import { field } from '../../../apps/cli/terminal.js';
import { table } from '../../../apps/cli/show/signals.js';
import { isInUse, strangersIn, type Deployment } from './deployment.js';
import { DemoDesk } from './desk.js';
import { rehearse, writeHistory } from './history.js';
import { codeOf, enrolPeople, readAccounts, type Accounts } from './people.js';
import type { DeskWords } from './words.js';

/** Where the demo keeps the passwords of its people. */
export function accountsFile({ dataDir }: Pick<Config, 'dataDir'>): string {
  return join(dataDir, 'demo', 'accounts.json');
}

/** Why the demo would rather not run here; null when nothing speaks against it. */
export async function whyNot(found: Deployment | null, url: string, words: DeskWords): Promise<string | null> {
  if (!found) return words.cannotTell(url);
  const strangers = await strangersIn(found);
  return isInUse(strangers) ? words.inUse(strangers) : null;
}

/** What it takes to fill the console. */
export interface Filling {
  config: Pick<Config, 'dataDir'>;
  url: string;
  client: OpenAI;
  words: DeskWords;
  lang: Locale;
  /** How slowly people read; 1 unless told otherwise. */
  pace?: number;
}

/** Makes accounts and history, and opens the desk. Null when an earlier run did it: nothing is filled twice. */
export async function openConsole(
  { database, tenantId }: Deployment,
  { config, url, client, words, lang, pace }: Filling,
): Promise<DemoDesk | null> {
  const file = accountsFile(config);
  const known = readAccounts(file)?.people.map(({ email }) => email) ?? [];
  const able = await database.staff.count({ where: { email: { in: known }, disabledAt: null } });
  if (known.length && able === known.length) return null;
  const { yaml } = await database.policyRevision.findFirstOrThrow({ where: { state: 'live' } });
  await writeHistory(database, rehearse(loadPolicy(yaml), new Date()));
  const { people } = await enrolPeople(database, { url, file }, words.names, lang);
  const desk = new DemoDesk(people, client, tenantId, words, pace);
  await desk.prepare();
  return desk;
}

/** Who can sign in, and with what. */
export function accountsTable({ people, password }: Accounts, words: DeskWords): string {
  const { head } = words;
  const rows = people.map(({ part, email, secret }) => [words.names[part], email, codeOf(secret), secret]);
  const shown = table([head.part, head.email, head.code, head.secret], rows, [34, 24, 12, 36]);
  return `${shown}\n${field(`  ${words.password}`, password, { nameWidth: 26 })}\n  ${words.codes}`;
}
