import { plain } from '#kernel';
import { field, size, spin, wrap } from './terminal.js';

describe('plain', () => {
  it('writes out what could move the cursor, hide text or turn its direction', () => {
    expect(plain('\u001b[2J\u001b]0;x\u0007done')).toBe('\\u001b[2J\\u001b]0;x\\u0007done');
    expect(plain('a\u202eb\u2066c\u200bd\u009be')).toBe('a\\u202eb\\u2066c\\u200bd\\u009be');
    expect(plain('two\r\n  lines')).not.toMatch(/[\r\n]/);
    expect(plain('déjà vu – « été » 狐')).toBe('déjà vu – « été » 狐');
  });

  it('cuts what is long', () => {
    expect(plain('x'.repeat(50), 10)).toBe(`${'x'.repeat(10)}…`);
  });
});

describe('layout', () => {
  it('wraps values under themselves', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(field('Name', 'one two three', { nameWidth: 6, width: 13 })).toBe('Name  one two\n      three');
  });

  it('counts in units of a thousand', () => {
    expect([999, 1500, 2_340_000].map(size)).toEqual(['999 B', '1.5 kB', '2.3 MB']);
  });
});

describe('spin', () => {
  const screen = (isTTY: boolean) => {
    const written: string[] = [];
    return { written, isTTY, write: (text: string) => written.push(text) > 0 };
  };

  it('is silent where nobody looks, and gives the result or the fault', async () => {
    const pipe = screen(false);
    expect(await spin(pipe as never, 'x', Promise.resolve(3))).toBe(3);
    await expect(spin(pipe as never, 'x', Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(pipe.written).toEqual([]);
  });

  it('shows that it works and clears the line after itself', async () => {
    const tty = screen(true);
    let note = 'first';
    const work = new Promise((done) => setTimeout(done, 900));
    setTimeout(() => (note = 'second'), 600);
    await spin(tty as never, () => note, work);
    expect(tty.written.some((text) => text.includes('first'))).toBe(true);
    expect(tty.written.some((text) => text.includes('second'))).toBe(true);
    expect(tty.written.at(-1)).toBe('\r\u001b[K');
  });
});
