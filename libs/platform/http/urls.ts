import { lookup } from 'node:dns';
import ipaddr from 'ipaddr.js';
import { addressRefusal, compilePolicy, hostName, type AddressPolicy, type CompiledPolicy } from './addresses.js';
import { HttpError, notAllowed } from './errors.js';

/** One address of a host. */
export interface ResolvedAddress {
  address: string;
  family: 4 | 6;
}

/** Finds the addresses of a host name; rejects when there are none. */
export type Resolver = (host: string) => Promise<ResolvedAddress[]>;

/** The system's resolver (hosts file, then DNS). */
export const systemResolver: Resolver = (host) =>
  new Promise((done, fail) => {
    lookup(host, { all: true, verbatim: true }, (error, found) => {
      if (error) fail(error);
      else done(found.map((one) => ({ address: one.address, family: one.family === 6 ? 6 : 4 })));
    });
  });

// Names that never leave a machine or a network (RFC 6761, RFC 6762, RFC 8375, ICANN's .internal).
const LOCAL_NAME = /(^|\.)(localhost|local|internal|intranet|lan|home\.arpa|localdomain)$/;

function parse(text: string | URL): URL {
  try {
    return new URL(text);
  } catch (cause) {
    throw notAllowed('This is not a URL.', cause);
  }
}

/**
 * Everything about a URL that can be judged without asking the network: scheme, credentials, port, host.
 * @throws HttpError `url_not_allowed`
 */
export function checkUrl(text: string | URL, policy: CompiledPolicy): URL {
  const url = parse(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw notAllowed('Only http and https URLs are allowed.');
  if (url.username !== '' || url.password !== '') throw notAllowed('A URL must not carry a user name or a password.');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  if (port !== 80 && port !== 443 && port < 1024 && !policy.ports.has(port)) {
    throw notAllowed(`Port ${port} is not allowed: use 80, 443 or a port from 1024.`);
  }
  const host = hostName(url.hostname);
  if (host === '') throw notAllowed('The URL names no host.');
  if (ipaddr.isValid(host)) {
    const refusal = addressRefusal(host, host, policy);
    if (refusal) throw notAllowed(`The address ${host} is not allowed: ${refusal}.`);
  } else if (LOCAL_NAME.test(host) && !policy.everything && !policy.hosts.has(host) && policy.cidrs.length === 0) {
    throw notAllowed(`The host ${host} is not allowed: the name is local.`);
  }
  return url;
}

/**
 * The addresses of a host, all of them allowed. One forbidden address among several refuses the host: a public name
 * that also points inside is how rebinding looks.
 * @throws HttpError `url_not_allowed`; whatever the resolver throws
 */
export async function allowedAddresses(
  host: string,
  policy: CompiledPolicy,
  resolve: Resolver,
): Promise<ResolvedAddress[]> {
  const found = await resolve(host);
  for (const { address } of found) {
    const refusal = addressRefusal(address, host, policy);
    if (refusal) throw notAllowed(`The host ${hostName(host)} resolves to an address that is not allowed: ${refusal}.`);
  }
  return found;
}

/**
 * Checks a URL at the moment it is registered. The connection is checked again when it is made, so a name that does
 * not resolve now is accepted.
 * @returns the URL, normalised
 * @throws HttpError `url_not_allowed` (param `url`)
 */
export async function assertPublicUrl(text: string, policy: AddressPolicy & { resolve?: Resolver } = {}): Promise<URL> {
  const compiled = compilePolicy(policy);
  const url = checkUrl(text, compiled);
  const host = hostName(url.hostname);
  if (ipaddr.isValid(host)) return url;
  try {
    await allowedAddresses(host, compiled, policy.resolve ?? systemResolver);
  } catch (thrown) {
    if (thrown instanceof HttpError) throw thrown;
  }
  return url;
}
