/** A refusal by the service, or no answer at all (`status` 0). `code` is stable; the message is English. */
export class DeskError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly data: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';

let csrf = '';
let onSignedOut: () => void = () => undefined;

/** Remembers what requests that change something must carry. */
export function setCsrf(value: string): void {
  csrf = value;
}

/** Called when the service says that nobody is signed in (any more). */
export function whenSignedOut(then: () => void): void {
  onSignedOut = then;
}

async function refusal(answer: Response): Promise<DeskError> {
  const body = (await answer.json().catch(() => null)) as {
    error?: { code?: string; message?: string } & Record<string, unknown>;
  } | null;
  const { code, message, ...data } = body?.error ?? {};
  return new DeskError(answer.status, code ?? 'unknown', message ?? answer.statusText, data);
}

/** @throws DeskError */
async function answerOf(method: Method, path: string, body?: object): Promise<Response> {
  const answer = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(method !== 'GET' && csrf && { 'x-imprimatur-csrf': csrf }),
    },
    ...(body && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw new DeskError(0, 'unreachable', 'The service cannot be reached.');
  });
  if (!answer.ok) {
    const error = await refusal(answer);
    if (error.status === 401 && csrf) onSignedOut();
    throw error;
  }
  return answer;
}

/**
 * Asks the service. An answer without a body is `undefined`.
 * @throws DeskError
 */
export async function call<T>(method: Method, path: string, body?: object): Promise<T> {
  const answer = await answerOf(method, path, body);
  return (answer.status === 204 ? undefined : await answer.json()) as T;
}

/** Reads what is no JSON, as text. @throws DeskError */
export const getText = async (path: string): Promise<string> => (await answerOf('GET', path)).text();
/** Reads from the service. */
export const get = <T>(path: string) => call<T>('GET', path);
/** Tells the service something. */
export const post = <T>(path: string, body: object = {}) => call<T>('POST', path, body);
/** Puts something in the place of what is there. */
export const put = <T>(path: string, body: object) => call<T>('PUT', path, body);

/** A query of what is given; what is empty is left out. */
export function query(values: Record<string, string | number | undefined | null>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length ? `?${new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()}` : '';
}
