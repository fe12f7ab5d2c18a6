/** What a service answered. */
export interface Answer {
  status: number;
  ok: boolean;
  /** Parsed JSON; null where it was none. */
  body: unknown;
  /** The header of that name, as it came. */
  retryAfter: string | null;
}

/** No answer came. */
export class Offline extends Error {
  constructor() {
    super('The service cannot be reached.');
    this.name = 'Offline';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Asks the service, without cookies and caches. @throws Offline; what `signal` was aborted with */
export async function request(path: string, init: RequestInit = {}): Promise<Answer> {
  try {
    const answer = await fetch(path, { credentials: 'omit', cache: 'no-store', ...init });
    const body = parsed(await answer.text());
    return { status: answer.status, ok: answer.ok, body, retryAfter: answer.headers.get('retry-after') };
  } catch (e) {
    throw init.signal?.aborted ? e : new Offline();
  }
}

/**
 * Sends a form; `fetch` cannot say how far an upload is.
 * @param sent called with the share that was sent, 0 to 1
 * @throws Offline; what `signal` was aborted with
 */
export function send(
  path: string,
  form: FormData,
  headers: Record<string, string>,
  sent: (share: number) => void,
  signal: AbortSignal,
): Promise<Answer> {
  return new Promise((done, fail) => {
    const xhr = new XMLHttpRequest();
    xhr.open('POST', path);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded, total }) => sent(total ? loaded / total : 0);
    xhr.onload = () =>
      done({
        status: xhr.status,
        ok: xhr.status >= 200 && xhr.status < 300,
        body: parsed(xhr.responseText),
        retryAfter: xhr.getResponseHeader('retry-after'),
      });
    xhr.onerror = () => fail(new Offline());
    xhr.onabort = () => fail(signal.reason as Error);
    signal.addEventListener('abort', () => xhr.abort(), { once: true });
    xhr.send(form);
  });
}

/** Waits. @throws what `signal` was aborted with */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const timer = setTimeout(done, ms);
    const stop = () => {
      clearTimeout(timer);
      fail(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}

interface ErrorBody {
  error?: { code?: unknown; message?: unknown };
}

/** Code, words and wait in seconds that a refusal of the service holds. */
export function refusalIn(body: unknown, retryAfter: string | null) {
  const error = typeof body === 'object' && body !== null ? (body as ErrorBody).error : undefined;
  const seconds = Number(retryAfter ?? NaN);
  return {
    code: typeof error?.code === 'string' ? error.code : '',
    said: typeof error?.message === 'string' ? error.message : null,
    retryAfterS: Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds) : null,
  };
}
