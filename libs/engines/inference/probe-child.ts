// Tries one execution provider in a process of its own: a broken driver may end the process.
import ort from 'onnxruntime-node';
import { messageOf } from '#kernel';
import { PROBE_INPUT, PROBE_MODEL, PROBE_OUTPUT } from './probe-model.js';

const provider = process.argv[2] ?? '';

async function attempt(): Promise<void> {
  const session = await ort.InferenceSession.create(PROBE_MODEL, {
    executionProviders: [provider],
    logSeverityLevel: 4,
    // Without this, nodes that the provider cannot take would quietly run on the CPU and the probe would pass.
    extra: provider === 'cpu' ? {} : { session: { disable_cpu_ep_fallback: '1' } },
  });
  const { y } = await session.run({ x: new ort.Tensor('float32', PROBE_INPUT, [1, 1, 3, 3]) });
  const values = [...(y?.data as Float32Array)];
  // GPUs may round the products to 10 bits (TF32).
  const wrong = PROBE_OUTPUT.some((expected, i) => !(Math.abs((values[i] ?? NaN) - expected) < 0.02));
  if (wrong) throw new Error(`wrong result: [${values.join(', ')}] in place of [${PROBE_OUTPUT.join(', ')}]`);
}

attempt().then(
  () => process.send?.({ ok: true }, () => process.exit(0)),
  (thrown: unknown) => process.send?.({ ok: false, detail: messageOf(thrown) }, () => process.exit(0)),
);
