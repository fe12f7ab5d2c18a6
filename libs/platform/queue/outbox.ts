import { json, type Transaction } from '#platform/database';
import type { JobName, JobPayload } from './jobs.js';

/** A job that a transaction promises. */
export interface PromisedJob<N extends JobName = JobName> {
  job: N;
  payload: JobPayload<N>;
  /** Two promises with the same key become one job. */
  dedupeKey: string;
  notBefore?: Date;
  correlationId?: string | null;
}

/**
 * Promises a job inside the caller's transaction: it reaches the queue if and only if the transaction commits,
 * at least once, whatever crashes afterwards.
 */
export async function promiseJob<N extends JobName>(tx: Transaction, promised: PromisedJob<N>): Promise<void> {
  await tx.outbox.create({
    data: {
      job: promised.job,
      payload: json(promised.payload),
      dedupeKey: promised.dedupeKey,
      notBefore: promised.notBefore,
      correlationId: promised.correlationId,
    },
  });
}
