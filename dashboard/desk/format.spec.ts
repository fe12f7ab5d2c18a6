import { countdown, day, percent, shortId, span } from './format.js';

const plain = (text: string) => text.replace(/\s/g, ' ');

it.each([
  [0, '0 s', '0 s'],
  [59.6, '1 min', '1 min'],
  [75, '1 min 15 s', '1 min 15 s'],
  [-3_900, '1 h 5 min', '1 h 5 min'],
  [86_400 * 3 + 60, '3 days', '3 jours'],
  [86_400 + 7_200, '1 day 2 h', '1 jour 2 h'],
])('%d seconds are %s, %s', (seconds, en, fr) =>
  expect([plain(span(seconds, 'en')), plain(span(seconds, 'fr'))]).toEqual([en, fr]),
);

it('a countdown ends at zero', () =>
  expect([countdown(61_001), countdown(900), countdown(-5)]).toEqual(['1:02', '0:01', '0:00']));

it('numbers are written as each language does', () => {
  expect([percent(0.426, 'en'), plain(percent(0.426, 'fr', 1))]).toEqual(['43%', '42,6 %']);
  expect([day('2026-03-01', 'en'), day('2026-03-01', 'fr')]).toEqual(['1 Mar', '1 mars']);
});

it('short ids keep their end', () =>
  expect([shortId('cas_0123456789abcdef'), shortId('que_general')]).toEqual(['…6789abcdef', 'que_general']));
