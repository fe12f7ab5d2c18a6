// A thread that runs networks: the native call blocks the thread it is made on for the whole run.
import { parentPort, workerData } from 'node:worker_threads';
import ort from 'onnxruntime-node';
import { messageOf } from '#kernel';
import { type LaneReply, type LaneRequest, type Tensors } from './messages.js';

const sessions = new Map<string, ort.InferenceSession>();

async function load({ key, bytes, provider, intraOpThreads, arena }: Extract<LaneRequest, { kind: 'load' }>) {
  const session = await ort.InferenceSession.create(bytes, {
    // One provider, never a list: a list does not fall back, and it hides which one ran.
    executionProviders: [provider],
    intraOpNumThreads: intraOpThreads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    enableCpuMemArena: arena,
    logSeverityLevel: 4,
    // Threads that spin while they wait starve every other process on a shared machine.
    extra: { session: { 'intra_op.allow_spinning': '0', 'inter_op.allow_spinning': '0' } },
  });
  sessions.set(key, session);
  return { inputs: session.inputNames, outputs: session.outputNames };
}

function toTensor({ data, shape }: Tensors[string]): ort.Tensor {
  return data instanceof Float32Array ? new ort.Tensor('float32', data, shape) : new ort.Tensor('int64', data, shape);
}

async function run({ key, feeds, outputs }: Extract<LaneRequest, { kind: 'run' }>): Promise<LaneReply> {
  const session = sessions.get(key);
  if (!session) throw new Error('the network is not loaded in this lane');
  const given = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, toTensor(tensor)]));
  const found = outputs ? await session.run(given, outputs) : await session.run(given);
  const results: Tensors = {};
  for (const [name, { data, dims }] of Object.entries(found)) {
    if (!(data instanceof Float32Array || data instanceof BigInt64Array)) {
      throw new Error(`the output ${name} is neither float32 nor int64`);
    }
    results[name] = { data, shape: dims };
  }
  return { ok: true, results };
}

async function answer(request: LaneRequest): Promise<LaneReply> {
  try {
    if (request.kind === 'run') return await run(request);
    return { ok: true, names: await load(request) };
  } catch (thrown) {
    return { ok: false, message: messageOf(thrown) };
  }
}

const busy = workerData as Int32Array;

function reply(answered: LaneReply): void {
  // Before the answer goes out: the owner may mark the lane busy again as soon as it has it.
  Atomics.store(busy, 0, 0);
  Atomics.notify(busy, 0);
  parentPort?.postMessage(answered);
}

parentPort?.on('message', (request: LaneRequest) => void answer(request).then(reply));
