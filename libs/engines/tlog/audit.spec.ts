import { auditLog, type AuditFault, type AuditOptions } from './audit.js';
import { formatCheckpoint, parseCheckpoint } from './checkpoint.js';
import { encodeEntries } from './entries.js';
import { leafHash } from './hash.js';
import { NoteSigner } from './keys.js';
import { openNote, signNote } from './note.js';
import { entriesPath, tilePath } from './paths.js';
import { MemoryTree } from './testing/memory-log.js';
import { newKeyPem } from './testing/witness.js';

const ORIGIN = 'log.example.org/releases';
const key = NoteSigner.ed25519(ORIGIN, newKeyPem());
const entry = (at: number) => Buffer.from(JSON.stringify({ seq: at, v: 1 }));

type Files = Map<string, Uint8Array>;

/** The files of a log as they lie once it has grown to each of the sizes. */
async function served(sizes: number[], make: (at: number) => Uint8Array = entry): Promise<Files> {
  const files: Files = new Map();
  const tree = new MemoryTree();
  for (const size of sizes) {
    const before = tree.size;
    const added = Array.from({ length: size - before }, (_, at) => leafHash(make(before + at)));
    const { tiles, root } = await tree.append(added);
    for (const tile of tiles) files.set(tilePath(tile), tile.data);
    for (let n = Math.floor(before / 256); n < Math.ceil(size / 256); n++) {
      const width = Math.min(256, size - n * 256);
      files.set(entriesPath(n, width), encodeEntries(Array.from({ length: width }, (_, at) => make(n * 256 + at))));
    }
    files.set('checkpoint', Buffer.from(signNote(formatCheckpoint({ origin: ORIGIN, size, root }), [key])));
  }
  return files;
}

function audit(files: Files, more: Partial<AuditOptions> = {}) {
  const source = async (path: string) => files.get(path) ?? Promise.reject(new Error('not found'));
  return auditLog({ source, verifiers: [key.verifier], origin: ORIGIN, ...more });
}

function headOf(files: Files): { size: number; root: Uint8Array } {
  return parseCheckpoint(openNote(Buffer.from(files.get('checkpoint')!).toString(), [key.verifier]).text);
}

const SIZE = 1200;
let log: Files;
let early: { size: number; root: Uint8Array };
beforeAll(async () => {
  early = headOf(await served([700]));
  log = await served([1, 255, 256, 300, 700, SIZE]);
});

/** The log with some files changed or, for null, gone. */
function changed(changes: Record<string, Uint8Array | null>): Files {
  const files = new Map<string, Uint8Array | null>([...log, ...Object.entries(changes)]);
  return new Map([...files].filter((file): file is [string, Uint8Array] => file[1] !== null));
}
const flipped = (path: string, at: number, files = log): Files => {
  const bytes = Uint8Array.from(files.get(path)!);
  bytes[at]! ^= 1;
  return changed({ [path]: bytes });
};
const found = (faults: AuditFault[]) => faults.map(({ kind, path, index }) => [kind, path ?? index ?? '']);

describe('an audit', () => {
  it('of a log that is right hands out every entry, and goes on from where an earlier one ended', async () => {
    const seen: number[] = [];
    const progress: number[] = [];
    const whole = await audit(log, {
      onEntry: (index, bytes) => void (entry(index).equals(bytes) && seen.push(index)),
      onProgress: (done) => progress.push(done),
    });
    expect(whole).toMatchObject({ size: SIZE, root: headOf(log).root, entries: SIZE, faults: [] });
    expect(seen).toEqual(Array.from({ length: SIZE }, (_, at) => at));
    expect(progress).toEqual([256, 512, 768, 1024, SIZE]);

    const reads: string[] = [];
    const source = async (path: string) => (reads.push(path), log.get(path) ?? Promise.reject(new Error('not found')));
    expect(await audit(log, { from: early, source })).toMatchObject({ entries: SIZE - 700, faults: [] });
    expect(reads).not.toContain('tile/entries/001');
    expect(await audit(log, { from: headOf(log) })).toMatchObject({ entries: 0, faults: [] });
    expect(await audit(await served([0]))).toMatchObject({ size: 0, entries: 0, faults: [] });
  });

  it('takes the full tile where the partial one is gone', async () => {
    const files = await served([300, 512]);
    files.set('checkpoint', (await served([300])).get('checkpoint')!);
    for (const path of ['tile/0/001.p/44', 'tile/entries/001.p/44', 'tile/1/000.p/1']) files.delete(path);
    files.set('tile/1/000', new Uint8Array(8192).fill(7));
    expect(found((await audit(files)).faults)).toEqual([['tile_changed', 'tile/1/000.p/1']]);
    files.set('tile/1/000', Buffer.concat([files.get('tile/1/000.p/2')!.subarray(0, 32), new Uint8Array(8160)]));
    expect((await audit(files)).faults).toEqual([]);
  });

  it.each<[string, () => Files, [string, string | number][]]>([
    ['a changed entry', () => flipped('tile/entries/002', 3), [['entry_changed', 512]]],
    ['an entry cut short', () => flipped('tile/entries/002', 1), [['entries_malformed', 'tile/entries/002']]],
    [
      'a changed hash of a leaf',
      () => flipped('tile/0/002', 32),
      [
        ['entry_changed', 513],
        ['tile_changed', 'tile/1/000.p/4'],
        ['root_mismatch', ''],
      ],
    ],
    ['a changed hash above', () => flipped('tile/1/000.p/4', 0), [['tile_changed', 'tile/1/000.p/4']]],
    ['a missing tile of leaves', () => changed({ 'tile/0/002': null }), [['tile_missing', 'tile/0/002']]],
    ['a missing tile above', () => changed({ 'tile/1/000.p/4': null }), [['tile_missing', 'tile/1/000.p/4']]],
    [
      'a missing bundle',
      () => changed({ 'tile/entries/004.p/176': null }),
      [['entries_missing', 'tile/entries/004.p/176']],
    ],
    ['a tile that is too short', () => changed({ 'tile/0/002': new Uint8Array(31) }), [['tile_changed', 'tile/0/002']]],
    [
      'a bundle of too few',
      () => changed({ 'tile/entries/002': encodeEntries([entry(512)]) }),
      [['entries_malformed', 'tile/entries/002']],
    ],
  ])('finds %s', async (_, files, faults) => {
    expect(found((await audit(files())).faults)).toEqual(faults);
  });

  it('compares the tiles of every level', async () => {
    const high = await served([66_001]);
    for (const path of ['tile/1/000', 'tile/1/001.p/1']) high.set(path, flipped(path, 0, high).get(path)!);
    high.delete('tile/2/000.p/1');
    expect(found((await audit(high)).faults)).toEqual([
      ['tile_changed', 'tile/1/000'],
      ['tile_changed', 'tile/1/001.p/1'],
      ['tile_missing', 'tile/2/000.p/1'],
    ]);
  });

  it('stops where neither entries nor hashes are left', async () => {
    const { faults, entries } = await audit(changed({ 'tile/0/002': null, 'tile/entries/002': null }));
    expect(found(faults).slice(0, 2).sort()).toEqual([
      ['entries_missing', 'tile/entries/002'],
      ['tile_missing', 'tile/0/002'],
    ]);
    expect(entries).toBe(512);
  });

  it('finds entries and hashes changed together by the root that the log signed', async () => {
    const forged = await served([SIZE], (at) => (at === 700 ? Buffer.from('{"seq":700,"v":2}') : entry(at)));
    forged.set('checkpoint', log.get('checkpoint')!);
    expect(found((await audit(forged)).faults)).toEqual([['root_mismatch', '']]);
  });

  it('finds a tree that was rolled back, and one that was rewritten and signed again', async () => {
    expect(found((await audit(await served([600]), { from: early })).faults)).toEqual([['rolled_back', '']]);
    for (const size of [700, 900]) {
      const rewritten = await served([size], (at) => (at === 3 ? Buffer.from('{"seq":3,"v":2}') : entry(at)));
      expect((await audit(rewritten)).faults).toEqual([]);
      expect(found((await audit(rewritten, { from: early })).faults)).toEqual([['inconsistent', '']]);
    }
    expect(found((await audit(changed({ 'tile/0/002': null }), { from: early })).faults)).toEqual([
      ['tile_missing', 'tile/0/002'],
    ]);
  });

  it('finds entries out of their place', async () => {
    const swapped = await served([5], (at) => (at === 2 ? entry(3) : at === 3 ? Buffer.from('no JSON') : entry(at)));
    const { faults, entries } = await audit(swapped);
    expect([found(faults), entries]).toEqual([
      [
        ['sequence', 2],
        ['sequence', 3],
      ],
      5,
    ]);
    expect((await audit(swapped, { sequenced: false })).faults).toEqual([]);
  });

  it('notes no more than 1000 faults', async () => {
    expect((await audit(await served([1500], () => entry(0)))).faults).toHaveLength(1000);
  });

  it.each<[string, () => Files, string]>([
    ['the checkpoint is gone', () => changed({ checkpoint: null }), 'not found'],
    ['the checkpoint was changed', () => flipped('checkpoint', ORIGIN.length + 1), 'does not fit the note'],
  ])('cannot begin when %s', async (_, files, message) => {
    await expect(audit(files())).rejects.toThrow(message);
  });
});
