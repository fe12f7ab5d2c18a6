import { randomBytes } from 'node:crypto';
import type { Readable } from 'node:stream';
import { sleep, type Clock } from '#kernel';
import { VerifyReport, type CustodyEvent, type Verification, type VerifyFeedback } from '#contracts';
import { promiseReport } from '#domain/transparency';
import { json, type Database, type VerificationJob } from '#platform/database';
import { promiseJob } from '#platform/queue';
import type { BlobStore } from '#platform/storage';
import { faultOf, notFound, VerificationError } from './errors.js';
import { erase } from './files.js';
import { isUnfinished, jobOf, OVERDUE_MS, shownName, UNFINISHED, viewOf } from './rows.js';

/** A file that was received, or the address of one. `path` belongs to the verification from then on. */
export type Submission = { path: string; name: string | null; sha256: string; receivedAt: Date } | { url: string };

/** Bounds of the service. */
export interface VerificationLimits {
  /** Verifications received, waiting or running at a time, in all processes together. */
  most: number;
  /** Milliseconds that a report is kept. */
  keepMs: number;
}

/** A file of a report, opened. */
export interface ReportFile {
  stream: Readable;
  bytes: number;
  sha256: string;
  contentType: string;
  /** Name to save it under. */
  name: string;
}

/** Any number, the same in all processes: reservations are counted one after the other. */
const LOCK = 7_236_001;

/** Seconds after which it is worth coming back: two or three verifications have ended by then. */
const BUSY_RETRY_S = 15;

const POLL_MS = { first: 60, most: 500 };

const FILES = {
  json: { column: 'jsonSha256', contentType: 'application/json', suffix: 'json' },
  pdf: { column: 'pdfSha256', contentType: 'application/pdf', suffix: 'pdf' },
  bundle: { column: 'bundleSha256', contentType: 'application/zip', suffix: 'zip' },
} as const;

function nameOf(url: string): string | null {
  return shownName(new URL(url).pathname.split('/').at(-1));
}

/** The public's side of verifications. Whoever knows an id may see and delete what belongs to it; nobody is named. */
export class Verifications {
  private line: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly database: Database,
    private readonly blobs: BlobStore,
    private readonly clock: Clock,
    private readonly limits: VerificationLimits,
    /** Name of this process, for the chain of custody. */
    private readonly actor: string,
  ) {}

  /**
   * Takes a place before the body is read. {@link keep} it every minute at least while the body comes, and give it back
   * with {@link release} unless something was submitted.
   * @returns the id, `ver_` and 128 random bits
   * @throws VerificationError `verification_busy` (429) when there is no place
   */
  async reserve(source: 'upload' | 'url'): Promise<string> {
    const id = `ver_${randomBytes(16).toString('hex')}`;
    // One at a time, so that a crowd does not hold every connection to the database while it waits for the lock.
    const mine = this.line.then(() => this.insert(id, source));
    this.line = mine.catch(() => undefined);
    if (await mine) return id;
    throw new VerificationError(
      'rate_limited',
      'verification_busy',
      `The service verifies as many files as it can. Nothing of yours was taken; try again in ${BUSY_RETRY_S} s.`,
      { retryAfterS: BUSY_RETRY_S },
    );
  }

  private async insert(id: string, source: 'upload' | 'url'): Promise<boolean> {
    const { most, keepMs } = this.limits;
    const now = this.clock.now();
    const expires = new Date(now.getTime() + OVERDUE_MS + keepMs);
    // A server that answers slowly takes its place for long: half of them is left to uploads.
    const mostOfSource = source === 'url' ? Math.ceil(most / 2) : most;
    const [, inserted] = await this.database.$transaction([
      this.database.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`,
      this.database.$executeRaw`
        INSERT INTO verification_jobs (id, status, source, created_at, updated_at, expires_at)
        SELECT ${id}, 'receiving', ${source}, ${now}, ${now}, ${expires}
        FROM (SELECT count(*) AS total, count(*) FILTER (WHERE source = ${source}) AS same
              FROM verification_jobs WHERE status = ANY(${UNFINISHED})) AS taken
        WHERE total < ${most} AND same < ${mostOfSource}`,
    ]);
    return inserted === 1;
  }

  /** Says that an upload goes on. */
  async keep(id: string): Promise<void> {
    const data = { updatedAt: this.clock.now() };
    await this.database.verificationJob.updateMany({ where: { id, status: 'receiving' }, data });
  }

  /** Gives a place back, unless something was submitted for it. */
  async release(id: string): Promise<void> {
    await this.database.verificationJob.deleteMany({ where: { id, status: 'receiving' } });
  }

  /**
   * Queues what was received for a reserved place.
   * @param files whether anybody will fetch the report's files; without them the worker is done sooner
   * @throws VerificationError `verification_not_found` when the place is gone
   */
  async submit(id: string, given: Submission, { files } = { files: true }): Promise<Verification> {
    const custody: CustodyEvent[] =
      'url' in given
        ? []
        : [{ at: given.receivedAt.toISOString(), what: 'received', actor: this.actor, sha256: given.sha256 }];
    const where = { id, status: 'receiving' };
    const data = {
      status: 'queued',
      updatedAt: this.clock.now(),
      custody: json(custody),
      filesWanted: files,
      ...('url' in given
        ? { url: given.url, name: nameOf(given.url) }
        : { path: given.path, name: shownName(given.name) }),
    };
    return this.database.$transaction(
      async (tx) => {
        const [row] = await tx.verificationJob.updateManyAndReturn({ where, data });
        if (!row) throw notFound();
        await promiseJob(tx, jobOf(row));
        return viewOf(row);
      },
      { maxWait: 20_000 },
    );
  }

  /** @throws VerificationError `verification_not_found` */
  async view(id: string): Promise<Verification> {
    return viewOf(await this.find(id));
  }

  /**
   * Waits for the report. Its files may not be made then.
   * @returns null when it is not there after `ms`, or when `signal` aborts
   * @throws VerificationError as the job failed; `verification_not_found` when it was deleted meanwhile
   */
  async wait(id: string, ms: number, signal: AbortSignal): Promise<VerifyReport | null> {
    const until = performance.now() + ms;
    for (let pause = POLL_MS.first; !signal.aborted; pause = Math.min(pause * 1.3, POLL_MS.most)) {
      const row = await this.database.verificationJob.findUnique({
        where: { id },
        select: { status: true, errorCode: true, report: true },
      });
      if (!row) throw notFound();
      if (row.status === 'failed') throw faultOf(row.errorCode);
      if (row.report !== null) return VerifyReport.parse(row.report);
      if (performance.now() + pause > until) return null;
      await sleep(pause, signal).catch(() => undefined);
    }
    return null;
  }

  /**
   * A file of the report, to be taken away: its hash becomes an entry of the public log.
   * @throws VerificationError `verification_not_found`, `report_not_ready` (409, to be asked again), `report_not_made`
   */
  async open(id: string, kind: keyof typeof FILES): Promise<ReportFile> {
    const row = await this.find(id);
    const { column, contentType, suffix } = FILES[kind];
    if (isUnfinished(row)) {
      const [message, retryAfterS] =
        row.report === null
          ? ['The examination goes on. Ask again in a moment.', 3]
          : ['The report is there, and its files are being made. Ask again in a moment.', 1];
      throw new VerificationError('conflict', 'report_not_ready', message, { retryAfterS });
    }
    const sha256 = row[column];
    const stat = sha256 === null ? null : await this.blobs.stat(sha256);
    if (sha256 === null || !stat) {
      const message =
        'This file of the report was not made. The field "files" of the verification names those there are.';
      throw new VerificationError('not_found', 'report_not_made', message);
    }
    await promiseReport(this.database, VerifyReport.parse(row.report));
    const stream = await this.blobs.open(sha256);
    // Part of the id only: file names are shown to others, and who knows the id may delete the report.
    const name = `verification-${id.slice(4, 12)}.${suffix}`;
    return { stream, bytes: stat.bytes, sha256, contentType, name };
  }

  /** Deletes report, files and upload at once. @throws VerificationError `verification_not_found` */
  async remove(id: string): Promise<void> {
    await erase(this.database, this.blobs, await this.find(id));
  }

  /**
   * Keeps what somebody said of an answer, with the code of that answer and nothing else.
   * @throws VerificationError `verification_not_found`, `verification_not_finished`, `feedback_taken`
   */
  async feedback(id: string, { helpful, comment }: VerifyFeedback): Promise<void> {
    const row = await this.find(id);
    if (isUnfinished(row) && row.report === null) {
      const message = 'There is no answer yet that feedback could be about.';
      throw new VerificationError('conflict', 'verification_not_finished', message);
    }
    const code = row.report === null ? (row.errorCode ?? row.status) : VerifyReport.parse(row.report).verdict.code;
    await this.database.$transaction(async (tx) => {
      const { count } = await tx.verificationJob.updateMany({ where: { id, judged: false }, data: { judged: true } });
      if (count === 0) {
        throw new VerificationError(
          'conflict',
          'feedback_taken',
          'Feedback was given on this answer already. Thank you.',
        );
      }
      await tx.verificationFeedback.create({
        data: { at: this.clock.now(), code, helpful, comment: comment?.trim() || null },
      });
    });
  }

  private async find(id: string): Promise<VerificationJob> {
    const row = await this.database.verificationJob.findUnique({ where: { id } });
    if (!row) throw notFound();
    if (!isUnfinished(row) && row.expiresAt <= this.clock.now()) throw notFound();
    return row;
  }
}
