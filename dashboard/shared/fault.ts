import { Offline, refusalIn, request, type Answer } from './wire.js';

/** Why a request failed, as far as it changes what to do next. unknown: the secret opens nothing (any more). */
export type FaultKind = 'offline' | 'rate' | 'busy' | 'service' | 'unknown' | 'changed' | 'refused';

/** A request of a page with a secret failed. */
export class Fault extends Error {
  constructor(
    readonly kind: FaultKind,
    /** Stable code of the service; empty where there is none. */
    readonly code = '',
    /** What the service said, in its own words. */
    readonly said: string | null = null,
    readonly retryAfterS: number | null = null,
  ) {
    super(said ?? kind);
    this.name = 'Fault';
  }
}

function kindOf(status: number): FaultKind {
  if (status === 401 || status === 403 || status === 404 || status === 410) return 'unknown';
  if (status === 409) return 'changed';
  if (status === 429) return 'rate';
  if (status === 502 || status === 503 || status === 504) return 'busy';
  return status >= 500 ? 'service' : 'refused';
}

/** The body of an answer. @throws Fault where the service refused */
export function taken(answer: Answer): unknown {
  if (answer.ok) return answer.body;
  const { code, said, retryAfterS } = refusalIn(answer.body, answer.retryAfter);
  throw new Fault(kindOf(answer.status), code, said, retryAfterS);
}

/** Any error as a fault; what is none already is one of the service, or of this page. */
export function asFault(e: unknown): Fault {
  if (e instanceof Fault) return e;
  return new Fault(e instanceof Offline ? 'offline' : 'service');
}

/**
 * One request with a secret in its head, never in its address.
 * @param secret null where none is needed
 * @throws Fault; what `signal` was aborted with
 */
export async function call<T>(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  secret: string | null,
  { body, signal }: { body?: unknown; signal?: AbortSignal } = {},
): Promise<T> {
  const headers: Record<string, string> = {
    ...(secret !== null && { authorization: `Bearer ${secret}` }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = JSON.stringify(body);
  if (signal) init.signal = signal;
  const answer = await request(path, init).catch((e: unknown) => {
    throw signal?.aborted ? e : asFault(e);
  });
  return taken(answer) as T;
}
