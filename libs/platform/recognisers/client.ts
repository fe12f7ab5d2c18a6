import { type z } from 'zod';
import { sleep } from '#kernel';
import { retryAfterSeconds, safeFetch, type SafeResponse } from '#platform/http';
import { badAnswer, errorOfStatus, fromHttp, RecogniserError } from './errors.js';

/** Where a service is and how it is asked. The operator chose the address, so its own host may be private. */
export interface ServiceOptions {
  /** For example `https://api.example.com/v1`; the `/v1` may be left out. */
  baseUrl: string;
  /** Sent as the service wants it; never logged, never part of an error. */
  apiKey?: string | undefined;
  /** Milliseconds for one attempt; 30,000 by default. */
  timeoutMs?: number;
  /** Attempts in all, 3 by default; only failures that pass are tried again. */
  attempts?: number;
  /** Milliseconds before the first repeat, doubled each time; 500 by default. A wait that the service asks for wins. */
  backoffMs?: number;
  /** Longest wait before a repeat, in milliseconds; 10,000 by default. A longer one is given up at once. */
  maxWaitMs?: number;
}

const ANSWER_BYTES = 1_048_576;

/** The address without a slash at the end and without `/v1`. */
export function serviceBase(url: string): string {
  return url.replace(/\/+$/, '').replace(/\/v1$/, '');
}

function ownHost(url: string): readonly string[] {
  return URL.canParse(url) ? [new URL(url).hostname.replace(/^\[|\]$/g, '')] : [];
}

function read<T>(answer: SafeResponse, schema: z.ZodType<T>): T {
  if (!/^application\/([\w.-]+\+)?json\b/i.test(answer.headers['content-type'] ?? '')) {
    throw badAnswer('The service sent something that is not JSON.');
  }
  let value: unknown;
  try {
    value = JSON.parse(answer.body.toString('utf8'));
  } catch {
    // The parser's words quote the answer.
    throw badAnswer('The service sent JSON that cannot be read.');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw badAnswer('The answer of the service lacks what it must have.');
  return parsed.data;
}

/** Asks one service; every failure comes out as a {@link RecogniserError}. */
export class ServiceClient {
  constructor(
    private readonly options: ServiceOptions,
    private readonly headers: Record<string, string>,
  ) {}

  /**
   * Sends a request, again when the failure may pass, and reads the answer.
   * @param path after the base, with its query
   * @throws RecogniserError; the signal's reason when it aborts
   */
  async post<T>(
    path: string,
    { contentType, body }: { contentType: string; body: Uint8Array },
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const { attempts = 3, backoffMs = 500, maxWaitMs = 10_000 } = this.options;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(path, contentType, body, schema, signal);
      } catch (thrown) {
        if (!(thrown instanceof RecogniserError) || !thrown.passing || attempt >= attempts) throw thrown;
        const asked = thrown.details.retryAfterS;
        const waitMs = asked === undefined ? backoffMs * 2 ** (attempt - 1) : asked * 1000;
        if (waitMs > maxWaitMs) throw thrown;
        await sleep(waitMs, signal);
        signal.throwIfAborted();
      }
    }
  }

  private async once<T>(
    path: string,
    contentType: string,
    body: Uint8Array,
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ): Promise<T> {
    let answer: SafeResponse;
    try {
      answer = await safeFetch(serviceBase(this.options.baseUrl) + path, {
        method: 'POST',
        headers: { ...this.headers, 'content-type': contentType, accept: 'application/json' },
        body,
        timeoutMs: this.options.timeoutMs ?? 30_000,
        maxBytes: ANSWER_BYTES,
        allowPrivate: ownHost(this.options.baseUrl),
        signal,
      });
    } catch (thrown) {
      throw fromHttp(thrown);
    }
    if (answer.status < 200 || answer.status > 299) {
      throw errorOfStatus(answer.status, retryAfterSeconds(answer.headers));
    }
    return read(answer, schema);
  }
}

/** A key as OpenAI's services take it. */
export function bearer(apiKey: string | undefined): Record<string, string> {
  return apiKey ? { authorization: `Bearer ${apiKey}` } : {};
}
