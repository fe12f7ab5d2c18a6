import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, sleep } from '#kernel';
import type { Config } from '#platform/config';
import type { Service } from '../../apps/cli/service.js';
import type { DemoWords } from './words.js';

const READY_MS = 120_000;
const STOP_MS = 60_000;
/** Lines of the log that are shown when the service does not start. */
const LAST_LINES = 15;

/** The service that the demo talks to. */
export interface Running {
  /** True when the demo started it, and will stop it. */
  own: boolean;
  stop(): Promise<void>;
}

const gone = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function stop(child: ChildProcess): Promise<void> {
  if (gone(child)) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGTERM');
  await Promise.race([ended, sleep(STOP_MS).then(() => child.kill('SIGKILL'))]);
}

/**
 * Uses the service that runs, or starts one with the same settings and the same data folder, its log beside the clips.
 * @throws Error with the end of the log when it does not become ready
 */
export async function reachService(
  service: Service,
  config: Config,
  words: DemoWords,
  say: (line: string) => void,
): Promise<Running> {
  if (await service.isReady()) {
    say(words.using(service.url));
    return { own: false, stop: async () => undefined };
  }
  const log = join(config.dataDir, 'demo', 'service.log');
  mkdirSync(join(config.dataDir, 'demo'), { recursive: true });
  say(words.starting(service.url, log));
  const started = Date.now();
  const file = openSync(log, 'w');
  const child = spawn(process.execPath, [join(projectRoot, 'dist/apps/cli/main.js'), 'start'], {
    cwd: projectRoot,
    stdio: ['ignore', file, file],
  });
  closeSync(file);
  // Whoever stops the demo early stops what it started.
  const interrupted = () => void stop(child).then(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupted);
  while (!(await service.isReady())) {
    if (gone(child) || Date.now() - started > READY_MS) {
      await stop(child);
      throw new Error(
        `${words.notStarted(log)}\n${readFileSync(log, 'utf8').trim().split('\n').slice(-LAST_LINES).join('\n')}`,
      );
    }
    await sleep(250);
  }
  say(words.started(((Date.now() - started) / 1000).toFixed(1)));
  return {
    own: true,
    stop: async () => {
      say(words.stopping);
      await stop(child);
    },
  };
}
