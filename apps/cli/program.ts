import { Command } from 'commander';
import { CliError, type Context } from './context.js';

type Options = Record<string, never>;
/** Those of `verify`, which is two commands in one. */
type VerifyOptions = Partial<Record<'offline' | 'at' | 'key' | 'url', string>> &
  Partial<Record<'json' | 'local' | 'full', boolean>>;

/** Runs a command and keeps its exit code. */
type Act = (work: () => Promise<number | void>) => Promise<void>;

function speak(command: Command, { words }: Context): Command {
  const say = (text: string) => words.usageError(text.replace(/^error: /, ''));
  return command
    .exitOverride()
    .helpOption('-h, --help', words.help.helpOption)
    .configureHelp({ styleTitle: (title) => words.titles[title] ?? title, showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(say(text)) })
    .showHelpAfterError(false);
}

function addReview(program: Command, add: Adder, context: Context, act: Act): void {
  const { help } = context.words;
  const review = add('review', help.review);
  const own = (name: string, text: string) =>
    add(name, text, review).option('--json', help.json).option('--url <url>', help.url);
  const load = () => import('./commands/review.js');
  review.option('--url <url>', help.url).action((options: Options) =>
    act(async () => {
      const { reviewList } = await load();
      const { configuredService } = await import('./service.js');
      if (!process.stdin.isTTY || !process.stdout.isTTY) return reviewList(options, context);
      const { reviewDialog } = await import('./commands/review-dialog.js');
      return reviewDialog(configuredService(options, context), context, {
        input: process.stdin,
        output: process.stdout,
      });
    }),
  );
  // An option that its parent knows as well is given to the parent.
  const all = (command: Command) => command.optsWithGlobals<never>();
  own('list', help.reviewList).action((_: Options, command: Command) =>
    act(async () => (await load()).reviewList(all(command), context)),
  );
  own('show', help.reviewShow)
    .argument('<id>', help.clipId)
    .action((id: string, _: Options, command: Command) =>
      act(async () => (await load()).reviewShow(id, all(command), context)),
    );
  own('decide', help.reviewDecide)
    .argument('<id>', help.clipId)
    .option('--release', help.release)
    .option('--refuse', help.refuse)
    .requiredOption('--category <category>', help.category)
    .requiredOption('--reason <text>', help.reason)
    .action((id: string, _: Options, command: Command) =>
      act(async () => (await load()).reviewDecide(id, all(command), context)),
    );
}

type Adder = (name: string, description: string, parent?: Command) => Command;

function addMedia(add: Adder, context: Context, act: Act): void {
  const { help, offline } = context.words;
  add('verify', help.verify)
    .argument('[file|url]', help.verifyWhat)
    .option('--json', help.json)
    .option('--local', help.local)
    .option('--full', help.full)
    .option('--offline <bundle>', offline.help)
    .option('--at <time>', offline.at)
    .option('--key <sha256>', offline.key)
    .option('--url <url>', help.url)
    .action((what: string | undefined, options: VerifyOptions) =>
      act(async () => {
        if (options.offline !== undefined) {
          const { verifyBundle } = await import('./commands/verify-offline.js');
          return verifyBundle(what, { ...options, offline: options.offline }, context);
        }
        if (options.at ?? options.key) throw new CliError('needs_offline', offline.needsOffline);
        if (what === undefined) throw new CliError('needs_file', offline.needsFile);
        return (await import('./commands/verify.js')).verify(what, options, context);
      }),
    );
  add('mark', help.mark)
    .argument('<in>', help.markIn)
    .argument('<out>', help.markOut)
    .option('--id <hex>', help.id)
    .option('--json', help.json)
    .action((input: string, output: string, options: Options) =>
      act(async () => (await import('./commands/mark.js')).mark(input, output, options, context)),
    );
  add('inspect', help.inspect)
    .argument('<file>', help.inspectFile)
    .option('--json', help.json)
    .action((file: string, options: Options) =>
      act(async () => (await import('./commands/inspect.js')).inspect(file, options, context)),
    );
}

function addLog(add: Adder, context: Context, act: Act): void {
  const { help } = context.words;
  add('audit', help.logAudit, add('log', help.log))
    .option('--url <url>', help.url)
    .option('--key <key>', help.logKey)
    .option('--state <file>', help.logState)
    .option('--json', help.json)
    .action((options: Options) => act(async () => (await import('./commands/log.js')).logAudit(options, context)));
}

function addKeys(add: Adder, context: Context, act: Act): void {
  const { help } = context.words;
  const load = () => import('./commands/keys.js');
  const keys = add('keys', help.keys);
  add('init', help.keysInit, keys).action(() => act(async () => (await load()).keysInit(context)));
  add('list', help.keysList, keys)
    .option('--json', help.json)
    .action((options: Options) => act(async () => (await load()).keysList(options, context)));
  add('rotate', help.keysRotate, keys)
    .option('--algorithm <algorithm>', help.algorithm, 'es256')
    .option('--own', help.own)
    .action((options: Options) => act(async () => (await load()).keysRotate(options, context)));
  add('revoke', help.keysRevoke, keys)
    .argument('<sha256>', help.certificate)
    .requiredOption('--compromised-at <time>', help.compromisedAt)
    .action((which: string, options: Options) =>
      act(async () => (await load()).keysRevoke(which, options as never, context)),
    );
  add('import', help.keysImport, keys)
    .argument('<chain>', help.chainFile)
    .argument('<key>', help.keyFile)
    .action((chain: string, key: string) => act(async () => (await load()).keysImport(chain, key, context)));
}

function addStaff(add: Adder, context: Context, act: Act): void {
  const { staff: words } = context.words;
  const load = () => import('./commands/staff.js');
  const staff = add('staff', words.help);
  add('create', words.create, staff)
    .requiredOption('--email <email>', words.email)
    .requiredOption('--roles <roles>', words.roles)
    .option('--name <name>', words.name)
    .option('--locale <locale>', words.locale)
    .action((options: Options) => act(async () => (await load()).staffCreate(options as never, context)));
  add('invite', words.invite, staff)
    .requiredOption('--email <email>', words.email)
    .action((options: Options) => act(async () => (await load()).staffInvite(options as never, context)));
}

function addStatements(add: Adder, context: Context, act: Act): void {
  const { statements: words } = context.words;
  add('export', words.export, add('statements', words.help))
    .option('--from <day>', words.from)
    .option('--to <day>', words.to)
    .option('--format <format>', words.format, 'csv')
    .option('--out <file>', words.out)
    .action((options: Options) =>
      act(async () => (await import('./commands/statements.js')).statementsExport(options, context)),
    );
}

function addAudit(add: Adder, context: Context, act: Act): void {
  const { audit: words, help } = context.words;
  add('check', words.check, add('audit', words.help))
    .option('--json', help.json)
    .action((options: Options) => act(async () => (await import('./commands/audit.js')).auditCheck(options, context)));
}

/** The command line. Each command is loaded when it is used, so that help and `moderate` start at once. */
export function buildProgram(version: string, context: Context, act: Act): Command {
  const { help } = context.words;
  const program = speak(new Command('imprimatur'), context);
  program
    .description(help.program)
    .version(version, '-V, --version', help.version)
    .option('--lang <lang>', help.lang)
    .helpCommand(false);
  const add: Adder = (name, description, parent = program) =>
    speak(parent.command(name), context).description(description).helpCommand(false);

  add('start', help.start).action(() => act(async () => (await import('./start.js')).start()));
  addMedia(add, context, act);
  add('moderate', help.moderate)
    .argument('[text...]', help.text)
    .option('--jsonl', help.jsonl)
    .option('--json', help.json)
    .option('--audience <audience>', help.audience, 'adult')
    .option('--kind <kind>', help.kind)
    .option('--text-lang <tag>', help.textLang)
    .action((texts: string[], options: Options) =>
      act(async () => (await import('./commands/moderate.js')).moderate(texts, options as never, context)),
    );
  addReview(program, add, context, act);
  addLog(add, context, act);
  addKeys(add, context, act);
  addStaff(add, context, act);
  addStatements(add, context, act);
  addAudit(add, context, act);
  return program;
}
