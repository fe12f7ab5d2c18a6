import { AppError, shownMessage } from '#kernel';
import type { GenerationRequest } from '#contracts';
import { StaleClipError, unchangedParent, type GateMoves, type Move } from '#domain/gate';
import type { Clip, Database } from '#platform/database';
import { GeneratorError, pollUntilDone, type Generator } from '#platform/generators';
import type { BlobStore, ScratchSpace } from '#platform/storage';
import type { Metrics } from '#platform/telemetry';
import type { OpenPortraits, Portraits } from './guard.js';
import type { Step } from './step.js';

/** Gives the engine that a clip was admitted for. @throws AppError when it is no longer configured */
export type EngineByName = (name: string) => Generator;

/** A clip that an engine is given, until it is let go. */
interface GivenClip {
  request: NonNullable<GenerationRequest['source']>;
  release(): Promise<void>;
}

const STILL_WANTED_MS = 5000;

/** Time limits of a generation, in milliseconds. */
export interface GenerateOptions {
  deadlineMs: number;
  intervalMs: number;
}

const stillGenerating = ({ id, version }: Clip) => ({ id, version, state: 'generating' as const });

/** Asks an engine for the clip and fetches it. The engine's job id is stored first, so that a restart goes on with it. */
export class GenerateStep implements Step {
  readonly name = 'generate';
  readonly from = ['queued', 'generating'] as const;

  constructor(
    private readonly database: Database,
    private readonly moves: GateMoves,
    private readonly engine: EngineByName,
    private readonly files: { blobs: BlobStore; scratch: ScratchSpace; portraits: Portraits },
    private readonly metrics: Metrics,
    private readonly options: GenerateOptions,
  ) {}

  async work(queued: Clip): Promise<Move> {
    const clip =
      queued.state === 'queued' ? await this.moves.apply(queued, { to: 'generating', actor: 'worker' }) : queued;
    const engine = this.engine(clip.engine);
    const reference = clip.referenceSha256 ? await this.files.blobs.localPath(clip.referenceSha256) : null;
    const scratch = await this.files.scratch.file('mp4');
    let source: GivenClip | undefined;
    let persons: OpenPortraits | undefined;
    try {
      source = await this.source(clip);
      persons = await this.files.portraits.open(clip);
      const given = {
        ...{ referencePath: reference?.path, source: source?.request },
        ...(persons?.characters.length && { characters: persons.characters }),
      };
      const ref = clip.engineRef ?? (await this.create(clip, engine, given));
      await this.obtain(clip, engine, ref, scratch.path);
      const { sha256 } = await this.files.blobs.put(scratch.path, { move: true });
      // Only when the clip is ours for certain may the engine forget it.
      const after = () => engine.cancel(ref);
      return { to: 'inspecting', actor: 'worker', patch: { sourceSha256: sha256, progress: 100 }, after };
    } finally {
      await scratch.dispose();
      await reference?.release();
      await source?.release();
      await persons?.release();
    }
  }

  /** The clip that an engine is to change or to go on with, without label and marks: it gets those of the new clip. */
  private async source(clip: Clip): Promise<GivenClip | undefined> {
    if (clip.derivation !== 'edit' && clip.derivation !== 'extension') return undefined;
    const parent = await unchangedParent(this.database, clip);
    const { path, release } = await this.files.blobs.localPath(parent.sourceSha256!);
    const { seconds } = parent;
    return { request: { how: clip.derivation, path, seconds, change: clip.prompt }, release };
  }

  fail(_clip: Clip, error: unknown): Move {
    const code = error instanceof AppError ? error.code : 'generation_failed';
    return {
      to: 'failed',
      actor: 'worker',
      note: code,
      patch: { errorCode: code, errorMessage: shownMessage(error) },
      data: { code },
    };
  }

  private async create(
    clip: Clip,
    engine: Generator,
    given: Pick<GenerationRequest, 'referencePath' | 'source' | 'characters'>,
  ): Promise<string> {
    const request: GenerationRequest = {
      clipId: clip.id,
      prompt: clip.effectivePrompt,
      seconds: clip.seconds,
      size: clip.size as GenerationRequest['size'],
      seed: clip.seed,
      model: clip.model,
      ...given,
    };
    const ref = await this.timed(engine, 'create', engine.create(request, new AbortController().signal));
    try {
      await this.note(clip, { engineRef: ref });
    } catch (e) {
      await engine.cancel(ref); // deleted meanwhile, or nobody will remember this job
      throw e;
    }
    return ref;
  }

  private async obtain(clip: Clip, engine: Generator, ref: string, path: string): Promise<void> {
    const watch = new AbortController();
    const wanted = stillGenerating(clip);
    // An engine may report nothing for long: whether the clip is still wanted is asked in between.
    const timer = setInterval(() => {
      this.database.clip.count({ where: wanted }).then(
        (count) => count === 0 && watch.abort(new StaleClipError(clip.id)),
        () => undefined, // not known now; asked again
      );
    }, STILL_WANTED_MS);
    const { signal } = watch;
    try {
      const onProgress = (percent: number) => this.note(clip, { progress: Math.floor(percent) });
      await pollUntilDone(engine, ref, { ...this.options, signal, onProgress });
      await this.timed(engine, 'fetch', engine.fetch(ref, path, signal));
    } catch (e) {
      const over = e instanceof GeneratorError && e.retry !== 'same';
      if (over || e instanceof StaleClipError) await engine.cancel(ref);
      // The next try must ask for a new job instead of one that is lost or failed.
      if (over) await this.note(clip, { engineRef: null });
      throw e;
    } finally {
      clearInterval(timer);
    }
  }

  /** Writes a side note without moving the clip. @throws StaleClipError when the clip is no longer generating */
  private async note(clip: Clip, data: { engineRef?: string | null; progress?: number }): Promise<void> {
    const { count } = await this.database.clip.updateMany({ where: stillGenerating(clip), data });
    if (count === 0) throw new StaleClipError(clip.id);
  }

  private async timed<T>(engine: Generator, operation: string, call: Promise<T>): Promise<T> {
    const started = performance.now();
    const done = (result: 'ok' | 'error') =>
      this.metrics.generatorCall(engine.name, operation, result, (performance.now() - started) / 1000);
    try {
      const value = await call;
      done('ok');
      return value;
    } catch (e) {
      done('error');
      throw e;
    }
  }
}
