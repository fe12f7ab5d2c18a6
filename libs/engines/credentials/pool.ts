import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { messageOf } from '#kernel';
import { signClaim } from './cose.js';
import { CredentialsError } from './errors.js';
import { findingWithout } from './finding.js';
import { manifestDefinition, parentIngredient } from './manifest.js';
import { type Job, type SignedFile } from './messages.js';
import { releaseIdOf } from './soft-binding.js';
import { CredentialsThread, type Outcome, type ThreadFailure } from './thread.js';
import { type CredentialsPool, type CredentialsPoolOptions, type SignRequest, type TrustSettings } from './types.js';

const DEFAULT_SIZE = 2;
const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_BYTES = 200_000_000;

/** Lends threads to jobs, in the order in which they asked. */
class Threads {
  private readonly all = new Set<CredentialsThread>();
  private readonly idle: CredentialsThread[] = [];
  private readonly queue: ((thread: CredentialsThread | null) => void)[] = [];
  private closed = false;

  constructor(private readonly size: number) {}

  /** A thread for one job, or null when the pool is closed. */
  async take(): Promise<CredentialsThread | null> {
    if (this.closed) return null;
    for (let thread = this.idle.pop(); thread; thread = this.idle.pop()) {
      if (!thread.spent) return thread;
      this.all.delete(thread);
    }
    if (this.all.size < this.size) return this.start();
    return new Promise((resolve) => this.queue.push(resolve));
  }

  give(thread: CredentialsThread): void {
    if (this.closed) return;
    const next = this.queue.shift();
    if (!thread.spent) {
      if (next) next(thread);
      else this.idle.push(thread);
      return;
    }
    this.all.delete(thread);
    if (next) next(this.start());
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const resolve of this.queue.splice(0)) resolve(null);
    await Promise.all([...this.all].map((thread) => thread.close()));
    this.all.clear();
  }

  private start(): CredentialsThread {
    const thread = new CredentialsThread();
    this.all.add(thread);
    return thread;
  }
}

type OnClaim = (claim: Uint8Array) => Promise<Uint8Array>;

function checkBinding(request: SignRequest, trust: TrustSettings): TrustSettings {
  if (releaseIdOf(request.softBinding.value) !== request.releaseId) {
    const text = 'The soft binding value must be base64 of the 8 bytes of the release id.';
    throw new CredentialsError('credentials_soft_binding_invalid', text);
  }
  const known = trust.ours.softBindingAlgs;
  return { ...trust, ours: { ...trust.ours, softBindingAlgs: known ?? [request.softBinding.alg] } };
}

function jobFor(request: SignRequest, trust: TrustSettings, maxBytes: number, partialPath: string): Job {
  const { parent } = request;
  const facts = { ...request, ...(parent && { parentTitle: parent.title }) };
  return {
    kind: 'sign',
    inputPath: request.inputPath,
    partialPath,
    definition: JSON.stringify(manifestDefinition(facts)),
    releaseId: request.releaseId,
    algorithm: request.signer.alg,
    parent: parent
      ? { path: parent.path, mime: parent.mime, ingredient: JSON.stringify(parentIngredient(parent.title)) }
      : null,
    maxBytes,
    trust,
  };
}

function failureOf(outcome: Outcome | ThreadFailure, timeoutMs: number): CredentialsError {
  switch (outcome.type) {
    case 'failed':
      return new CredentialsError(outcome.code, outcome.message);
    case 'timeout':
      return new CredentialsError(
        'credentials_timeout',
        `Signing did not finish within ${timeoutMs} ms. Try again later.`,
      );
    case 'closed':
      return new CredentialsError('credentials_pool_closed', 'The service is shutting down. Try again later.');
    default: {
      const reason = outcome.type === 'crashed' ? outcome.reason : 'the answer was of another kind';
      return new CredentialsError('credentials_sign_failed', `The signing thread failed: ${reason}.`);
    }
  }
}

/** Opens a pool of worker threads that sign and read content credentials; threads start with the first job. */
export function createCredentialsPool(options: CredentialsPoolOptions): CredentialsPool {
  const { size = DEFAULT_SIZE, timeoutMs = DEFAULT_TIMEOUT_MS, maxBytes = DEFAULT_MAX_BYTES } = options;
  const threads = new Threads(Math.max(1, size));
  const trustNow = () => (typeof options.trust === 'function' ? options.trust() : options.trust);

  async function run(job: Job, onClaim?: OnClaim): Promise<Outcome | ThreadFailure> {
    const thread = await threads.take();
    if (!thread) return { type: 'closed' };
    try {
      return await thread.run(job, timeoutMs, onClaim);
    } finally {
      threads.give(thread);
    }
  }

  async function produce(request: SignRequest, partialPath: string): Promise<SignedFile> {
    const trust = checkBinding(request, trustNow());
    let refusal: unknown;
    const onClaim: OnClaim = async (claim) => {
      try {
        return await signClaim(claim, request.signer, request.timeStamper, request.revocation);
      } catch (thrown) {
        refusal = thrown;
        throw thrown;
      }
    };
    const outcome = await run(jobFor(request, trust, maxBytes, partialPath), onClaim);
    if (outcome.type === 'signed') return outcome.file;
    throw refusal instanceof CredentialsError ? refusal : failureOf(outcome, timeoutMs);
  }

  return {
    sign: async (request) => {
      const partialPath = `${request.outputPath}.${randomBytes(6).toString('hex')}.partial`;
      try {
        const file = await produce(request, partialPath);
        await rename(partialPath, request.outputPath);
        return file;
      } catch (thrown) {
        await rm(partialPath, { force: true });
        if (thrown instanceof CredentialsError) throw thrown;
        const text = `The clip could not be signed: ${messageOf(thrown)}.`;
        throw new CredentialsError('credentials_sign_failed', text, { cause: thrown });
      }
    },
    read: async ({ path, mime }) => {
      const outcome = await run({ kind: 'read', path, mime, maxBytes, trust: trustNow() });
      if (outcome.type === 'read') return outcome.finding;
      if (outcome.type === 'timeout') return findingWithout('unable', `Reading did not finish within ${timeoutMs} ms.`);
      return findingWithout(
        'unable',
        outcome.type === 'crashed' ? `The reader failed: ${outcome.reason}` : 'The pool is closed.',
      );
    },
    store: async ({ path, mime }) => {
      const outcome = await run({ kind: 'store', path, mime, maxBytes, trust: trustNow() });
      return outcome.type === 'store' ? outcome.store : null;
    },
    close: () => threads.close(),
  };
}
