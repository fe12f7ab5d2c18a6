import { refusalIn } from '../shared/wire.js';

/** Why there is no report, as far as it changes what the reader should do next. */
export type FaultKind =
  | 'empty'
  | 'too_large'
  | 'address'
  | 'address_failed'
  | 'unreadable'
  | 'rate'
  | 'offline'
  | 'gone'
  | 'busy'
  | 'service';

/** An examination that did not come to a report. */
export class Fault extends Error {
  constructor(
    readonly kind: FaultKind,
    /** What the service said, in its own words. */
    readonly said: string | null = null,
    readonly retryAfterS: number | null = null,
  ) {
    super(said ?? kind);
    this.name = 'Fault';
  }
}

/** Stable codes of the service that say more than the status does. */
const BY_CODE: Record<string, FaultKind> = {
  file_too_large: 'too_large',
  request_too_large: 'too_large',
  response_too_large: 'too_large',
  file_missing: 'empty',
  file_empty: 'empty',
};

function byStatus(status: number, sent: 'file' | 'address' | null): FaultKind {
  if (status === 413) return 'too_large';
  if (status === 429) return 'rate';
  if (status === 404 || status === 410) return sent === 'address' ? 'address_failed' : 'gone';
  if (status === 502 || status === 503 || status === 504) return 'busy';
  if (status >= 500) return 'service';
  if (sent === 'address') return 'address_failed';
  return sent === 'file' ? 'unreadable' : 'service';
}

/**
 * The fault that an answer of the service stands for.
 * @param sent what the request submitted; null where it only asked
 */
export function faultOf(
  status: number,
  body: unknown,
  retryAfter: string | null,
  sent: 'file' | 'address' | null,
): Fault {
  const { code, said, retryAfterS } = refusalIn(body, retryAfter);
  return new Fault(BY_CODE[code] ?? byStatus(status, sent), said, retryAfterS);
}

/** The fault of a job that the service gave up. */
export function faultOfJob(error: { code: string; message: string } | null, sent: 'file' | 'address' | null): Fault {
  const kind = BY_CODE[error?.code ?? ''] ?? (sent === 'address' ? 'address_failed' : 'service');
  return new Fault(kind, error?.message ?? null);
}
