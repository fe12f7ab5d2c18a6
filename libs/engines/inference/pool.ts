import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { compiledModule, messageOf, withDeadline } from '#kernel';
import { InferenceError } from './errors.js';
import { type LaneReply, type LaneRequest, type LoadedModel, type Names, type Tensors } from './messages.js';

/** Longest wait for a native call when the process exits, in milliseconds. */
const EXIT_WAIT_MS = 10_000;

/** One thread and what it has loaded. It serves one request at a time. */
class Lane {
  readonly loaded = new Map<string, Names>();
  /** Set when the thread ended or did not answer in time; it takes no further request. */
  dead = false;
  private ended = false;
  /** 1 while the thread works; the thread itself sets it back to 0. */
  private readonly busy = new Int32Array(new SharedArrayBuffer(4));
  private readonly worker = new Worker(compiledModule(import.meta.url, './lane.js'), {
    execArgv: [],
    workerData: this.busy,
  });
  private settle: { done: (reply: LaneReply) => void; fail: (error: Error) => void } | undefined;
  /** Resolves when the thread has answered the last request, however late. */
  private quiet: Promise<unknown> = Promise.resolve();

  constructor() {
    this.worker.unref();
    this.worker.on('message', (reply: LaneReply) => this.settle?.done(reply));
    const die = (why: string) => {
      this.dead = true;
      this.ended = true;
      this.settle?.fail(new InferenceError('inference_failed', `An inference thread ended: ${why}.`));
    };
    this.worker.on('error', (error) => die(messageOf(error)));
    this.worker.on('exit', (code) => die(`exit code ${code}`));
  }

  async ask(request: LaneRequest, deadlineMs: number): Promise<LaneReply> {
    const reply = new Promise<LaneReply>((done, fail) => (this.settle = { done, fail }));
    // The thread keeps the process alive only while it works.
    this.worker.ref();
    Atomics.store(this.busy, 0, 1);
    this.quiet = reply.catch(() => undefined).then(() => this.worker.unref());
    this.worker.postMessage(request);
    try {
      return await withDeadline(reply, deadlineMs, 'Inference');
    } catch (cause) {
      void this.end();
      if (cause instanceof InferenceError) throw cause;
      throw new InferenceError('inference_timeout', `A network did not answer: ${messageOf(cause)}`, cause);
    }
  }

  /** Blocks until the thread is out of its native call, at most `ms` milliseconds. */
  waitBlocking(ms: number): void {
    if (!this.ended) Atomics.wait(this.busy, 0, 1, ms);
  }

  /** Ends the thread once its native call has returned: ending it inside the call would abort the whole process. */
  async end(): Promise<void> {
    this.dead = true;
    await this.quiet;
    await this.worker.terminate();
  }
}

/** A fixed number of lanes shared by all networks of the process, with one queue in front. */
export class LanePool {
  private readonly idle: Lane[] = [];
  private readonly all = new Set<Lane>();
  private readonly waiting: { take: (lane: Lane) => void; fail: (error: Error) => void }[] = [];
  private closed = false;
  /** process.exit() during a native call aborts the process, so it waits for the calls that are running. */
  private readonly onExit = () => this.all.forEach((lane) => lane.waitBlocking(EXIT_WAIT_MS));

  constructor(readonly size: number) {
    process.once('exit', this.onExit);
  }

  /** Loads `model` in one lane, to find out at once whether it loads. */
  async load(model: LoadedModel, deadlineMs: number): Promise<Names> {
    return this.withLane((lane) => this.ensure(lane, model, deadlineMs));
  }

  /** Runs `model` in the next free lane. The inputs are copied. @param outputs which to give; null for all */
  async run(
    model: LoadedModel,
    feeds: Tensors,
    outputs: readonly string[] | null,
    deadlineMs: number,
  ): Promise<Tensors> {
    return this.withLane(async (lane) => {
      await this.ensure(lane, model, deadlineMs);
      const reply = await lane.ask({ kind: 'run', key: model.key, feeds, outputs }, deadlineMs);
      if (!reply.ok) throw new InferenceError('inference_failed', `A network could not be run: ${reply.message}`);
      return reply.results ?? {};
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const error = new InferenceError('inference_closed', 'The inference engine was closed.');
    for (const { fail } of this.waiting.splice(0)) fail(error);
    await Promise.all([...this.all].map((lane) => lane.end()));
    this.all.clear();
    this.idle.length = 0;
    process.off('exit', this.onExit);
  }

  private async ensure(lane: Lane, model: LoadedModel, deadlineMs: number): Promise<Names> {
    const known = lane.loaded.get(model.key);
    if (known) return known;
    const reply = await lane.ask({ kind: 'load', ...model }, deadlineMs);
    if (!reply.ok) throw new InferenceError('model_unloadable', `The network does not load: ${reply.message}`);
    const names = reply.names ?? { inputs: [], outputs: [] };
    lane.loaded.set(model.key, names);
    return names;
  }

  private async withLane<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
    const lane = await this.acquire();
    try {
      return await work(lane);
    } finally {
      this.giveBack(lane);
    }
  }

  private acquire(): Promise<Lane> {
    if (this.closed) throw new InferenceError('inference_closed', 'The inference engine was closed.');
    for (let lane = this.idle.pop(); lane; lane = this.idle.pop()) {
      if (!lane.dead) return Promise.resolve(lane);
      this.all.delete(lane);
    }
    if ([...this.all].filter((lane) => !lane.dead).length < this.size) return Promise.resolve(this.start());
    return new Promise((take, fail) => this.waiting.push({ take, fail }));
  }

  private start(): Lane {
    const lane = new Lane();
    this.all.add(lane);
    return lane;
  }

  private giveBack(lane: Lane): void {
    if (this.closed) return;
    const next = this.waiting.shift();
    if (lane.dead) void lane.end().then(() => this.all.delete(lane));
    if (next) next.take(lane.dead ? this.start() : lane);
    else if (!lane.dead) this.idle.push(lane);
  }
}

/** Lanes when the caller does not say: one per core, at most four. */
export const defaultLanes = Math.max(1, Math.min(4, availableParallelism()));
