import { randomFrom } from './templates/grammar.js';

const HOMOGLYPHS: Readonly<Record<string, string>> = { a: 'а', e: 'е', o: 'о', p: 'р', c: 'с', y: 'у', x: 'х', i: 'і', s: 'ѕ', j: 'ј' }; // prettier-ignore
const LEET: Readonly<Record<string, string>> = { a: '4', e: '3', i: '1', o: '0', s: '5', t: '7' };

const perLetter = (text: string, map: (ch: string, i: number) => string): string => [...text].map(map).join('');
const perWord = (text: string, map: (word: string) => string): string => text.split(' ').map(map).join(' ');
const isLetter = (ch: string): boolean => /\p{L}/u.test(ch);

/** Ways of writing the same words so that a filter may miss them. Deterministic. */
export const EVASIONS: Readonly<Record<string, (text: string) => string>> = {
  leet: (text) => {
    const random = randomFrom(7);
    return perLetter(text, (ch) => (random() < 0.6 ? (LEET[ch.toLowerCase()] ?? ch) : ch));
  },
  homoglyphs: (text) => perLetter(text, (ch) => HOMOGLYPHS[ch] ?? ch),
  'zero-width': (text) => perLetter(text, (ch) => (isLetter(ch) ? `${ch}\u200b` : ch)),
  'spaced letters': (text) => text.split(' ').map((word) => [...word].join(' ')).join('   '), // prettier-ignore
  'spaced, no gaps': (text) => [...text.replace(/\s+/g, '')].join(' '),
  'dotted letters': (text) => perWord(text, (word) => [...word].join('.')),
  'full-width': (text) =>
    perLetter(text, (ch) => (/[!-~]/.test(ch) ? String.fromCharCode(ch.charCodeAt(0) + 0xfee0) : ch)),
  'combining marks': (text) => perLetter(text, (ch) => (isLetter(ch) ? `${ch}\u0336\u0301` : ch)),
  'repeated vowels': (text) => perLetter(text, (ch) => (/[aeiou]/i.test(ch) ? ch.repeat(3) : ch)),
  'mathematical letters': (text) =>
    perLetter(text, (ch) => (/[a-z]/.test(ch) ? String.fromCodePoint(0x1d41a + ch.charCodeAt(0) - 97) : ch)),
};
