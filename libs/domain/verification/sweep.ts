import { rm } from 'node:fs/promises';
import type { Clock } from '#kernel';
import type { Database } from '#platform/database';
import type { QueueClient } from '#platform/queue';
import type { BlobStore } from '#platform/storage';
import { fault } from './errors.js';
import { erase, removeReport } from './files.js';
import { jobOf, OVERDUE_MS } from './rows.js';

/** How long a verification may stand still before its job is asked for again. A job that still exists is not doubled. */
const STILL_MS = 15_000;
/** A place of which nothing was heard for so long was held by a process that died. */
const UNHEARD_MS = 90_000;
const BATCH = 100;

/**
 * Asks again for jobs that the queue lost.
 * @returns number of verifications looked at
 */
export async function reconcileVerifications(database: Database, queue: QueueClient, clock: Clock): Promise<number> {
  const rows = await database.verificationJob.findMany({
    where: {
      status: { in: ['queued', 'examining'] },
      updatedAt: { lt: new Date(clock.now().getTime() - STILL_MS) },
    },
    select: { id: true, url: true, path: true },
    orderBy: { createdAt: 'asc' },
    take: BATCH,
  });
  for (const row of rows) {
    const { job, payload, dedupeKey } = jobOf(row);
    await queue.add(job, payload, dedupeKey);
  }
  return rows.length;
}

/**
 * Deletes what has expired, gives up what is overdue, and takes back places that nobody holds any more.
 * @returns number of verifications that were deleted or given up
 */
export async function sweepVerifications(
  database: Database,
  blobs: BlobStore,
  clock: Clock,
  keepMs: number,
): Promise<number> {
  const now = clock.now();
  const before = (ms: number) => new Date(now.getTime() - ms);
  const table = database.verificationJob;
  const { count } = await table.deleteMany({ where: { status: 'receiving', updatedAt: { lt: before(UNHEARD_MS) } } });
  const expired = await table.findMany({
    where: { status: { in: ['completed', 'failed'] }, expiresAt: { lte: now } },
    take: BATCH,
  });
  for (const row of expired) await erase(database, blobs, row);
  const overdue = await table.findMany({
    where: { status: { in: ['queued', 'examining'] }, createdAt: { lt: before(OVERDUE_MS) } },
    take: BATCH,
  });
  const { code, message } = fault('verification_overdue');
  const nothing = { path: null, url: null, jsonSha256: null, pdfSha256: null, bundleSha256: null };
  for (const row of overdue) {
    await table.updateMany({
      where: { id: row.id, status: { in: ['queued', 'examining'] } },
      data: {
        status: 'failed',
        errorCode: code,
        errorMessage: message,
        expiresAt: new Date(now.getTime() + keepMs),
        ...nothing,
      },
    });
    if (row.path) await rm(row.path, { force: true });
    await removeReport(blobs, row);
  }
  return count + expired.length + overdue.length;
}
