import { appendTiles, type ReadTile, type Tile } from '../tiles.js';

/** A tree whose tiles lie in memory, with all that was read of it. For tests. */
export class MemoryTree {
  readonly tiles = new Map<string, Uint8Array>();
  readonly reads: string[] = [];
  size = 0;

  /** Gives a tile as it was at its width, cut from a wider one as a store may. */
  readonly read: ReadTile = async ({ level, n, width }) => {
    this.reads.push(`${level}/${n}`);
    const data = this.tiles.get(`${level}/${n}`) ?? new Uint8Array(0);
    return data.subarray(0, width * 32);
  };

  async append(leafHashes: Uint8Array[]): Promise<{ tiles: Tile[]; root: Uint8Array }> {
    const grown = await appendTiles(this.size, leafHashes, this.read);
    this.size += leafHashes.length;
    for (const { level, n, data } of grown.tiles) this.tiles.set(`${level}/${n}`, data);
    return grown;
  }
}
