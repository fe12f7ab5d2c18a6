import { Worker } from 'node:worker_threads';
import { AppError } from '#kernel';
import { type ChildMessage, NETWORK_CLOSED, type RunMessage, toWire } from './protocol.js';
import { type TaskHandler, type TaskShape } from './types.js';

const RSS_EVERY_MS = 200;

/**
 * Ends this process when the parent dies, even while a native call blocks the main thread. The parent's own number
 * counts: it may have died before this process, or the thread here, came to look.
 */
function exitWithParent(): void {
  const code = `
    const { workerData: parent } = require('node:worker_threads');
    setInterval(() => { if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL'); }, 500);`;
  const resourceLimits = { maxOldGenerationSizeMb: 8 };
  const workerData = Number(process.argv[2]);
  new Worker(code, { eval: true, workerData, execArgv: [], env: {}, resourceLimits }).unref();
}

function send(message: ChildMessage): void {
  if (process.connected) process.send?.(message);
}

function answer(id: number, work: Promise<unknown>): Promise<void> {
  return work
    .then((result) => send({ type: 'result', id, result }))
    .catch((thrown: unknown) => {
      const error = toWire(thrown);
      try {
        send({ type: 'error', id, error });
      } catch {
        // Details that cannot be cloned must not hide the error itself.
        send({ type: 'error', id, error: { kind: error.kind, code: error.code, message: error.message } });
      }
    });
}

/**
 * Serves tasks in a child process that `createSandbox` started. Call it once, at the end of the host module.
 * Errors that tasks throw cross as kind, code and message (AppError) or as `sandbox_task_failed` (all others).
 * @throws AppError `sandbox_not_a_child` in a process that createSandbox did not start
 */
export function serveSandbox<Tasks extends { [K in keyof Tasks]: TaskShape }>(tasks: {
  [K in keyof Tasks]: TaskHandler<Tasks[K]>;
}): void {
  if (!process.send || Reflect.get(globalThis, NETWORK_CLOSED) !== true) {
    throw new AppError('internal', 'sandbox_not_a_child', 'serveSandbox runs only in a child of createSandbox.');
  }
  const gone = new AbortController();
  const handlers = new Map(Object.entries(tasks)) as Map<string, TaskHandler<TaskShape>>;
  process.on('message', ({ id, task, payload }: RunMessage) => {
    const handler = handlers.get(task);
    const progress = (fraction: number) => send({ type: 'progress', id, fraction });
    const reporter = setInterval(() => send({ type: 'rss', bytes: process.memoryUsage.rss() }), RSS_EVERY_MS);
    const work = async () => {
      if (!handler) throw new AppError('internal', 'sandbox_unknown_task', `The sandbox has no task named ${task}.`);
      return handler(payload, { progress, signal: gone.signal });
    };
    void answer(id, work()).finally(() => clearInterval(reporter));
  });
  process.on('disconnect', () => {
    gone.abort();
    process.exit(0);
  });
  exitWithParent();
  send({ type: 'ready' });
}
