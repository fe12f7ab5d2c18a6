import { fork } from 'node:child_process';
import { createRequire } from 'node:module';
import { compiledModule } from '#kernel';
import { InferenceError } from './errors.js';

/** Execution providers in the order of preference, as onnxruntime names them. */
export const DEFAULT_PROVIDERS: readonly string[] = ['tensorrt', 'cuda', 'webgpu', 'cpu'];

/** Milliseconds that one provider gets; TensorRT compiles on first use. */
const PROBE_LIMIT_MS = 30_000;

/** How one execution provider answered. */
export interface ProviderAttempt {
  provider: string;
  ok: boolean;
  /** Why not, in the runtime's words. */
  detail?: string;
  /** Wall time of the attempt in milliseconds. */
  ms: number;
}

/** What the machine can run networks on; shown in health and written into decision records. */
export interface ProviderReport {
  /** The provider that is used. */
  provider: string;
  runtime: { name: 'onnxruntime-node'; version: string };
  /** Every provider tried, in order; those after the first that works are not tried. */
  attempts: ProviderAttempt[];
}

function attempt(provider: string): Promise<ProviderAttempt> {
  const started = performance.now();
  return new Promise((done) => {
    const child = fork(compiledModule(import.meta.url, './probe-child.js'), [provider], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      timeout: PROBE_LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    let answer: { ok: boolean; detail?: string } | undefined;
    const finish = (fallback: string) => {
      const { ok, detail } = answer ?? { ok: false, detail: fallback };
      done({ provider, ok, ...(detail === undefined ? {} : { detail }), ms: Math.round(performance.now() - started) });
    };
    child.on('message', (message) => (answer = message as { ok: boolean; detail?: string }));
    child.on('error', (error) => finish(error.message));
    child.on('exit', (code, signal) => finish(`the probe ended with ${signal ?? `exit code ${code}`}`));
  });
}

function runtimeVersion(): string {
  const { version } = createRequire(import.meta.url)('onnxruntime-node/package.json') as { version: string };
  return version;
}

let last: ProviderReport | null = null;

/** The outcome of the last probe that found a provider; null before. */
export function lastProviderReport(): ProviderReport | null {
  return last;
}

async function probe(order: readonly string[]): Promise<ProviderReport> {
  const attempts: ProviderAttempt[] = [];
  for (const provider of order) {
    const tried = await attempt(provider);
    attempts.push(tried);
    if (tried.ok) {
      return (last = { provider, runtime: { name: 'onnxruntime-node', version: runtimeVersion() }, attempts });
    }
  }
  const why = attempts.map((a) => `${a.provider}: ${a.detail ?? 'failed'}`).join('; ');
  throw new InferenceError('no_execution_provider', `No execution provider works. ${why || 'None was named.'}`);
}

const known = new Map<string, Promise<ProviderReport>>();

/**
 * The first execution provider that runs a small convolution correctly, each tried alone in a child process.
 * `listSupportedBackends()` names what was compiled, not what works, so it is not consulted.
 * The result is kept for the life of the process, per order asked for; a failure is not kept.
 * @throws InferenceError `no_execution_provider` with every provider's own message
 */
export function probeProvider(opts: { order?: readonly string[] } = {}): Promise<ProviderReport> {
  const order = opts.order ?? DEFAULT_PROVIDERS;
  const key = order.join(',');
  let report = known.get(key);
  if (!report) {
    report = probe(order);
    known.set(key, report);
    report.catch(() => known.delete(key));
  }
  return report;
}
