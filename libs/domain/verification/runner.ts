import { rm } from 'node:fs/promises';
import type { Clock } from '#kernel';
import type { CustodyEvent, VerifyReport } from '#contracts';
import { json, Prisma, type Database, type VerificationJob } from '#platform/database';
import { promiseJob, type JobContext } from '#platform/queue';
import type { BlobStore, ScratchSpace } from '#platform/storage';
import { fault, VerificationError } from './errors.js';
import { fetchSubmission, type FetchLimits } from './fetch.js';
import { hashFile, removeReport } from './files.js';
import type { MadeFiles, ReportMaker } from './maker.js';
import { custodyOf, jobOf } from './rows.js';

/** What a {@link VerificationRunner} works with. */
export interface RunnerParts {
  database: Database;
  blobs: BlobStore;
  scratch: ScratchSpace;
  clock: Clock;
  /**
   * Says what can be proven of a file; what the file holds never makes it throw.
   * @param onProgress told 0..1
   */
  examine: (path: string, name: string | null, onProgress: (part: number) => void) => Promise<VerifyReport>;
  maker: ReportMaker;
  fetch: FetchLimits;
  /** Milliseconds that a report is kept. */
  keepMs: number;
  /** Name of this process, for the chain of custody. */
  actor: string;
  /** Told what went wrong that is no answer to the person who asked. */
  onFault: (error: unknown, what: string) => void;
}

/** More starts than these mean that the file brings workers down. An address takes one more than an upload. */
const MOST_STARTS = 4;
/** Progress is written no more often. */
const PROGRESS_MS = 400;
/** Progress at which each part begins. */
const AT = { fetching: 2, fetched: 12, hashed: 15, examined: 88, reported: 96 };

const COLUMNS = { json: 'jsonSha256', pdf: 'pdfSha256', bundle: 'bundleSha256' } as const;

type Changes = Prisma.VerificationJobUpdateManyMutationInput;

/** The row is gone, or another worker took it over. */
class LostError extends Error {}

/** One verification in the hands of one worker. */
class Hold {
  private shown: number;
  private writtenAt = 0;

  constructor(
    private readonly parts: RunnerParts,
    readonly row: VerificationJob,
    readonly custody: CustodyEvent[],
  ) {
    this.shown = row.progress;
  }

  /** Adds to the chain of custody; written with the next change. */
  note(what: CustodyEvent['what'], sha256: string | null): void {
    this.custody.push({ at: this.parts.clock.now().toISOString(), what, actor: this.parts.actor, sha256 });
  }

  /** Changes the row. @throws LostError when it is not ours any more */
  async change(data: Changes, database: Pick<Database, 'verificationJob'> = this.parts.database): Promise<void> {
    const { id, starts } = this.row;
    const { count } = await database.verificationJob.updateMany({
      where: { id, starts, status: 'examining' },
      data: { ...data, custody: json(this.custody), updatedAt: this.parts.clock.now() },
    });
    if (count === 0) throw new LostError();
  }

  /** Shows progress, 0..100; never backwards, and a failure to show it is none of the work. */
  show(progress: number): void {
    const now = performance.now();
    if (progress <= this.shown || now - this.writtenAt < PROGRESS_MS) return;
    [this.shown, this.writtenAt] = [progress, now];
    const { id, starts } = this.row;
    this.parts.database.verificationJob
      .updateMany({
        where: { id, starts, status: 'examining', progress: { lt: progress } },
        data: { progress, updatedAt: this.parts.clock.now() },
      })
      .catch((e: unknown) => this.parts.onFault(e, 'progress of a verification'));
  }
}

/** The workers' side: does the two jobs of a verification. May be killed anywhere and be called again. */
export class VerificationRunner {
  constructor(private readonly parts: RunnerParts) {}

  /** Job `url.fetch`: brings the file from its address and asks for its examination. */
  async fetch(id: string, context: JobContext): Promise<void> {
    const waiting = { url: { not: null }, path: null };
    await this.guarded({ id, ...waiting }, context, async (hold) => {
      const { row } = hold;
      hold.show(AT.fetching);
      const { path, dispose } = await this.parts.scratch.file('upload');
      try {
        hold.note('fetched', await fetchSubmission(row.url ?? '', path, this.parts.fetch));
        await this.parts.database.$transaction(async (tx) => {
          await hold.change({ path, progress: AT.fetched }, tx);
          await promiseJob(tx, jobOf({ ...row, path }));
        });
      } catch (e) {
        await dispose();
        throw e;
      }
    });
  }

  /** Job `file.verify`: examines, reports, deletes the upload. */
  async examine(id: string, context: JobContext): Promise<void> {
    await this.guarded({ id, path: { not: null } }, context, async (hold) => {
      // A worker that was killed after the report had been stored left only the deletion to do.
      const report = hold.row.report === null ? await this.report(hold) : (hold.row.report as VerifyReport);
      await this.finish(hold, report);
    });
  }

  private async guarded(
    waiting: Prisma.VerificationJobWhereInput,
    { last }: JobContext,
    work: (hold: Hold) => Promise<void>,
  ): Promise<void> {
    const { database, clock } = this.parts;
    const [row] = await database.verificationJob.updateManyAndReturn({
      where: { ...waiting, status: { in: ['queued', 'examining'] } },
      data: { status: 'examining', starts: { increment: 1 }, updatedAt: clock.now() },
    });
    if (!row) return; // deleted, done, or not to be done
    const hold = new Hold(this.parts, row, custodyOf(row));
    try {
      if (row.starts > MOST_STARTS) throw fault('verification_crashed');
      await work(hold);
    } catch (e) {
      if (e instanceof LostError) return;
      if (!(e instanceof VerificationError)) {
        this.parts.onFault(e, 'verification');
        if (!last) throw e;
      }
      await this.fail(hold, e instanceof VerificationError ? e : fault('verification_failed', e));
    }
  }

  private async report(hold: Hold): Promise<VerifyReport> {
    const { row } = hold;
    const path = row.path ?? '';
    const { sha256 } = await hashFile(path).catch((e: unknown) => {
      throw fault('upload_lost', e);
    });
    const arrived = hold.custody.find(({ what }) => what === 'received' || what === 'fetched');
    if (arrived?.sha256 !== sha256) throw fault('upload_changed');
    // What a killed worker had begun is begun anew.
    hold.custody.splice(hold.custody.indexOf(arrived) + 1);
    await removeReport(this.parts.blobs, row);
    hold.note('hashed', sha256);
    await hold.change({ progress: AT.hashed, jsonSha256: null, pdfSha256: null, bundleSha256: null });
    const examined = await this.parts.examine(path, row.name, (part) =>
      hold.show(AT.hashed + part * (AT.examined - AT.hashed)),
    );
    if (examined.file.sha256 !== sha256) throw fault('upload_changed');
    hold.note('examined', sha256);
    await hold.change({ progress: AT.examined });
    hold.note('reported', sha256);
    const report = { ...examined, id: row.id, custody: [...hold.custody] };
    await this.store(hold, report, path);
    return report;
  }

  /** Has the files made and stores them with the report. Without them the report still counts. */
  private async store(hold: Hold, report: VerifyReport, path: string): Promise<void> {
    const { maker, blobs, onFault } = this.parts;
    const made = await maker.make(report, path).catch((e: unknown): MadeFiles => {
      onFault(e, 'files of a verification report');
      return {};
    });
    const paths = (['json', 'pdf', 'bundle'] as const).flatMap((kind) => {
      const one = made[kind];
      return one === undefined ? [] : [[COLUMNS[kind], one] as const];
    });
    const stored: string[] = [];
    try {
      const named = await Promise.all(
        paths.map(async ([column, one]) => [column, (await hashFile(one)).sha256] as const),
      );
      // Named before they are stored: whatever happens, the row leads whoever cleans up to them.
      await hold.change({ progress: AT.reported, ...Object.fromEntries(named) });
      for (const [, one] of paths) stored.push((await blobs.put(one, { move: true })).sha256);
      await hold.change({ report: json(report) });
    } catch (e) {
      // Deleted meanwhile, or another worker's now, or to be done again: these files are nobody's.
      await Promise.all(stored.map((sha256) => blobs.delete(sha256)));
      throw e;
    } finally {
      await Promise.all(paths.map(([, one]) => rm(one, { force: true })));
    }
  }

  private async finish(hold: Hold, report: VerifyReport): Promise<void> {
    if (hold.row.path) await rm(hold.row.path, { force: true });
    hold.note('deleted', report.file.sha256);
    // The files end with "reported": they were written while the upload was still there.
    const whole = { ...report, custody: hold.custody };
    await hold.change({ status: 'completed', progress: 100, report: json(whole), ...this.cleared() });
  }

  private async fail(hold: Hold, error: VerificationError): Promise<void> {
    const { path } = hold.row;
    if (path) await rm(path, { force: true });
    await removeReport(this.parts.blobs, hold.row);
    try {
      await hold.change({
        status: 'failed',
        errorCode: error.code,
        errorMessage: error.message,
        report: Prisma.DbNull,
        jsonSha256: null,
        pdfSha256: null,
        bundleSha256: null,
        ...this.cleared(),
      });
    } catch (e) {
      if (!(e instanceof LostError)) throw e;
    }
  }

  /** What every end has in common: nothing of the file is left, and the rest goes at its time. */
  private cleared() {
    const { clock, keepMs } = this.parts;
    return { path: null, url: null, expiresAt: new Date(clock.now().getTime() + keepMs) };
  }
}
