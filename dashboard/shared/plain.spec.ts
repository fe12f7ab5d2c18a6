import { chosenLang } from './language.js';
import { bytes, clock, limit, number } from './format.js';
import { plain } from './plain.js';

describe('a stranger’s text', () => {
  it.each([
    ['evil\u202Egpj.exe', 'evil\uFFFDgpj.exe'],
    ['a\u0000b\nc\u2066', 'a\uFFFDb\uFFFDc\uFFFD'],
    ['a\u0301\u0301\u0301\u0301', 'a\u0301\u0301'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['🦊🦊🦊', '🦊🦊🦊'],
    ['x'.repeat(20), `${'x'.repeat(11)}…`],
  ])('%j becomes %j', (given, shown) => expect(plain(given, 12)).toBe(shown));
});

describe('language', () => {
  it.each([
    ['?lang=fr', ['en'], 'fr'],
    ['?lang=de', ['fr-CA', 'en'], 'fr'],
    ['', ['de', 'EN-gb', 'fr'], 'en'],
    ['', [], 'en'],
  ])('%s with %j is %s', (search, preferred, lang) => expect(chosenLang(search, preferred)).toBe(lang));
});

describe('numbers', () => {
  it('are written as each language does', () => {
    expect([bytes(1_234_567, 'en'), bytes(1_234_567, 'fr').replace(/\s/g, ' ')]).toEqual(['1.2 MB', '1,2 Mo']);
    expect([clock(65.25, 'en'), clock(65.26, 'fr', true), clock(59.97, 'en', true)]).toEqual([
      '1:05',
      '1:05,3',
      '1:00.0',
    ]);
    expect([number(1.7e-10, 'en'), number(0.35, 'fr')]).toEqual(['1.7E-10', '0,35']);
  });

  it('a limit is never rounded up', () => expect(limit(8.9 * 1024 ** 2, 'en')).toBe('8 MB'));
});
