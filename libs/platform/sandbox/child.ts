import { type ChildProcess, fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { type Socket } from 'node:net';
import { compiledModule } from '#kernel';
import { SandboxError, type SandboxErrorCode } from './errors.js';
import { type ChildMessage, fromWire, type RunMessage } from './protocol.js';
import { type RunOptions, type SandboxOptions } from './types.js';

const POLL_MS = 100;
const LAST_WORDS = 4000;
const EXIT_GRACE_MS = 2000;

/** One task on its way. */
export interface Job {
  task: string;
  payload: unknown;
  options: RunOptions;
  resolve(result: unknown): void;
  reject(error: unknown): void;
  /** Called when the job goes from the queue to a child. */
  leftQueue?(): void;
}

/** Resident bytes of a process; null where there is no /proc or the process is gone. */
async function residentBytes(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kib === undefined ? null : Number(kib) * 1024;
}

function start(options: SandboxOptions): ChildProcess {
  const preload = compiledModule(import.meta.url, './close-network.js');
  return fork(options.module, [String(process.pid)], {
    serialization: 'advanced',
    // Not --import: threads made from a string would start without it.
    execArgv: [`--max-old-space-size=${options.maxRssMb}`, '--require', preload],
    // The whole environment: keys and database addresses of the parent stay out.
    env: { PATH: process.env['PATH'] ?? '', ...options.env },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
}

/** A child process as the pool sees it: idle, busy with one job, or dying. */
export class Child {
  /** Jobs started, for recycling. */
  served = 0;
  /** Resident memory after the last job, in bytes. */
  rss = 0;
  private readonly process: ChildProcess;
  private job: Job | null = null;
  private cleanup: (() => void) | null = null;
  private dying = false;
  private ready = false;
  private lastWords = '';

  /**
   * @param idle called when a job ended and the child can take another
   * @param gone called once, when the process has ended or was given up
   */
  constructor(
    private readonly options: SandboxOptions,
    private readonly idle: (child: Child) => void,
    private readonly gone: (child: Child) => void,
  ) {
    this.process = start(options);
    this.process.on('message', (message) => this.receive(message as ChildMessage));
    this.process.on('error', (error) => this.ended(new SandboxError('sandbox_crashed', 'No child process.', error)));
    this.process.on('exit', (code, signal) => this.ended(this.crash(code, signal)));
    this.process.stderr?.on('data', (text: Buffer) => {
      this.lastWords = (this.lastWords + text.toString('utf8')).slice(-LAST_WORDS);
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  get isIdle(): boolean {
    return this.job === null && !this.dying;
  }

  get isAlive(): boolean {
    return !this.dying;
  }

  /** Gives the child its next job. The time runs from when the child is ready. */
  assign(job: Job): void {
    this.job = job;
    this.served++;
    this.hold(true);
    const onAbort = () => this.kill('sandbox_aborted', 'The task was aborted.', job.options.signal?.reason);
    job.options.signal?.addEventListener('abort', onAbort, { once: true });
    const startMs = this.options.startTimeoutMs ?? 60_000;
    let timer = setTimeout(
      () => this.kill('sandbox_crashed', `The child was not ready within ${startMs} ms.`),
      startMs,
    );
    const watch = setInterval(() => void this.poll(), POLL_MS);
    this.cleanup = () => {
      clearTimeout(timer);
      clearInterval(watch);
      job.options.signal?.removeEventListener('abort', onAbort);
    };
    this.begin = () => {
      clearTimeout(timer);
      const ms = job.options.timeoutMs ?? this.options.defaultTimeoutMs;
      timer = setTimeout(() => this.kill('sandbox_timeout', `The task took longer than ${ms} ms.`), ms);
      this.dispatch(job);
    };
    if (this.ready) this.begin();
  }

  /** Lets an idle child go: it exits when the channel closes. */
  end(): void {
    if (this.dying) return;
    this.dying = true;
    this.hold(true);
    if (this.process.connected) this.process.disconnect();
    const timer = setTimeout(() => this.process.kill('SIGKILL'), EXIT_GRACE_MS);
    this.process.once('exit', () => clearTimeout(timer));
  }

  private begin: () => void = () => undefined;

  private dispatch(job: Job): void {
    const message: RunMessage = { type: 'run', id: this.served, task: job.task, payload: job.payload };
    try {
      this.process.send(message, (error) => {
        if (error) this.kill('sandbox_crashed', 'The task could not be handed to the child.', error);
      });
    } catch (error) {
      // A payload that cannot be cloned is the caller's fault; the child has seen nothing of it.
      this.settle((settled) => settled.reject(error));
    }
  }

  private receive(message: ChildMessage): void {
    if (message.type === 'ready' && !this.ready) {
      this.ready = true;
      if (this.job && !this.dying) this.begin();
    } else if (message.type === 'rss') this.checkMemory(message.bytes);
    else if (!this.job || this.dying || !('id' in message) || message.id !== this.served) return;
    else if (message.type === 'progress') this.progress(message.fraction);
    else if (message.type === 'error') this.settle((job) => job.reject(fromWire(message.error)));
    else if (message.type === 'result') this.settle((job) => job.resolve(message.result));
  }

  private progress(fraction: number): void {
    try {
      this.job?.options.onProgress?.(Math.min(1, Math.max(0, Number(fraction) || 0)));
    } catch (error) {
      this.kill('sandbox_aborted', 'The listener for progress failed.', error);
    }
  }

  private async poll(): Promise<void> {
    const bytes = this.pid === undefined ? null : await residentBytes(this.pid);
    if (bytes !== null) this.checkMemory(bytes);
  }

  private checkMemory(bytes: number): void {
    this.rss = Number(bytes) || 0;
    if (this.rss <= this.options.maxRssMb * 1024 * 1024) return;
    this.kill('sandbox_memory', `The task used more than ${this.options.maxRssMb} MiB of memory.`);
  }

  private crash(code: number | null, signal: NodeJS.Signals | null): SandboxError {
    const cause = this.lastWords ? new Error(this.lastWords) : undefined;
    if (this.lastWords.includes('heap out of memory')) {
      return new SandboxError('sandbox_memory', 'The task used up the memory it was given.', cause);
    }
    return new SandboxError(
      'sandbox_crashed',
      `The child process ended early (${signal ?? `exit code ${code}`}).`,
      cause,
    );
  }

  private kill(code: SandboxErrorCode, message: string, cause?: unknown): void {
    if (this.dying) return;
    this.dying = true;
    const error = new SandboxError(code, message, cause);
    this.crash = () => error;
    this.process.kill('SIGKILL');
    // The caller may delete the task's files after this, so wait for the end, but not for ever.
    setTimeout(() => this.ended(error), EXIT_GRACE_MS).unref();
  }

  private ended(error: SandboxError): void {
    this.dying = true;
    const job = this.job;
    this.release();
    this.gone(this);
    job?.reject(error);
  }

  private settle(answer: (job: Job) => void): void {
    const job = this.job;
    if (!job) return;
    this.release();
    this.hold(false);
    answer(job);
    this.idle(this);
  }

  private release(): void {
    this.cleanup?.();
    this.cleanup = null;
    this.job = null;
  }

  /** Only a busy child keeps the parent's event loop alive. */
  private hold(busy: boolean): void {
    for (const handle of [this.process, this.process.channel, this.process.stderr as Socket | null]) {
      if (busy) handle?.ref();
      else handle?.unref();
    }
  }
}
