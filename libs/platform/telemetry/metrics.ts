import { type Category, type Outcome, type Stage } from '#contracts';

/** Counters and histograms of one process, all named `imprimatur_*`. Durations are in seconds. */
export interface Metrics {
  /** Number of jobs of a queue in each state right now (gauge). */
  setJobs(queue: string, state: 'waiting' | 'active' | 'delayed' | 'completed' | 'failed', count: number): void;
  /** A job that ended (counter) and how long it ran. */
  jobDone(queue: string, job: string, result: 'completed' | 'failed', seconds: number): void;
  /** One step of a clip's way: `generate`, `inspect`, `mark`, `sign`, `reread`, `release`, ... */
  stepDone(step: string, seconds: number): void;
  /** A decision, counted once per category; without categories as `none`. */
  decision(stage: Stage, outcome: Outcome, categories: readonly Category[]): void;
  /** Time from a prompt's arrival to its decision. */
  promptDecision(seconds: number): void;
  /** A detector that threw or said `unable`. */
  detectorError(detector: string): void;
  /** An answered request; `route` is the pattern (`/v1/videos/:id`), never the path. */
  httpRequest(route: string, method: string, status: number, seconds: number): void;
  /** One attempt to deliver a webhook. */
  webhookDelivery(result: 'delivered' | 'failed' | 'given_up', seconds?: number): void;
  /** One call to a generator. */
  generatorCall(engine: string, operation: string, result: 'ok' | 'error', seconds: number): void;
  /** All of this process in the Prometheus text format, with what other processes serialised added in. */
  render(others?: readonly string[]): Promise<string>;
  /** All numbers of this process as JSON, for {@link mergeMetrics} in another process. */
  serialise(): Promise<string>;
  /** Content type of {@link Metrics.render}. */
  readonly contentType: string;
}

/** A fresh registry with all metrics; `process: true` adds those of Node itself. */
export function createMetrics(_options: { process?: boolean } = {}): Metrics {
  throw new Error('to be written');
}

/**
 * Adds up what several processes serialised, as Prometheus text. Unreadable parts are left out: numbers of a process
 * that died halfway must not hide those of the living.
 */
export function mergeMetrics(_parts: readonly string[]): Promise<string> {
  throw new Error('to be written');
}
