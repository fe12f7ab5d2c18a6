import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type Category, type Outcome, type Stage } from '#contracts';
import { mergeMetrics } from './merge.js';

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
  /** The execution provider that looked at a clip. */
  provider(name: string): void;
  /** Seconds that a part of an inspection took. */
  inspectionPart(part: string, seconds: number): void;
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

const STEP_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const HTTP_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** A decision about words takes tens of microseconds. */
const PROMPT_BUCKETS = [0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

function meters(registers: Registry[]) {
  const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
    new Counter({ name: `imprimatur_${name}`, help, labelNames, registers });
  const histogram = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
    new Histogram({ name: `imprimatur_${name}`, help, labelNames, buckets, registers });
  return {
    jobs: new Gauge({
      name: 'imprimatur_jobs',
      help: 'Jobs of a queue by state, as last counted.',
      labelNames: ['queue', 'state'] as const,
      // Every process counts the same queues.
      aggregator: 'max',
      registers,
    }),
    jobsEnded: counter('jobs_ended_total', 'Jobs that ended.', ['queue', 'job', 'result']),
    jobSeconds: histogram('job_seconds', 'Time a job ran.', ['queue', 'job'], STEP_BUCKETS),
    stepSeconds: histogram('step_seconds', 'Time of one step of a clip.', ['step'], STEP_BUCKETS),
    decisions: counter('decisions_total', 'Decisions, once per category behind them.', [
      'stage',
      'outcome',
      'category',
    ]),
    promptSeconds: histogram('prompt_decision_seconds', 'From a prompt to its decision.', [], PROMPT_BUCKETS),
    providers: new Gauge({
      name: 'imprimatur_inference_provider_info',
      help: '1 for the execution provider that networks run on.',
      labelNames: ['provider'] as const,
      aggregator: 'max',
      registers,
    }),
    partSeconds: histogram('inspection_part_seconds', 'Time of one part of an inspection.', ['part'], STEP_BUCKETS),
    detectorErrors: counter('detector_errors_total', 'Detectors that failed or were unable.', ['detector']),
    http: counter('http_requests_total', 'Answered requests.', ['route', 'method', 'status']),
    httpSeconds: histogram('http_request_seconds', 'Time to answer a request.', ['route', 'method'], HTTP_BUCKETS),
    webhooks: counter('webhook_deliveries_total', 'Attempts to deliver a webhook.', ['result']),
    webhookSeconds: histogram('webhook_delivery_seconds', 'Time of an attempt.', ['result'], HTTP_BUCKETS),
    generators: counter('generator_calls_total', 'Calls to generators.', ['engine', 'operation', 'result']),
    generatorSeconds: histogram('generator_call_seconds', 'Time of a call.', ['engine', 'operation'], STEP_BUCKETS),
  };
}

/** A fresh registry with all metrics; `process: true` adds those of Node itself, as `imprimatur_nodejs_*` and so on. */
export function createMetrics(options: { process?: boolean } = {}): Metrics {
  const registry = new Registry();
  const meter = meters([registry]);
  if (options.process) collectDefaultMetrics({ register: registry, prefix: 'imprimatur_' });
  const serialise = async () => JSON.stringify(await registry.getMetricsAsJSON());
  return {
    contentType: registry.contentType,
    serialise,
    render: async (others = []) => (others.length ? mergeMetrics([await serialise(), ...others]) : registry.metrics()),
    setJobs: (queue, state, count) => meter.jobs.set({ queue, state }, count),
    jobDone(queue, job, result, seconds) {
      meter.jobsEnded.inc({ queue, job, result });
      meter.jobSeconds.observe({ queue, job }, seconds);
    },
    stepDone: (step, seconds) => meter.stepSeconds.observe({ step }, seconds),
    decision(stage, outcome, categories) {
      for (const category of categories.length ? categories : ['none']) {
        meter.decisions.inc({ stage, outcome, category });
      }
    },
    promptDecision: (seconds) => meter.promptSeconds.observe(seconds),
    provider: (name) => meter.providers.set({ provider: name }, 1),
    inspectionPart: (part, seconds) => meter.partSeconds.observe({ part }, seconds),
    detectorError: (detector) => meter.detectorErrors.inc({ detector }),
    httpRequest(route, method, status, seconds) {
      meter.http.inc({ route, method, status: String(status) });
      meter.httpSeconds.observe({ route, method }, seconds);
    },
    webhookDelivery(result, seconds) {
      meter.webhooks.inc({ result });
      if (seconds !== undefined) meter.webhookSeconds.observe({ result }, seconds);
    },
    generatorCall(engine, operation, result, seconds) {
      meter.generators.inc({ engine, operation, result });
      meter.generatorSeconds.observe({ engine, operation }, seconds);
    },
  };
}
