import { createPostgresBackend, Queue, QueueEvents, setDefaultBackendFactory, Worker, type Job } from 'bullmq';
import { DeadlineError, newId, withDeadline } from '#kernel';
import { answerOf, settle } from './answer.js';
import {
  ASKED_QUEUES,
  JOBS,
  QUEUES,
  type AskedJob,
  type JobHandlers,
  type JobName,
  type JobPayload,
  type QueueName,
} from './jobs.js';

/** Where the queue lives. */
export interface QueueConfig {
  databaseUrl: string;
  redisUrl?: string;
}

/** Recover from a killed worker in seconds: its jobs are given to another one. */
const RECOVERY = { lockDuration: 4000, stalledInterval: 1500, maxStalledCount: 3 };

/** The one who asks must find the answer even when it comes before the question is fully put. */
const ANSWER_KEPT_S = 30;

/** Connection options for BullMQ: PostgreSQL by default, Redis when a URL is given. */
export function queueConnection(config: QueueConfig, max = 4): never {
  if (config.redisUrl) return { url: config.redisUrl } as never;
  setDefaultBackendFactory(createPostgresBackend);
  // BullMQ's types only know Redis; the value goes to node-postgres.
  return { connectionString: config.databaseUrl, max } as never;
}

/** The sending side of the queues. */
export class QueueClient {
  private readonly queues = new Map<QueueName, Queue>();
  private readonly events = new Map<QueueName, QueueEvents>();

  constructor(private readonly config: QueueConfig) {}

  private queue(name: QueueName): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, { connection: queueConnection(this.config, 2) });
      queue.on('error', () => undefined); // reported by the calls themselves
      this.queues.set(name, queue);
    }
    return queue;
  }

  /**
   * Adds a job. The same `id` twice is one job.
   * The queue is only the messenger: a job that finished is removed, and the tables say what is true.
   */
  async add<N extends JobName>(name: N, payload: JobPayload<N>, id: string, keepS = 0): Promise<Job> {
    const { queue, attempts, backoffMs } = JOBS[name];
    const keep = keepS ? { age: keepS } : true;
    return this.queue(queue).add(name, payload, {
      jobId: id,
      attempts,
      backoff: { type: 'exponential', delay: backoffMs },
      removeOnComplete: keep,
      removeOnFail: keep,
    });
  }

  /**
   * Adds a job and waits for its answer.
   * @throws DeadlineError after `timeoutMs`; AppError as the handler threw it
   */
  async ask<N extends AskedJob>(name: N, payload: JobPayload<N>, timeoutMs: number): Promise<unknown> {
    const { queue } = JOBS[name];
    const events = this.events.get(queue) ?? new QueueEvents(queue, { connection: queueConnection(this.config, 2) });
    this.events.set(queue, events);
    await events.waitUntilReady();
    const job = await this.add(name, payload, newId('ask'), ANSWER_KEPT_S);
    try {
      const answer = job.waitUntilFinished(events) as Promise<unknown>;
      return answerOf(await withDeadline(answer, timeoutMs, `The job ${name}`));
    } catch (e) {
      // Nobody waits any more; when it runs already, it is left to end.
      if (e instanceof DeadlineError) await job.remove().catch(() => undefined);
      throw e;
    }
  }

  /** Jobs by state, for metrics. */
  async counts(): Promise<Record<QueueName, Record<string, number>>> {
    const rows = await Promise.all(
      QUEUES.map(
        async (name) => [name, await this.queue(name).getJobCounts('waiting', 'active', 'delayed', 'failed')] as const,
      ),
    );
    return Object.fromEntries(rows) as Record<QueueName, Record<string, number>>;
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    await Promise.all([...this.events.values()].map((events) => events.close()));
  }
}

/** Options of {@link startWorkers}. */
export interface WorkerOptions {
  concurrency: Record<QueueName, number>;
  /** Called when a job failed for good or for now. */
  onFailure: (job: { name: string; attempt: number; error: Error }) => void;
  onError: (error: Error) => void;
}

/**
 * Starts one consumer per queue.
 * @returns a function that stops taking jobs and waits for those that run
 */
export function startWorkers(config: QueueConfig, handlers: JobHandlers, options: WorkerOptions): () => Promise<void> {
  handlers.assertComplete();
  const asked: readonly QueueName[] = ASKED_QUEUES;
  const workers = QUEUES.map((name) => {
    const process = (job: Job) => {
      const attempt = job.attemptsMade + 1;
      const run = () => handlers.run(job.name, job.data, { attempt, last: attempt >= (job.opts.attempts ?? 1) });
      return asked.includes(name) ? settle(run) : run();
    };
    const worker = new Worker(name, process, {
      connection: queueConnection(config),
      concurrency: options.concurrency[name],
      ...RECOVERY,
    });
    worker.on('failed', (job, error) => job && options.onFailure({ name: job.name, attempt: job.attemptsMade, error }));
    worker.on('error', options.onError);
    return worker;
  });
  return async () => {
    await Promise.all(workers.map((worker) => worker.close()));
  };
}
