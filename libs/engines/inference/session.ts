import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { sha256Hex } from '#kernel';
import { type ModelRef } from '#contracts';
import { InferenceError } from './errors.js';
import { type LoadedModel, type Names, type Tensors } from './messages.js';
import { defaultLanes, LanePool } from './pool.js';
import { lastProviderReport, probeProvider, type ProviderReport } from './provider.js';

/** How a network is opened. */
export interface SessionOptions {
  /** Execution provider; by default the one that {@link probeProvider} finds. */
  provider?: string;
  /** Threads inside one run; 1 by default, because several frames run at once instead. */
  intraOpThreads?: number;
  /**
   * Keeps the memory of a run for the next one. Off by default: with it, all networks of an inspection in two lanes hold
   * 1060 MB instead of 700; only the text detector becomes slower without it (by a third to a half).
   */
  arena?: boolean;
  /** Milliseconds that loading or one run may take; 60,000 by default. */
  deadlineMs?: number;
}

/** A loaded network. Runs may overlap; each takes one lane. */
export interface Session {
  /** SHA-256 of the file that was loaded. */
  readonly sha256: string;
  /** Execution provider that runs it. */
  readonly provider: string;
  /**
   * Runs the network's first input through to its first output.
   * @param batch values in row-major order of `shape`; copied
   * @param shape for example `[n, 224, 224, 3]`
   * @throws InferenceError `model_input_invalid`, `inference_failed`, `inference_timeout`, `inference_closed`
   */
  run(batch: Float32Array, shape: number[]): Promise<Float32Array>;
  /** What the network calls its inputs and outputs. */
  readonly names: Names;
  /**
   * Runs a network that has several inputs or outputs.
   * @param feeds every input by name; copied
   * @param outputs which outputs to give; by default all
   * @throws InferenceError as {@link Session.run}
   */
  runAll(feeds: Tensors, outputs?: readonly string[]): Promise<Tensors>;
  /** Name, version, hash and provider, for signals and decision records. */
  ref(name: string, version: string): ModelRef;
}

let pool: LanePool | undefined;
let lanes = defaultLanes;
let providers: readonly string[] | undefined;
const sessions = new Map<string, Promise<Session>>();
const opened = new Map<string, OpenNetwork>();

/** A network that this process has loaded. */
export interface OpenNetwork {
  /** File name without its folder. */
  file: string;
  sha256: string;
  provider: string;
}

/** What networks run on in this process, and which are loaded. */
export interface InferenceReport {
  /** Outcome of the last probe; null before the first. */
  provider: ProviderReport | null;
  /** How many runs may be in flight. */
  lanes: number;
  sessions: OpenNetwork[];
}

/** What health shows about networks; asks nothing of the runtime and never waits. */
export function inferenceReport(): InferenceReport {
  return { provider: lastProviderReport(), lanes: pool?.size ?? lanes, sessions: [...opened.values()] };
}

/** Sets how networks run in this process; takes effect before the first session opens. */
export function configureInference(opts: {
  /** Runs that may be in flight, 1 or more. */
  lanes: number;
  /** Execution providers to try, in order; by default {@link DEFAULT_PROVIDERS}. */
  providers?: readonly string[];
}): void {
  lanes = Math.max(1, Math.trunc(opts.lanes));
  providers = opts.providers;
}

/**
 * What networks of this process run on.
 * @throws InferenceError `no_execution_provider`
 */
export function chosenProvider(): Promise<ProviderReport> {
  return probeProvider(providers && { order: providers });
}

async function readChecked(path: string, expected: string): Promise<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new InferenceError('model_missing', 'A model file is missing. Run npm run models:build.', cause);
  }
  const found = sha256Hex(bytes);
  if (found !== expected.toLowerCase()) {
    throw new InferenceError(
      'model_hash_mismatch',
      `A model file has SHA-256 ${found}, not ${expected}. It was altered or is out of date: run npm run models:build.`,
    );
  }
  return bytes;
}

function checkInputs(feeds: Tensors): void {
  for (const { data, shape } of Object.values(feeds)) {
    const wanted = shape.reduce((a, b) => a * b, 1);
    if (shape.some((d) => !Number.isInteger(d) || d < 1) || wanted !== data.length) {
      throw new InferenceError('model_input_invalid', `${data.length} values do not fill [${shape.join(', ')}].`);
    }
  }
}

async function open(path: string, sha256: string, options: Required<SessionOptions>): Promise<Session> {
  const { provider, intraOpThreads, arena, deadlineMs } = options;
  // The very bytes that were hashed are loaded, so the file cannot change in between.
  const bytes = await readChecked(path, sha256);
  const shared = (pool ??= new LanePool(lanes));
  const model: LoadedModel = {
    key: `${sha256}/${provider}/${intraOpThreads}/${arena}`,
    bytes,
    provider,
    intraOpThreads,
    arena,
  };
  const names = await shared.load(model, deadlineMs);
  const runAll: Session['runAll'] = async (feeds, outputs) => {
    checkInputs(feeds);
    return shared.run(model, feeds, outputs ?? null, deadlineMs);
  };
  return {
    sha256,
    provider,
    names,
    runAll,
    run: async (data, shape) => {
      const [input = '', output = ''] = [names.inputs[0], names.outputs[0]];
      const found = (await runAll({ [input]: { data, shape } }, [output]))[output]?.data;
      if (!(found instanceof Float32Array)) {
        throw new InferenceError('inference_failed', 'The first output of the network is not float32.');
      }
      return found;
    },
    ref: (name, version) => ({ name, version, sha256, provider }),
  };
}

/**
 * Loads an ONNX file after checking its hash. Asking again for the same file and options gives the same session.
 * @param expectedSha256 64 hex digits, from the model's card
 * @throws InferenceError `model_missing`, `model_hash_mismatch`, `model_unloadable`, `inference_timeout`,
 * `no_execution_provider`
 */
export async function openSession(path: string, expectedSha256: string, opts: SessionOptions = {}): Promise<Session> {
  const provider = opts.provider ?? (await chosenProvider()).provider;
  const options = {
    provider,
    intraOpThreads: opts.intraOpThreads ?? 1,
    arena: opts.arena ?? false,
    deadlineMs: opts.deadlineMs ?? 60_000,
  };
  const key = JSON.stringify([path, expectedSha256, options]);
  let session = sessions.get(key);
  if (!session) {
    session = open(path, expectedSha256, options);
    sessions.set(key, session);
    session.then(
      () => {
        // Closed meanwhile: then it is not open.
        if (sessions.get(key) === session)
          opened.set(key, { file: basename(path), sha256: expectedSha256.toLowerCase(), provider });
      },
      () => sessions.delete(key),
    );
  }
  return session;
}

/** Ends every lane and forgets every session; sessions opened later start afresh. */
export async function closeInference(): Promise<void> {
  const closing = pool;
  pool = undefined;
  sessions.clear();
  opened.clear();
  await closing?.close();
}
