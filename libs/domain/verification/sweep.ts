import { rm } from 'node:fs/promises';
import type { Clock } from '#kernel';
import type { CustodyEvent } from '#contracts';
import { json, type Database, type VerificationJob } from '#platform/database';
import type { QueueClient } from '#platform/queue';
import type { BlobStore } from '#platform/storage';
import { fault } from './errors.js';
import { erase, NO_FILES, removeReport } from './files.js';
import { custodyOf, jobOf, OVERDUE_MS } from './rows.js';

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

/** Ends what is overdue: with its report, when there is one. @returns false when a worker took it up in this moment */
async function giveUp(
  { verificationJob: table }: Database,
  blobs: BlobStore,
  { id, starts }: VerificationJob,
  now: Date,
  keepMs: number,
): Promise<boolean> {
  const open = { status: { in: ['queued', 'examining'] } };
  // Whoever is at it has lost it from here on; a sweep that dies now is followed by another.
  const [row] = await table.updateManyAndReturn({ where: { id, starts, ...open }, data: { starts: starts + 1 } });
  if (!row) return false;
  if (row.path) await rm(row.path, { force: true });
  await removeReport(blobs, row);
  const custody = custodyOf(row);
  const { code, message } = fault('verification_overdue');
  const sha256 = custody.at(-1)?.sha256 ?? null;
  const deleted: CustodyEvent = { at: now.toISOString(), what: 'deleted', actor: 'worker', sha256 };
  const end =
    row.report === null
      ? { status: 'failed', errorCode: code, errorMessage: message }
      : { status: 'completed', progress: 100, custody: json([...custody, deleted]) };
  const { count } = await table.updateMany({
    where: { id, starts: row.starts, ...open },
    data: { ...end, ...NO_FILES, path: null, url: null, expiresAt: new Date(now.getTime() + keepMs) },
  });
  return count > 0;
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
  const ended = await Promise.all(overdue.map((row) => giveUp(database, blobs, row, now, keepMs)));
  return count + expired.length + ended.filter(Boolean).length;
}
