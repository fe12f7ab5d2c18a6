import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledModule, sha256Hex } from '#kernel';
import { closeInference, configureInference, inferenceReport, modelCard, modelPath, openSession } from './index.js';
import { PROBE_INPUT, PROBE_MODEL, PROBE_OUTPUT } from './probe-model.js';

const SHAPE = [1, 1, 3, 3];
const provider = 'cpu';

describe('openSession', () => {
  let folder: string;
  let small: string;
  const smallHash = sha256Hex(PROBE_MODEL);
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'inference-'));
    small = join(folder, 'small.onnx');
    writeFileSync(small, PROBE_MODEL);
  });
  afterEach(closeInference);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('runs a network, and says which file and provider did it', async () => {
    const session = await openSession(small, smallHash, { provider });
    expect([...(await session.run(PROBE_INPUT, SHAPE))]).toEqual(PROBE_OUTPUT);
    expect(session.ref('small', '1')).toEqual({ name: 'small', version: '1', sha256: smallHash, provider: 'cpu' });
  });

  it('finds a provider by itself', async () => {
    const session = await openSession(small, smallHash);
    expect([...(await session.run(PROBE_INPUT, SHAPE))].map(Math.round)).toEqual(PROBE_OUTPUT.map(Math.round));
  });

  it('reports what is loaded and what it runs on', async () => {
    await openSession(small, smallHash);
    const { provider, sessions } = inferenceReport();
    expect(provider?.attempts.at(-1)).toMatchObject({ provider: provider?.provider, ok: true });
    expect(sessions).toEqual([{ file: 'small.onnx', sha256: smallHash, provider: provider?.provider }]);
    await expect(openSession(small, '0'.repeat(64))).rejects.toMatchObject({ code: 'model_hash_mismatch' });
    expect(inferenceReport().sessions).toHaveLength(1);
    await closeInference();
    expect(inferenceReport().sessions).toEqual([]);
  });

  it('opens the same file once', async () => {
    const [a, b] = await Promise.all([1, 2].map(() => openSession(small, smallHash, { provider })));
    expect(a).toBe(b);
  });

  it('refuses a file that is absent, altered or no network', async () => {
    await expect(openSession(join(folder, 'absent.onnx'), smallHash, { provider })).rejects.toMatchObject({
      code: 'model_missing',
    });
    const altered = join(folder, 'altered.onnx');
    writeFileSync(
      altered,
      Uint8Array.from(PROBE_MODEL, (b, i) => (i === 80 ? b ^ 1 : b)),
    );
    await expect(openSession(altered, smallHash, { provider })).rejects.toMatchObject({ code: 'model_hash_mismatch' });
    const text = join(folder, 'text.onnx');
    writeFileSync(text, 'not a network');
    await expect(openSession(text, sha256Hex('not a network'), { provider })).rejects.toMatchObject({
      code: 'model_unloadable',
    });
    await expect(openSession(small, smallHash, { provider: 'no-such-provider' })).rejects.toMatchObject({
      code: 'model_unloadable',
    });
  });

  it('refuses a wrong shape, and works on afterwards', async () => {
    const session = await openSession(small, smallHash, { provider });
    await expect(session.run(PROBE_INPUT, [1, 1, 3, 4])).rejects.toMatchObject({ code: 'model_input_invalid' });
    await expect(session.run(PROBE_INPUT, [1, 9, 1, 1])).rejects.toMatchObject({ code: 'inference_failed' });
    expect([...(await session.run(PROBE_INPUT, SHAPE))]).toEqual(PROBE_OUTPUT);
  });

  it('keeps answers apart when many runs are in flight on few lanes', async () => {
    configureInference({ lanes: 2 });
    const session = await openSession(small, smallHash, { provider });
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        session.run(
          PROBE_INPUT.map((v) => v * i),
          SHAPE,
        ),
      ),
    );
    answers.forEach((values, i) => expect([...values]).toEqual(PROBE_OUTPUT.map((v) => v * i)));
  });

  it('leaves the event loop free while a network runs', async () => {
    const card = modelCard('nsfw-mobilenet-v2-mid');
    const session = await openSession(modelPath(card), card.sha256, { provider });
    const batch = new Float32Array(16 * 224 * 224 * 3);
    let longest = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    const started = performance.now();
    await session.run(batch, [16, 224, 224, 3]);
    const took = performance.now() - started;
    clearInterval(timer);
    expect(longest).toBeLessThan(took * 0.8);
  });

  it('gives up a run that is late, and starts a fresh lane', async () => {
    configureInference({ lanes: 1 });
    const card = modelCard('nsfw-mobilenet-v2-mid');
    const patient = await openSession(modelPath(card), card.sha256, { provider });
    const hasty = await openSession(modelPath(card), card.sha256, { provider, deadlineMs: 20 });
    const many = new Float32Array(24 * 224 * 224 * 3);
    await expect(hasty.run(many, [24, 224, 224, 3])).rejects.toMatchObject({ code: 'inference_timeout' });
    expect(await patient.run(many.slice(0, 150528), [1, 224, 224, 3])).toHaveLength(5);
  });

  it('lets the process exit in the middle of a run, with its own exit code', () => {
    const entry = compiledModule(import.meta.url, './index.js');
    const script = `
      const { modelCard, modelPath, openSession } = await import(${JSON.stringify(entry)});
      const card = modelCard('nsfw-mobilenet-v2-mid');
      const session = await openSession(modelPath(card), card.sha256, { provider: 'cpu' });
      void session.run(new Float32Array(24 * 150528), [24, 224, 224, 3]);
      setTimeout(() => process.exit(3), 40);`;
    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    expect(status).toBe(3);
  });

  it('answers runs after closing with an error, not with silence', async () => {
    const session = await openSession(small, smallHash, { provider });
    await closeInference();
    await expect(session.run(PROBE_INPUT, SHAPE)).rejects.toMatchObject({ code: 'inference_closed' });
  });
});
