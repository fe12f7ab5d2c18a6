import type { Clock } from '#kernel';
import type { Database } from '#platform/database';
import type { QueueClient } from '#platform/queue';

/** How late a publication may be, and how long a back-test may stand still, before its job is asked for again. */
const LATE_MS = 10_000;
const STILL_MS = 45_000;

/**
 * The tables say what is to be done; the queue only carries it. Whatever the queue lost is given to it again.
 * @returns number of jobs asked for
 */
export async function reconcilePolicies(database: Database, queue: QueueClient, clock: Clock): Promise<number> {
  const now = clock.now().getTime();
  const due = await database.policyRevision.findMany({
    where: { state: 'scheduled', publishAt: { lt: new Date(now - LATE_MS) } },
    select: { id: true },
  });
  const still = await database.policyBacktest.findMany({
    where: { state: 'running', updatedAt: { lt: new Date(now - STILL_MS) } },
    select: { id: true, done: true },
  });
  // A job that ended keeps its id for a while: each half minute is a job of its own.
  const part = Math.floor(now / 30_000);
  for (const { id } of due) await queue.add('policy.publish', { id }, `${id}-late-${part}`);
  for (const { id, done } of still) await queue.add('policy.backtest', { id }, `${id}-${done}-late-${part}`);
  return due.length + still.length;
}
