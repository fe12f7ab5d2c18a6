import { describe, expect, it } from '@jest/globals';
import { normaliseText } from './normalise.js';
import { makeLexicon } from './words.js';

const words =
  'a the naked woman man kill kills on bed bedroom cool book street level cats is hello world and no stop deadline'.split(
    ' ',
  );
const lexicon = makeLexicon(new Map(words.map((word) => [word, 'e' as const])), [
  'naked',
  'kill',
  'sex',
  'porn',
  'fuck',
]);
const read = (text: string) => normaliseText(text, lexicon);

describe('normaliseText', () => {
  it.each([
    ['plain text', 'A naked woman, on the bed!', 'a naked woman on the bed'],
    ['full-width letters', 'ｎａｋｅｄ woman', 'naked woman'],
    ['mathematical letters', '𝐧𝐚𝐤𝐞𝐝 𝔴𝔬𝔪𝔞𝔫', 'naked woman'],
    ['enclosed letters', 'ⓝⓐⓚⓔⓓ 🅼🅰🅽', 'naked man'],
    ['small capitals', 'ɴᴀᴋᴇᴅ woman', 'naked woman'],
    ['Cyrillic and Greek look-alikes', 'nаkеd wοmаn', 'naked woman'],
    ['zero-width characters', 'n\u200ba\u200dk\u2060e\ufeffd', 'naked'],
    ['soft hyphens and direction marks', 'na\u00adk\u202eed', 'naked'],
    ['stacked combining marks', 'n\u0336a\u0336\u0301k\u0336e\u0336d\u0336', 'naked'],
    ['leet', 'n4k3d w0m4n', 'naked woman'],
    ['leet at the edge', '5treet', 'street'],
    ['symbols for letters', 'n@ked p0rn', 'naked porn'],
    ['a star for a letter', 'f*ck p*rn', 'fuck porn'],
    ['spaced letters', 'n a k e d   w o m a n', 'naked woman'],
    ['spaced letters without word gaps', 'n a k e d w o m a n', 'naked woman'],
    ['dotted letters', 'n.a.k.e.d w-o-m-a-n', 'naked woman'],
    ['a broken word', 'na-ked woman', 'naked woman'],
    ['stretched letters', 'naaaaked woooomaaan', 'naked woman'],
    ['doubled letters', 'nnaakkeedd', 'naked'],
    ['double letters kept', 'coool boook', 'cool book'],
  ])('undoes %s', (_, text, expected) => {
    expect(read(text).tokens.join(' ')).toBe(expected);
  });

  it.each([
    ['French accents', 'Été à la plage, cœur brisé', 'ete a la plage coeur brise'],
    ['decomposed French accents', 'e\u0301te\u0301', 'ete'],
    ['French elision', "l'enfant d’une fée", 'l enfant d une fee'],
    ['English apostrophes', "don't touch the dog's bowl", 'dont touch the dog bowl'],
    ['sizes and formats', '4k 3d mp4 80s level5 4cats', '4k 3d mp4 80s level5 4cats'],
    ['Russian words', 'привет мир', 'привет мир'],
    ['emoji with joiners', 'hello 👩‍👩‍👧 world ❤️', 'hello 👩👩👧 world'],
    ['exclamations', 'stop!!! hello!', 'stop hello'],
    ['abbreviations of two letters', 'A.I. and the world', 'a i and the world'],
  ])('leaves %s alone', (_, text, expected) => {
    const result = read(text);
    expect(result.tokens.join(' ')).toBe(expected);
    expect(result.obfuscation).toBe(0);
  });

  it('measures how much was disguised', () => {
    expect(read('a naked woman').obfuscation).toBe(0);
    expect(read('n4ked').obfuscation).toBe(1);
    const half = read('the woman n4k3d hello').obfuscation;
    expect(half).toBeGreaterThan(0.2);
    expect(half).toBeLessThan(0.5);
  });

  it('keeps the place of every word in the source', () => {
    const text = 'On the bed: n\u200ba\u200bk\u200be\u200bd wоman';
    const result = read(text);
    const at = result.tokens.indexOf('naked');
    expect(text.slice(result.from[at], result.to[at])).toBe('n\u200ba\u200bk\u200be\u200bd');
    const last = result.tokens.indexOf('woman');
    expect(text.slice(result.from[last], result.to[last])).toBe('wоman');
    expect(result.altered[at]).toBe(true);
    expect(result.altered[0]).toBe(false);
  });
});
