import { decodeEntries, encodeEntries } from './entries.js';
import { entriesPath, parseTilePath, tilePath } from './paths.js';

const error = (code: string) => expect.objectContaining({ code }) as unknown as Error;

describe('paths', () => {
  it.each([
    [{ level: 0, n: 1_234_067, width: 5 }, 'tile/0/x001/x234/067.p/5'],
    [{ level: 0, n: 0, width: 256 }, 'tile/0/000'],
    [{ level: 1, n: 999, width: 255 }, 'tile/1/999.p/255'],
    [{ level: 2, n: 1000, width: 1 }, 'tile/2/x001/000.p/1'],
    [{ level: 63, n: 2 ** 53 - 1, width: 256 }, 'tile/63/x009/x007/x199/x254/x740/991'],
  ])('%j is %s, there and back', (tile, path) => {
    expect(tilePath(tile)).toBe(path);
    expect(parseTilePath(path)).toEqual({ kind: 'hashes', tile });
  });

  it('entries have paths of their own', () => {
    expect(entriesPath(1000, 256)).toBe('tile/entries/x001/000');
    expect(parseTilePath('tile/entries/000.p/7')).toEqual({ kind: 'entries', tile: { level: 0, n: 0, width: 7 } });
  });

  it.each([
    '',
    'tile/0/0',
    'tile/0/0000',
    'tile/00/000',
    'tile/64/000',
    'tile/-1/000',
    'tile/0/x000/001',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/0/X001/000',
    'tile/0/000.p/0',
    'tile/0/000.p/05',
    'tile/0/000.p/256',
    'tile/0/000.p/',
    'tile/0/000/',
    'tile/0/000\n',
    '/tile/0/000',
    'tile/0/../checkpoint',
    'tile/0/٠٠٠',
    'tile/Entries/000',
    'tile/0/x009/x007/x199/x254/x740/992',
    'tile/0/x999/x999/x999/x999/x999/x999/999',
  ])('%j is no path', (path) => {
    expect(parseTilePath(path)).toBeNull();
  });

  it.each([
    { level: 0, n: -1, width: 1 },
    { level: 64, n: 0, width: 1 },
    { level: 0, n: 0, width: 0 },
    { level: 0, n: 0, width: 257 },
    { level: 0.5, n: 0, width: 1 },
    { level: 0, n: 2 ** 53, width: 1 },
  ])('%j is no tile', (tile) => {
    expect(() => tilePath(tile)).toThrow(error('tlog_argument_invalid'));
  });
});

describe('bundles of entries', () => {
  it('hold empty and the longest entries', () => {
    const entries = [new Uint8Array(0), new Uint8Array(65_535).fill(7), Buffer.from('one')];
    const bundle = encodeEntries(entries);
    expect(bundle.subarray(0, 4)).toEqual(Uint8Array.of(0, 0, 255, 255));
    expect(decodeEntries(bundle).map((entry) => [...entry])).toEqual(entries.map((entry) => [...entry]));
  });

  it.each<[string, () => unknown]>([
    ['no entries', () => encodeEntries([])],
    ['257 entries', () => encodeEntries(Array<Uint8Array>(257).fill(new Uint8Array(0)))],
    ['an entry of 65 536 bytes', () => encodeEntries([new Uint8Array(65_536)])],
    ['no bytes', () => decodeEntries(new Uint8Array(0))],
    ['half a length', () => decodeEntries(Uint8Array.of(0))],
    ['half a length after an entry', () => decodeEntries(Uint8Array.of(0, 1, 7, 0))],
    ['half an entry', () => decodeEntries(Uint8Array.of(0, 2, 7))],
    ['bytes of 257 entries', () => decodeEntries(new Uint8Array(2 * 257))],
  ])('refuse %s', (_, action) => {
    expect(action).toThrow(error('tlog_entries_invalid'));
  });
});
