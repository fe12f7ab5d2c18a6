import { createHmac, randomBytes } from 'node:crypto';
import { ShortHmac } from './hmac.js';

describe('the HMAC of names', () => {
  it('is that of node, for every length of text up to its limit', () => {
    for (let length = 0; length <= 1000; length += length < 200 ? 1 : 37) {
      const key = randomBytes(32);
      const text = randomBytes(length)
        .toString('latin1')
        .replace(/[^ -~]/g, 'x');
      const out = Buffer.alloc(40, 9);
      new ShortHmac(key).write(text, out, 4);
      expect(out.subarray(4, 36).equals(createHmac('sha256', key).update(text).digest())).toBe(true);
      expect([...out.subarray(0, 4), ...out.subarray(36)]).toEqual(Array(8).fill(9));
    }
  });

  it('takes one text after another without a trace', () => {
    const key = randomBytes(32);
    const hmac = new ShortHmac(key);
    for (const text of ['a much longer text than the one after it'.repeat(5), 'b', 'ünï 王小明', '']) {
      const out = Buffer.alloc(32);
      hmac.write(text, out, 0);
      expect(out.equals(createHmac('sha256', key).update(text).digest())).toBe(true);
    }
    expect(() => hmac.write('x'.repeat(1001), Buffer.alloc(32), 0)).toThrow('too long');
    expect(() => new ShortHmac(Buffer.alloc(16))).toThrow('32 bytes');
  });
});
