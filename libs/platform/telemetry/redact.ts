import { types } from 'node:util';

const CENSOR = '[redacted]';
const MAX_DEPTH = 8;
const MAX_ITEMS = 100;
const MAX_CHARS = 10_000;

/** Names, without case and punctuation, whose values are secrets wherever they stand. */
const SECRET =
  /^(?:key|(?:proxy)?authorization|cookie|setcookie|passphrase|jwt|credentials?)$|(?:apikey|token|password|privatekey)$|secret/;
/** Names whose values are a maker's own words. */
const WORDS = /^(?:prompt|input|text|transcript)$/;

const plainName = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

function scrubString(text: string): string {
  const cut = text.length > MAX_CHARS ? `${text.slice(0, MAX_CHARS)}...` : text;
  return cut
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${CENSOR}`)
    .replace(/(\/\/[^\s:/@]*:)[^\s@/]+@/g, `$1${CENSOR}@`);
}

function isError(value: object): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

function entriesOf(value: object): [string, unknown][] {
  if (!isError(value)) return Object.entries(value);
  const { name, message, stack, cause } = value;
  const own = Object.entries(value).filter(([key]) => key !== 'name');
  return [
    ['type', name],
    ['message', message],
    ['stack', stack],
    ...(cause === undefined ? [] : [['cause', cause]]),
    ...own,
  ] as [string, unknown][];
}

/**
 * A copy of a value that may be written to a log: secrets are replaced at every depth, and a maker's words too unless
 * `words` is true. Errors become plain objects, bytes their length; depth, items and string lengths are bounded.
 */
export function scrub(value: unknown, words: boolean, above: readonly object[] = []): unknown {
  if (typeof value === 'string') return scrubString(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (above.length >= MAX_DEPTH || above.includes(value)) return '[...]';
  const path = [...above, value];
  if (Array.isArray(value)) return value.slice(0, MAX_ITEMS).map((item) => scrub(item, words, path));
  if (types.isDate(value)) return value;
  if (value instanceof Map || value instanceof Set) return scrub([...value], words, path);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function' && !isError(value)) return scrub((toJSON as () => unknown).call(value), words, path);
  const out: Record<string, unknown> = {};
  for (const [key, inner] of entriesOf(value).slice(0, MAX_ITEMS)) {
    const name = plainName(key);
    const hidden = inner != null && (SECRET.test(name) || (!words && WORDS.test(name)));
    out[key] = hidden ? CENSOR : scrub(inner, words, path);
  }
  return out;
}
