// A thread that runs Argon2id (RFC 9106, WebAssembly): a hash takes far longer than the event loop may stand still.
import { parentPort } from 'node:worker_threads';
import { argon2id } from 'hash-wasm';
import { messageOf } from '#kernel';
import type { HashReply, HashRequest } from './password-messages.js';

const port = parentPort!;

async function answer({ id, password, salt, params }: HashRequest): Promise<HashReply> {
  try {
    const hash = await argon2id({
      password: password.normalize('NFKC'), // the same letters, however a keyboard composes them
      salt,
      memorySize: params.m,
      iterations: params.t,
      parallelism: params.p,
      hashLength: params.bytes,
      outputType: 'binary',
    });
    return { id, hash };
  } catch (e) {
    return { id, fault: messageOf(e) };
  }
}

let last: Promise<unknown> = Promise.resolve();
// One after the other: each takes its 19 MiB.
port.on('message', (request: HashRequest) => {
  last = last.then(async () => port.postMessage(await answer(request)));
});
