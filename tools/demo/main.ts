// `npm run demo`: the main job on real input, without a browser, and a console with work in it. Uses the running service or starts one.
import { join } from 'node:path';
import OpenAI from 'openai';
import { messageOf, plain } from '#kernel';
import { loadConfig } from '#platform/config';
import { languageOf } from '../../apps/cli/language.js';
import { Service } from '../../apps/cli/service.js';
import { field, spin } from '../../apps/cli/terminal.js';
import { wordsOf } from '../../apps/cli/words/index.js';
import { download, reencode } from './copies.js';
import { accountsFile, accountsTable, openConsole, whyNot } from './desk/console.js';
import { withDeployment, type Deployment } from './desk/deployment.js';
import type { DemoDesk, Stood } from './desk/desk.js';
import { clearHistory } from './desk/history.js';
import { endPeople, readAccounts } from './desk/people.js';
import { BORN, CLIPS, PROMPTS } from './desk/requests.js';
import { deskWords } from './desk/words.js';
import { NO_PROGRESS, showProgress } from './progress.js';
import { asMeant, copiesTable, outcomesTable, type Told } from './report.js';
import { REQUESTS } from './requests.js';
import { Runner } from './run.js';
import { reachService } from './service.js';
import { demoWords } from './words.js';

const args = process.argv.slice(2);
const lang = languageOf(args, process.env);
const words = demoWords(lang);
const atDesk = deskWords(lang);
const cliWords = wordsOf(lang);
const say = (line: string) => void process.stdout.write(`${line}\n`);

interface Asked {
  told: Told[];
  /** Of the console: held or refused for their words, and drawn. */
  words: Stood[];
  drawn: Stood[];
}

/** Sends all requests at once, as a platform with several users would. */
async function ask(client: OpenAI, desk: DemoDesk | null): Promise<Asked> {
  const clips = desk ? CLIPS : [];
  const shown = [...REQUESTS, ...clips];
  const progress = showProgress(
    shown.map(({ lang: language, prompt }) => `${language}  ${prompt}`),
    process.stdout,
  );
  const names = { clip: cliWords.review.states, refusedPrompt: words.states.refused_prompt };
  const runner = new Runner(client, progress, names);
  try {
    await runner.introduceMakers(desk ? BORN : {});
    const following = shown.map(async (request, index) => {
      const outcome = await runner.follow(request, index);
      if (outcome.kind === 'released') await desk?.sampled();
      return { request, outcome };
    });
    const quiet = new Runner(client, NO_PROGRESS, names);
    const stood: Stood[] = [];
    for (const request of desk ? PROMPTS : []) stood.push({ request, clip: (await quiet.follow(request, 0)).clip });
    // What is held at the prompt is read while the clips are drawn.
    const [all] = await Promise.all([Promise.all(following), desk?.readings(stood)]);
    const drawn = clips.map((request, i) => ({ request, clip: all[REQUESTS.length + i]!.outcome.clip }));
    return { told: all.slice(0, REQUESTS.length), words: stood, drawn };
  } finally {
    progress.stop();
  }
}

/** A longer piece of work: a sign of life on a terminal, one line elsewhere. */
function busy<T>(note: string, work: Promise<T>): Promise<T> {
  if (!process.stdout.isTTY) say(note);
  return spin(process.stdout, note, work);
}

/** Verifies a released clip and a copy of it that lost its metadata. @returns their paths, if there was one */
async function compare(told: Told[], client: OpenAI, service: Service, dir: string): Promise<string[]> {
  const first = told.map(({ outcome }) => outcome).find((outcome) => outcome.kind === 'released');
  if (!first) {
    say(words.nothingReleased);
    return [];
  }
  const released = await download(client, first.clip, dir);
  const reencoded = await busy(words.reencoding, reencode(released));
  const named = [
    { name: words.released, path: released },
    { name: words.reencoded, path: reencoded },
  ];
  const verify = async () => {
    const copies = [];
    for (const copy of named) copies.push({ ...copy, report: await service.verify({ path: copy.path }) });
    return copies;
  };
  const copies = await busy(words.verifying, verify());
  say(`\n${words.copies}\n`);
  say(copiesTable(copies, words, lang));
  for (const { name, path } of named) say(field(`  ${name}`, path, { nameWidth: 20, width: 1000 }));
  return [released, reencoded];
}

function next(told: Told[], files: string[], own: boolean): void {
  const held = told.map(({ outcome }) => outcome).find((outcome) => outcome.kind === 'held');
  say(`\n${words.next}\n`);
  if (own) say(`  ${words.startAgain}\n    npm start\n`);
  if (held) {
    say(`  ${words.decide}\n    npx imprimatur review`);
    say(
      `  ${words.orDirectly}\n    npx imprimatur review decide ${held.clip.id} --refuse --category political --reason "…"\n`,
    );
  }
  if (files[1]) say(`  ${words.verify}\n    npx imprimatur verify ${files[1]}\n`);
}

/** Readings of clips, reports and appeals: the decisions leave while the copies are compared. */
async function acts(desk: DemoDesk, { told, words: asked, drawn }: Asked): Promise<void> {
  const clips = told.map(({ outcome }) => outcome);
  const released = clips.filter(({ kind }) => kind === 'released').map(({ clip }) => clip);
  const stopped = clips.find(({ kind }) => kind === 'stopped')?.clip;
  await Promise.all([desk.voices(released.toReversed(), stopped, asked), desk.readings(drawn)]);
}

/** The console's people and what waits for them. @param desk null when an earlier run filled it */
async function showConsole(desk: DemoDesk | null, config: ReturnType<typeof loadConfig>, url: string): Promise<void> {
  const accounts = readAccounts(accountsFile(config));
  if (!accounts) return;
  say(`${atDesk.console}\n`);
  say(`  ${desk ? atDesk.open(await desk.waiting()) : atDesk.there} ${url}/dashboard`);
  say(`${accountsTable(accounts, atDesk)}\n  ${atDesk.madeUp}\n`);
}

type Config = ReturnType<typeof loadConfig>;

async function demo(config: Config, service: Service, own: boolean, found: Deployment | null): Promise<boolean> {
  const began = Date.now();
  const against = await whyNot(found, service.url, atDesk);
  if (against && !args.includes('--here')) {
    say(against);
    return false;
  }
  const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key() });
  const filling = { config, url: service.url, client, words: atDesk, lang };
  const desk = found && (await busy(atDesk.accounts, openConsole(found, filling)));
  say('');
  const asked = await ask(client, desk);
  const { told } = asked;
  say(`\n${outcomesTable(told, words, lang)}`);
  if (desk) await busy(atDesk.reading, acts(desk, asked));
  const files = await compare(told, client, service, join(config.dataDir, 'demo'));
  if (desk) {
    await busy(atDesk.waiting, desk.afterwards(asked.words));
    await busy(atDesk.policy, desk.policy());
  }
  next(told, files, own);
  if (found) await showConsole(desk, config, service.url);
  say(words.took(((Date.now() - began) / 1000).toFixed(0)));
  const good = told.every(asMeant);
  if (!good) say(words.unexpected);
  return good;
}

/** `--codes`: the codes of now. */
function codes(config: Config): boolean {
  const accounts = readAccounts(accountsFile(config));
  say(accounts ? accountsTable(accounts, atDesk) : atDesk.noAccounts);
  return accounts !== null;
}

/** `--clear`: takes away what can be taken away. */
function clear(config: Config, service: Service): Promise<boolean> {
  return withDeployment(config, service.key(), async (found) => {
    if (!found) {
      say(atDesk.notRunning);
      return false;
    }
    const kept = await endPeople(found.database);
    say(atDesk.cleared(await clearHistory(found.database)));
    if (kept.length) say(atDesk.kept(kept.join(', ')));
    return true;
  });
}

async function main(): Promise<boolean> {
  const config = loadConfig();
  if (args.includes('--codes')) return codes(config);
  const service = new Service({
    env: process.env,
    configuredUrl: config.publicUrl,
    dataDir: config.dataDir,
    words: cliWords,
  });
  if (args.includes('--clear')) return clear(config, service);
  say(`\n${words.title}\n`);
  const running = await reachService(service, config, words, say);
  try {
    return await withDeployment(config, service.key(), (found) => demo(config, service, running.own, found));
  } finally {
    await running.stop();
  }
}

try {
  process.exit((await main()) ? 0 : 1);
} catch (e) {
  say(
    messageOf(e)
      .split('\n')
      .map((line) => plain(line))
      .join('\n'),
  );
  process.exit(1);
}
