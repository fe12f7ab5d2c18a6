import { Offline, refusalIn, type Answer } from './wire.js';

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
