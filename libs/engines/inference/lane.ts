// A thread that runs networks: the native call blocks the thread it is made on for the whole run.
import { parentPort, workerData } from 'node:worker_threads';
import ort from 'onnxruntime-node';
import { messageOf } from '#kernel';
import { type LaneReply, type LaneRequest } from './messages.js';

const sessions = new Map<string, ort.InferenceSession>();

async function load({ key, bytes, provider, intraOpThreads }: Extract<LaneRequest, { kind: 'load' }>) {
  const session = await ort.InferenceSession.create(bytes, {
    // One provider, never a list: a list does not fall back, and it hides which one ran.
    executionProviders: [provider],
    intraOpNumThreads: intraOpThreads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
    // Threads that spin while they wait starve every other process on a shared machine.
    extra: { session: { 'intra_op.allow_spinning': '0', 'inter_op.allow_spinning': '0' } },
  });
  sessions.set(key, session);
}

async function run({ key, data, shape }: Extract<LaneRequest, { kind: 'run' }>): Promise<LaneReply> {
  const session = sessions.get(key);
  const [input, output] = [session?.inputNames[0], session?.outputNames[0]];
  if (!session || !input || !output) throw new Error('the network is not loaded in this lane');
  const result = await session.run({ [input]: new ort.Tensor('float32', data, shape) });
  const tensor = result[output];
  if (!(tensor?.data instanceof Float32Array)) throw new Error('the network gave no float output');
  return { ok: true, data: tensor.data };
}

async function answer(request: LaneRequest): Promise<LaneReply> {
  try {
    if (request.kind === 'run') return await run(request);
    await load(request);
    return { ok: true };
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
