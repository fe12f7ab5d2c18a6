import { createReadStream, createWriteStream, existsSync, readFileSync, realpathSync } from 'node:fs';
import { text as readAll } from 'node:stream/consumers';
import { plain } from '#kernel';
import { Audience, CATEGORIES, type Category, type Decision } from '#contracts';
import { decide, loadPolicy, type Policy } from '#engines/policy';
import { classifyText, loadTextModel, textSignals, type TextModel, type TextVerdict } from '#engines/text';
import { loadConfig } from '#platform/config';
import { CliError, EXIT, type Context } from '../context.js';
import { moderateLines, type JsonlTally } from '../jsonl/moderate.js';
import { inputFile } from '../local.js';
import { moderationLines } from '../show/moderation.js';

/** Options of `imprimatur moderate`. */
export interface ModerateCommand {
  jsonl?: boolean;
  json?: boolean;
  audience: string;
  kind?: string;
  textLang?: string;
}

/** Bad lines told one by one; the rest is counted. */
const MOST_FAULTS_TOLD = 100;

interface Judge {
  model: TextModel;
  policy: Policy;
  audience: Audience;
}

function judgeOf(options: ModerateCommand, { env, words }: Context): Judge {
  const audience = Audience.safeParse(options.audience);
  if (!audience.success) {
    throw new CliError('bad_choice', words.faults.badChoice(plain(options.audience, 60), Audience.options.join(', ')));
  }
  const policy = loadPolicy(readFileSync(loadConfig(env).policyFile, 'utf8'));
  return { model: loadTextModel(), policy, audience: audience.data };
}

function judge(
  { model, policy, audience }: Judge,
  text: string,
  about: { kind?: string; lang?: string },
): { verdict: TextVerdict; decision: Decision } {
  const verdict = classifyText(model, text, about);
  const signals = textSignals(verdict, 'prompt', model.ref);
  return { verdict, decision: decide(policy, { stage: 'prompt', audience, signals }) };
}

const round = (score: number) => Math.round(score * 1e5) / 1e5;

function scoresOf({ scores }: TextVerdict): Record<Category, number> {
  const rounded = {} as Record<Category, number>;
  for (const category of CATEGORIES) rounded[category] = round(scores[category]);
  return rounded;
}

async function one(texts: string[], options: ModerateCommand, context: Context): Promise<number> {
  if (texts.length === 0) throw new CliError('needs_text', context.words.faults.needsText);
  const given = texts.join(' ');
  const text = given === '-' ? await readAll(process.stdin) : given;
  const { verdict, decision } = judge(judgeOf(options, context), text, { kind: options.kind, lang: options.textLang });
  if (options.json) {
    const { unsafe, lang, obfuscation, truncated, hits } = verdict;
    const { outcome, reasons, policy, audience, categories } = decision;
    const found = { scores: scoresOf(verdict), unsafe: round(unsafe), decision: outcome, categories, reasons, hits };
    context.out(
      JSON.stringify(
        { object: 'text_moderation', ...found, lang, obfuscation: round(obfuscation), truncated, audience, policy },
        null,
        2,
      ),
    );
  } else for (const line of moderationLines(verdict, decision, context)) context.out(line);
  return EXIT.done;
}

interface Streams {
  source: AsyncIterable<Uint8Array>;
  sink: NodeJS.WritableStream;
}

function openStreams(input: string, output: string, context: Context): Streams {
  const path = input === '-' ? null : inputFile(input, context);
  if (path && output !== '-' && existsSync(output) && realpathSync(output) === realpathSync(path)) {
    throw new CliError('same_file', context.words.faults.sameFile);
  }
  const source = path ? createReadStream(path, { highWaterMark: 1 << 17 }) : process.stdin;
  const sink = output === '-' ? process.stdout : createWriteStream(output);
  return { source: source as AsyncIterable<Buffer>, sink };
}

async function many(files: string[], options: ModerateCommand, context: Context): Promise<number> {
  const [input, output] = files;
  if (files.length !== 2 || !input || !output) throw new CliError('needs_in_out', context.words.faults.needsInOut);
  const judging = judgeOf(options, context);
  const { source, sink } = openStreams(input, output, context);
  const w = context.words.moderate;
  const started = performance.now();
  // The first fault is the cause; the writes after it only say that the stream is gone.
  let fault: Error | undefined;
  sink.on('error', (e: Error) => (fault ??= e));
  const write = (text: string) =>
    new Promise<void>((done, fail) => sink.write(text, (e?: Error | null) => (e ? fail(fault ?? e) : done())));
  let told = 0;
  const onFault = (line: number, fault: keyof typeof w.bad) => {
    if (told++ < MOST_FAULTS_TOLD) context.note(w.badLine(line, w.bad[fault]));
  };
  const tally = await moderateLines({ source, write, onFault }, (text, about) => {
    const { verdict, decision } = judge(judging, text, {
      kind: about.kind ?? options.kind,
      lang: about.lang ?? options.textLang,
    });
    return { scores: scoresOf(verdict), unsafe: round(verdict.unsafe), decision: decision.outcome };
  });
  if (sink !== process.stdout) {
    await new Promise<void>((done, fail) => sink.once('error', fail).once('close', done).end());
  }
  if (told > MOST_FAULTS_TOLD) context.note(w.moreBad(told - MOST_FAULTS_TOLD));
  summary(tally, (performance.now() - started) / 1000, context);
  return tally.bad ? EXIT.failure : EXIT.done;
}

function summary(
  { lines, decisions: { allow, hold, refuse }, bad }: JsonlTally,
  seconds: number,
  { note, words }: Context,
): void {
  note(words.moderate.summary(lines, seconds.toFixed(1), (lines / Math.max(seconds, 1e-3)).toFixed(0)));
  note(words.moderate.tally(allow, hold, refuse, bad));
}

/**
 * `imprimatur moderate TEXT`, and `imprimatur moderate --jsonl IN OUT` for a file with one JSON object a line.
 * @returns 1 when a line could not be read; a refusing decision is no failure
 */
export function moderate(args: string[], options: ModerateCommand, context: Context): Promise<number> {
  return options.jsonl ? many(args, options, context) : one(args, options, context);
}
