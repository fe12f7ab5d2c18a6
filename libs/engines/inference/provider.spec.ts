import proto from 'onnx-proto';
import { PROBE_INPUT, PROBE_MODEL, PROBE_OUTPUT } from './probe-model.js';
import { probeProvider } from './provider.js';

describe('probeProvider', () => {
  it('passes over what does not work here, says why, and settles on what does', async () => {
    const report = await probeProvider({ order: ['no-such-provider', 'cpu'] });
    expect(report.provider).toBe('cpu');
    expect(report.runtime.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(report.attempts).toEqual([
      expect.objectContaining({
        provider: 'no-such-provider',
        ok: false,
        detail: expect.stringMatching(/backend/) as string,
      }),
      expect.objectContaining({ provider: 'cpu', ok: true }),
    ]);
  });

  it('tries nothing after the first that works, and asks once per process', async () => {
    const first = probeProvider({ order: ['cpu', 'no-such-provider'] });
    expect(probeProvider({ order: ['cpu', 'no-such-provider'] })).toBe(first);
    expect((await first).attempts.map((a) => a.provider)).toEqual(['cpu']);
  });

  it('throws with every reason when nothing works', async () => {
    await expect(probeProvider({ order: ['no-such-provider'] })).rejects.toMatchObject({
      code: 'no_execution_provider',
      kind: 'unavailable',
      message: expect.stringMatching(/no-such-provider: .+/) as string,
    });
  });
});

describe('the probe network', () => {
  it('is the one that its comment describes', () => {
    const { ModelProto } = proto.onnx;
    const model = ModelProto.decode(PROBE_MODEL);
    expect(model.graph?.node?.map((n) => n.opType)).toEqual(['Conv', 'Relu']);
    const raw = model.graph?.initializer?.[0]?.rawData ?? new Uint8Array();
    expect([...new Float32Array(Uint8Array.from(raw).buffer)]).toEqual([1, -1, 2, 0.5]);
  });

  it('expects what the convolution gives by hand', () => {
    const at = (y: number, x: number) => PROBE_INPUT[3 * y + x] ?? NaN;
    const by = [0, 1].flatMap((y) =>
      [0, 1].map((x) => Math.max(0, at(y, x) - at(y, x + 1) + 2 * at(y + 1, x) + 0.5 * at(y + 1, x + 1))),
    );
    expect(by).toEqual(PROBE_OUTPUT);
  });
});
