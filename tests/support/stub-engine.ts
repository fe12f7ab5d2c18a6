import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { startStub, type StubAnswer, type StubCall } from './stub-http.js';
import { createRefusal, STUB_RULES, videoOf, type StubJob, type StubProfile } from './stub-profiles.js';

export { type StubCall, type StubFile } from './stub-http.js';
export { type StubProfile } from './stub-profiles.js';
export { stubClip, stubClipWithoutMoov } from './stub-clip.js';
export { startStubComfy, type StubComfy, type StubComfyOptions } from './stub-comfy.js';

/** What goes wrong. */
export interface StubFaults {
  /** Every answer comes this many milliseconds late. */
  slowMs?: number;
  /** The first so many creates are answered 429. */
  create429Times?: number;
  /** `retry-after` of those, in seconds. */
  retryAfterS?: number;
  /** The first so many creates are answered 500. */
  create500Times?: number;
  /** The first so many polls are answered 500. */
  poll500Times?: number;
  /** Content breaks off in the middle of the announced length. */
  truncateContent?: boolean;
  /** After so many polls of a job it is gone (a restart). */
  forgetAfterPolls?: number;
  /** Content is a web page. */
  wrongContentType?: boolean;
  /** Jobs stay in progress. */
  neverEnds?: boolean;
  /** The server's own moderation refuses: at `create` (400), or the job fails later. */
  refuse?: 'create' | 'later';
  /** The job fails for another reason. */
  fails?: boolean;
  /** Answers with status 200 that are not JSON. */
  badJson?: boolean;
  /** Every request is answered with this status. */
  status?: 400 | 401 | 403 | 404;
}

/** What to play. */
export interface StubEngineOptions {
  profile: StubProfile;
  faults?: StubFaults;
  /** Bytes of every finished clip. */
  clip: Buffer;
  /** Polls until a job is completed. Default 2. */
  ticks?: number;
}

/** A running stub of a server with the OpenAI Videos API. `url` has no `/v1`. */
export interface StubEngine {
  url: string;
  /** Every request so far. */
  calls: StubCall[];
  /** May be changed while it runs. */
  faults: StubFaults;
  close: () => Promise<void>;
}

/** Starts a server on this machine that speaks the OpenAI Videos API the way the profile's server does. */
export async function startStubEngine(options: StubEngineOptions): Promise<StubEngine> {
  const engine = new Engine(options);
  const { url, calls, close } = await startStub((call) => engine.answer(call));
  return { url, calls, faults: engine.faults, close };
}

class Engine {
  readonly faults: StubFaults;
  private readonly jobs = new Map<string, StubJob>();
  private readonly ticks: number;
  private readonly count = { create429: 0, create500: 0, poll500: 0 };

  constructor(private readonly options: StubEngineOptions) {
    this.faults = { ...options.faults };
    this.ticks = options.ticks ?? 2;
  }

  async answer(call: StubCall): Promise<StubAnswer> {
    if (this.faults.slowMs) await wait(this.faults.slowMs);
    if (this.faults.status) return this.error(this.faults.status, 'denied', 'Denied by the stub.');
    const answer = this.route(call);
    if (this.faults.badJson && answer.json !== undefined) {
      return { status: 200, bytes: Buffer.from('{"id": "video_'), headers: { 'content-type': 'application/json' } };
    }
    return answer;
  }

  private route(call: StubCall): StubAnswer {
    const { method, path } = call;
    if (path === this.rules.health) return { status: 200, json: { object: 'list', data: [], status: 'ok' } };
    if (method === 'POST' && path === '/v1/videos') return this.create(call, null);
    if (method === 'POST' && (path === '/v1/videos/edits' || path === '/v1/videos/extensions')) {
      const given = call.files.some(({ field }) => field === 'video');
      return this.create(call, given ? null : String((call.fields['video[id]'] as string | undefined) ?? ''));
    }
    if (method === 'GET' && path === '/v1/videos') return this.list(call);
    const [, id = '', action = ''] = /^\/v1\/videos\/([^/]+)(?:\/(content|remix))?$/.exec(path) ?? [];
    const job = this.jobs.get(decodeURIComponent(id));
    if (!job) return this.error(404, 'not_found', 'Video not found');
    if (method === 'POST' && action === 'remix') return this.create(call, job.id);
    if (method === 'GET' && action === 'content') return this.content(job);
    if (method === 'GET' && action === '') return this.poll(job);
    if (method === 'DELETE' && action === '') return this.remove(job);
    return this.error(405, 'method_not_allowed', 'Method not allowed');
  }

  private get rules() {
    return STUB_RULES[this.options.profile];
  }

  private error(status: number, code: string, message: string, headers: Record<string, string> = {}): StubAnswer {
    return { status, json: this.rules.error(status, code, message), headers };
  }

  private create(call: StubCall, source: string | null): StubAnswer {
    const { faults, count } = this;
    if (count.create429++ < (faults.create429Times ?? 0)) {
      const wait: Record<string, string> =
        faults.retryAfterS === undefined ? {} : { 'retry-after': String(faults.retryAfterS) };
      return this.error(429, 'rate_limit_exceeded', 'Too many requests.', wait);
    }
    if (count.create500++ < (faults.create500Times ?? 0)) return this.error(500, 'server_error', 'Broken.');
    if (faults.refuse === 'create') return this.error(400, 'moderation_blocked', 'Your request was blocked.');
    const from = source === null ? undefined : this.jobs.get(source);
    if (source !== null && !from) return this.error(404, 'not_found', 'Video not found');
    const refusal = source === null ? createRefusal(this.options.profile, call) : null;
    if (refusal) return refusal;
    const text = (name: string, otherwise: string) => {
      const value = call.fields[name];
      return typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise;
    };
    const job: StubJob = {
      id: this.rules.idPrefix + randomBytes(12).toString('hex'),
      polls: 0,
      status: this.rules.firstStatus,
      progress: 0,
      model: text('model', 'sora-2'),
      prompt: text('prompt', ''),
      seconds: text('seconds', from?.seconds ?? '4'),
      size: text('size', from?.size ?? '720x1280'),
      createdAt: Math.floor(Date.now() / 1000),
      completedAt: null,
      error: null,
      remixedFrom: source,
    };
    this.jobs.set(job.id, job);
    return { status: 200, json: videoOf(this.options.profile, job) };
  }

  private poll(job: StubJob): StubAnswer {
    const { faults } = this;
    if (this.count.poll500++ < (faults.poll500Times ?? 0)) return this.error(500, 'server_error', 'Broken.');
    if (faults.forgetAfterPolls !== undefined && job.polls >= faults.forgetAfterPolls) {
      this.jobs.delete(job.id);
      return this.error(404, 'not_found', 'Video not found');
    }
    this.tick(job);
    return { status: 200, json: videoOf(this.options.profile, job) };
  }

  private tick(job: StubJob): void {
    if (job.status === 'completed' || job.status === 'failed') return;
    job.polls++;
    job.status = this.rules.runningStatus;
    job.progress = Math.min(99, Math.floor((100 * job.polls) / this.ticks));
    if (this.faults.neverEnds || job.polls < this.ticks) return;
    if (this.faults.refuse === 'later') {
      job.status = 'failed';
      job.error = { code: 'moderation_blocked', message: 'The output was blocked.' };
    } else if (this.faults.fails) {
      job.status = 'failed';
      job.error = { code: 500, message: 'CUDA out of memory' };
    } else {
      job.status = 'completed';
      job.progress = 100;
      job.completedAt = Math.floor(Date.now() / 1000);
    }
  }

  private content(job: StubJob): StubAnswer {
    if (job.status !== 'completed') return this.error(404, 'not_ready', 'Generation is still in-progress');
    const { clip } = this.options;
    if (this.faults.wrongContentType) {
      return { status: 200, bytes: Buffer.from('<html>Gateway</html>'), headers: { 'content-type': 'text/html' } };
    }
    const cut = this.faults.truncateContent ? { cutAfter: Math.floor(clip.length / 2) } : {};
    return { status: 200, bytes: clip, headers: { 'content-type': 'video/mp4' }, ...cut };
  }

  private remove(job: StubJob): StubAnswer {
    const ended = job.status === 'completed' || job.status === 'failed';
    if (this.rules.deleteRunning === 'no route') return this.error(405, 'method_not_allowed', 'Method not allowed');
    if (!ended && this.rules.deleteRunning === 'conflict') {
      return this.error(400, 'video_not_ended', 'Only completed or failed videos can be deleted.');
    }
    this.jobs.delete(job.id);
    if (this.options.profile === 'sglang') {
      return { status: 200, json: videoOf('sglang', { ...job, status: 'deleted' }) };
    }
    return { status: 200, json: { id: job.id, deleted: true, object: 'video.deleted' } };
  }

  private list(call: StubCall): StubAnswer {
    const jobs = [...this.jobs.values()];
    if (call.query.get('order') !== 'asc') jobs.reverse();
    const after = call.query.get('after');
    const rest = after === null ? jobs : jobs.slice(jobs.findIndex((job) => job.id === after) + 1);
    const page = rest.slice(0, Number(call.query.get('limit') ?? 20));
    const data = page.map((job) => videoOf(this.options.profile, job));
    if (this.options.profile === 'sglang') return { status: 200, json: { object: 'list', data } };
    const ends = { first_id: page[0]?.id ?? null, last_id: page.at(-1)?.id ?? null };
    return { status: 200, json: { object: 'list', data, has_more: rest.length > page.length, ...ends } };
  }
}
