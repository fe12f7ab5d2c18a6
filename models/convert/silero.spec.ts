import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, sha256Hex } from '#kernel';
import { closeInference, modelCard, modelPath, openSession, type Tensor } from '#engines/inference';
import { convertSilero } from './silero.js';

const card = modelCard('silero-vad');
const [published] = card.source.files;
const path = join(projectRoot, 'node_modules', card.source.package, published?.path ?? '');

describe('convertSilero', () => {
  afterAll(closeInference);

  it('gives block by block what the published network gives, in one run', async () => {
    const count = 40;
    const blocks = new Float32Array(count * 576);
    // Something between a hum and a voice, so that the chances differ.
    for (let i = 0; i < blocks.length; i++) {
      const t = i / 16_000;
      blocks[i] = 0.3 * Math.sin(2 * Math.PI * 130 * t) * Math.sin(2 * Math.PI * 4 * t) + 0.1 * Math.sin(900 * t * t);
    }
    const theirs = await openSession(path, published?.sha256 ?? '', { provider: 'cpu' });
    let state: Tensor = { data: new Float32Array(256), shape: [2, 1, 128] };
    const expected: number[] = [];
    for (let i = 0; i < count; i++) {
      const input = { data: blocks.slice(i * 576, (i + 1) * 576), shape: [1, 576] };
      const sr = { data: BigInt64Array.of(16_000n), shape: [] };
      const { output, stateN } = await theirs.runAll({ input, state, sr });
      expected.push(Number(output?.data[0]));
      state = stateN as Tensor;
    }
    const ours = await openSession(modelPath(card), card.sha256, { provider: 'cpu' });
    const zero = { data: new Float32Array(128), shape: [1, 1, 128] };
    const { speech, hN, cN } = await ours.runAll({ blocks: { data: blocks, shape: [count, 576] }, h: zero, c: zero });
    const worst = (a: ArrayLike<number | bigint>, b: ArrayLike<number | bigint>) =>
      Math.max(...Array.from(a, (v, i) => Math.abs(Number(v) - Number(b[i]))));
    expect(Math.max(...expected) - Math.min(...expected)).toBeGreaterThan(0.02);
    expect(worst(speech?.data ?? [], expected)).toBeLessThan(1e-5);
    expect(worst(hN?.data ?? [], state.data.slice(0, 128))).toBeLessThan(1e-4);
    expect(worst(cN?.data ?? [], state.data.slice(128))).toBeLessThan(1e-4);
  });

  it('always writes the same bytes, and refuses another network', () => {
    const source = readFileSync(path);
    expect(sha256Hex(convertSilero(source, card.name))).toBe(card.sha256);
    expect(() => convertSilero(readFileSync(modelPath(card)), card.name)).toThrow(
      expect.objectContaining({ code: 'model_source_unreadable' }) as Error,
    );
  });
});
