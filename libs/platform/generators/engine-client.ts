import { rename, rm } from 'node:fs/promises';
import { safeDownload, safeFetch, type SafeFetchOptions, type SafeResponse } from '#platform/http';
import { fromHttp, GeneratorError } from './errors.js';
import { assertMp4 } from './mp4.js';

/** Milliseconds that each kind of call may take. */
export interface GeneratorTimeouts {
  /** Default 60 000. */
  createMs?: number;
  /** Default 15 000; also for cancelling. */
  pollMs?: number;
  /** Default 600 000. */
  fetchMs?: number;
  /** Default 3 000. */
  healthMs?: number;
}

/** Where an engine is, and what may be asked of it. */
export interface EngineAddress {
  /** Name of the generator, for errors. */
  name: string;
  baseUrl: string;
  /** `true`: the engine's own host may be private (and no other). A list: these CIDRs, addresses and hosts. */
  allowPrivate?: boolean | readonly string[];
  timeouts?: GeneratorTimeouts;
  /** Largest clip, in bytes. Default 2 GiB. */
  maxBytes?: number;
}

/** One call. */
export type EngineCall = Pick<SafeFetchOptions, 'method' | 'headers' | 'body' | 'signal'> & { timeoutMs?: number };

const JSON_BYTES = 8_388_608;
const CLIP_BYTES = 2 ** 31;

/** True for 2xx. */
export function isOk(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Talks to one engine; every failure comes out as a {@link GeneratorError}. */
export class EngineClient {
  readonly base: string;
  readonly timeouts: Required<GeneratorTimeouts>;
  readonly policy: Pick<SafeFetchOptions, 'allowPrivate'>;

  constructor(
    private readonly address: EngineAddress,
    private readonly headers: Record<string, string> = {},
  ) {
    this.base = address.baseUrl.replace(/\/+$/, '').replace(/\/v1$/, '');
    this.timeouts = { createMs: 60_000, pollMs: 15_000, fetchMs: 600_000, healthMs: 3_000, ...address.timeouts };
    this.policy = { allowPrivate: ownHost(address) };
  }

  /** Sends one request and reads the answer, whatever its status. */
  async ask(path: string, call: EngineCall = {}): Promise<SafeResponse> {
    const headers = { ...this.headers, ...call.headers };
    const opts = { timeoutMs: this.timeouts.pollMs, ...call, ...this.policy, headers, maxBytes: JSON_BYTES };
    try {
      return await safeFetch(this.base + path, opts);
    } catch (thrown) {
      throw fromHttp(thrown, this.address.name);
    }
  }

  /**
   * Brings a clip to the file `toPath`, which appears only when it is a whole MP4.
   * @param refused makes the error for a status outside 2xx
   * @throws GeneratorError `generator_bad_content` and those of {@link ask}
   */
  async clip(
    path: string,
    toPath: string,
    signal: AbortSignal,
    refused: (answer: SafeResponse) => Promise<GeneratorError>,
  ): Promise<{ bytes: number }> {
    const partial = `${toPath}.incoming`;
    try {
      const answer = await this.download(path, partial, signal);
      if (!isOk(answer.status)) throw await refused(answer);
      assertVideoType(answer.headers['content-type'], this.address.name);
      await assertMp4(partial, this.address.name);
      await rename(partial, toPath);
      return { bytes: answer.bytes };
    } catch (thrown) {
      await rm(partial, { force: true });
      throw thrown;
    }
  }

  private async download(path: string, toPath: string, signal: AbortSignal) {
    const opts = {
      ...this.policy,
      headers: this.headers,
      timeoutMs: this.timeouts.fetchMs,
      maxBytes: this.address.maxBytes ?? CLIP_BYTES,
      signal,
      redirect: 'follow' as const,
    };
    try {
      return await safeDownload(this.base + path, toPath, opts);
    } catch (thrown) {
      throw contentError(thrown, this.address.name);
    }
  }
}

/** An engine must not lead us, by a redirect, to other private hosts. */
function ownHost({ baseUrl, allowPrivate }: EngineAddress): boolean | readonly string[] {
  if (allowPrivate !== true) return allowPrivate ?? false;
  return URL.canParse(baseUrl) ? [new URL(baseUrl).hostname.replace(/^\[|\]$/g, '')] : false;
}

/** A download that broke off is bad content rather than an engine out of reach. */
function contentError(thrown: unknown, generator: string): unknown {
  const http = fromHttp(thrown, generator);
  const cause = (http as { cause?: { phase?: string; code?: string } }).cause;
  if (!(http instanceof GeneratorError) || cause?.phase !== 'body' || cause.code !== 'upstream_unreachable')
    return http;
  return new GeneratorError('generator_bad_content', 'The clip that the engine sent is cut short.', generator, {
    cause: thrown,
  });
}

const CLIP_TYPES = new Set(['', 'application/octet-stream', 'application/binary', 'application/mp4']);

function assertVideoType(contentType: string | undefined, generator: string): void {
  const type = contentType?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type.startsWith('video/') || CLIP_TYPES.has(type)) return;
  throw new GeneratorError('generator_bad_content', 'The engine sent something that is not a video.', generator, {
    retry: 'never',
  });
}
