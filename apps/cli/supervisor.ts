import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { AppError, compiledModule, sleep } from '#kernel';

/** A process that the supervisor keeps alive. */
export interface Service {
  name: string;
  /** Compiled module, relative to dist/apps. */
  module: string;
  execArgv?: string[];
}

const READY_MS = 60_000;
const RESTART_MS = 300;
/** A process that dies this soon after its start has a fault of its own: it is given pauses that grow. */
const EARLY_MS = 5000;
const STOP_MS = 40_000;
const MOST_FAILURES = 5;
const LONGEST_PAUSE_MS = 10_000;

/** The processes of a deployment on one machine: started, restarted when they die, stopped in order. */
export class Supervisor {
  private readonly children = new Map<string, ChildProcess>();
  private stopping = false;

  constructor(
    private readonly env: Record<string, string | undefined>,
    private readonly say: (line: string) => void,
  ) {}

  /** Starts a process and waits until it is ready. @throws AppError `process_not_ready` */
  async start(service: Service): Promise<void> {
    await this.launch(service, 0);
  }

  /** Asks the processes to end, in this order, and waits. */
  async stop(names: string[]): Promise<void> {
    this.stopping = true;
    for (const name of names) {
      const child = this.children.get(name);
      if (!child || child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise<void>((done) => child.once('exit', () => done()));
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(STOP_MS).then(() => child.kill('SIGKILL'))]);
    }
  }

  /** A process that has been ready once is never given up; one that never was, is after some early deaths. */
  private launch(service: Service, failures: number, wasReady = false): Promise<void> {
    const { name, module, execArgv = [] } = service;
    const path = join(compiledModule(import.meta.url, '..'), module);
    const child = fork(path, [], {
      env: this.env,
      execArgv: ['--enable-source-maps', ...execArgv],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.children.set(name, child);
    const started = Date.now();
    return new Promise((done, fail) => {
      let ready = wasReady;
      const late = setTimeout(() => !ready && fail(notReady(name)), READY_MS);
      child.once('message', () => {
        clearTimeout(late);
        ready = true;
        done();
      });
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        if (this.stopping) return;
        const again = Date.now() - started < EARLY_MS ? failures + 1 : 0;
        if (!ready && again > MOST_FAILURES) return fail(notReady(name));
        this.say(`${name} ended (${signal ?? code}); starting it again`);
        const pause = Math.min(RESTART_MS * 2 ** again, LONGEST_PAUSE_MS);
        setTimeout(() => void (this.stopping || this.launch(service, again, ready).then(done, fail)), pause);
      });
    });
  }
}

function notReady(name: string): AppError {
  return new AppError(
    'unavailable',
    'process_not_ready',
    `The process ${name} did not become ready. Its last lines above say why.`,
  );
}
