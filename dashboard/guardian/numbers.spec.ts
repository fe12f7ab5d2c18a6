import { allOf, grouped, scaleFor, slicesOf, totals, type Day } from './numbers.js';

const day: Day = {
  date: '2026-11-28',
  released: 3,
  in_progress: 1,
  held: 2,
  refused: 1,
  limited: 2,
  failed: 1,
  removed: 0,
};

it('counts what a day and all days hold', () => {
  expect(allOf(day)).toBe(10);
  expect(totals([day, day])).toMatchObject({ released: 6, limited: 4, removed: 0 });
  expect(grouped(day)).toEqual({ made: 4, waiting: 2, stopped: 3, other: 1 });
});

it('stacks a bar from its foot without gaps, and leaves out what is not there', () => {
  const slices = slicesOf({ ...day, failed: 0 }, 20);
  expect(slices.map(({ group }) => group)).toEqual(['made', 'waiting', 'stopped']);
  expect(slices[1]).toMatchObject({ from: 0.2, size: 0.1 });
  expect(slices[2]!.from).toBeCloseTo(0.3);
});

it.each([
  [0, 4],
  [3, 4],
  [5, 10],
  [10, 10],
  [17, 20],
  [33, 40],
  [41, 100],
  [100, 100],
])('a scale for %d ends at %d', (most, end) => expect(scaleFor(most)).toBe(end));
