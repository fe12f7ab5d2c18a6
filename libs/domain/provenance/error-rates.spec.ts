import { clopperPearson, errorRates } from './error-rates.js';

describe('exact intervals', () => {
  // Solved by bisection of exact binomial sums; those of 0 and n are 1 - 0.025^(1/n).
  it.each([
    [0, 10, 0, 0.3084971],
    [1, 10, 0.002528579, 0.4450161],
    [5, 10, 0.187086, 0.812914],
    [10, 10, 0.6915029, 1],
    [0, 10_000, 0, 0.0003688199],
    [3, 1000, 0.0006191, 0.008742],
    [40, 60, 0.5331273, 0.7831306],
  ])('%i of %i: %f to %f', (events, trials, lower, upper) => {
    const found = clopperPearson(events, trials);
    expect(found.lower).toBeCloseTo(lower, 6);
    expect(found.upper).toBeCloseTo(upper, 6);
  });

  it('are refused for what is no share', () => {
    for (const [events, trials] of [[1, 0], [-1, 5], [6, 5], [0.5, 2]] as const) expect(() => clopperPearson(events, trials)).toThrow(RangeError); // prettier-ignore
  });
});

it('states the bound of the mark as arithmetic, and what was measured with its trials and interval', () => {
  const [mark, ...measured] = errorRates(1.7e-10);
  expect(mark).toMatchObject({
    id: 'watermark_false_match',
    kind: 'arithmetic',
    trials: null,
    lower: 0,
    upper: 1.7e-10,
  });
  expect(measured.map(({ id }) => id)).toContain('picture_fingerprint_false_match');
  for (const { kind, events, trials, lower, upper, source } of measured) {
    expect(kind).toBe('measured');
    expect(lower).toBeLessThanOrEqual(events! / trials!);
    expect(upper).toBeGreaterThan(events! / trials! - 1e-9);
    expect(source).toContain('tests/eval/prints');
  }
});
