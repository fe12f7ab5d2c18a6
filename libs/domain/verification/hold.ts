import type { Clock } from '#kernel';
import type { CustodyEvent, VerifyReport } from '#contracts';
import { json, type Database, type Prisma, type VerificationJob } from '#platform/database';
import type { BlobStore, ScratchSpace } from '#platform/storage';
import type { FetchLimits } from './fetch.js';
import type { NamedFiles } from './files.js';
import type { ReportMaker } from './maker.js';

/** What a `VerificationRunner` works with. */
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

/** Progress is written no more often. */
const PROGRESS_MS = 400;

type Changes = Prisma.VerificationJobUpdateManyMutationInput;

/** The row is gone, or another worker took it over. */
export class LostError extends Error {}

/** One verification in the hands of one worker. */
export class Hold {
  /** What was found. Once it is in the row somebody may have read it, and the row ends with it whatever else fails. */
  report: VerifyReport | null;
  /** Files of the report, once all of them lie in the store. */
  files: NamedFiles = {};
  private shown: number;
  private writtenAt = 0;

  constructor(
    private readonly parts: RunnerParts,
    readonly row: VerificationJob,
    readonly custody: CustodyEvent[],
  ) {
    this.report = row.report as VerifyReport | null;
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
