import { LogLeaf, type LogFinding } from '#contracts';
import {
  encodeEntries,
  formatProof,
  inclusionProof,
  leafHash,
  openNote,
  parseTilePath,
  parseVerifierKey,
  verifyInclusion,
  type TileId,
} from '#engines/tlog';
import type { Database, LogCheckpoint, LogLeafRow } from '#platform/database';
import { releaseKey, withdrawKey } from './leaves.js';
import { TILE, tilesOf } from './tree.js';

/** A release as the register has it. */
export interface LoggedRelease {
  releaseId: string;
  manifestId: string;
  manifestSha256: string;
  assetSha256: string;
}

/** What of the log is public, and what it says of a release. Shows nothing beyond the newest published checkpoint. */
export class LogReader {
  constructor(
    private readonly database: Database,
    private readonly origin: string,
    /** Of the log and its witnesses. */
    private readonly verifierKeys: readonly string[],
  ) {}

  /** The newest checkpoint that was published; `null` before the first. */
  published(): Promise<LogCheckpoint | null> {
    return this.database.logCheckpoint.findFirst({
      where: { publishedAt: { not: null } },
      orderBy: { size: 'desc' },
    });
  }

  /** Text of the newest published checkpoint, a signed note. */
  async checkpoint(): Promise<string | null> {
    const newest = await this.published();
    return newest && (newest.cosigned ?? newest.note);
  }

  /** Bytes of `tile/...` (C2SP tlog-tiles); `null` for paths that are no tile and for tiles that are not published. */
  async tile(path: string): Promise<Uint8Array | null> {
    const asked = parseTilePath(path);
    const newest = asked && (await this.published());
    if (!newest || !isWithin(asked.tile, newest.size)) return null;
    if (asked.kind === 'hashes') return tilesOf(this.database)(asked.tile);
    const first = BigInt(asked.tile.n) * BigInt(TILE);
    const rows = await this.database.logLeafRow.findMany({
      where: { idx: { gte: first, lt: first + BigInt(asked.tile.width) } },
      orderBy: { idx: 'asc' },
      select: { entry: true },
    });
    return encodeEntries(rows.map(({ entry }) => entry));
  }

  /** Place of an entry in a published checkpoint; `null` while it has none. */
  async indexOf(dedupeKey: string): Promise<number | null> {
    const leaf = await this.database.logLeafRow.findUnique({ where: { dedupeKey }, select: { idx: true } });
    const newest = leaf && (await this.published());
    return newest && leaf.idx < newest.size ? Number(leaf.idx) : null;
  }

  /** A proof that an entry is in the published log (C2SP tlog-proof); `null` for an index beyond it. */
  async proof(index: number): Promise<string | null> {
    const newest = await this.published();
    if (!newest || BigInt(index) >= newest.size) return null;
    const proof = await inclusionProof(index, Number(newest.size), tilesOf(this.database));
    return formatProof({ index, proof, checkpointNote: newest.cosigned ?? newest.note });
  }

  /** The entry at an index, as it is hashed; `null` for one that is not published. */
  async entry(index: number): Promise<Uint8Array | null> {
    const n = Math.floor(index / TILE);
    const width = (index % TILE) + 1;
    const newest = await this.published();
    if (!newest || !isWithin({ level: 0, n, width }, newest.size)) return null;
    const row = await this.database.logLeafRow.findUnique({ where: { idx: BigInt(index) } });
    return row?.entry ?? null;
  }

  /**
   * A published entry by the key that it was promised with, checked to be in the published tree; `null` while it is not
   * published. @throws TlogError when the stored entry is not the one in the tree
   */
  async proven(dedupeKey: string): Promise<{ index: number; leaf: LogLeaf } | null> {
    const row = await this.database.logLeafRow.findUnique({ where: { dedupeKey } });
    const newest = row && (await this.published());
    if (!newest || row.idx >= newest.size) return null;
    const [index, size] = [Number(row.idx), Number(newest.size)];
    const proof = await inclusionProof(index, size, tilesOf(this.database));
    verifyInclusion({ index, size, leafHash: leafHash(row.entry), proof, root: newest.root });
    return { index, leaf: LogLeaf.parse(JSON.parse(Buffer.from(row.entry).toString('utf8'))) };
  }

  /** Keys of all entries that begin like this, in the order of the log. */
  async keys(prefix: string): Promise<string[]> {
    const rows = await this.database.logLeafRow.findMany({
      where: { dedupeKey: { startsWith: prefix } },
      orderBy: { idx: 'asc' },
      select: { dedupeKey: true },
    });
    return rows.map(({ dedupeKey }) => dedupeKey);
  }

  /** What the log says of a release. Never says `included` without having checked the proof. */
  async finding(release: LoggedRelease): Promise<LogFinding> {
    const newest = await this.published();
    const nothing: LogFinding = {
      state: 'missing',
      origin: this.origin,
      index: null,
      size: newest && Number(newest.size),
      withdrawnAt: null,
      witnesses: [],
    };
    if (!newest) return nothing;
    const [leaf, withdrawal] = await Promise.all(
      [releaseKey(release), withdrawKey(release)].map((dedupeKey) =>
        this.database.logLeafRow.findUnique({ where: { dedupeKey } }),
      ),
    );
    const witnesses = this.witnessesOf(newest);
    if (!leaf || leaf.idx >= newest.size) return { ...nothing, witnesses };
    const wrong = await this.faultOf(leaf, release, newest);
    if (wrong) return { ...nothing, witnesses, index: Number(leaf.idx), detail: wrong };
    const found = { ...nothing, witnesses, index: Number(leaf.idx) };
    if (withdrawal && withdrawal.idx < newest.size)
      return { ...found, state: 'withdrawn', withdrawnAt: withdrawal.at.toISOString() };
    return { ...found, state: 'included' };
  }

  private async faultOf(leaf: LogLeafRow, release: LoggedRelease, newest: LogCheckpoint): Promise<string | null> {
    const entry = LogLeaf.parse(JSON.parse(Buffer.from(leaf.entry).toString('utf8')));
    const fits =
      (entry.type === 'release' || entry.type === 'remix') &&
      entry.releaseId === release.releaseId &&
      entry.manifestId === release.manifestId &&
      entry.manifestSha256 === release.manifestSha256 &&
      entry.assetSha256 === release.assetSha256;
    if (!fits) return 'The entry of this release names another file than the register.';
    const [index, size] = [Number(leaf.idx), Number(newest.size)];
    const proof = await inclusionProof(index, size, tilesOf(this.database));
    verifyInclusion({ index, size, leafHash: leafHash(leaf.entry), proof, root: newest.root });
    return null;
  }

  private witnessesOf(checkpoint: LogCheckpoint): string[] {
    const { verified } = openNote(checkpoint.cosigned ?? checkpoint.note, this.verifierKeys.map(parseVerifierKey));
    return verified.filter(({ time }) => time !== undefined).map(({ name }) => name);
  }
}

/** True when all hashes or entries of a tile belong to a tree of that size. */
function isWithin({ level, n, width }: TileId, size: bigint): boolean {
  return (BigInt(n) * BigInt(TILE) + BigInt(width)) * BigInt(TILE) ** BigInt(level) <= size;
}
