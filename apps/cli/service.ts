import { openAsBlob, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AppError, messageOf, plain, sleep } from '#kernel';
import { ClipView, Verification, type ReviewDecision, type VerifyReport } from '#contracts';
import { loadConfig } from '#platform/config';
import { z } from 'zod';
import { CliError, type Context } from './context.js';
import type { Words } from './words/index.js';

const ASK_MS = 30_000;
/** For handing the file over, and for all that follows; a service that is busy has others to examine first. */
const UPLOAD_MS = 900_000;
const VERIFY_MS = 3_600_000;
const POLL_MS = { first: 150, most: 1000 };

/** Nothing that could be the service answers. */
export class NoServiceError extends AppError {
  constructor(
    readonly url: string,
    message: string,
    cause?: unknown,
  ) {
    super('unavailable', 'service_not_reachable', message, { cause });
  }
}

/** Where the service is and who asks. */
export interface ServiceOptions {
  /** As given with --url, if it was. */
  url?: string;
  env: Record<string, string | undefined>;
  /** Used when neither the option nor IMPRIMATUR_URL names one. */
  configuredUrl: string;
  /** Folder in which the first start leaves a key. */
  dataDir: string;
  words: Words;
}

/** The key to present: IMPRIMATUR_API_KEY, else the one that the first start of the service left on this machine. */
export function findApiKey(env: Record<string, string | undefined>, dataDir: string): string | null {
  if (env.IMPRIMATUR_API_KEY) return env.IMPRIMATUR_API_KEY.trim();
  try {
    return readFileSync(join(dataDir, 'first-key'), 'utf8').trim() || null;
  } catch {
    return null;
  }
}

function baseUrl({ url, env, configuredUrl, words }: ServiceOptions): string {
  const given = url ?? (env.IMPRIMATUR_URL || configuredUrl);
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
    throw new CliError('bad_url', words.faults.badUrl(plain(given, 200)));
  }
  return given.replace(/\/+$/, '');
}

const Fault = z.object({ error: z.object({ message: z.string(), code: z.string().nullable() }) });

/** The running service, over HTTP. */
export class Service {
  readonly url: string;

  /** @throws CliError `bad_url` */
  constructor(private readonly options: ServiceOptions) {
    this.url = baseUrl(options);
  }

  /** True when it can serve requests to the end. Never throws. */
  async isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(5000) })).ok;
    } catch {
      return false;
    }
  }

  /**
   * Has a file, or what lies at an address, examined; nothing of it is kept.
   * @param onProgress told 0..100
   * @throws NoServiceError also when what answers cannot verify (a gateway); CliError as the service refused or failed
   */
  async verify(
    what: { path: string } | { url: string },
    onProgress: (percent: number) => void = () => undefined,
  ): Promise<VerifyReport> {
    const until = Date.now() + VERIFY_MS;
    const [headers, body] = await bodyOf(what);
    const init = { method: 'POST', headers: { ...headers, prefer: 'respond-async' }, body };
    const answer = await this.send('/v1/verify', { ...init, signal: AbortSignal.timeout(UPLOAD_MS) });
    let job = await this.read(answer, Verification);
    for (let pause = POLL_MS.first; Date.now() < until; pause = Math.min(pause * 1.3, POLL_MS.most)) {
      onProgress(job.progress);
      if (job.report) return job.report;
      if (job.error) throw new CliError('not_verified', this.failure(job.error));
      await sleep(pause);
      const asked = await this.send(`/v1/verify/${encodeURIComponent(job.id)}`, {
        signal: AbortSignal.timeout(ASK_MS),
      });
      job = await this.read(asked, Verification);
    }
    throw new CliError('not_verified', this.options.words.faults.late);
  }

  private failure({ code, message }: { code: string; message: string }): string {
    const { words } = this.options;
    return words.codes[code] ?? words.faults.notVerified(plain(message, 500));
  }

  /** Clips that wait for a person, oldest first. */
  async held(): Promise<ClipView[]> {
    return (await this.ask('/v1/clips/held', z.object({ data: z.array(ClipView) }))).data;
  }

  /** One clip as it truly is. */
  clip(id: string): Promise<ClipView> {
    return this.ask(`/v1/clips/${encodeURIComponent(id)}`, ClipView);
  }

  /** Decides on a held clip. */
  decide(id: string, decision: ReviewDecision): Promise<ClipView> {
    return this.ask(`/v1/clips/${encodeURIComponent(id)}/decision`, ClipView, 'POST', decision);
  }

  /** One request with the key. @throws CliError when the service refuses it or there is no key */
  async ask<T>(path: string, schema: z.ZodType<T>, method = 'GET', body?: unknown): Promise<T> {
    const answer = await this.send(path, {
      method,
      headers: {
        authorization: `Bearer ${this.key()}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      signal: AbortSignal.timeout(ASK_MS),
    });
    return this.read(answer, schema);
  }

  /** @throws CliError `no_api_key` */
  key(): string {
    const { env, dataDir, words } = this.options;
    const key = findApiKey(env, dataDir);
    if (!key) throw new CliError('no_api_key', words.faults.noKey(join(dataDir, 'first-key')));
    return key;
  }

  private async send(path: string, init: RequestInit): Promise<Response> {
    try {
      const answer = await fetch(this.url + path, init);
      if (answer.status < 502 || answer.status > 504) return answer;
      throw new Error(`HTTP ${answer.status}`);
    } catch (e) {
      throw new NoServiceError(this.url, this.options.words.faults.noService(this.url), e);
    }
  }

  private async read<T>(answer: Response, schema: z.ZodType<T>): Promise<T> {
    const text = await answer.text();
    const body = parsed(text);
    if (!answer.ok) {
      const fault = Fault.safeParse(body);
      const why = fault.success ? fault.data.error.message : text;
      throw new CliError('service_rejected', this.options.words.faults.rejected(answer.status, plain(why, 500)));
    }
    const read = schema.safeParse(body);
    if (read.success) return read.data;
    // Some other program listens there.
    throw new NoServiceError(this.url, this.options.words.faults.noService(this.url), messageOf(read.error));
  }
}

async function bodyOf(
  what: { path: string } | { url: string },
): Promise<[headers: Record<string, string>, body: FormData | string]> {
  if ('url' in what) return [{ 'content-type': 'application/json' }, JSON.stringify(what)];
  const form = new FormData();
  form.append('file', await openAsBlob(what.path), basename(what.path));
  return [{}, form];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The service that a command asks: the one of --url or IMPRIMATUR_URL, else that of the configuration. */
export function configuredService({ url }: { url?: string }, { env, words }: Context): Service {
  const { publicUrl, dataDir } = loadConfig(env);
  return new Service({ url, env, configuredUrl: publicUrl, dataDir, words });
}
