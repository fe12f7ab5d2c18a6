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

  private launch(service: Service, failures: number): Promise<void> {
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
      const late = setTimeout(() => fail(notReady(name)), READY_MS);
      child.once('message', () => (clearTimeout(late), done()));
      child.once('exit', (code, signal) => {
        clearTimeout(late);
        if (this.stopping) return;
        const early = Date.now() - started < EARLY_MS;
        const again = early ? failures + 1 : 0;
        if (again > 5) return fail(notReady(name));
        this.say(`${name} ended (${signal ?? code}); starting it again`);
        setTimeout(() => void this.launch(service, again).then(done, fail), RESTART_MS * 2 ** again);
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
