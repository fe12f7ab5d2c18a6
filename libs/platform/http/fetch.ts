import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { compilePolicy, type AddressPolicy, type CompiledPolicy } from './addresses.js';
import { notAllowed } from './errors.js';
import { readBody, sendOnce, startDeadline, type Deadline, type OpenAnswer } from './exchange.js';
import { checkUrl, systemResolver, type Resolver } from './urls.js';

/** What may be asked of {@link safeFetch}. */
export interface SafeFetchOptions extends AddressPolicy {
  /** Default `GET`. */
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Milliseconds for the whole exchange: resolving, connecting, every redirect and the body. */
  timeoutMs: number;
  /** Largest body, in bytes, as sent and once decompressed. */
  maxBytes: number;
  /**
   * `error` (default) refuses a redirect with `url_not_allowed`; `follow` follows at most 3, each checked like a first
   * address; `manual` gives back the 3xx answer itself.
   */
  redirect?: 'error' | 'follow' | 'manual';
  signal?: AbortSignal;
  /** Finds addresses; the system's resolver by default. */
  resolve?: Resolver;
}

/** An answer, whole. Header names are in lower case; repeated headers are joined with a comma. */
export interface SafeResponse {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

const MAX_REDIRECTS = 3;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const SECRET_HEADERS = ['authorization', 'cookie', 'proxy-authorization', 'x-api-key'];

interface Step {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | Uint8Array | undefined;
}

function firstStep(url: string | URL, opts: SafeFetchOptions, policy: CompiledPolicy): Step {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(opts.headers ?? {})) headers[name.toLowerCase()] = value;
  return { url: checkUrl(url, policy), method: (opts.method ?? 'GET').toUpperCase(), headers, body: opts.body };
}

function nextStep(step: Step, status: number, location: string, policy: CompiledPolicy): Step {
  let target: URL;
  try {
    target = new URL(location, step.url);
  } catch (cause) {
    throw notAllowed('The server redirects to something that is not a URL.', cause);
  }
  const url = checkUrl(target, policy);
  if (step.url.protocol === 'https:' && url.protocol === 'http:') {
    throw notAllowed('The server redirects from https to http, which is not followed.');
  }
  const headers = { ...step.headers };
  if (url.origin !== step.url.origin) for (const name of SECRET_HEADERS) delete headers[name];
  const toGet = status === 303 || ((status === 301 || status === 302) && step.method === 'POST');
  if (!toGet || step.method === 'HEAD') return { ...step, url, headers };
  delete headers['content-type'];
  return { url, headers, method: 'GET', body: undefined };
}

/** Opens an answer, its redirects handled; the caller reads it and calls `close()`. */
export async function openAnswer(url: string | URL, opts: SafeFetchOptions, deadline: Deadline): Promise<OpenAnswer> {
  const policy = compilePolicy(opts);
  const idleMs = Math.min(opts.timeoutMs, 60_000);
  let step = firstStep(url, opts, policy);
  for (let hops = 0; ; hops++) {
    const answer = await sendOnce({ ...step, policy, resolve: opts.resolve ?? systemResolver, deadline, idleMs });
    const location = answer.headers['location'];
    if (!REDIRECTS.has(answer.status) || location === undefined || opts.redirect === 'manual') return answer;
    await answer.close();
    if (opts.redirect !== 'follow') throw notAllowed('The server redirects to another address, which is not followed.');
    if (hops === MAX_REDIRECTS) throw notAllowed(`The server redirects more than ${MAX_REDIRECTS} times.`);
    step = nextStep(step, answer.status, location, policy);
  }
}

/**
 * Sends a request to an address that someone else chose, and reads the whole answer.
 * Every answer counts as success, whatever its status.
 * @throws HttpError `url_not_allowed`, `upstream_timeout`, `upstream_unreachable`, `response_too_large`;
 *   the signal's reason when `signal` aborts
 */
export async function safeFetch(url: string | URL, opts: SafeFetchOptions): Promise<SafeResponse> {
  const deadline = startDeadline(opts.timeoutMs, opts.signal);
  try {
    const answer = await openAnswer(url, opts, deadline);
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of readBody(answer, opts.maxBytes, deadline)) chunks.push(chunk);
      return { status: answer.status, headers: answer.headers, body: Buffer.concat(chunks) };
    } finally {
      await answer.close();
    }
  } finally {
    deadline.dispose();
  }
}

/** Outcome of {@link safeDownload}. */
export interface SafeDownload {
  status: number;
  headers: Record<string, string>;
  /** Bytes written to the file: 0 unless the status is 2xx. */
  bytes: number;
  /** The start of the body (64 KiB at most) when the status is not 2xx: no file is written then. */
  body: Buffer;
}

const ERROR_BODY_BYTES = 65_536;

async function readStart(answer: OpenAnswer, deadline: Deadline): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of readBody(answer, Number.MAX_SAFE_INTEGER, deadline)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= ERROR_BODY_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, ERROR_BODY_BYTES);
}

async function writeBody(answer: OpenAnswer, toPath: string, maxBytes: number, deadline: Deadline): Promise<number> {
  const partial = `${toPath}.${randomBytes(6).toString('hex')}.part`;
  const file = await open(partial, 'wx');
  try {
    let bytes = 0;
    for await (const chunk of readBody(answer, maxBytes, deadline)) {
      await file.write(chunk);
      bytes += chunk.length;
    }
    await file.close();
    await rename(partial, toPath);
    return bytes;
  } catch (thrown) {
    await file.close().catch(() => undefined);
    await rm(partial, { force: true });
    throw thrown;
  }
}

/**
 * Like {@link safeFetch}, but a 2xx body goes to the file `toPath`, which appears only when it is complete.
 * @throws as {@link safeFetch}; file system errors
 */
export async function safeDownload(url: string | URL, toPath: string, opts: SafeFetchOptions): Promise<SafeDownload> {
  const deadline = startDeadline(opts.timeoutMs, opts.signal);
  try {
    const answer = await openAnswer(url, opts, deadline);
    const { status, headers } = answer;
    try {
      if (status < 200 || status > 299) return { status, headers, bytes: 0, body: await readStart(answer, deadline) };
      const bytes = await writeBody(answer, toPath, opts.maxBytes, deadline);
      return { status, headers, bytes, body: Buffer.alloc(0) };
    } finally {
      await answer.close();
    }
  } finally {
    deadline.dispose();
  }
}
