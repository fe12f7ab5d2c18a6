import { Signal } from '#contracts';
import { modelCard } from '#engines/inference';
import { aggregateNsfw, isHot, NSFW_CLASSES, NSFW_MODEL, unableNsfw, type ScoredFrame } from './index.js';

const frame = (timeS: number, porn: number, rest: Partial<ScoredFrame['scores']> = {}): ScoredFrame => ({
  timeS,
  scores: { drawing: 0, hentai: 0, neutral: 1 - porn, porn, sexy: 0, ...rest },
});
const explicit = (frames: ScoredFrame[]) => aggregateNsfw(frames)[0] as Signal;

describe('aggregateNsfw', () => {
  it('gives the highest one-second mean, where it is, and the series', () => {
    const hot = [0, 0.5, 1, 1.5, 2, 2.5, 3].map((t) => frame(t, t === 1.5 || t === 2 ? 0.8 : 0.1));
    const signal = explicit(hot);
    expect(signal).toMatchObject({ detector: 'vision.nsfw', category: 'sexual', source: 'frames', state: 'measured' });
    expect(signal.score).toBeCloseTo(0.8, 6);
    expect(signal.at).toEqual({ fromS: 1.5, toS: 2.5 });
    expect(signal.series).toHaveLength(7);
    expect(signal.series?.[3]).toEqual([1.5, 0.8]);
    expect(signal.coverage).toBe('medium');
  });

  it('lets one outlier among many frames of a second weigh little', () => {
    const frames = Array.from({ length: 40 }, (_, i) => frame(i / 10, i === 20 ? 1 : 0));
    expect(explicit(frames).score).toBeCloseTo(0.1, 6);
  });

  it('counts a lone frame in full', () => {
    expect(explicit([frame(0, 0), frame(5, 0.9)]).score).toBeCloseTo(0.9, 6);
  });

  it('is neither diluted nor inflated by a dense look at one moment', () => {
    const sparse = Array.from({ length: 9 }, (_, i) => frame(i / 2, i === 4 ? 0.8 : 0.2));
    const around = (score: (t: number) => number) =>
      Array.from({ length: 24 }, (_, i) => 1.52 + i / 24).map((t) => frame(t, score(t)));
    const whole = explicit(sparse).score!;
    // What the dense look sees is what it seemed to be: half a second of 0.8.
    const same = explicit([...sparse, ...around((t) => (Math.abs(t - 2) < 0.25 ? 0.8 : 0.2))]).score!;
    expect(Math.abs(same - whole)).toBeLessThan(0.06);
    // It was one frame only, or the whole second.
    expect(explicit([...sparse, ...around((t) => (Math.abs(t - 2) < 0.03 ? 0.8 : 0.2))]).score).toBeLessThan(
      whole - 0.15,
    );
    expect(explicit([...sparse, ...around(() => 0.8)]).score).toBeGreaterThan(whole + 0.15);
  });

  it('looks closer where a single frame is doubtful', () => {
    expect(isHot(frame(0, 0.36).scores)).toBe(true);
    expect(isHot(frame(0, 0.34).scores)).toBe(false);
  });

  it('adds hentai to porn, and does not depend on the order of the frames', () => {
    const frames = [frame(2, 0.1, { neutral: 0 }), frame(0, 0.3, { hentai: 0.5, neutral: 0.2 }), frame(1, 0.2)];
    expect(explicit(frames).score).toBeCloseTo(0.8, 6);
    expect(explicit(frames).series?.map(([t]) => t)).toEqual([0, 1, 2]);
    expect(explicit([...frames].reverse())).toEqual(explicit(frames));
  });

  it('keeps suggestive content apart and weak', () => {
    const beach = Array.from({ length: 8 }, (_, i) => frame(i / 2, 0, { sexy: 1, neutral: 0 }));
    const [strong, weak] = aggregateNsfw(beach);
    expect(strong?.score).toBe(0);
    expect(weak).toMatchObject({ detector: 'vision.nsfw.suggestive', category: 'sexual', coverage: 'low' });
    const { suggestiveWeight, explicitReview } = modelCard(NSFW_MODEL).thresholds;
    expect(weak?.score).toBeCloseTo(suggestiveWeight as number, 6);
    expect(weak?.score).toBeLessThan(explicitReview as number);
  });

  it('says that drawings are covered badly', () => {
    const drawn = [0, 1, 2].map((t) => frame(t, 0, { drawing: 0.9, neutral: 0.1 }));
    expect(explicit(drawn).coverage).toBe('low');
  });

  it('is unable, never clean, without frames or with values that are not numbers', () => {
    const bad = [[], [frame(NaN, 0)], [frame(0, NaN)], [frame(0, 7)]];
    for (const frames of bad) {
      const signals = aggregateNsfw(frames);
      expect(signals).toHaveLength(1);
      expect(signals[0]).toMatchObject({ state: 'unable', score: null, coverage: 'none' });
    }
  });

  it('gives valid signals that name the model', () => {
    const model = { name: 'n', version: 'v', sha256: 's', provider: 'cpu' };
    const all = [...aggregateNsfw([frame(0, 0.4)], model), ...unableNsfw('The clip could not be decoded.')];
    for (const signal of all) expect(Signal.parse(signal)).toEqual(signal);
    expect(all[0]?.model).toEqual(model);
    expect(all[2]?.model.sha256).toBe(modelCard(NSFW_MODEL).sha256);
    expect(all[2]?.reason).toBe('The clip could not be decoded.');
  });
});

describe('the model card', () => {
  it('names the classes in the order that the code reads them', () => {
    expect(modelCard(NSFW_MODEL).outputs).toEqual(NSFW_CLASSES);
  });
});
