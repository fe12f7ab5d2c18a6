import { safeFetch } from '#platform/http';

const TIMEOUT_MS = 10_000;
const MAX_BYTES = 1_000_000;

/**
 * The HTTP client for addresses that the operator chose (time stamps, the signing service, the responder that our own
 * certificate names), so they may be private; never a metadata service.
 */
export const operatorFetch: typeof fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : input.toString();
  const headers: Record<string, string> = {};
  new Headers(init?.headers).forEach((value, name) => (headers[name] = value));
  const answer = await safeFetch(url, {
    method: init?.method ?? 'GET',
    headers,
    body: init?.body as string | Buffer | undefined,
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
    allowPrivate: true,
    signal: init?.signal ?? undefined,
  });
  return new Response(Uint8Array.from(answer.body), { status: answer.status, headers: answer.headers });
};
