import { canonicalJson } from './canonical.js';
import { AppError } from './errors.js';

const round = (json: string) => canonicalJson(JSON.parse(json));

describe('canonical JSON', () => {
  it('spells the sample of RFC 8785, 3.2.2 as 3.2.4 gives its bytes', () => {
    const sample = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(Buffer.from(round(sample), 'utf8').toString('hex')).toBe(
      '7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e333333333333332c' +
        '31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127425c225c5c5c5c5c222f227d',
    );
  });

  it('orders keys by UTF-16 code units, as RFC 8785, 3.2.3 shows', () => {
    const sample = String.raw`{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
      "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"}`;
    expect(Object.values(JSON.parse(round(sample)) as object).sort()).toHaveLength(7);
    const order = [...round(sample).matchAll(/:"([^"]+)"/g)].map(([, value]) => value);
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it.each([
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af6', '1e+23'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555555', '333333333.3333333'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the number %s of RFC 8785, appendix B', (bits, text) => {
    expect(canonicalJson(Buffer.from(bits, 'hex').readDoubleBE())).toBe(text);
  });

  it('leaves out properties that are undefined and keeps a key called __proto__', () => {
    expect(canonicalJson({ b: undefined, a: [{}, []] })).toBe('{"a":[{},[]]}');
    expect(round('{"__proto__":1,"a":{"b":2,"a":1}}')).toBe('{"__proto__":1,"a":{"a":1,"b":2}}');
  });

  it.each([
    ['NaN', NaN],
    ['infinity', [Infinity]],
    ['a bigint', 1n],
    ['undefined', undefined],
    ['a hole in an array', new Array(1)],
    ['a function', { a: () => 1 }],
    ['a date', { a: new Date(0) }],
    ['bytes', new Uint8Array(1)],
    ['a map', new Map()],
    ['half a surrogate pair', 'a\ud800'],
    ['half a surrogate pair as key', { '\udc00': 1 }],
  ])('refuses %s', (_, value) => {
    expect(() => canonicalJson(value)).toThrow(AppError);
  });
});
