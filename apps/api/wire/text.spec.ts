import { assertText } from './text.js';

describe('assertText', () => {
  it.each([
    ['a NUL', 'a\0b'],
    ['a NUL deep inside', { a: [{ b: ['x', '\0'] }] }],
    ['a NUL in a name', { 'a\0': 1 }],
    ['half a pair', ['\ud83d']],
    ['the other half', { a: '\udd8a' }],
    ['two halves in the wrong order', '\udd8a\ud83d'],
  ])('refuses %s', (_, body) => {
    expect(() => assertText(body)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'invalid_text' }) as Error);
  });

  it.each([['🦊'], [{ a: 'é\u0301\u202e\n\t', b: [null, 1, true, undefined] }], [undefined], [null]])(
    'accepts %j',
    (body) => {
      expect(() => assertText(body)).not.toThrow();
    },
  );

  it('does not mind how deep a body is nested', () => {
    let deep: unknown = '\0';
    for (let i = 0; i < 200_000; i++) deep = [deep];
    expect(() => assertText(deep)).toThrow('NUL');
  });
});
