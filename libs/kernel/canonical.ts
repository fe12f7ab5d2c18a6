import { AppError } from './errors.js';

const LONE_SURROGATE = /\p{Surrogate}/u;

function fault(message: string): never {
  throw new AppError('invalid', 'canonical_json_invalid', `${message} Give JSON values only.`);
}

function text(value: string): string {
  if (LONE_SURROGATE.test(value)) fault('A text holds half of a surrogate pair, which has no UTF-8.');
  return JSON.stringify(value);
}

function members(value: object): string {
  if (Object.prototype.toString.call(value) !== '[object Object]') fault('An object is no plain object.');
  const record = value as Record<string, unknown>;
  // The default order of sort() is that of UTF-16 code units, which RFC 8785 asks for.
  const keys = Object.keys(record)
    .filter((key) => record[key] !== undefined)
    .sort();
  return `{${keys.map((key) => `${text(key)}:${canonicalJson(record[key])}`).join(',')}}`;
}

/**
 * The one spelling of a JSON value (RFC 8785, JCS): keys sorted by UTF-16 code units, no spaces, numbers and texts as
 * ECMAScript writes them. A property that is undefined is left out, as JSON.stringify does. Encode as UTF-8 to hash it.
 * Throws AppError `canonical_json_invalid` for what JSON cannot say: NaN, infinities, bigint, undefined in an array,
 * lone surrogates, dates, buffers, maps, functions.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number')
    return Number.isFinite(value) ? JSON.stringify(value) : fault('A number is not finite.');
  if (Array.isArray(value)) return `[${Array.from(value, canonicalJson).join(',')}]`;
  return typeof value === 'object' ? members(value) : fault(`A value of type ${typeof value} is not JSON.`);
}
