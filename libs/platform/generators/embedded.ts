import { access, copyFile, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type GenerationRequest, type GenerationStatus } from '#contracts';
import { AppError, messageOf, newId } from '#kernel';
import { GeneratorError, jobLost } from './errors.js';
import { assertMp4 } from './mp4.js';
import { ALGORITHMIC_MEDIA, type Generator, type GeneratorDescription } from './port.js';

/**
 * Renders one clip as an MP4 file at `toPath`.
 * @param onProgress takes 0..100
 * @param signal aborts when the job is given up; the promise must then settle soon
 * @returns number of frames in the file
 */
export type Render = (
  req: GenerationRequest,
  toPath: string,
  onProgress: (percent: number) => void,
  signal: AbortSignal,
) => Promise<{ frames: number }>;

/** A renderer in this process or in a sandbox that the caller started. */
export interface EmbeddedOptions {
  /** Default `embedded`. */
  name?: string;
  render: Render;
  /** Folder of clips in the making; it is made when absent. */
  workDir: string;
  /** Renders at the same time; further jobs wait. Default 1. */
  slots?: number;
  /** Version of the renderer, for the content credentials. */
  version?: string;
  /** Default {@link ALGORITHMIC_MEDIA}: nothing here was trained. */
  digitalSourceType?: string;
}

interface Job {
  req: GenerationRequest;
  path: string;
  status: GenerationStatus;
  controller: AbortController;
}

const KEPT = 1000;

/**
 * A generator around an injected render function. Its jobs live in memory: after a restart every earlier reference
 * gives `generator_job_lost`.
 */
export function embeddedGenerator(options: EmbeddedOptions): Generator {
  return new EmbeddedGenerator(options);
}

class EmbeddedGenerator implements Generator {
  readonly kind = 'embedded';
  readonly derives = ['edit', 'extension'] as const;
  readonly name: string;
  readonly slots: number;
  private readonly jobs = new Map<string, Job>();
  private readonly waiting: string[] = [];
  private running = 0;

  constructor(private readonly options: EmbeddedOptions) {
    this.name = options.name ?? 'embedded';
    this.slots = options.slots ?? 1;
  }

  async create(req: GenerationRequest, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted();
    await mkdir(this.options.workDir, { recursive: true });
    const ref = newId('gen');
    const status: GenerationStatus = { status: 'queued', progress: 0, error: null };
    this.jobs.set(ref, {
      req,
      path: join(this.options.workDir, `${ref}.mp4`),
      status,
      controller: new AbortController(),
    });
    this.waiting.push(ref);
    this.startNext();
    await this.dropOldest();
    return ref;
  }

  async poll(ref: string): Promise<GenerationStatus> {
    return { ...this.jobOf(ref).status };
  }

  async fetch(ref: string, toPath: string): Promise<{ bytes: number }> {
    const job = this.jobOf(ref);
    if (job.status.status !== 'completed') {
      throw new GeneratorError('generator_not_ready', 'The clip is not finished yet.', this.name);
    }
    await access(job.path).catch((cause: unknown) => {
      this.jobs.delete(ref);
      throw jobLost(this.name, { cause });
    });
    await assertMp4(job.path, this.name);
    await move(job.path, toPath);
    this.jobs.delete(ref);
    return { bytes: (await stat(toPath)).size };
  }

  async cancel(ref: string): Promise<'aborted' | 'detached'> {
    const job = this.jobs.get(ref);
    if (!job) return 'detached';
    this.jobs.delete(ref);
    job.controller.abort(new Error('the job was cancelled'));
    await rm(job.path, { force: true }).catch(() => undefined);
    return 'aborted';
  }

  async health(): Promise<{ ok: boolean; detail: string }> {
    try {
      await mkdir(this.options.workDir, { recursive: true });
      return { ok: true, detail: `${this.running} of ${this.slots} slots at work, ${this.waiting.length} waiting` };
    } catch (thrown) {
      return { ok: false, detail: messageOf(thrown) };
    }
  }

  describe(): GeneratorDescription {
    const { version = 'unknown', digitalSourceType = ALGORITHMIC_MEDIA } = this.options;
    return { name: this.name, version, digitalSourceType };
  }

  private jobOf(ref: string): Job {
    const job = this.jobs.get(ref);
    if (!job) throw jobLost(this.name);
    return job;
  }

  private startNext(): void {
    while (this.running < this.slots) {
      const ref = this.waiting.shift();
      if (ref === undefined) return;
      const job = this.jobs.get(ref);
      if (job) void this.work(job);
    }
  }

  private async work(job: Job): Promise<void> {
    const { req, path, controller } = job;
    this.running++;
    job.status = { status: 'in_progress', progress: 0, error: null };
    try {
      const { frames } = await this.options.render(req, path, (percent) => report(job, percent), controller.signal);
      if (frames < 1) throw new AppError('internal', 'render_empty', 'The renderer made no frames.');
      job.status = { status: 'completed', progress: 100, error: null };
    } catch (thrown) {
      const code = thrown instanceof AppError ? thrown.code : 'render_failed';
      job.status = { status: 'failed', progress: job.status.progress, error: { code, message: messageOf(thrown) } };
    }
    // A cancelled render may have written on after its file was removed.
    const useless = controller.signal.aborted || job.status.status === 'failed';
    if (useless) await rm(path, { force: true }).catch(() => undefined);
    this.running--;
    this.startNext();
  }

  /** Clips that nobody fetches must not fill memory and disk. */
  private async dropOldest(): Promise<void> {
    if (this.jobs.size <= KEPT) return;
    const ended = [...this.jobs].find(([, { status }]) => status.status === 'completed' || status.status === 'failed');
    if (ended) await this.cancel(ended[0]);
  }
}

function report(job: Job, percent: number): void {
  if (job.status.status !== 'in_progress') return;
  const progress = Math.min(99, Math.max(job.status.progress, Math.round(percent) || 0));
  job.status = { status: 'in_progress', progress, error: null };
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    // Another file system: copy beside the target first, so that it appears whole.
    if ((thrown as NodeJS.ErrnoException).code !== 'EXDEV') throw thrown;
    await copyFile(from, `${to}.incoming`);
    await rename(`${to}.incoming`, to);
    await rm(from, { force: true });
  }
}
