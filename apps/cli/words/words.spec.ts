import { languageOf } from '../language.js';
import { en } from './en.js';
import { fr } from './fr.js';

/** Every sentence of a language, functions called with placeholders. */
function sentences(words: object): string[] {
  return Object.values(words).flatMap((value: unknown) => {
    if (typeof value === 'string') return [value];
    if (typeof value === 'function') return [String((value as (...args: unknown[]) => unknown)(1, 1, 1, 1))];
    return value instanceof RegExp ? [] : sentences(value as object);
  });
}

describe('words', () => {
  const all = [...sentences(en), ...sentences(fr)];

  it('never approves a file', () => {
    expect(all.filter((text) => /[✓✔☑✅]|\b(real|fake|authentic|genuine|verified|trustworthy)\b/i.test(text))).toEqual(
      [],
    );
    expect(all.filter((text) => /\b(authentique|vérifiée?|véritable|vrai|faux)\b/i.test(text))).toEqual([]);
  });

  it('has the same sentences in both languages', () => {
    const names = (words: object, path = ''): string[] =>
      Object.entries(words).flatMap(([name, value]: [string, unknown]) =>
        typeof value === 'object' && !(value instanceof RegExp) && name !== 'codes'
          ? names(value as object, `${path}${name}.`)
          : [path + name],
      );
    expect(names(fr)).toEqual(names(en));
    expect(all.some((text) => text.trim() === '')).toBe(false);
  });
});

describe('languageOf', () => {
  it('takes --lang, then the environment in POSIX order, then English', () => {
    expect(languageOf(['verify', 'x', '--lang', 'fr'], { LANG: 'en_GB.UTF-8' })).toBe('fr');
    expect(languageOf(['--lang=en'], { LANG: 'fr_FR.UTF-8' })).toBe('en');
    expect(languageOf([], { LC_ALL: '', LC_MESSAGES: 'fr_CA', LANG: 'en' })).toBe('fr');
    expect(languageOf([], { LC_ALL: 'C', LANG: 'fr' })).toBe('en');
    expect(languageOf(['--lang', 'tlh'], {})).toBe('en');
    expect(languageOf(['--lang'], {})).toBe('en');
  });
});
