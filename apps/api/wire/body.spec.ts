import { plainBody } from './body.js';

/** A body as Multer leaves it: without a prototype. What it leaves of a real form is in tests/conformance. */
function form(fields: Record<string, unknown>): unknown {
  return Object.assign(Object.create(null) as object, fields);
}

describe('plainBody', () => {
  it('takes one or several characters[][id] for a list of ids', () => {
    expect(plainBody(form({ 'characters[][id]': 'a' }))).toEqual({ characters: [{ id: 'a' }] });
    expect(plainBody(form({ 'characters[][id]': ['a', 'b'] }))).toEqual({
      characters: [{ id: 'a' }, { id: 'b' }],
    });
    expect(plainBody(form({ characters: [{ id: 'a' }] }))).toEqual({ characters: [{ id: 'a' }] });
  });

  it('makes ordinary objects of nested fields', () => {
    const body = plainBody(form({ prompt: 'a fox', input_reference: form({ image_url: 'https://a.example/b.png' }) }));
    expect(body).toEqual({ prompt: 'a fox', input_reference: { image_url: 'https://a.example/b.png' } });
    expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
    expect(Object.getPrototypeOf(body.input_reference)).toBe(Object.prototype);
  });

  it('refuses __proto__ instead of setting a prototype', () => {
    expect(() => plainBody(form(JSON.parse('{"__proto__": {"polluted": "yes"}}') as Record<string, unknown>))).toThrow(
      'Unknown parameter: __proto__.',
    );
    expect(() => plainBody(JSON.parse('{"__proto__": {"polluted": true}}'))).toThrow('Unknown parameter');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('gives an empty object for no object', () => {
    for (const body of [undefined, null, 'text', 5]) expect(plainBody(body)).toEqual({});
  });
});
