import { closeInference, loadManifest, modelPath, openSession } from '#engines/inference';
import { benignBatch } from './convert/testing/pictures.js';
import { largest, maxDifference, originalOf, runInTensorFlow } from './convert/testing/reference.js';

// Published as ONNX, silero-vad is compared in convert/silero.spec.ts.
const translated = Object.values(loadManifest()).filter(
  ({ source }) => source.format !== 'onnx' && source.format !== 'silero-vad',
);

afterAll(closeInference);

describe.each(translated.map((card) => [card.name, card] as const))('%s', (_name, card) => {
  it('computes what the original network computes', async () => {
    const { batch, shape } = await benignBatch(card);
    const session = await openSession(modelPath(card), card.sha256, { provider: 'cpu' });
    const ours = await session.runAll({ [card.input.name]: { data: batch, shape } });
    const theirs = runInTensorFlow(originalOf(card), batch, shape);
    const results = card.results ?? [{ name: 'output', shape: [-1, card.outputs.length] }];
    expect(Object.keys(ours)).toEqual(results.map((r) => r.name));
    for (const { name, shape: each } of results) {
      const { data } = ours[name] as { data: Float32Array };
      const expected = theirs[name] as Float32Array;
      expect(ours[name]?.shape).toEqual([shape[0], ...each.slice(1)]);
      // Probabilities and embeddings to 1e-4; pixels and logits to 5e-5 of the largest.
      expect(maxDifference(data, expected)).toBeLessThan(Math.max(1e-4, 5e-5 * largest(expected)));
      // The pictures differ, so a network that ignores its input cannot pass.
      const size = data.length / (shape[0] ?? 1);
      expect(maxDifference(data.slice(0, size), data.slice(size, 2 * size))).toBeGreaterThan(1e-3 * largest(expected));
    }
  });
});
