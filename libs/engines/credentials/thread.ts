import { Worker } from 'node:worker_threads';
import { compiledModule } from '#kernel';
import { type FromWorker, type Job, type ToWorker } from './messages.js';

/** Last message of a job. */
export type Outcome = Exclude<FromWorker, { type: 'claim' }>;

/** Why a thread gave no outcome. */
export type ThreadFailure = { type: 'timeout' } | { type: 'crashed'; reason: string } | { type: 'closed' };

/** Longest wait for a thread that was told to end; one inside a system call may take long. */
const TERMINATE_MS = 2_000;
const RECYCLE_FILE_BYTES = 50_000_000;
const RECYCLE_WASM_BYTES = 512 * 1024 * 1024;

/** Whether a thread must end after a job: WASM memory never shrinks, and a trapped instance is in an unknown state. */
export function isUsedUp(use: { fatal: boolean; fileBytes: number; wasmBytes: number }): boolean {
  return use.fatal || use.fileBytes > RECYCLE_FILE_BYTES || use.wasmBytes > RECYCLE_WASM_BYTES;
}

/** One worker thread with its WASM instance. It does one job at a time. */
export class CredentialsThread {
  private readonly worker: Worker;
  private settle: ((outcome: Outcome | ThreadFailure) => void) | undefined;
  private onClaim: ((claim: Uint8Array) => Promise<Uint8Array>) | undefined;
  /** True when the thread must not be given another job. */
  spent = false;

  constructor() {
    this.worker = new Worker(compiledModule(import.meta.url, './worker.js'), {
      name: 'credentials',
      // Nothing of this process's secrets is in reach of the code that parses strangers' files.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 512 },
    });
    this.worker.unref();
    this.worker.on('message', (message: FromWorker) => this.receive(message));
    this.worker.on('error', (error) => this.end({ type: 'crashed', reason: error.message }));
    this.worker.on('exit', (code) => this.end({ type: 'crashed', reason: `the thread ended with code ${code}` }));
  }

  /** Runs one job; resolves in every case. After `timeoutMs` the thread is terminated. */
  async run(
    job: Job,
    timeoutMs: number,
    onClaim?: (claim: Uint8Array) => Promise<Uint8Array>,
  ): Promise<Outcome | ThreadFailure> {
    this.worker.ref();
    this.onClaim = onClaim;
    const timer = setTimeout(() => this.end({ type: 'timeout' }), timeoutMs);
    const outcome = await new Promise<Outcome | ThreadFailure>((resolve) => {
      this.settle = resolve;
      this.post({ type: 'job', job });
    });
    clearTimeout(timer);
    this.onClaim = undefined;
    this.worker.unref();
    return outcome;
  }

  /** Terminates the thread; a job under way ends as closed. */
  async close(): Promise<void> {
    this.end({ type: 'closed' });
    await this.worker.terminate();
  }

  private post(message: ToWorker): void {
    this.worker.postMessage(message);
  }

  /** Settles only when the thread is gone, so that it cannot write a file afterwards. */
  private end(failure: ThreadFailure): void {
    this.spent = true;
    const settle = this.settle;
    this.settle = undefined;
    const late = new Promise((resolve) => setTimeout(resolve, TERMINATE_MS).unref());
    void Promise.race([this.worker.terminate(), late]).then(() => settle?.(failure));
  }

  private receive(message: FromWorker): void {
    if (message.type === 'claim') {
      void this.answerClaim(message.claim);
      return;
    }
    if (isUsedUp(message)) {
      this.spent = true;
      void this.worker.terminate();
    }
    this.settle?.(message);
    this.settle = undefined;
  }

  private async answerClaim(claim: Uint8Array): Promise<void> {
    try {
      if (!this.onClaim) throw new Error('no signature was expected');
      this.post({ type: 'signature', cose: await this.onClaim(claim) });
    } catch {
      // The reason stays in this thread, where the caller of the job gets it.
      this.post({ type: 'refused', reason: 'the signer refused' });
    }
  }
}
