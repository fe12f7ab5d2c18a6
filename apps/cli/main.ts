// The command line, compiled. Started by bin.mjs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { AppError, messageOf, projectRoot, plain } from '#kernel';
import { EXIT, type Context } from './context.js';
import { languageOf } from './language.js';
import { buildProgram } from './program.js';
import { wordsOf } from './words/index.js';

const args = process.argv.slice(2);
const lang = languageOf(args, process.env);
const words = wordsOf(lang);
const context: Context = {
  lang,
  words,
  env: process.env,
  out: (line) => process.stdout.write(`${line}\n`),
  note: (line) => process.stderr.write(`${line}\n`),
};
const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (e: NodeJS.ErrnoException) => process.exit(e.code === 'EPIPE' ? EXIT.done : EXIT.failure));

function explain(e: unknown): string {
  const known = e instanceof AppError ? words.codes[e.code] : undefined;
  const lines = (known ?? messageOf(e)).split('\n').map((line) => plain(line));
  return words.error(lines.join('\n'));
}

/** The exit code; none for a command that goes on, such as `start`. */
async function run(): Promise<number | undefined> {
  let code: number | undefined;
  const program = buildProgram(version, context, async (work) => {
    code = (await work()) ?? undefined;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (e) {
    if (e instanceof CommanderError) return e.exitCode;
    context.note(explain(e));
    return EXIT.failure;
  }
}

const code = await run();
if (code !== undefined) {
  // Explicit: a hook of the embedded database's package would end the process with 0.
  // A fault of the output is told a turn later.
  process.stdout.write('', () => setImmediate(() => process.exit(code)));
}
