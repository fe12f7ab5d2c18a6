import { ageOf, audienceOf, ruleBandOf, type AgeFact } from './age.js';

const NOW = new Date('2026-06-15T12:00:00Z');
const at = (date: string) => new Date(`${date}T12:00:00Z`);

type State = AgeFact['state'];
const born = (state: State, birthYear: number, day = '2026-01-01'): AgeFact => ({
  ...{ state, birthYear, low: null, high: null, at: at(day) },
});
const aged = (state: State, low: number, high: number, day = '2026-01-01'): AgeFact => ({
  ...{ state, birthYear: null, low, high, at: at(day) },
});
const takenBack: AgeFact = { state: 'declared', birthYear: null, low: null, high: null, at: at('2026-02-01') };

const band = (...facts: AgeFact[]) => ageOf(facts, NOW).band;

describe('an age band', () => {
  it('of nothing is unknown, and treated as teen', () => {
    expect(ageOf([], NOW)).toEqual({ band: 'unknown', state: 'unknown' });
    expect(audienceOf('unknown')).toBe('teen');
    expect(ruleBandOf('unknown')).toBe('teen');
    expect(ruleBandOf('under13')).toBe('child');
  });

  it.each([
    [2007, 'adult'],
    [2008, 'teen'],
    [2012, 'teen'],
    [2013, 'under13'],
  ])('of the birth year %s takes the youngest age that it allows: %s', (year, expected) => {
    expect(band(born('declared', year))).toBe(expected);
  });

  it.each([
    [18, 25, 'adult'],
    [17, 40, 'teen'],
    [11, 16, 'teen'],
    [9, 16, 'under13'],
  ])('of the range %s to %s is %s', (low, high, expected) => {
    expect(band(aged('estimated', low, high))).toBe(expected);
  });

  it('grows with time', () => {
    const fact = aged('verified', 17, 17, '2024-01-01');
    expect(ageOf([fact], at('2024-12-30')).band).toBe('teen');
    expect(ageOf([fact], at('2025-01-02')).band).toBe('adult');
    expect(ageOf([born('declared', 2013)], at('2027-01-01')).band).toBe('teen');
  });
});

describe('several findings', () => {
  it('a later, weaker claim of adulthood does not override a stronger teen finding', () => {
    expect(band(aged('estimated', 14, 17), born('declared', 1990))).toBe('teen');
    expect(band(born('verified', 2010), aged('estimated', 25, 30), born('declared', 1990))).toBe('teen');
  });

  it('a claim of the same kind does not either; stronger evidence does', () => {
    expect(band(born('declared', 2010), born('declared', 1990))).toBe('teen');
    expect(band(aged('estimated', 14, 17), aged('estimated', 25, 30))).toBe('teen');
    expect(band(born('declared', 2010), aged('estimated', 25, 30))).toBe('adult');
    expect(band(aged('estimated', 14, 17), born('verified', 1990))).toBe('adult');
  });

  it('the last verification decides over an earlier one', () => {
    expect(band(born('verified', 2010), born('verified', 1990))).toBe('adult');
    expect(band(born('verified', 1990), born('verified', 2010))).toBe('teen');
  });

  it('any sign of under 13 wins until somebody verifies', () => {
    expect(band(born('declared', 2016), aged('estimated', 25, 30))).toBe('under13');
    expect(band(born('declared', 1990), aged('estimated', 8, 11), born('declared', 1990))).toBe('under13');
    expect(band(born('declared', 2016), born('verified', 1990))).toBe('adult');
    expect(band(born('verified', 1990), born('declared', 2016))).toBe('under13');
    expect(ageOf([born('verified', 1990), born('declared', 2016)], NOW).state).toBe('declared');
  });

  it('a declaration taken back leaves a teen a teen, and an adult unknown', () => {
    expect(band(born('declared', 1990), takenBack)).toBe('unknown');
    expect(band(born('declared', 2010), takenBack)).toBe('teen');
    expect(band(born('declared', 2016), takenBack)).toBe('under13');
    expect(band(takenBack, born('declared', 1990))).toBe('adult');
  });

  it('nobody talks themselves out of a guardian: only a verification or time does', () => {
    const guarded = (...facts: AgeFact[]) => ageOf(facts, NOW, at('2026-03-01')).band;
    expect(guarded(born('declared', 1990, '2026-04-01'))).toBe('unknown');
    expect(guarded(aged('estimated', 25, 30, '2026-04-01'))).toBe('unknown');
    expect(guarded(born('verified', 1990, '2026-04-01'))).toBe('adult');
    expect(guarded(born('declared', 2008, '2026-04-01'))).toBe('teen');
    expect(ageOf([born('declared', 2008, '2026-04-01')], at('2027-01-01'), at('2026-03-01')).band).toBe('adult');
  });
});
