import { AppError } from '#kernel';
import type { Clip, Database } from '#platform/database';
import { GeneratorError } from '#platform/generators';
import type { JobContext } from '#platform/queue';
import { withCorrelation, type Logger, type Metrics } from '#platform/telemetry';
import type { BlobStore } from '#platform/storage';
import {
  discardFiles,
  filesOf,
  LikenessChangedError,
  StaleClipError,
  type ActiveState,
  type ClipFiles,
  type GateMoves,
  type Move,
} from '#domain/gate';
import type { StepGuard } from './guard.js';
import type { Step } from './step.js';

/** Starts of one step after which it is given up: crashes use no attempt of the queue, but they use these. */
const MOST_STARTS = 8;

/** Times that a step is done anew at once because the register changed under it. */
const CHANGED_TRIES = 3;

/** Trying again cannot help against what the bytes or the request are. */
function hopeless(error: unknown): boolean {
  if (error instanceof GeneratorError) return error.retry === 'never';
  return error instanceof AppError && ['invalid', 'unsupported_media', 'too_large', 'not_found'].includes(error.kind);
}

/** Runs steps: once for each clip, however often the queue delivers the job. */
export class StepRunner {
  constructor(
    private readonly database: Database,
    private readonly moves: GateMoves,
    private readonly blobs: BlobStore,
    private readonly metrics: Metrics,
    private readonly logger: Logger,
    private readonly guard: Pick<StepGuard, 'before'>,
  ) {}

  /** Does one step for one clip. @throws whatever the step threw, when the queue should try again */
  async run(step: Step, clipId: string, context: JobContext): Promise<void> {
    const clip = await this.begin(step, clipId);
    if (!clip) return;
    await withCorrelation(clip.correlationId ?? clip.id, () => this.attempt(step, clip, context));
  }

  /** Counts the start. Null when the step has been done, or is not due. */
  private async begin(step: Step, clipId: string): Promise<Clip | null> {
    const clip = await this.database.clip.findUnique({ where: { id: clipId } });
    if (!clip || !step.from.includes(clip.state as ActiveState)) return null;
    const { count } = await this.database.clip.updateMany({
      where: { id: clipId, version: clip.version },
      data: { attempts: { increment: 1 } },
    });
    return count ? { ...clip, attempts: clip.attempts + 1 } : null;
  }

  private async attempt(step: Step, clip: Clip, context: JobContext): Promise<void> {
    const started = performance.now();
    const note = { clip: clip.id, step: step.name };
    try {
      const move = await this.workUnlessStopped(step, clip, started);
      this.logger.info({ ...note, to: move.to, ms: Math.round(performance.now() - started) }, 'step done');
    } catch (error) {
      if (error instanceof StaleClipError) return; // another worker was first, or the clip was deleted
      if (!hopeless(error) && !context.last) {
        this.logger.warn({ ...note, err: error, attempt: context.attempt }, 'step failed, will be tried again');
        throw error;
      }
      this.logger.error({ ...note, err: error }, 'step failed');
      await this.finish(step, clip, await step.fail(clip, error), started).catch((e: unknown) => {
        if (!(e instanceof StaleClipError)) throw e;
      });
    }
  }

  /**
   * Asks the guard, does the work and moves the clip. What changed between the two is asked again at once; a guard that
   * cannot tell throws, and nothing is done.
   */
  private async workUnlessStopped(step: Step, clip: Clip, started: number): Promise<Move> {
    for (let tries = 1; ; tries++) {
      const stop = await this.guard.before(clip);
      const tired = clip.attempts > (step.mostStarts ?? MOST_STARTS);
      const move = stop ?? (tired ? await step.fail(clip, givenUp(step)) : await step.work(clip));
      try {
        await this.finish(step, clip, move, started);
        return move;
      } catch (e) {
        if (!(e instanceof LikenessChangedError) || tries === CHANGED_TRIES) throw e;
      }
    }
  }

  /** Moves the clip if it still is as it was when the step began. Files that nobody will name are removed. */
  private async finish(step: Step, begun: Clip, move: Move, started: number): Promise<void> {
    const ms = performance.now() - started;
    const files = filesOf((move.patch ?? {}) as ClipFiles);
    try {
      const clip = await this.database.clip.findUniqueOrThrow({ where: { id: begun.id } });
      // The one step that moves the clip itself on its way: queued to generating.
      const own = begun.state === 'queued' && clip.state === 'generating' ? 1 : 0;
      if (clip.version !== begun.version + own) throw new StaleClipError(begun.id);
      await this.moves.apply(clip, { ...move, timing: { step: step.name, ms } });
    } catch (e) {
      if (e instanceof StaleClipError) await discardFiles(this.database, this.blobs, files);
      throw e;
    }
    this.metrics.stepDone(step.name, ms / 1000);
    const replaced = filesOf(begun).filter((sha256) => !files.includes(sha256));
    if (files.length) await discardFiles(this.database, this.blobs, replaced);
  }
}

function givenUp(step: Step): AppError {
  const message = `The step ${step.name} was started ${step.mostStarts ?? MOST_STARTS} times and never finished.`;
  return new AppError('internal', 'step_keeps_failing', message);
}
