import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { join } from 'node:path';
import { SCOPES } from '#contracts';
import { AppError, systemClock } from '#kernel';
import { ApiKeys, newApiKey } from '#platform/auth';
import { loadConfig, type Config } from '#platform/config';
import { keysDir } from '#platform/core';
import {
  Database,
  migrateDatabase,
  migrationState,
  startEmbeddedDatabase,
  type RunningDatabase,
} from '#platform/database';
import { createKeys } from '#platform/keys';
import { Supervisor } from './supervisor.js';

const say = (line: string) => process.stdout.write(`${line}\n`);

/** One service per data folder: two would fight over the database and the keys. */
function lock(dataDir: string): () => void {
  // Passable but not listable: run by root, PostgreSQL has a user of its own, whose folder is inside.
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  const path = join(dataDir, 'service.pid');
  if (existsSync(path)) {
    const pid = Number(readFileSync(path, 'utf8'));
    if (pid > 0 && pid !== process.pid && isAlive(pid)) {
      throw new AppError(
        'conflict',
        'already_running',
        `Imprimatur is running already in this data folder (process ${pid}). Stop it first.`,
      );
    }
    rmSync(path, { force: true });
  }
  const file = openSync(path, 'wx', 0o600);
  writeSync(file, String(process.pid));
  closeSync(file);
  return () => rmSync(path, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // After a crash the number may have been given to another program.
    return !existsSync('/proc') || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('apps/cli');
  } catch {
    return false;
  }
}

async function openDatabase(config: Config): Promise<RunningDatabase> {
  if (config.DATABASE_URL) return { url: config.DATABASE_URL, stop: async () => undefined };
  return startEmbeddedDatabase(join(config.dataDir, 'postgres'));
}

/** Migrates, unless this very state of the migrations was applied to the embedded database by an earlier start. */
async function migrateOnce(databaseUrl: string, config: Config): Promise<void> {
  const stamp = join(config.dataDir, 'postgres.migrated');
  const state = await migrationState();
  const known = !config.DATABASE_URL && existsSync(stamp) && readFileSync(stamp, 'utf8') === state;
  if (known) return;
  await migrateDatabase(databaseUrl);
  writeFileSync(stamp, state);
}

/** The first tenant with one key that may do everything, when there is no key yet. */
async function firstKey(databaseUrl: string, config: Config): Promise<string | null> {
  const database = new Database(databaseUrl, 2);
  try {
    if ((await database.apiKey.count()) > 0) return null;
    const key = newApiKey();
    // Written before it works: a crash in between leaves no key that works and that nobody knows.
    writeFileSync(join(config.dataDir, 'first-key'), `${key}\n`, { mode: 0o600 });
    const keys = new ApiKeys(database, systemClock);
    const tenant = (await database.tenant.findFirst())?.id ?? (await keys.createTenant('default'));
    await keys.create(tenant, 'first key', [...SCOPES], 'operator', { key });
    return key;
  } finally {
    await database.$disconnect();
  }
}

/** Whether anybody is staff: until then nobody can sign in at the console. */
async function hasStaff(databaseUrl: string): Promise<boolean> {
  const database = new Database(databaseUrl, 2);
  try {
    return (await database.staff.count()) > 0;
  } finally {
    await database.$disconnect();
  }
}

function welcome(config: Config, key: string | null, staffed: boolean): void {
  const shown = key ?? '$IMPRIMATUR_API_KEY';
  say('');
  say(`  Imprimatur is ready at ${config.publicUrl}   (documentation: ${config.publicUrl}/docs)`);
  if (key) say(`  Your API key, shown once and kept in ${config.IMPRIMATUR_DATA_DIR}/first-key:  ${key}`);
  else say(`  Your API key is in ${config.IMPRIMATUR_DATA_DIR}/first-key, unless you removed it.`);
  say('');
  say('  Make a clip:');
  say(`    curl ${config.publicUrl}/v1/videos -H "Authorization: Bearer ${shown}" \\`);
  say(`      -F prompt="A red fox runs through a snowy forest at dusk" -F seconds=4 -F size=1280x720`);
  say('');
  if (!staffed) {
    say('  Nobody can sign in at the review console yet. Add the first person with:');
    say('    npx imprimatur staff create --email you@example.org --roles admin');
    say('');
  }
  say('  See everything at work: npm run demo     Stop: Ctrl-C');
  say('');
}

/** Runs the service as the leader of a new process group and passes signals on. */
function startInOwnGroup(): Promise<void> {
  const service = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => service.kill('SIGTERM'));
  return new Promise((done) => {
    service.once('exit', (code) => {
      process.exitCode = code ?? 1;
      done();
    });
  });
}

/**
 * Starts everything on this machine: database, migrations, keys, API and workers, and stops it on a signal.
 * @throws AppError when it is running already, or a part does not start
 */
export async function start(): Promise<void> {
  // A terminal's Ctrl-C reaches every process of its group at once, PostgreSQL too, which would end first. So the
  // service gets a group of its own and is asked to stop in order.
  if (process.stdin.isTTY && !process.send) return startInOwnGroup();
  const config = loadConfig();
  const unlock = lock(config.dataDir);
  await createKeys(keysDir(config), config.IMPRIMATUR_MASTER_KEY);
  const database = await openDatabase(config);
  // glibc keeps memory apart for each thread; two such stores are enough for processes that mostly wait.
  const env = { MALLOC_ARENA_MAX: '2', ...process.env, DATABASE_URL: database.url };
  const supervisor = new Supervisor(env, say);
  const workers = Array.from({ length: config.WORKERS }, (_, i) => `worker ${i + 1}`);
  let stopping = false;
  const stop = async (code: number) => {
    if (stopping) return;
    stopping = true;
    say('Stopping: jobs that run are finished first.');
    await supervisor.stop(['api', ...workers]);
    await database.stop();
    unlock();
    process.exit(code);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0));
  process.on('disconnect', () => void stop(0));
  try {
    await migrateOnce(database.url, config);
    const key = await firstKey(database.url, config);
    await Promise.all([
      supervisor.start({
        name: 'api',
        module: 'api/main.js',
        execArgv: ['--max-old-space-size=256', '--max-semi-space-size=8'],
      }),
      ...workers.map((name) => supervisor.start({ name, module: 'worker/main.js' })),
    ]);
    welcome(config, key, await hasStaff(database.url));
  } catch (e) {
    process.stderr.write(`${e instanceof Error ? e.message : String(e)}\n`);
    await stop(1);
  }
}
