import { AppError } from '#kernel';
import { z } from 'zod';

/**
 * Queues, by what they compete for: engine slots, processor time, a waiting tenant, a person who enrols, a waiting stranger, servers that a
 * stranger names, servers that a tenant names.
 */
export const QUEUES = ['generate', 'examine', 'quick', 'enrol', 'verify', 'fetch', 'deliver'] as const;

/** Name of a queue. */
export type QueueName = (typeof QUEUES)[number];

const clip = z.object({ clipId: z.string() });
const verification = z.object({ id: z.string() });

/**
 * Every job of the product: its queue, the schema of its payload and how often it is tried. Attempts are for
 * faults that may pass; a crash of the worker does not use one.
 */
export const JOBS = {
  'clip.generate': { queue: 'generate', payload: clip, attempts: 4, backoffMs: 2000 },
  'clip.inspect': { queue: 'examine', payload: clip, attempts: 3, backoffMs: 1000 },
  'clip.mark': { queue: 'examine', payload: clip, attempts: 3, backoffMs: 1000 },
  'clip.sign': { queue: 'examine', payload: clip, attempts: 4, backoffMs: 2000 },
  'clip.reread': { queue: 'examine', payload: clip, attempts: 3, backoffMs: 1000 },
  // As long as its witnesses keep silent, a clip waits: about a quarter of an hour in all.
  'clip.log': { queue: 'deliver', payload: clip, attempts: 12, backoffMs: 500 },
  'clip.erase': { queue: 'deliver', payload: clip, attempts: 5, backoffMs: 5000 },
  // A reviewer's decision leaves when it can no longer be undone.
  'review.settle': { queue: 'deliver', payload: z.object({ decisionId: z.string() }), attempts: 6, backoffMs: 500 },
  'child_safety.seal': { queue: 'deliver', payload: z.object({ caseId: z.string() }), attempts: 8, backoffMs: 2000 },
  'register.erase': { queue: 'deliver', payload: z.object({ entryId: z.string() }), attempts: 8, backoffMs: 2000 },
  'policy.publish': { queue: 'deliver', payload: z.object({ id: z.string() }), attempts: 5, backoffMs: 2000 },
  'policy.backtest': { queue: 'deliver', payload: z.object({ id: z.string() }), attempts: 4, backoffMs: 2000 },
  'webhook.deliver': { queue: 'deliver', payload: z.object({ deliveryId: z.string() }), attempts: 2, backoffMs: 1000 },
  'url.fetch': { queue: 'fetch', payload: verification, attempts: 2, backoffMs: 1000 },
  'file.verify': { queue: 'verify', payload: verification, attempts: 2, backoffMs: 1000 },
  // With a tenant, the faces in it are compared with everybody whom that tenant's clips are compared with.
  'image.screen': {
    queue: 'quick',
    payload: z.object({ path: z.string(), tenantId: z.string().optional() }),
    attempts: 1,
    backoffMs: 0,
  },
  // A template of the face in a picture, sealed under the key of the entry before it leaves the worker.
  'register.face': {
    queue: 'quick',
    payload: z.object({ entryId: z.string(), path: z.string() }),
    attempts: 1,
    backoffMs: 0,
  },
  'image.fetch': {
    queue: 'quick',
    payload: z.object({ url: z.string(), path: z.string(), tenantId: z.string().optional() }),
    attempts: 1,
    backoffMs: 0,
  },
  // The stored form of a picture fingerprint in base64; the answer names releases and their shares.
  'print.search': { queue: 'quick', payload: z.object({ print: z.string() }), attempts: 1, backoffMs: 0 },
  // Asked for through the outbox: whoever waits watches the table, so that no crash loses it.
  'person.enrol': { queue: 'enrol', payload: z.object({ id: z.string() }), attempts: 1, backoffMs: 0 },
  'consent.revoke': { queue: 'deliver', payload: z.object({ id: z.string() }), attempts: 10, backoffMs: 500 },
} as const satisfies Record<string, { queue: QueueName; payload: z.ZodType; attempts: number; backoffMs: number }>;

/** Name of a job. */
export type JobName = keyof typeof JOBS;

/** Queues whose jobs somebody waits for. */
export const ASKED_QUEUES = ['quick'] as const;

/** Jobs whose answer somebody waits for. */
export type AskedJob = {
  [N in JobName]: (typeof JOBS)[N]['queue'] extends (typeof ASKED_QUEUES)[number] ? N : never;
}[JobName];

/** Payload of a job. */
export type JobPayload<N extends JobName> = z.infer<(typeof JOBS)[N]['payload']>;

/** What a handler is told besides its payload. */
export interface JobContext {
  /** 1 for the first try. */
  attempt: number;
  /** True when no further try will follow a failure. */
  last: boolean;
}

/** Does one job. A thrown error is tried again until the attempts are used up. */
export type JobHandler<N extends JobName> = (payload: JobPayload<N>, context: JobContext) => Promise<unknown>;

/** The registry of jobs has a gap, or a job arrived that it does not know. */
export class JobError extends AppError {
  constructor(code: string, message: string) {
    super('internal', code, message);
  }
}

/** True when the text names a job. */
export function isJobName(name: string): name is JobName {
  return Object.hasOwn(JOBS, name);
}

/** Handlers by job name. Refuses to run while any job has none. */
export class JobHandlers {
  private readonly handlers = new Map<JobName, JobHandler<JobName>>();

  /** Registers the one handler of a job. @throws JobError when it has one already */
  register<N extends JobName>(name: N, handler: JobHandler<N>): this {
    if (this.handlers.has(name)) throw new JobError('job_registered_twice', `The job ${name} has two handlers.`);
    this.handlers.set(name, handler);
    return this;
  }

  /** @throws JobError naming every job that nobody handles */
  assertComplete(): void {
    const missing = (Object.keys(JOBS) as JobName[]).filter((name) => !this.handlers.has(name));
    if (missing.length) throw new JobError('job_without_handler', `No handler for: ${missing.join(', ')}.`);
  }

  /** Validates the payload and runs the handler. @throws JobError for an unknown job; ZodError for a bad payload */
  async run(name: string, payload: unknown, context: JobContext): Promise<unknown> {
    if (!isJobName(name)) throw new JobError('job_unknown', `Unknown job ${name}.`);
    const handler = this.handlers.get(name);
    if (!handler) throw new JobError('job_without_handler', `No handler for ${name}.`);
    return handler(JOBS[name].payload.parse(payload), context);
  }
}
