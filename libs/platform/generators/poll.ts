import { type GenerationStatus } from '#contracts';
import { sleep } from '#kernel';
import { failureOf, GeneratorError } from './errors.js';
import { type Generator } from './port.js';

/** How {@link pollUntilDone} waits. */
export interface PollOptions {
  /** Milliseconds between two questions. */
  intervalMs: number;
  /** Milliseconds after which the job counts as never-ending. */
  deadlineMs: number;
  /** Called with 0..100 whenever it grows. */
  onProgress?: (progress: number) => void | Promise<void>;
  signal: AbortSignal;
  /** Passing failures (`retry` is `same`) endured in a row. Default 5. */
  tolerance?: number;
}

/**
 * Asks until a job is completed. Failures that pass are endured, and a wait that the engine asks for is kept.
 * It cancels nothing: on any error the caller decides what becomes of the job.
 * @returns the status `completed`
 * @throws GeneratorError `generator_timeout` after the deadline, `generator_refused` or `generator_failed` for a failed
 *   job, otherwise what `poll` throws; the signal's reason when it aborts
 */
export async function pollUntilDone(generator: Generator, ref: string, opts: PollOptions): Promise<GenerationStatus> {
  const end = Date.now() + opts.deadlineMs;
  let reported = -1;
  let failures = 0;
  for (;;) {
    let waitMs = opts.intervalMs;
    try {
      const status = await pollBefore(generator, ref, end, opts.signal);
      failures = 0;
      if (status.progress > reported) {
        reported = status.progress;
        await opts.onProgress?.(reported);
      }
      if (status.status === 'completed') return status;
      if (status.status === 'failed') throw failureOf(status, generator.name);
    } catch (thrown) {
      const passing = thrown instanceof GeneratorError && thrown.retry === 'same';
      if (!passing || ++failures > (opts.tolerance ?? 5)) throw thrown;
      waitMs = Math.max(waitMs, (thrown.details.retryAfterS ?? 0) * 1000);
    }
    if (Date.now() + waitMs >= end) await sleep(Math.max(0, end - Date.now()), opts.signal);
    else await sleep(waitMs, opts.signal);
    if (Date.now() >= end) throw late(generator.name);
  }
}

/** One question that is given up when the deadline comes, so that a silent engine cannot stretch it. */
async function pollBefore(
  generator: Generator,
  ref: string,
  end: number,
  outer: AbortSignal,
): Promise<GenerationStatus> {
  const controller = new AbortController();
  const reason = late(generator.name);
  const timer = setTimeout(() => controller.abort(reason), Math.max(0, end - Date.now()));
  const onAbort = () => controller.abort(outer.reason);
  if (outer.aborted) onAbort();
  outer.addEventListener('abort', onAbort, { once: true });
  try {
    return await generator.poll(ref, controller.signal);
  } finally {
    clearTimeout(timer);
    outer.removeEventListener('abort', onAbort);
  }
}

function late(generator: string): GeneratorError {
  return new GeneratorError('generator_timeout', 'The engine did not finish this clip in time.', generator);
}
