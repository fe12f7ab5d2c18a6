import { EMPTY_ROOT, leafHash, nodeHash } from './hash.js';
import { splitPoint, verifyConsistency, verifyInclusion } from './merkle.js';
import { MemoryTree } from './testing/memory-log.js';
import { appendTiles, consistencyProof, inclusionProof, treeRoot, type TileId } from './tiles.js';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const leaf = (at: number) => leafHash(Buffer.from(`leaf ${at}`));
const leaves = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => leaf(from + at));

/** MTH of RFC 6962, 2.1, word by word. */
function naiveRoot(hashes: Uint8Array[]): Uint8Array {
  if (hashes.length < 2) return hashes[0] ?? EMPTY_ROOT;
  const split = splitPoint(hashes.length);
  return nodeHash(naiveRoot(hashes.slice(0, split)), naiveRoot(hashes.slice(split)));
}

async function grown(size: number): Promise<MemoryTree> {
  const tree = new MemoryTree();
  await tree.append(leaves(0, size));
  return tree;
}

describe('trees over tiles', () => {
  it('has the roots of the example tree of RFC 6962', async () => {
    const entries = [
      '',
      '00',
      '10',
      '2021',
      '3031',
      '40414243',
      '5051525354555657',
      '606162636465666768696a6b6c6d6e6f',
    ];
    const tree = new MemoryTree();
    const { root } = await tree.append(entries.map((entry) => leafHash(Buffer.from(entry, 'hex'))));
    expect(hex(root)).toBe('5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
    expect(hex(await treeRoot(0, tree.read))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('proves every leaf in, and every tree to be the beginning of, every tree of up to 130 leaves', async () => {
    const tree = await grown(130);
    const roots = Array.from({ length: 131 }, (_, size) => naiveRoot(leaves(0, size)));
    for (let size = 1; size <= 130; size++) {
      const root = await treeRoot(size, tree.read);
      expect(hex(root)).toBe(hex(roots[size]!));
      for (let at = 0; at < size; at++) {
        const proof = await inclusionProof(at, size, tree.read);
        verifyInclusion({ index: at, size, leafHash: leaf(at), proof, root });
        const from = at + 1;
        const path = await consistencyProof(from, size, tree.read);
        verifyConsistency({ from, to: size, fromRoot: roots[from]!, toRoot: root, proof: path });
      }
    }
  });

  it('proves across levels of tiles, from the tiles of a log that has grown since', async () => {
    const tree = await grown(66_000);
    const sizes = [1, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 65_792, 66_000];
    const roots = await Promise.all(sizes.map((size) => treeRoot(size, tree.read)));
    expect(hex(roots.at(-2)!)).toBe(hex(naiveRoot(leaves(0, 65_792))));
    for (const [s, size] of sizes.entries()) {
      for (const index of new Set([0, 1, 254, 255, 256, 257, 511, 65_535, 65_536, size >> 1, size - 1])) {
        if (index >= size) continue;
        const proof = await inclusionProof(index, size, tree.read);
        verifyInclusion({ index, size, leafHash: leaf(index), proof, root: roots[s]! });
      }
      for (const [f, from] of sizes.slice(0, s + 1).entries()) {
        const proof = await consistencyProof(from, size, tree.read);
        verifyConsistency({ from, to: size, fromRoot: roots[f]!, toRoot: roots[s]!, proof });
      }
    }
  });

  it('a proof from nothing is empty, as a witness wants it', async () => {
    expect(await consistencyProof(0, 5, (await grown(5)).read)).toEqual([]);
  });
});

describe('appending', () => {
  it('gives the same tiles and root in random batches as in one go', async () => {
    const whole = await grown(3000);
    let state = 7;
    const batches = new MemoryTree();
    for (let size = 0; size < 3000;) {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      const end = Math.min(3000, size + (state % 5 === 0 ? state % 700 : state % 4));
      const { tiles, root } = await batches.append(leaves(size, end));
      expect(hex(root)).toBe(hex(await treeRoot(end, whole.read)));
      for (const tile of tiles) expect(tile.data).toHaveLength(tile.width * 32);
      size = end;
    }
    const sorted = (tree: MemoryTree) => [...tree.tiles].map(([place, data]) => `${place} ${hex(data)}`).sort();
    expect(sorted(batches)).toEqual(sorted(whole));
  });

  it.each([
    [
      0,
      70_000,
      [
        [0, 273],
        [1, 1],
        [2, 0],
      ],
      [112, 17, 1],
    ],
    [
      0,
      256,
      [
        [0, 0],
        [1, 0],
      ],
      [256, 1],
    ],
  ] as const)(
    'from %i to %i leaves makes the tiles that c2sp.org/tlog-tiles counts',
    async (old, size, last, widths) => {
      const { tiles } = await appendTiles(old, leaves(0, size), () => Promise.reject(new Error('nothing is there')));
      for (const [at, [level, n]] of last.entries()) {
        const row = tiles.filter((tile) => tile.level === level);
        expect(row).toHaveLength(n + 1);
        expect(row.at(-1)).toMatchObject({ n, width: widths[at] });
        expect(row.slice(0, -1).every(({ width }) => width === 256)).toBe(true);
      }
      expect(Math.max(...tiles.map(({ level }) => level))).toBe(last.length - 1);
    },
  );

  it('one leaf to ten million reads the right edge and nothing else', async () => {
    // All leaves alike, so that every full tile of a level holds one hash, over and over.
    const row = [leaf(0)];
    for (let height = 1; height <= 24; height++) row.push(nodeHash(row.at(-1)!, row.at(-1)!));
    const reads: TileId[] = [];
    const read = async (tile: TileId) => {
      reads.push(tile);
      return Buffer.concat(Array<Uint8Array>(tile.width).fill(row[8 * tile.level]!));
    };
    const old = await treeRoot(10_000_000, read);
    reads.length = 0;
    const { tiles, root } = await appendTiles(10_000_000, [leaf(0)], read, old);
    expect(reads).toEqual([
      { level: 0, n: 39_062, width: 128 },
      { level: 1, n: 152, width: 150 },
      { level: 2, n: 0, width: 152 },
    ]);
    expect(tiles).toEqual([expect.objectContaining({ level: 0, n: 39_062, width: 129 })]);
    let expected: Uint8Array | undefined;
    for (let height = 0; height <= 23; height++) {
      if (!((10_000_001 >> height) & 1)) continue;
      expected = expected ? nodeHash(row[height]!, expected) : row[height]!;
    }
    expect(hex(root)).toBe(hex(expected!));
    reads.length = 0;
    await inclusionProof(1_234_567, 10_000_000, read);
    expect(reads.length).toBeLessThanOrEqual(6);
  });

  it('refuses to go on from tiles that do not lead to the last root', async () => {
    const tree = await grown(700);
    const root = await treeRoot(700, tree.read);
    tree.tiles.set(
      '1/0',
      tree.tiles.get('1/0')!.map((byte) => byte ^ 1),
    );
    await expect(appendTiles(700, leaves(700, 701), tree.read, root)).rejects.toMatchObject({
      code: 'tlog_tile_invalid',
    });
  });

  it('of nothing makes no tile and keeps the root', async () => {
    const tree = await grown(5);
    expect(await appendTiles(5, [], tree.read)).toEqual({ tiles: [], root: await treeRoot(5, tree.read) });
    expect(await appendTiles(0, [], tree.read)).toEqual({ tiles: [], root: EMPTY_ROOT });
  });
});

describe('wrong input', () => {
  const short = async () => new Uint8Array(31);
  const argument: unknown = expect.objectContaining({ code: 'tlog_argument_invalid' });
  const damaged: unknown = expect.objectContaining({ code: 'tlog_tile_invalid', kind: 'internal' });

  it.each<[string, () => Promise<unknown>, unknown]>([
    ['a size below 0', () => treeRoot(-1, short), argument],
    ['a size that is not whole', () => treeRoot(1.5, short), argument],
    ['a size beyond 2^53', () => treeRoot(2 ** 53, short), argument],
    ['an index at the size', () => inclusionProof(5, 5, short), argument],
    ['a tree shrinking', () => consistencyProof(6, 5, short), argument],
    ['a leaf hash of 31 bytes', () => appendTiles(0, [new Uint8Array(31)], short), argument],
    ['a tile that is too short for the root', () => treeRoot(5, short), damaged],
    ['a tile that is too short to append to', () => appendTiles(5, [leaf(5)], short), damaged],
    ['a tile that is too long', () => treeRoot(1, async () => new Uint8Array(64)), damaged],
    [
      'a store that fails',
      () => treeRoot(1, () => Promise.reject(new Error('gone'))),
      expect.objectContaining({ message: 'gone' }),
    ],
  ])('%s is refused', async (_, action, error) => {
    await expect(action()).rejects.toEqual(error);
  });
});
