import { compiledModule } from '#kernel';
import { createSandbox } from '#platform/sandbox';
import type { ExaminationTasks, RunTask } from './tasks.js';

/** Settings of {@link createExaminer}. */
export interface ExaminerOptions {
  /** Media processes at a time. */
  processes: number;
  /** Memory of one, in MiB, before it is killed. */
  maxRssMb: number;
  timeoutMs: number;
  /** Execution providers that the classifiers may try, comma-separated. */
  providers?: string;
  /** Tasks after which a media process is replaced; 200 by default. */
  recycleAfter?: number;
  /** Folder of the operator's image encoder. */
  zeroShotDir?: string | undefined;
  /** Folder of the operator's speaker model. */
  speakerDir?: string | undefined;
}

/** Opens bytes in processes of their own. */
export interface Examiner {
  run: RunTask;
  close(): Promise<void>;
}

/** The examiner of a worker or of the command line. Processes start when first needed. */
export function createExaminer(options: ExaminerOptions): Examiner {
  const sandbox = createSandbox<ExaminationTasks>({
    module: compiledModule(import.meta.url, 'host.js'),
    size: options.processes,
    maxRssMb: options.maxRssMb,
    defaultTimeoutMs: options.timeoutMs,
    ...(options.recycleAfter !== undefined && { recycleAfter: options.recycleAfter }),
    // Few malloc arenas: with one per thread, codecs and networks keep about 50 MB that they freed long ago (glibc).
    env: {
      MALLOC_ARENA_MAX: '2',
      ...(options.providers && { ORT_PROVIDERS: options.providers }),
      ...(options.zeroShotDir && { ZERO_SHOT_DIR: options.zeroShotDir }),
      ...(options.speakerDir && { SPEAKER_DIR: options.speakerDir }),
    },
  });
  return { run: (task, payload, run) => sandbox.run(task, payload, run), close: () => sandbox.close() };
}
