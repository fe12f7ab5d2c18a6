import { appendTiles, EMPTY_ROOT, leafHash, MerkleAccumulator } from './index.js';

const leaf = (i: number) => leafHash(Buffer.from(`entry ${i}`));

it('has the root that the log builds from tiles, at every size', async () => {
  const tree = new MerkleAccumulator();
  expect(tree.root()).toEqual(EMPTY_ROOT);
  const hashes: Uint8Array[] = [];
  for (let i = 0; i < 70; i++) {
    hashes.push(leaf(i));
    tree.add(leaf(i));
    const { root } = await appendTiles(0, hashes, () => Promise.reject(new Error('nothing is stored')));
    expect(Buffer.from(tree.root()).toString('hex')).toBe(Buffer.from(root).toString('hex'));
  }
  expect(tree.size).toBe(70);
});
