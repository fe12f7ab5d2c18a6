import { type FbankOptions, logMel } from './fbank.js';

const plain: FbankOptions = {
  mels: 1,
  frameMs: 0.5,
  hopMs: 0.5,
  window: 'rectangular',
  preemphasis: 0,
  removeDc: false,
  lowHz: 0,
  highHz: 8000,
  scale: 1,
  meanNormalise: false,
};
const kaldi: FbankOptions = {
  ...plain,
  mels: 80,
  frameMs: 25,
  hopMs: 10,
  window: 'povey',
  preemphasis: 0.97,
  removeDc: true,
  lowHz: 20,
};

describe('logMel', () => {
  it('gives what is computed by hand: one click, eight samples, one triangle', () => {
    // All bins have power 1. mel(0, 2, 4, 6, 8 kHz) = 0, 1521.37, 2146.08, 2545.65, 2840.04; the triangle peaks at
    // 1420.02, so its weights are 0, 0.92863, 0.48870, 0.20731, 0: ln 1.62464 = 0.48529.
    const click = Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    expect(logMel(click, plain).values[0]).toBeCloseTo(0.48529, 4);
    // Twice as loud: four times the power.
    expect(logMel(click, { ...plain, scale: 32768 }).values[0]).toBeCloseTo(0.48529 + 2 * Math.log(32768), 3);
    // A constant has only bin 0, which the triangle does not see: the floor.
    expect(logMel(new Float32Array(8).fill(0.5), plain).values[0]).toBeCloseTo(Math.log(1.1920929e-7), 5);
    // A tone of exactly 2 kHz: power (8 / 2)^2 = 16 in bin 1.
    const tone = new Float32Array(8).map((_, i) => Math.cos((2 * Math.PI * i) / 8));
    expect(logMel(tone, plain).values[0]).toBeCloseTo(Math.log(16 * 0.92863), 4);
  });

  it('counts whole frames only', () => {
    expect(logMel(new Float32Array(399), kaldi)).toMatchObject({ frames: 0, mels: 80 });
    expect(logMel(new Float32Array(400), kaldi).frames).toBe(1);
    expect(logMel(new Float32Array(16_000), kaldi).frames).toBe(98);
  });

  // Reference numbers of kaldi-native-fbank 1.23.0: 80 bins, 20 to 8000 Hz, no dither, snip_edges, no energy floor.
  const sound = new Float32Array(16_000).map((_, i) => {
    const t = i / 16_000;
    const sweep = 0.2 * Math.sin(2 * Math.PI * (300 * t + 1500 * t * t));
    return 0.3 * Math.sin(2 * Math.PI * 440 * t) + sweep + 0.05 * Math.sin(i * i * 0.37);
  });
  it.each([
    [
      'povey window, samples to 1',
      kaldi,
      [
        [0, 0, -7.581],
        [0, 10, 1.301],
        [0, 40, -5.0123],
        [50, 5, -6.7255],
        [50, 33, -2.6246],
        [50, 79, 2.0927],
        [97, 20, -4.3774],
        [97, 60, 0.3944],
      ],
    ],
    [
      'hamming window, samples to 32768',
      { ...kaldi, window: 'hamming', scale: 32768 } satisfies FbankOptions,
      [
        [0, 0, 13.8355],
        [0, 10, 22.1385],
        [0, 40, 15.5666],
        [50, 5, 14.6978],
        [50, 33, 18.2731],
        [50, 79, 22.8717],
        [97, 20, 16.4588],
        [97, 60, 21.1862],
      ],
    ],
  ] as const)('agrees with Kaldi: %s', (_, options, expected) => {
    const { values, mels, frames } = logMel(sound, options);
    expect(frames).toBe(98);
    for (const [t, m, value] of expected) expect(Math.abs((values[t * mels + m] ?? NaN) - value)).toBeLessThan(0.01);
  });

  it('can take the mean of each feature away', () => {
    const { values, frames, mels } = logMel(sound, { ...kaldi, meanNormalise: true });
    for (const m of [0, 33, 79]) {
      const sum = Array.from({ length: frames }, (_, t) => values[t * mels + m] ?? NaN).reduce((a, b) => a + b, 0);
      expect(Math.abs(sum / frames)).toBeLessThan(1e-4);
    }
    expect(values.some((v) => Math.abs(v) > 1)).toBe(true);
  });
});
