import { CATEGORIES, type Category } from '#contracts';
import { linesOf, type Line } from './lines.js';
import { moderateLines, type Judge, type LineFault } from './moderate.js';

const scores = Object.fromEntries(CATEGORIES.map((category) => [category, 0])) as Record<Category, number>;
const judge: Judge = (text) => ({ scores, unsafe: 0.25, decision: text.includes('bad') ? 'refuse' : 'allow' });

async function* pieces(text: string | Buffer, size = 1 << 16): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text as string);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function run(source: AsyncIterable<Uint8Array>, by: Judge = judge) {
  const faults: [number, LineFault][] = [];
  let text = '';
  const write = async (more: string) => void (text += more);
  const tally = await moderateLines({ source, write, onFault: (...fault) => faults.push(fault) }, by);
  return { tally, faults, text, lines: text.split('\n').slice(0, -1) };
}

describe('linesOf', () => {
  const collect = async (source: AsyncIterable<Uint8Array>, most?: number) => {
    const all: Line[] = [];
    for await (const lines of linesOf(source, most)) all.push(...lines);
    return all;
  };

  it('gives the same lines however the bytes are cut', async () => {
    const text = 'un\r\n\ndeux été\n狐狸\nlast';
    for (const size of [1, 2, 3, 7, 1000]) {
      const lines = await collect(pieces(text, size));
      expect(lines.map((line) => ('text' in line ? line.text : line.fault))).toEqual([
        'un\r',
        '',
        'deux été',
        '狐狸',
        'last',
      ]);
      expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    }
  });

  it('drops lines that are too long while they are read, and lines that are no UTF-8', async () => {
    const bytes = Buffer.concat([
      Buffer.from('ok\n'),
      Buffer.alloc(5000, 'x'),
      Buffer.from('\n'),
      Buffer.from([0xc3, 0x28, 0x0a]),
      Buffer.from('end\n'),
    ]);
    expect(await collect(pieces(bytes, 64), 100)).toEqual([
      { number: 1, text: 'ok' },
      { number: 2, fault: 'long' },
      { number: 3, fault: 'utf8' },
      { number: 4, text: 'end' },
    ]);
  });
});

describe('moderateLines', () => {
  it('adds scores, unsafe and decision and keeps the other fields to the digit', async () => {
    const line = '{"id": 12345678901234567890, "text":"a cat", "x": {"é": 1.10}, "kind":"chat"}';
    const { lines, tally } = await run(pieces(`\ufeff${line}\n`));
    expect(lines[0]!.startsWith('{"id": 12345678901234567890, "text":"a cat", "x": {"é": 1.10}, "kind":"chat",')).toBe(
      true,
    );
    expect(JSON.parse(lines[0]!)).toMatchObject({ text: 'a cat', unsafe: 0.25, decision: 'allow', scores });
    expect(tally).toEqual({ lines: 1, decisions: { allow: 1, hold: 0, refuse: 0 }, bad: 0 });
  });

  it('hands over kind and lang, and replaces an earlier judgement instead of repeating its names', async () => {
    const seen: unknown[] = [];
    const watching: Judge = (text, about) => (seen.push(about), judge(text, about));
    const { text } = await run(
      pieces('{"text":"bad","decision":"allow","kind":"chat","lang":"fr"}\n{"text":"b","kind":null}'),
      watching,
    );
    expect(text.match(/"decision"/g)).toHaveLength(2);
    expect(JSON.parse(text.split('\n')[0]!)).toMatchObject({ decision: 'refuse', lang: 'fr' });
    expect(seen).toEqual([
      { kind: 'chat', lang: 'fr' },
      { kind: undefined, lang: undefined },
    ]);
  });

  it('reports malformed lines with their number and goes on', async () => {
    const rows = [
      '{"text":"a"}',
      'nope',
      '',
      '[1]',
      'null',
      '{"text":3}',
      '{"text":"b","lang":5}',
      '{"text":"c","kind":[]}',
      '{"text":"d"',
    ];
    const { faults, tally, lines } = await run(pieces(`${rows.join('\n')}\n{"text":"e"}`));
    expect(faults).toEqual([
      [2, 'json'],
      [4, 'object'],
      [5, 'object'],
      [6, 'text'],
      [7, 'lang'],
      [8, 'kind'],
      [9, 'json'],
    ]);
    expect(lines.map((line) => (JSON.parse(line) as { text: string }).text)).toEqual(['a', 'e']);
    expect(tally).toMatchObject({ lines: 2, bad: 7 });
  });

  it('waits for the writer, so that a slow one bounds the memory', async () => {
    let made = 0;
    let written = 0;
    let ahead = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (; made < 100_000; made += 1000) yield Buffer.from('{"text":"a lighthouse"}\n'.repeat(1000));
    }
    const write = async (text: string) => {
      await new Promise((done) => setImmediate(done));
      written += text.length > 0 ? 1000 : 0;
      ahead = Math.max(ahead, made - written);
    };
    const { lines } = await moderateLines({ source: endless(), write, onFault: () => undefined }, judge);
    expect(lines).toBe(100_000);
    expect(ahead).toBeLessThanOrEqual(1000);
  });
});
