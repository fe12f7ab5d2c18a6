import { dayOf, isQuiet, periodOf, quietUntil } from './hours.js';

const at = (iso: string) => new Date(iso);
const night = { from: '21:00', to: '07:00', time_zone: 'Europe/Paris' };

describe('quiet hours', () => {
  it.each([
    ['2026-01-10T19:59:00Z', false],
    ['2026-01-10T20:00:00Z', true], // 21:00 in winter
    ['2026-01-11T05:59:59Z', true],
    ['2026-01-11T06:00:00Z', false],
    ['2026-07-10T18:59:00Z', false],
    ['2026-07-10T19:00:00Z', true], // 21:00 in summer
  ])('over midnight, at %s: %s', (iso, quiet) => {
    expect(isQuiet(night, at(iso))).toBe(quiet);
  });

  it('within a day hold from the first minute and end before the last', () => {
    const lunch = { from: '12:00', to: '13:00', time_zone: 'UTC' };
    expect(isQuiet(lunch, at('2026-01-10T11:59:59Z'))).toBe(false);
    expect(isQuiet(lunch, at('2026-01-10T12:00:00Z'))).toBe(true);
    expect(isQuiet(lunch, at('2026-01-10T13:00:00Z'))).toBe(false);
  });

  it('end at the time of the clocks, whatever was done to them in the night', () => {
    expect(quietUntil([night], at('2026-03-28T22:00:00Z'))).toEqual(at('2026-03-29T05:00:00Z')); // an hour was skipped
    expect(quietUntil([night], at('2026-10-24T22:00:00Z'))).toEqual(at('2026-10-25T06:00:00Z')); // an hour came twice
    expect(quietUntil([night], at('2026-01-10T22:00:30Z'))).toEqual(at('2026-01-11T06:00:00Z'));
  });

  it('that end within an hour that is skipped end with it', () => {
    const short = { from: '01:00', to: '02:30', time_zone: 'Europe/Paris' };
    expect(quietUntil([short], at('2026-03-29T00:30:00Z'))).toEqual(at('2026-03-29T01:00:00Z'));
  });

  it('of two guardians are over when both are', () => {
    const later = { from: '06:30', to: '09:00', time_zone: 'Europe/Paris' };
    expect(quietUntil([night, later], at('2026-01-10T22:00:00Z'))).toEqual(at('2026-01-11T08:00:00Z'));
    const day = { from: '07:00', to: '21:00', time_zone: 'Europe/Paris' };
    expect(quietUntil([night, day], at('2026-01-10T22:00:00Z'))).toBeNull();
  });
});

describe('days', () => {
  it.each([
    ['2026-01-10T12:00:00Z', 'UTC', '2026-01-10', '2026-01-10T00:00:00Z', '2026-01-11T00:00:00Z'],
    ['2026-01-10T23:30:00Z', 'Europe/Paris', '2026-01-11', '2026-01-10T23:00:00Z', '2026-01-11T23:00:00Z'],
    ['2026-03-29T12:00:00Z', 'Europe/Paris', '2026-03-29', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['2026-10-25T12:00:00Z', 'Europe/Paris', '2026-10-25', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    // Midnight is skipped there: the day starts at one.
    ['2026-04-24T12:00:00Z', 'Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z'],
    ['2026-01-10T12:00:00Z', 'Asia/Kathmandu', '2026-01-10', '2026-01-09T18:15:00Z', '2026-01-10T18:15:00Z'],
    ['2026-01-10T00:00:00Z', 'UTC', '2026-01-10', '2026-01-10T00:00:00Z', '2026-01-11T00:00:00Z'],
  ])('%s in %s is %s', (iso, zone, date, from, to) => {
    expect(dayOf(at(iso), zone)).toEqual({ date, from: at(from), to: at(to) });
  });

  it('weeks start on Monday, months on the first', () => {
    const sunday = at('2026-03-01T23:59:59Z');
    expect(periodOf('day', sunday)).toEqual({ from: at('2026-03-01T00:00:00Z'), to: at('2026-03-02T00:00:00Z') });
    expect(periodOf('week', sunday)).toEqual({ from: at('2026-02-23T00:00:00Z'), to: at('2026-03-02T00:00:00Z') });
    expect(periodOf('week', at('2026-03-02T00:00:00Z')).from).toEqual(at('2026-03-02T00:00:00Z'));
    expect(periodOf('month', at('2026-12-31T10:00:00Z'))).toEqual({
      from: at('2026-12-01T00:00:00Z'),
      to: at('2027-01-01T00:00:00Z'),
    });
  });
});
