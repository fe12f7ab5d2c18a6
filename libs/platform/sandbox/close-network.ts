// Loaded with --require, before the host module and everything it imports, so that no module keeps an open way out.
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { AppError } from '#kernel';
import { NETWORK_CLOSED } from './protocol.js';

function closed(): never {
  throw new AppError('forbidden', 'sandbox_no_network', 'Code that opens untrusted files may not use the network.');
}

/** Replaces functions for good: a task cannot put the old ones back. */
function close(target: object, names: readonly string[]): void {
  for (const name of names) {
    Object.defineProperty(target, name, { value: closed, writable: false, configurable: false, enumerable: true });
  }
}

function functionsOf(target: object): string[] {
  return Object.getOwnPropertyNames(target).filter(
    (name) => name !== 'constructor' && name !== 'Resolver' && typeof Reflect.get(target, name) === 'function',
  );
}

close(net.Socket.prototype, ['connect']);
close(net.Server.prototype, ['listen']);
close(dgram.Socket.prototype, ['bind', 'connect', 'send']);
for (const resolver of [dns.Resolver, dns.promises.Resolver]) {
  // The callback and the promise resolver inherit their queries from prototypes of their own.
  for (
    let proto = resolver.prototype as object;
    proto !== Object.prototype;
    proto = Object.getPrototypeOf(proto) as object
  ) {
    close(proto, functionsOf(proto));
  }
}
close(dns.promises, functionsOf(dns.promises));
close(dns, functionsOf(dns));
syncBuiltinESMExports();
Object.defineProperty(globalThis, NETWORK_CLOSED, { value: true });
