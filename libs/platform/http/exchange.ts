import { type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type LookupFunction, type Socket } from 'node:net';
import { type Readable, pipeline, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { buildConnector } from 'undici';
import { addressRefusal, hostName, type CompiledPolicy } from './addresses.js';
import { HttpError, notAllowed, timedOut, toHttpError, tooLarge } from './errors.js';
import { allowedAddresses, type Resolver } from './urls.js';

/** One request, to one address, with nothing followed. */
export interface Hop {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body?: string | Uint8Array | undefined;
  policy: CompiledPolicy;
  resolve: Resolver;
  deadline: Deadline;
  idleMs: number;
}

/** An answer whose body is still to be read. `close()` must be called in every case. */
export interface OpenAnswer {
  status: number;
  headers: Record<string, string>;
  raw: Readable;
  close(): Promise<void>;
}

/** The time an exchange may take, joined with the caller's own signal. */
export interface Deadline {
  signal: AbortSignal;
  /** The error to throw for `thrown`: the caller's reason, a timeout, or its place among the codes. */
  explain(thrown: unknown, phase: 'connect' | 'body'): unknown;
  dispose(): void;
}

/** Starts a deadline of `ms` milliseconds. */
export function startDeadline(ms: number, outer?: AbortSignal): Deadline {
  const controller = new AbortController();
  let expired = false;
  const timer = setTimeout(() => {
    expired = true;
    controller.abort();
  }, ms);
  const onAbort = () => controller.abort();
  if (outer?.aborted) onAbort();
  outer?.addEventListener('abort', onAbort, { once: true });
  return {
    signal: controller.signal,
    explain: (thrown, phase) => {
      if (outer?.aborted) return outer.reason as unknown;
      return expired ? timedOut(phase, thrown) : toHttpError(thrown, phase);
    },
    dispose: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', onAbort);
    },
  };
}

/** A `lookup` for sockets that answers with allowed addresses only, so that what is checked is what is connected to. */
export function guardedLookup(policy: CompiledPolicy, resolve: Resolver): LookupFunction {
  return (host, options, callback) => {
    allowedAddresses(host, policy, resolve).then(
      (all) => {
        const family = options.family === 6 || options.family === 'IPv6' ? 6 : options.family ? 4 : 0;
        const found = family === 0 ? all : all.filter((one) => one.family === family);
        const first = found[0];
        if (!first) callback(Object.assign(new Error(`no address for ${host}`), { code: 'ENOTFOUND' }), '', 0);
        else if (options.all) callback(null, found);
        else callback(null, first.address, first.family);
      },
      (thrown: unknown) => callback(thrown as NodeJS.ErrnoException, '', 0),
    );
  };
}

function guardedConnector(policy: CompiledPolicy, resolve: Resolver): buildConnector.connector {
  const lookup = guardedLookup(policy, resolve);
  // No session reuse and no keep-alive pool: every connection passes through this check.
  const connect = buildConnector({ lookup, maxCachedSessions: 0 });
  return (options, callback) => {
    connect(options, (...[error, socket]) => {
      if (error) return callback(error, null);
      const refusal = addressRefusal(socket.remoteAddress ?? '', options.hostname, policy);
      if (!refusal) return callback(null, socket);
      socket.destroy();
      callback(notAllowed(`The host ${hostName(options.hostname)} is not allowed: ${refusal}.`), null);
    });
  };
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}

/** A socket to the URL's host, after every check. */
function connectTo(hop: Hop): Promise<Socket> {
  const { hostname, host, protocol, port } = hop.url;
  const connect = guardedConnector(hop.policy, hop.resolve);
  const { signal } = hop.deadline;
  return new Promise((done, fail) => {
    const onAbort = () => fail(new Error('no connection in time'));
    signal.addEventListener('abort', onAbort, { once: true });
    connect({ hostname: hostname.replace(/^\[|\]$/g, ''), host, protocol, port }, (...[error, socket]) => {
      signal.removeEventListener('abort', onAbort);
      if (error) return fail(error);
      if (signal.aborted) socket.destroy();
      else done(socket);
    });
  });
}

/**
 * Node's own client and not undici's: undici 7 ends the process when the other side closes while its parser is paused
 * (nodejs/undici#5360), which any server can bring about.
 */
async function exchange(hop: Hop): Promise<IncomingMessage> {
  const { url, deadline } = hop;
  const socket = await connectTo(hop);
  return new Promise((done, fail) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: hop.method,
      headers: { 'user-agent': 'imprimatur', 'accept-encoding': 'identity', ...hop.headers },
      maxHeaderSize: 32_768,
      signal: deadline.signal,
      createConnection: () => socket,
    });
    request.on('response', (answer) => {
      socket.setTimeout(hop.idleMs, () => answer.destroy(Object.assign(new Error('no data'), { code: 'ETIMEDOUT' })));
      done(answer);
    });
    request.on('upgrade', (_answer, upgraded) => upgraded.destroy(new Error('the server speaks another protocol')));
    request.on('error', fail);
    request.on('close', () => fail(new Error('the connection was closed without an answer')));
    request.end(hop.body);
  });
}

/**
 * Sends one request over a connection of its own.
 * @throws HttpError; the reason of the caller's signal
 */
export async function sendOnce(hop: Hop): Promise<OpenAnswer> {
  try {
    hop.deadline.signal.throwIfAborted();
    const raw = await exchange(hop);
    // Closing early makes the stream fail; nobody listens any more then.
    raw.on('error', () => undefined);
    const close = async () => void raw.destroy();
    return { status: raw.statusCode ?? 0, headers: flatHeaders(raw.headers), raw, close };
  } catch (thrown) {
    throw hop.deadline.explain(thrown, 'connect');
  }
}

const DECODERS: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** The body with its content encodings undone. */
function decoded(answer: OpenAnswer, counted: Readable): Readable {
  const names = (answer.headers['content-encoding'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const coded = names.filter((name) => name !== '' && name !== 'identity').reverse();
  if (coded.length > 2) throw new HttpError('upstream_unreachable', 'The answer is encoded too many times.', 'body');
  let stream = counted;
  for (const name of coded) {
    const make = DECODERS[name];
    if (!make) throw new HttpError('upstream_unreachable', 'The answer uses an unknown content encoding.', 'body');
    stream = pipeline(stream, make(), () => undefined);
  }
  return stream;
}

/**
 * The decoded body in chunks, at most `maxBytes` of them as sent and as decoded.
 * @throws HttpError `response_too_large`, `upstream_timeout`, `upstream_unreachable`
 */
export async function* readBody(answer: OpenAnswer, maxBytes: number, deadline: Deadline): AsyncGenerator<Buffer> {
  if (Number(answer.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  let sent = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sent += chunk.length;
      if (sent > maxBytes) done(tooLarge(maxBytes));
      else done(null, chunk);
    },
  });
  try {
    const stream = decoded(
      answer,
      pipeline(answer.raw, counter, () => undefined),
    );
    let read = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      read += chunk.length;
      if (read > maxBytes) throw tooLarge(maxBytes);
      yield chunk;
    }
  } catch (thrown) {
    throw deadline.explain(thrown, 'body');
  }
}
