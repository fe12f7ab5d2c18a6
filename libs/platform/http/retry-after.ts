/**
 * Seconds to wait, from a `retry-after` header (seconds or an HTTP date) or its `retry-after-ms` sibling.
 * @returns undefined when neither can be read; at most one day
 */
export function retryAfterSeconds(headers: Record<string, string>, now: number = Date.now()): number | undefined {
  const ms = Number(headers['retry-after-ms'] ?? Number.NaN);
  const text = headers['retry-after']?.trim();
  let seconds = Number.isFinite(ms) ? ms / 1000 : Number.NaN;
  if (Number.isNaN(seconds) && text)
    seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  if (!Number.isFinite(seconds)) return undefined;
  return Math.min(86_400, Math.max(0, Math.ceil(seconds)));
}
