import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { z } from 'zod';
import { type GenerationRequest, type GenerationStatus } from '#contracts';
import { messageOf } from '#kernel';
import { checkGraph, fillGraph, findClip, readHistory, type ComfySlots, type HistoryEntry } from './comfy-graph.js';
import { ComfyProgress } from './comfy-progress.js';
import { EngineClient, isOk, type EngineAddress } from './engine-client.js';
import { GeneratorError, jobLost } from './errors.js';
import { onlyPicture } from './characters.js';
import { encodeMultipart, errorOfStatus } from './openai-wire.js';
import { TRAINED_ALGORITHMIC_MEDIA, type Generator, type GeneratorDescription } from './port.js';

/** A ComfyUI server and the graph that it runs. It has no authentication: keep it in a private network. */
export interface ComfyUiOptions extends EngineAddress {
  /** Template in API format (`{"3": {"class_type": "KSampler", "inputs": {...}}, ...}`); it is copied for each job. */
  graph: Record<string, unknown>;
  /** Where the values go, as JSON pointers (RFC 6901) into the graph, e.g. `/6/inputs/text`. */
  slots: ComfySlots;
  /** Frames per second of the clip. */
  fps: number;
  /** Added to seconds x fps: 1 for models that want 4n + 1 frames. Default 0. */
  extraFrames?: number;
  /** Version of the graph or its model, for the content credentials. */
  version?: string;
}

/**
 * A generator that runs a stored graph on ComfyUI, one job at a time.
 * @throws AppError `generator_graph_invalid` when a slot points to nothing in the graph
 */
export function comfyUiGenerator(options: ComfyUiOptions): Generator {
  return new ComfyUiGenerator(options);
}

const PromptAnswer = z.object({ prompt_id: z.string().min(1).max(200) });
const UploadAnswer = z.object({ name: z.string().min(1), subfolder: z.string().default('') });
const QueueAnswer = z.object({
  queue_running: z.array(z.array(z.unknown())),
  queue_pending: z.array(z.array(z.unknown())),
});

class ComfyUiGenerator implements Generator {
  readonly kind = 'comfyui';
  readonly slots = 1;
  readonly name: string;
  private readonly client: EngineClient;
  private readonly clientId = randomUUID();
  private readonly progress: ComfyProgress;

  constructor(private readonly options: ComfyUiOptions) {
    checkGraph(options.graph, options.slots);
    this.name = options.name;
    this.client = new EngineClient(options);
    const nodes = Object.keys(options.graph).length;
    this.progress = new ComfyProgress(`${this.client.base}/ws?clientId=${this.clientId}`, this.client.policy, nodes);
  }

  async create(req: GenerationRequest, signal: AbortSignal): Promise<string> {
    const picture = onlyPicture(req, this.name);
    const image = picture === undefined ? undefined : await this.upload(req, picture, signal);
    const { graph, slots, fps, extraFrames } = this.options;
    const prompt = fillGraph(graph, slots, { req, fps, extraFrames: extraFrames ?? 0, image });
    const body = Buffer.from(JSON.stringify({ prompt, client_id: this.clientId }));
    return this.progress.follow(async () => {
      const answer = await this.post('/prompt', body, this.client.timeouts.createMs, signal);
      return this.read(PromptAnswer, answer.body).prompt_id;
    });
  }

  async poll(ref: string, signal: AbortSignal): Promise<GenerationStatus> {
    const status = await this.statusOf(ref, signal);
    if (status.status === 'completed' || status.status === 'failed') this.progress.forget(ref);
    return status;
  }

  async fetch(ref: string, toPath: string, signal: AbortSignal): Promise<{ bytes: number }> {
    const entry = await this.history(ref, signal);
    if (!entry) {
      const { status } = await this.statusOf(ref, signal);
      throw new GeneratorError('generator_not_ready', `The clip is not finished yet: it is ${status}.`, this.name);
    }
    const file = findClip(entry);
    if (!file)
      throw new GeneratorError('generator_bad_content', 'The graph made no MP4 file.', this.name, { retry: 'never' });
    const query = new URLSearchParams({ filename: file.filename, subfolder: file.subfolder, type: file.type });
    const path = `/view?${query.toString()}`;
    return this.client.clip(path, toPath, signal, async (answer) =>
      answer.status === 404 ? jobLost(this.name, { upstreamStatus: 404 }) : errorOfStatus(answer, this.name),
    );
  }

  async cancel(ref: string): Promise<'aborted' | 'detached'> {
    this.progress.forget(ref);
    try {
      const { running, pending } = await this.queue();
      if (pending.has(ref)) await this.post('/queue', Buffer.from(JSON.stringify({ delete: [ref] })));
      // Older servers interrupt whatever runs, so this is sent only when it is ours; newer ones read the id.
      else if (running.has(ref)) await this.post('/interrupt', Buffer.from(JSON.stringify({ prompt_id: ref })));
      else return 'detached';
      return 'aborted';
    } catch {
      return 'detached';
    }
  }

  async health(): Promise<{ ok: boolean; detail: string }> {
    try {
      const { status } = await this.client.ask('/system_stats', { timeoutMs: this.client.timeouts.healthMs });
      return { ok: isOk(status), detail: `/system_stats answered ${status}` };
    } catch (thrown) {
      return { ok: false, detail: messageOf(thrown) };
    }
  }

  describe(): GeneratorDescription {
    return {
      name: this.name,
      version: this.options.version ?? 'unknown',
      digitalSourceType: TRAINED_ALGORITHMIC_MEDIA,
    };
  }

  private async statusOf(ref: string, signal: AbortSignal): Promise<GenerationStatus> {
    const entry = await this.history(ref, signal);
    if (entry) return entry.status;
    const { running, pending } = await this.queue(signal);
    if (running.has(ref)) return { status: 'in_progress', progress: this.progress.percent(ref), error: null };
    if (pending.has(ref)) return { status: 'queued', progress: 0, error: null };
    // It may have finished between the two questions.
    const late = await this.history(ref, signal);
    if (late) return late.status;
    this.progress.forget(ref);
    throw jobLost(this.name);
  }

  private async history(ref: string, signal: AbortSignal): Promise<HistoryEntry | null> {
    const answer = await this.client.ask(`/history/${encodeURIComponent(ref)}`, { signal });
    if (!isOk(answer.status)) throw errorOfStatus(answer, this.name);
    return readHistory(this.read(z.record(z.string(), z.unknown()), answer.body), ref);
  }

  private async queue(signal?: AbortSignal): Promise<{ running: Set<unknown>; pending: Set<unknown> }> {
    const answer = await this.client.ask('/queue', signal ? { signal } : {});
    if (!isOk(answer.status)) throw errorOfStatus(answer, this.name);
    const { queue_running, queue_pending } = this.read(QueueAnswer, answer.body);
    // Each entry is [number, prompt_id, graph, ...].
    const ids = (entries: unknown[][]) => new Set(entries.map((entry) => entry[1]));
    return { running: ids(queue_running), pending: ids(queue_pending) };
  }

  private async upload(req: GenerationRequest, path: string, signal: AbortSignal): Promise<string> {
    if (this.options.slots.image === undefined) {
      throw new GeneratorError('generator_rejected', 'This engine takes no reference image.', this.name);
    }
    const { contentType, body } = await encodeMultipart(
      { type: 'input' },
      { image: { path, as: `${req.clipId}${extname(path)}` } },
    );
    const headers = { 'content-type': contentType };
    const timeoutMs = this.client.timeouts.createMs;
    const answer = await this.client.ask('/upload/image', { method: 'POST', headers, body, timeoutMs, signal });
    if (!isOk(answer.status)) throw errorOfStatus(answer, this.name);
    const { name, subfolder } = this.read(UploadAnswer, answer.body);
    return subfolder === '' ? name : `${subfolder}/${name}`;
  }

  private async post(path: string, body: Buffer, timeoutMs = this.client.timeouts.pollMs, signal?: AbortSignal) {
    const headers = { 'content-type': 'application/json' };
    const call = { method: 'POST', headers, body, timeoutMs, ...(signal ? { signal } : {}) };
    const answer = await this.client.ask(path, call);
    if (!isOk(answer.status)) throw errorOfStatus(answer, this.name);
    return answer;
  }

  private read<T>(schema: z.ZodType<T>, body: Buffer): T {
    try {
      return schema.parse(JSON.parse(body.toString('utf8')));
    } catch (cause) {
      throw new GeneratorError('generator_bad_answer', 'The engine gave an answer that cannot be read.', this.name, {
        cause,
      });
    }
  }
}
