import { rm } from 'node:fs/promises';
import { VerifyReport } from '#contracts';
import { json, Prisma } from '#platform/database';
import { promiseJob, type JobContext } from '#platform/queue';
import { fault, VerificationError } from './errors.js';
import { fetchSubmission } from './fetch.js';
import { COLUMNS, FILED, hashFile, NO_FILES, removeReport, storedFiles } from './files.js';
import { Hold, LostError, type RunnerParts } from './hold.js';
import type { MadeFiles } from './maker.js';
import { custodyOf, jobOf } from './rows.js';

/** More starts than these mean that the file brings workers down. An address takes one more than an upload. */
const MOST_STARTS = 4;
/** Progress at which each part begins. */
const AT = { fetching: 2, fetched: 12, hashed: 15, examined: 88 };

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

  /**
   * Job `file.verify`: examines, reports, has the files of the report made, deletes the upload. The report stands in the
   * row before its files: whoever waits for it does not wait for them.
   */
  async examine(id: string, context: JobContext): Promise<void> {
    await this.guarded({ id, path: { not: null } }, context, async (hold) => {
      // A worker that was killed after the report had been stored left its files and the deletion to do.
      const report = hold.report ?? (await this.report(hold));
      await this.makeFiles(hold, report);
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
      await this.giveUp(hold, e instanceof VerificationError ? e : fault('verification_failed', e));
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
    hold.note('hashed', sha256);
    await hold.change({ progress: AT.hashed });
    const examined = await this.parts.examine(path, row.name, (part) =>
      hold.show(AT.hashed + part * (AT.examined - AT.hashed)),
    );
    if (examined.file.sha256 !== sha256) throw fault('upload_changed');
    hold.note('examined', sha256);
    hold.note('reported', sha256);
    // From here on the document stands: what is answered, signed and logged is this one, whoever makes its files.
    const report = VerifyReport.parse({ ...examined, id: row.id, custody: [...hold.custody] });
    await hold.change({ progress: AT.examined, report: json(report) });
    hold.report = report;
    return report;
  }

  /** Has the files made and stored, once. Without them the report still counts. */
  private async makeFiles(hold: Hold, report: VerifyReport): Promise<void> {
    const { blobs } = this.parts;
    hold.files = await storedFiles(blobs, hold.row);
    if (!hold.row.filesWanted || Object.keys(hold.files).length > 0) return;
    const made = await this.made(hold, report);
    const paths = (['json', 'pdf', 'bundle'] as const).flatMap((kind) => {
      const one = made[kind];
      return one === undefined ? [] : [[COLUMNS[kind], one] as const];
    });
    const stored: string[] = [];
    try {
      const named = Object.fromEntries(
        await Promise.all(paths.map(async ([column, one]) => [column, (await hashFile(one)).sha256] as const)),
      );
      // Named before they are stored: whatever happens, the row leads whoever cleans up to them.
      await hold.change({ ...NO_FILES, ...named });
      for (const [, one] of paths) stored.push((await blobs.put(one, { move: true })).sha256);
      await hold.change({ progress: FILED });
      hold.files = named;
    } catch (e) {
      // Deleted meanwhile, or another worker's now, or to be done again: these files are nobody's.
      await Promise.all(stored.map((sha256) => blobs.delete(sha256)));
      throw e;
    } finally {
      await Promise.all(paths.map(([, one]) => rm(one, { force: true })));
    }
  }

  private async made({ row }: Hold, report: VerifyReport): Promise<MadeFiles> {
    const path = row.path ?? '';
    try {
      // The report of a worker that was killed: what lies there now has to be what it saw.
      if (row.report !== null && (await hashFile(path)).sha256 !== report.file.sha256) throw fault('upload_changed');
      return await this.parts.maker.make(report, path);
    } catch (e) {
      this.parts.onFault(e, 'files of a verification report');
      return {};
    }
  }

  private async finish(hold: Hold, report: VerifyReport): Promise<void> {
    if (hold.row.path) await rm(hold.row.path, { force: true });
    // After the report: it was answered and signed while the upload was still there.
    if (hold.custody.at(-1)?.what !== 'deleted') hold.note('deleted', report.file.sha256);
    await hold.change({ status: 'completed', progress: 100, ...NO_FILES, ...hold.files, ...this.cleared() });
  }

  /** Ends what cannot be done. A report that is there stays, without the files that are missing. */
  private async giveUp(hold: Hold, error: VerificationError): Promise<void> {
    try {
      if (hold.report === null) return await this.fail(hold, error);
      if (Object.keys(hold.files).length === 0) hold.files = await storedFiles(this.parts.blobs, hold.row);
      await this.finish(hold, hold.report);
    } catch (e) {
      if (!(e instanceof LostError)) throw e;
    }
  }

  private async fail(hold: Hold, error: VerificationError): Promise<void> {
    const { path } = hold.row;
    if (path) await rm(path, { force: true });
    await removeReport(this.parts.blobs, hold.row);
    await hold.change({
      status: 'failed',
      errorCode: error.code,
      errorMessage: error.message,
      report: Prisma.DbNull,
      ...NO_FILES,
      ...this.cleared(),
    });
  }

  /** What every end has in common: nothing of the file is left, and the rest goes at its time. */
  private cleared() {
    const { clock, keepMs } = this.parts;
    return { path: null, url: null, expiresAt: new Date(clock.now().getTime() + keepMs) };
  }
}
