import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { LogLeaf, RegisterAgainstLog } from '#contracts';
import { plain } from '#kernel';
import { auditLog, parseVerifierKey, type AuditOptions, type AuditResult, type NoteVerifier } from '#engines/tlog';
import { loadConfig } from '#platform/config';
import { z } from 'zod';
import { CliError, EXIT, type Context } from '../context.js';
import { configuredService, findApiKey } from '../service.js';
import { spin } from '../terminal.js';
import { checkManifests, type Manifests } from './log-manifests.js';

/** Options of `imprimatur log audit`. */
export interface LogAuditCommand {
  url?: string;
  key?: string;
  state?: string;
  json?: boolean;
}

/** What an audit leaves for the next one. */
const State = z.object({ origin: z.string(), size: z.number().int(), root: z.string(), key: z.string() });
type State = z.infer<typeof State>;

const ASK_MS = 30_000;

async function readState(path: string, { words }: Context): Promise<State | null> {
  if (!existsSync(path)) return null;
  const read = State.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!read.success) throw new CliError('audit_state_invalid', words.log.badState(path));
  return read.data;
}

async function fetchBytes(url: string, { words }: Context): Promise<Uint8Array> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(ASK_MS) }).catch((e: unknown) => {
    throw new CliError('log_not_reachable', words.faults.noService(url), e);
  });
  if (!answer.ok) throw new CliError('log_answers_badly', words.log.missing(url, answer.status));
  return new Uint8Array(await answer.arrayBuffer());
}

function lines(
  result: AuditResult,
  manifests: Manifests,
  register: RegisterAgainstLog | null,
  context: Context,
): string[] {
  const words = context.words.log;
  return [
    words.read(result.entries, result.size),
    ...result.faults.map(({ kind, index, message }) => words.fault(kind, index, plain(message, 300))),
    words.manifests(manifests.checked, manifests.wrong),
    register
      ? words.register(register.releases, register.without_leaf.join(', '), register.without_release.join(', '))
      : words.registerNotAsked,
  ];
}

interface Reading extends Pick<AuditOptions, 'source' | 'from' | 'onProgress'> {
  verifier: NoteVerifier;
}

async function readLeaves({ verifier, ...options }: Reading): Promise<{ result: AuditResult; leaves: LogLeaf[] }> {
  const leaves: LogLeaf[] = [];
  const result = await auditLog({
    ...options,
    verifiers: [verifier],
    origin: verifier.name,
    onEntry: (_, entry) => void leaves.push(LogLeaf.parse(JSON.parse(Buffer.from(entry).toString('utf8')))),
  });
  return { result, leaves };
}

/**
 * `imprimatur log audit`: reads the public log of a service from where the last audit ended, and says whether it only
 * grew, whether entries, hashes and signature agree, and whether log and repository name the same releases.
 * @returns 1 when anything does not agree
 */
export async function logAudit(options: LogAuditCommand, context: Context): Promise<number> {
  const { env, words } = context;
  const config = loadConfig(env);
  const service = configuredService(options, context);
  const { url } = service;
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8').trim();
  const statePath = options.state ?? join(config.dataDir, 'log', `audited-${new URL(url).host.replace(':', '-')}.json`);
  const last = await readState(statePath, context);
  const key = options.key ?? last?.key ?? text(await fetchBytes(`${url}/log/key`, context));
  if (!options.key && !last) context.note(words.log.keyFromLog(plain(key)));
  const verifier = parseVerifierKey(key);
  const read = (from: AuditOptions['from'], onProgress?: (done: number) => void) =>
    readLeaves({ source: (path) => fetchBytes(`${url}/log/${path}`, context), verifier, from, onProgress });
  let done = 0;
  const from = last ? { size: last.size, root: Buffer.from(last.root, 'hex') } : undefined;
  const { result, leaves } = await spin(
    process.stderr,
    () => words.log.busy(done),
    read(from, (checked) => (done = checked)),
  );
  const newer = async () => {
    // A log that is not sound cannot excuse what is missing.
    if (result.faults.length) return [];
    const more = await read(result);
    result.faults.push(...more.result.faults);
    return more.result.faults.length ? [] : more.leaves;
  };
  const compared = checkManifests(leaves, { url, words, newer });
  const manifests = await spin(process.stderr, words.log.busyManifests, compared);
  const register = findApiKey(env, config.dataDir) ? await service.ask('/v1/log/register', RegisterAgainstLog) : null;
  const sound =
    !result.faults.length &&
    !manifests.wrong.length &&
    !register?.without_leaf.length &&
    !register?.without_release.length;
  if (options.json) {
    const { root, ...rest } = result;
    context.out(JSON.stringify({ ...rest, root: Buffer.from(root).toString('hex'), manifests, register }, null, 2));
  } else {
    for (const line of lines(result, manifests, register, context)) context.out(line);
    context.out(sound ? words.log.sound : words.log.unsound);
  }
  if (sound)
    await saveState(statePath, {
      origin: verifier.name,
      size: result.size,
      root: Buffer.from(result.root).toString('hex'),
      key,
    });
  return sound ? EXIT.done : EXIT.failure;
}

async function saveState(path: string, state: State): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, JSON.stringify(state));
  await rename(`${path}.tmp`, path);
}
