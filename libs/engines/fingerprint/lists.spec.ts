import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { readHashList, type ListItem } from './index.js';

const NEEDLES = join(projectRoot, 'tests/fixtures/pdq/needles.txt');
const [A, B] = readFileSync(NEEDLES, 'utf8').split('\n') as [string, string];
const MD5 = 'd41d8cd98f00b204e9800998ecf8427e';
const SHA1 = 'da39a3ee5e6b4b0d3255bfef95601890afd80709';

/** Reads a text that comes in pieces of so many characters. */
async function read(text: string, piece = 7): Promise<ListItem[]> {
  async function* pieces() {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece);
  }
  const items: ListItem[] = [];
  for await (const item of readHashList(pieces())) items.push(item);
  return items;
}
const told = (items: ListItem[]) =>
  items.map((item) =>
    'entry' in item
      ? [
          item.line,
          item.entry.algorithm,
          item.entry.hash.slice(0, 6),
          item.entry.quality,
          item.entry.atS,
          item.entry.label,
        ]
      : 'skipped' in item
        ? [item.line, 'skipped', item.skipped]
        : [item.line, item.fault.code, item.fault.details.data],
  );
const a = A.slice(0, 6);

describe('hash lists', () => {
  it('of plain lines, as the public one', async () => {
    const items: ListItem[] = [];
    for await (const item of readHashList(createReadStream(NEEDLES))) items.push(item);
    expect(items).toHaveLength(100);
    expect(items.every((item) => 'entry' in item && item.entry.algorithm === 'pdq')).toBe(true);
    expect(told(await read(`# mine\n\n${A.toUpperCase()}\r\n${MD5}\n${SHA1}\n0,99,${B},1.5`))).toEqual([
      [3, 'pdq', a, null, null, null],
      [4, 'md5', MD5.slice(0, 6), null, null, null],
      [5, 'sha1', SHA1.slice(0, 6), null, null, null],
      [6, 'vpdq', B.slice(0, 6), 99, 1.5, null],
    ]);
  });

  it('of CSV with named columns', async () => {
    expect(
      told(
        await read(
          `Type,Hash,Quality,Tags\nHASH_PDQ,${A},80,"a ""b"", c"\nHASH_MD5,${MD5},,\npdna,xyz,,\npdq,${B},101,`,
        ),
      ),
    ).toEqual([
      [2, 'pdq', a, 80, null, 'a "b", c'],
      [3, 'md5', MD5.slice(0, 6), null, null, null],
      [4, 'skipped', 'pdna'],
      [5, 'hash_list_malformed', { line: 5 }],
    ]);
  });

  it('of JSON: a list, lines, a page of ThreatExchange, fingerprints by kind', async () => {
    const one = { type: 'HASH_PDQ', indicator: A, tags: ['x', 'y'], quality: 77, note: '{"[,' };
    const expected = ['pdq', a, 77, null, 'x, y'];
    expect(told(await read(JSON.stringify([one, one], null, 1)))).toMatchObject([
      [2, ...expected],
      [12, ...expected],
    ]);
    expect(told(await read(`${JSON.stringify(one)}\n${JSON.stringify(one)}`))).toMatchObject([
      [1, ...expected],
      [2, ...expected],
    ]);
    expect(told(await read(JSON.stringify({ data: [one], paging: {} })))).toEqual([[1, ...expected]]);
    const ncmec = { id: '1', classification: 'A1', fingerprints: { md5: MD5, pdna: 'x', pdq: B } };
    expect(told(await read(JSON.stringify([ncmec])))).toEqual([
      [1, 'md5', MD5.slice(0, 6), null, null, 'A1'],
      [1, 'skipped', 'pdna'],
      [1, 'pdq', B.slice(0, 6), null, null, 'A1'],
    ]);
  });

  it('of XML', async () => {
    const xml = `<?xml version="1.0"?>\n<images><image>\n<fingerprints><md5>${MD5}</md5><pdna>q</pdna>\n<pdq>${A}</pdq></fingerprints>`;
    expect(told(await read(xml))).toEqual([
      [3, 'md5', MD5.slice(0, 6), null, null, null],
      [3, 'skipped', 'pdna'],
      [4, 'pdq', a, null, null, null],
    ]);
  });

  it.each([
    [`${A}\nnot a hash\n${B}`, 2, 'hash_malformed'],
    [`${A}\n${A}0`, 2, 'hash_malformed'],
    [`hash,type\n${A},blake3`, 2, 'hash_type_unknown'],
    ['a,b,c\n', 1, 'hash_list_malformed'],
    ['[{"hash": "00"}]', 1, 'hash_malformed'],
    ['[{"hash": ', 1, 'hash_list_malformed'],
    ['[1, 2]', 1, 'hash_list_malformed'],
    ['[{hash: 1}]', 1, 'hash_list_malformed'],
    ['{"type": "pdq"}', 1, 'hash_malformed'],
    [`{"data": [7]}`, 1, 'hash_list_malformed'],
  ])('names the bad line of %j', async (text, line, code) => {
    expect(told(await read(text)).filter((row) => /^hash_/.test(row[1] as string))).toEqual([[line, code, { line }]]);
  });

  it('holds nothing of a line without an end', async () => {
    const items = await read('f'.repeat(3_500_000), 100_000);
    expect(items.length).toBeLessThan(6);
    expect(items.every((item) => 'fault' in item && item.fault.message.length < 200)).toBe(true);
  });
});
