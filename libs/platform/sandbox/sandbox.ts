import { Child, type Job } from './child.js';
import { SandboxError } from './errors.js';
import { type RunOptions, type Sandbox, type SandboxOptions, type TaskShape } from './types.js';

const RECYCLE_AFTER = 200;
/** A child that keeps this share of its memory after a task would make the next task pay for it. */
const BLOATED = 0.7;

class Pool {
  private readonly queue: Job[] = [];
  private readonly children = new Set<Child>();
  private closing: { promise: Promise<void>; done: () => void } | null = null;

  constructor(private readonly options: SandboxOptions) {}

  run(task: string, payload: unknown, options: RunOptions = {}): Promise<unknown> {
    const { signal } = options;
    if (this.closing)
      return Promise.reject(new SandboxError('sandbox_closed', 'The sandbox is closing; no new tasks.'));
    const aborted = () => new SandboxError('sandbox_aborted', 'The task was aborted.', signal?.reason);
    if (signal?.aborted) return Promise.reject(aborted());
    return new Promise((resolve, reject) => {
      const job: Job = { task, payload, options, resolve, reject };
      const onAbort = () => {
        const at = this.queue.indexOf(job);
        if (at < 0) return;
        this.queue.splice(at, 1);
        reject(aborted());
        this.pump();
      };
      job.leftQueue = () => signal?.removeEventListener('abort', onAbort);
      signal?.addEventListener('abort', onAbort, { once: true });
      this.queue.push(job);
      this.pump();
    });
  }

  close(): Promise<void> {
    if (!this.closing) {
      let done = () => undefined as void;
      const promise = new Promise<void>((resolve) => (done = resolve));
      this.closing = { promise, done };
      this.pump();
    }
    return this.closing.promise;
  }

  pids(): number[] {
    return [...this.children].flatMap((child) => (child.isAlive && child.pid !== undefined ? [child.pid] : []));
  }

  private pump(): void {
    while (this.queue.length > 0) {
      const child = this.free();
      if (!child) return;
      const job = this.queue.shift() as Job;
      job.leftQueue?.();
      child.assign(job);
    }
    if (!this.closing) return;
    for (const child of this.children) if (child.isIdle) child.end();
    if (this.children.size === 0) this.closing.done();
  }

  private free(): Child | null {
    const living = [...this.children].filter((child) => child.isAlive);
    const idle = living.find((child) => child.isIdle);
    if (idle || living.length >= this.options.size) return idle ?? null;
    const child = new Child(
      this.options,
      (freed) => this.freed(freed),
      (gone) => this.gone(gone),
    );
    this.children.add(child);
    return child;
  }

  private freed(child: Child): void {
    const worn = child.served >= (this.options.recycleAfter ?? RECYCLE_AFTER);
    if (worn || child.rss > BLOATED * this.options.maxRssMb * 1024 * 1024) child.end();
    this.pump();
  }

  private gone(child: Child): void {
    if (this.children.delete(child)) this.pump();
  }
}

/** A pool of child processes. Children start when there is work and exit with the parent. */
export function createSandbox<Tasks extends { [K in keyof Tasks]: TaskShape }>(
  options: SandboxOptions,
): Sandbox<Tasks> {
  const pool = new Pool(options);
  return {
    run: (task, payload, runOptions) => pool.run(task, payload, runOptions),
    close: () => pool.close(),
    pids: () => pool.pids(),
  };
}
