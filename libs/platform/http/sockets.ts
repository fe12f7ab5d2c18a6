import { type LookupFunction } from 'node:net';
import { compilePolicy, type AddressPolicy } from './addresses.js';
import { guardedLookup } from './exchange.js';
import { checkUrl, systemResolver } from './urls.js';

/**
 * Options for a client that makes its own sockets (a WebSocket): the URL is checked now, and the `lookup` answers
 * with allowed addresses only.
 * @param url with the http or https scheme
 * @throws HttpError `url_not_allowed`
 */
export function guardedSocketOptions(url: string | URL, policy: AddressPolicy): { lookup: LookupFunction } {
  const compiled = compilePolicy(policy);
  checkUrl(url, compiled);
  return { lookup: guardedLookup(compiled, systemResolver) };
}
