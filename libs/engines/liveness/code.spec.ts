import { codeIn, digitRuns } from './index.js';

describe('the code', () => {
  it.each([
    ['7 2 4 9 3', true],
    ['72493', true],
    ['My code is 7-2-4-9-3.', true],
    ['sept deux quatre neuf trois', true],
    ['Sept, deux, QUATRE, neuf, trois !', true],
    ['seven two four nine three', true],
    ['seven to for nine three', true],
    ['cette deux quatre neuf trois', true],
    ['seven, 2, quatre nine 3', true],
    ['７２４９３', true],
    ['7 2 4 9 3, I repeat: 7 2 4 9 3', true],
    ['7 2 4 9 3 7 2 4 9 3', true],
    ['7 2 4 9', false],
    ['7 2 4 and then 9 3', false],
    ['3 9 4 2 7', false],
    ['2 3 4 5 6 7 8 9 7 2 4 9 3 2 4 6 8', false],
    ['', false],
    ['this is for you, too', false],
    ['constructor __proto__ toString', false],
  ])('%j: %s', (text, expected) => {
    expect(codeIn(text, '72493')).toBe(expected);
  });

  it('reads every digit in both languages', () => {
    expect(digitRuns('zero one two three four five six seven eight nine')).toEqual(['0123456789']);
    expect(digitRuns('zéro un deux trois quatre cinq six sept huit neuf')).toEqual(['0123456789']);
    expect(digitRuns("c'est sept deux, voilà : 4")).toEqual(['72', '4']);
  });

  it('takes time in proportion to the text', () => {
    const started = process.cpuUsage();
    digitRuns('7 two '.repeat(100_000));
    expect(process.cpuUsage(started).user).toBeLessThan(3e6);
  });
});
