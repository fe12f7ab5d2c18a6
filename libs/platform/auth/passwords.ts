import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import { AppError, compiledModule } from '#kernel';
import type { HashParams, HashReply, HashRequest } from './password-messages.js';

/** OWASP Password Storage Cheat Sheet: Argon2id with 19 MiB, two passes, one lane. */
const NOW: HashParams = { m: 19_456, t: 2, p: 1, bytes: 32 };
const SALT_BYTES = 16;
/** Hashes that may wait for the thread; each takes 55 to 95 ms. */
const MOST_WAITING = 16;

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64').replace(/=+$/, '');

function written(params: HashParams, salt: Uint8Array, hash: Uint8Array): string {
  return `$argon2id$v=19$m=${params.m},t=${params.t},p=${params.p}$${base64(salt)}$${base64(hash)}`;
}

interface Stored {
  params: HashParams;
  salt: Uint8Array;
  hash: Uint8Array;
}

/** Reads the PHC form. @throws Error for any other text: a damaged hash is a fault of ours, never a match */
function parse(stored: string): Stored {
  const found = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/.exec(stored);
  if (!found) throw new Error('a stored password hash cannot be read');
  const [m, t, p] = found.slice(1, 4).map(Number) as [number, number, number];
  const hash = Buffer.from(found[5]!, 'base64');
  return { params: { m, t, p, bytes: hash.length }, salt: Buffer.from(found[4]!, 'base64'), hash };
}

const current = ({ params: { m, t, p, bytes } }: Stored) =>
  m === NOW.m && t === NOW.t && p === NOW.p && bytes === NOW.bytes;

/** What checking a password gave. */
export interface PasswordCheck {
  right: boolean;
  /** True when the hash was made at another cost than today's: time to hash anew. */
  stale: boolean;
}

interface Waiting {
  done: (hash: Uint8Array) => void;
  fail: (e: Error) => void;
}

/** Passwords, hashed with Argon2id on a thread of their own, which starts with the first one. */
export class Passwords {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;
  /** What is checked in place of a hash that nobody has, so that it takes as long. */
  private readonly nobody: Stored = { params: NOW, salt: randomBytes(SALT_BYTES), hash: randomBytes(NOW.bytes) };

  /** @returns the PHC form, with cost and salt in it. @throws AppError `sign_in_busy` */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(SALT_BYTES);
    return written(NOW, salt, await this.derive(password, salt, NOW));
  }

  /** Checks a password. With null it takes as long, and is wrong. @throws AppError `sign_in_busy` */
  async check(password: string, stored: string | null): Promise<PasswordCheck> {
    const known = stored === null ? this.nobody : parse(stored);
    const hash = await this.derive(password, known.salt, known.params);
    const right = timingSafeEqual(hash, known.hash) && stored !== null;
    return { right, stale: right && !current(known) };
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.worker?.terminate();
  }

  private derive(password: string, salt: Uint8Array, params: HashParams): Promise<Uint8Array> {
    if (this.waiting.size >= MOST_WAITING) {
      throw new AppError('unavailable', 'sign_in_busy', 'Too many people sign in at once. Try again in a moment.', {
        retryAfterS: 3,
      });
    }
    const id = ++this.count;
    const worker = (this.worker ??= this.start());
    worker.ref();
    return new Promise((done, fail) => {
      this.waiting.set(id, { done, fail });
      worker.postMessage({ id, password, salt, params } satisfies HashRequest);
    });
  }

  private start(): Worker {
    const worker = new Worker(compiledModule(import.meta.url, 'password-thread.js'), {
      resourceLimits: { maxOldGenerationSizeMb: 64 },
      env: {},
    });
    worker.on('message', (reply: HashReply) => {
      const one = this.waiting.get(reply.id);
      this.waiting.delete(reply.id);
      // An idle thread keeps no process alive.
      if (this.waiting.size === 0) worker.unref();
      if ('hash' in reply) one?.done(reply.hash);
      else one?.fail(new Error(`a password could not be hashed: ${reply.fault}`));
    });
    const gone = (e?: Error) => {
      if (this.worker === worker) this.worker = null;
      for (const { fail } of this.waiting.values()) fail(e ?? new Error('the thread that hashes passwords ended'));
      this.waiting.clear();
    };
    worker.on('error', gone);
    worker.on('exit', () => gone());
    return worker;
  }
}
