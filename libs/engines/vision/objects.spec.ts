import { Signal } from '#contracts';
import { closeInference } from '#engines/inference';
import { createObjectDetector } from './index.js';
import { strongestBlades } from './objects.js';

const CELLS = 128 * 128;
const KNIFE = 43;

describe('strongestBlades', () => {
  it('finds the peak of each class with its box', () => {
    const heat = new Float32Array(CELLS * 80).fill(0.01);
    const size = new Float32Array(CELLS * 4);
    const cell = 64 * 128 + 32;
    heat[cell * 80 + KNIFE] = 0.7;
    heat[cell * 80] = 0.99; // a person, which is not asked for
    size.set([20, 40, 60, 80], cell * 4);
    const found = strongestBlades(heat, size);
    expect(found.map(({ label }) => label).sort()).toEqual(['baseball bat', 'knife', 'scissors']);
    const knife = found.find(({ label }) => label === 'knife')!;
    expect(knife.score).toBeCloseTo(0.7, 6);
    expect(knife.box.x).toBeCloseTo((128 - 20) / 512, 6);
    expect(knife.box.y).toBeCloseTo((256 - 40) / 512, 6);
    expect(knife.box.width).toBeCloseTo(80 / 512, 6);
    expect(knife.box.height).toBeCloseTo(120 / 512, 6);
  });

  it('refuses values that are no scores, so that rubbish never reads as nothing', () => {
    const size = new Float32Array(CELLS * 4);
    expect(() => strongestBlades(new Float32Array(CELLS * 80).fill(NaN), size)).toThrow(/not scores/);
    expect(() => strongestBlades(new Float32Array(5), size)).toThrow(/not scores/);
  });
});

describe('createObjectDetector', () => {
  afterAll(closeInference);
  const frame = (timeS: number) => ({ timeS, width: 64, height: 36, rgb: new Uint8Array(64 * 36 * 3).fill(120) });

  it('looks at about one frame a second, finds no blade in a grey wall, and is unable without frames', async () => {
    const detector = await createObjectDetector({ provider: 'cpu' });
    const look = detector.begin();
    for (const timeS of [0, 0.5, 1, 1.5, 2]) await look.look(frame(timeS));
    const [signal] = look.finish();
    expect(Signal.parse(signal)).toEqual(signal);
    expect(signal).toMatchObject({ detector: 'vision.objects.blade', state: 'measured', coverage: 'low' });
    expect(signal?.series?.map(([t]) => t)).toEqual([0, 1, 2]);
    expect(signal?.score).toBeLessThan(0.3);
    expect(detector.begin().finish()[0]).toMatchObject({ state: 'unable', score: null });
  });
});
