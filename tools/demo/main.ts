// `npm run demo`: the main job on real input, without a browser. Uses the running service or starts one.
import { join } from 'node:path';
import OpenAI from 'openai';
import { messageOf, plain } from '#kernel';
import { loadConfig } from '#platform/config';
import { languageOf } from '../../apps/cli/language.js';
import { Service } from '../../apps/cli/service.js';
import { field, spin } from '../../apps/cli/terminal.js';
import { wordsOf } from '../../apps/cli/words/index.js';
import { download, reencode } from './copies.js';
import { showProgress } from './progress.js';
import { asMeant, copiesTable, outcomesTable, type Told } from './report.js';
import { REQUESTS } from './requests.js';
import { Runner } from './run.js';
import { reachService } from './service.js';
import { demoWords } from './words.js';

const lang = languageOf(process.argv.slice(2), process.env);
const words = demoWords(lang);
const cliWords = wordsOf(lang);
const say = (line: string) => void process.stdout.write(`${line}\n`);

/** Sends all requests at once, as a platform with several users would. */
async function ask(client: OpenAI): Promise<Told[]> {
  const progress = showProgress(
    REQUESTS.map(({ lang: language, prompt }) => `${language}  ${prompt}`),
    process.stdout,
  );
  const runner = new Runner(client, progress, {
    clip: cliWords.review.states,
    refusedPrompt: words.states.refused_prompt,
  });
  try {
    await runner.introduceMaker();
    return await Promise.all(
      REQUESTS.map(async (request, index) => ({ request, outcome: await runner.follow(request, index) })),
    );
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

async function demo(): Promise<boolean> {
  const began = Date.now();
  const config = loadConfig();
  const service = new Service({
    env: process.env,
    configuredUrl: config.publicUrl,
    dataDir: config.dataDir,
    words: cliWords,
  });
  say(`\n${words.title}\n`);
  const running = await reachService(service, config, words, say);
  try {
    const client = new OpenAI({ baseURL: `${service.url}/v1`, apiKey: service.key() });
    say('');
    const told = await ask(client);
    say(`\n${outcomesTable(told, words, lang)}`);
    const files = await compare(told, client, service, join(config.dataDir, 'demo'));
    next(told, files, running.own);
    say(words.took(((Date.now() - began) / 1000).toFixed(0)));
    const good = told.every(asMeant);
    if (!good) say(words.unexpected);
    return good;
  } finally {
    await running.stop();
  }
}

try {
  process.exit((await demo()) ? 0 : 1);
} catch (e) {
  say(
    messageOf(e)
      .split('\n')
      .map((line) => plain(line))
      .join('\n'),
  );
  process.exit(1);
}
