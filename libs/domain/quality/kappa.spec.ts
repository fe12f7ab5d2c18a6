import { cohensKappa } from './kappa.js';

describe('Cohen’s kappa', () => {
  it('is that of the textbook: 20, 5, 10 and 15 of 50 give 0.4', () => {
    const table = [
      { first: 'release', second: 'release', pairs: 20 },
      { first: 'release', second: 'refuse', pairs: 5 },
      { first: 'refuse', second: 'release', pairs: 10 },
      { first: 'refuse', second: 'refuse', pairs: 15 },
    ];
    expect(cohensKappa(table)).toBe(0.4);
  });

  it('is 1 for readers who always agree, below 0 for those who agree less than chance', () => {
    const same = [
      { first: 'release', second: 'release', pairs: 3 },
      { first: 'refuse', second: 'refuse', pairs: 4 },
    ];
    expect(cohensKappa(same)).toBe(1);
    expect(
      cohensKappa([
        { first: 'a', second: 'b', pairs: 2 },
        { first: 'b', second: 'a', pairs: 2 },
      ]),
    ).toBe(-1);
  });

  it('says nothing of too few pairs, and of readers who only ever say one thing', () => {
    expect(cohensKappa([{ first: 'a', second: 'b', pairs: 1 }])).toBeNull();
    expect(cohensKappa([{ first: 'a', second: 'a', pairs: 9 }])).toBeNull();
  });
});
