import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { freshDatabase } from './fresh-database.js';

/** A whole deployment for a test: supervisor, API, workers, on a database and a data folder of its own. */
export interface TestService {
  url: string;
  /** Base URL for the SDK. */
  baseURL: string;
  key: string;
  databaseUrl: string;
  dataDir: string;
  /** Process ids of the living workers. */
  workerPids(): Promise<number[]>;
  /** Ends every process at once, as a power cut does. The data folder stays. */
  crash(): Promise<void>;
  /** All that the processes wrote. */
  output(): string;
  stop(): Promise<void>;
}

/** A port that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const server = createServer();
    server.on('error', fail);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => done(port));
    });
  });
}

/**
 * Starts the service as its user would, with other settings where given.
 * @param home data folder and database of an earlier start, to go on with them
 */
export async function startService(
  env: Record<string, string> = {},
  home?: { dataDir: string; databaseUrl: string },
): Promise<TestService> {
  const dataDir = home?.dataDir ?? (await mkdtemp(join(tmpdir(), 'imprimatur-test-')));
  const databaseUrl = home?.databaseUrl ?? (await freshDatabase());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = spawn(process.execPath, ['dist/apps/cli/main.js', 'start'], {
    cwd: projectRoot,
    env: {
      PATH: process.env.PATH,
      IMPRIMATUR_DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      PORT: String(port),
      LOG_LEVEL: 'warn',
      VERIFY_FILES: 'json', // specs of the files themselves ask for all
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a process group of its own
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(
    async () => {
      if (child.exitCode !== null) throw new Error(`the service ended:\n${output}`);
      return (await fetch(`${url}/readyz`).catch(() => null))?.status === 200;
    },
    60_000,
    () => `the service did not become ready:\n${output}`,
  );
  const key = (await readFile(join(dataDir, 'first-key'), 'utf8')).trim();
  const workerPids = async () => {
    const health = (await (await fetch(`${url}/healthz`)).json()) as { processes: { role: string; pid: number }[] };
    return health.processes.filter(({ role, pid }) => role === 'worker' && lives(pid)).map(({ pid }) => pid);
  };
  const crash = async () => {
    const gone = new Promise<void>((done) => child.once('exit', () => done()));
    process.kill(-child.pid!, 'SIGKILL');
    await gone;
  };
  const stop = async () => {
    await end(child);
    await rm(dataDir, { recursive: true, force: true });
  };
  return { url, baseURL: `${url}/v1`, key, databaseUrl, dataDir, workerPids, crash, output: () => output, stop };
}

/** False for a process that was killed and is still in the reports of the last seconds. */
function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((done) => {
    child.once('exit', () => done());
    child.kill('SIGTERM');
  });
}

/** Asks again until the answer is true. @throws Error with `why()` after `timeoutMs` */
export async function until(
  ask: () => Promise<boolean>,
  timeoutMs: number,
  why: () => string = () => 'it did not happen',
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await ask())) {
    if (Date.now() > deadline) throw new Error(why());
    await new Promise((done) => setTimeout(done, 50));
  }
}
