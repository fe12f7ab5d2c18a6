import { type GenerationRequest, type GenerationStatus } from '#contracts';
import { messageOf } from '#kernel';
import { retryAfterSeconds, type SafeResponse } from '#platform/http';
import { EngineClient, isOk, type EngineAddress } from './engine-client.js';
import { GeneratorError, jobLost } from './errors.js';
import { encodeCreate, encodeDerivation, errorOfStatus, readVideo } from './openai-wire.js';
import { TRAINED_ALGORITHMIC_MEDIA, type Generator, type GeneratorDescription } from './port.js';
import { PROFILES, type Profile, type ProfileName } from './profiles.js';

/** A server with the OpenAI Videos API. `baseUrl`: `http://engine:8000` or with a path; a final `/v1` is understood. */
export interface OpenAiVideosOptions extends EngineAddress {
  profile: ProfileName;
  apiKey?: string;
  /** Model name sent upstream; without it ours is sent, where the server knows several models. */
  model?: string;
  /** Default 1. */
  slots?: number;
  /** Frames per second asked for, where the server takes it. */
  fps?: number;
  /** Further fields of `create`; they win over ours. */
  extra?: Record<string, unknown>;
  /** Version of the engine or its model, for the content credentials. */
  version?: string;
}

/** A generator behind a server with the OpenAI Videos API. */
export function openAiVideosGenerator(options: OpenAiVideosOptions): Generator {
  return new OpenAiVideosGenerator(options);
}

const REMEMBERED = 10_000;

class OpenAiVideosGenerator implements Generator {
  readonly kind = 'openai-videos';
  readonly name: string;
  readonly slots: number;
  readonly derives: ('edit' | 'extension')[];
  private readonly profile: Profile;
  private readonly client: EngineClient;
  /** Jobs made for a clip: once one exists, only another key gives another job. */
  private readonly made = new Map<string, number>();

  constructor(private readonly options: OpenAiVideosOptions) {
    this.name = options.name;
    this.slots = options.slots ?? 1;
    this.profile = PROFILES[options.profile];
    this.derives = (['edit', 'extension'] as const).filter((how) => this.profile.derives[how]);
    const { header, prefix } = this.profile.auth;
    this.client = new EngineClient(options, options.apiKey === undefined ? {} : { [header]: prefix + options.apiKey });
  }

  async create(req: GenerationRequest, signal: AbortSignal): Promise<string> {
    const { profile, options } = this;
    const { contentType, body, path } = req.source
      ? await encodeDerivation(req, req.source, profile, this.name)
      : { path: '/v1/videos', ...(await encodeCreate(req, profile, options, this.name)) };
    const headers: Record<string, string> = { 'content-type': contentType };
    const made = this.made.get(req.clipId) ?? 0;
    if (this.profile.idempotencyHeader) {
      headers[this.profile.idempotencyHeader] = made === 0 ? req.clipId : `${req.clipId}.${made}`;
    }
    const timeoutMs = this.client.timeouts.createMs;
    const answer = await this.client.ask(path, { method: 'POST', headers, body, timeoutMs, signal });
    if (!isOk(answer.status)) throw errorOfStatus(answer, this.name);
    const { id } = readVideo(answer.body, this.profile, this.name);
    this.remember(req.clipId, made + 1);
    return id;
  }

  async poll(ref: string, signal: AbortSignal): Promise<GenerationStatus> {
    const answer = await this.client.ask(pathOf(ref), { signal });
    if (answer.status === 404 || answer.status === 410) throw jobLost(this.name, { upstreamStatus: answer.status });
    if (!isOk(answer.status)) throw errorOfStatus(answer, this.name);
    return readVideo(answer.body, this.profile, this.name).status;
  }

  async fetch(ref: string, toPath: string, signal: AbortSignal): Promise<{ bytes: number }> {
    return this.client.clip(`${pathOf(ref)}/content`, toPath, signal, (answer) => this.noContent(ref, answer, signal));
  }

  async cancel(ref: string): Promise<'aborted' | 'detached'> {
    if (this.profile.deletion === 'none') return 'detached';
    try {
      const { status } = await this.client.ask(pathOf(ref), { method: 'DELETE' });
      // A job that is already gone costs nothing any more.
      const gone = isOk(status) || status === 404 || status === 410;
      return gone && this.profile.deletion === 'aborts' ? 'aborted' : 'detached';
    } catch {
      return 'detached';
    }
  }

  async health(): Promise<{ ok: boolean; detail: string }> {
    const path = this.profile.healthPath;
    try {
      const { status } = await this.client.ask(path, { timeoutMs: this.client.timeouts.healthMs });
      return { ok: isOk(status), detail: `${path} answered ${status}` };
    } catch (thrown) {
      return { ok: false, detail: messageOf(thrown) };
    }
  }

  describe(): GeneratorDescription {
    const version = this.options.version ?? this.options.model ?? 'unknown';
    return { name: this.name, version, digitalSourceType: TRAINED_ALGORITHMIC_MEDIA };
  }

  private remember(clipId: string, made: number): void {
    this.made.set(clipId, made);
    if (this.made.size <= REMEMBERED) return;
    const oldest = this.made.keys().next();
    if (!oldest.done) this.made.delete(oldest.value);
  }

  /** 404 and 409 mean "not yet" on some servers and "no longer" on others: the job itself tells. */
  private async noContent(ref: string, answer: SafeResponse, signal: AbortSignal): Promise<GeneratorError> {
    const upstreamStatus = answer.status;
    if (![404, 409, 410, 425].includes(upstreamStatus)) return errorOfStatus(answer, this.name);
    const { status } = await this.poll(ref, signal);
    if (status === 'completed') return jobLost(this.name, { upstreamStatus });
    return new GeneratorError('generator_not_ready', 'The clip is not finished yet.', this.name, {
      upstreamStatus,
      retryAfterS: retryAfterSeconds(answer.headers),
    });
  }
}

function pathOf(ref: string): string {
  return `/v1/videos/${encodeURIComponent(ref)}`;
}
