import { en } from './en.js';
import { fr } from './fr.js';

/** Words that the rules of the verdict forbid; docs/verification-method.md. */
const FORBIDDEN =
  /\b(real|really|fake[ds]?|authentic|genuine|verified|proven|proof|réel(le)?s?|vrai(e|s|es|ment)?|faux|fausse|authentique|vérifié(e|s|es)?|prouvé(e|s|es)?)\b/i;

function* texts(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (typeof value === 'function') yield String((value as (...parts: unknown[]) => unknown)(1, 2, 3, 4));
  else for (const part of Object.values(value as object)) yield* texts(part);
}

describe.each([
  ['English', en],
  ['French', fr],
])('the words in %s', (_, words) => {
  it('claim nothing that the service cannot know', () => {
    const all = [...texts(words)];
    expect(all.length).toBeGreaterThan(150);
    expect(all.filter((text) => FORBIDDEN.test(text))).toEqual([]);
  });
});

it('both languages name the same checks', () => {
  expect(Object.keys(fr.checks.names)).toEqual(Object.keys(en.checks.names));
});
