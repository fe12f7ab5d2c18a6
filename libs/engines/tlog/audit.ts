import { messageOf } from '#kernel';
import { type Checkpoint, openCheckpoint } from './checkpoint.js';
import { decodeEntries } from './entries.js';
import { HASH_BYTES, leafHash, sameHash } from './hash.js';
import { type NoteVerifier } from './keys.js';
import { entriesPath, tilePath } from './paths.js';
import { rightEdge, subtreeRoot, TILE_WIDTH, type TileId, treeRoot, widthIn } from './tiles.js';

/** Faults after these are not noted. */
const MAX_FAULTS = 1000;
/** Bundles that are fetched ahead of the one being checked. */
const AHEAD = 8;

/** What an audit found wrong. Any fault means: this log cannot be relied on as it is served. */
export interface AuditFault {
  kind:
    /** The checkpoint is of a smaller tree than was seen before. */
    | 'rolled_back'
    /** The tree does not begin with the tree that was seen before. */
    | 'inconsistent'
    /** The tiles do not lead to the root that the log signed. */
    | 'root_mismatch'
    | 'tile_missing'
    /** A tile does not hold the hashes that follow from what lies below it, or has another length. */
    | 'tile_changed'
    | 'entries_missing'
    | 'entries_malformed'
    /** An entry does not have the hash that the tile holds. */
    | 'entry_changed'
    /** An entry's `seq` is not its index. */
    | 'sequence';
  /** Of the file at fault, below the log's prefix. */
  path?: string;
  /** Of the entry at fault. */
  index?: number;
  /** A sentence for the person who reads the audit. */
  message: string;
}

/** What to audit, and from where on. */
export interface AuditOptions {
  /** Reads a file below the log's prefix, e.g. `checkpoint`, `tile/0/000`; rejects when it is not there. */
  source: (path: string) => Promise<Uint8Array>;
  /** Keys of the log and of witnesses. */
  verifiers: readonly NoteVerifier[];
  origin: string;
  /** The tree that an earlier audit found right: only what came after is read. Left out: all of the log. */
  from?: { size: number; root: Uint8Array };
  /** Whether each entry is JSON whose `seq` is its index, as in this service's logs (default true). */
  sequenced?: boolean;
  /** Leaves checked so far, of all. */
  onProgress?: (done: number, size: number) => void;
  /** Each entry that has the hash in the tile, in order; what it says counts only when the audit ends without faults. */
  onEntry?: (index: number, entry: Uint8Array) => void | Promise<void>;
}

/** What was audited. */
export interface AuditResult {
  size: number;
  /** 32 bytes, as the log signed it. Keep it with `size` for the next audit when there are no faults. */
  root: Uint8Array<ArrayBuffer>;
  /** Entries that have the hash in the tile. */
  entries: number;
  /** Empty: all is right. The first 1000. */
  faults: AuditFault[];
  /** The signed checkpoint as served. */
  checkpoint: string;
}

/**
 * Audits a log from the outside: hashes every entry, builds every tile anew, and compares tiles and root with what the
 * log serves and signed. With `from`, the tree seen then is where the building starts, which shows that nothing in
 * it was changed since. Faults are given back; an audit that loses its way (hashes and entries missing) stops there.
 * Throws what `openCheckpoint` and the reading of `checkpoint` throw: without a signed checkpoint there is nothing to audit.
 */
export async function auditLog(options: AuditOptions): Promise<AuditResult> {
  const bytes = await options.source('checkpoint');
  const checkpoint = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const { size, root } = openCheckpoint(checkpoint, options.verifiers, options.origin);
  const auditor = new Auditor(options, { origin: options.origin, size, root });
  await auditor.run();
  return { size, root, entries: auditor.entries, faults: auditor.faults, checkpoint };
}

interface Bundle {
  n: number;
  width: number;
  /** Hashes of the tile as served, or null. */
  hashes: Uint8Array | null;
  /** Or null: missing or malformed. */
  entries: Uint8Array[] | null;
}

const hashAt = (hashes: Uint8Array, at: number) => hashes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES);

class Auditor {
  readonly faults: AuditFault[] = [];
  entries = 0;
  private readonly size: number;
  private readonly start: number;
  /** The rightmost tile of each level, as far as it is built; full ones have gone up. */
  private readonly rows: { n: number; hashes: Uint8Array[] }[] = [];

  constructor(
    private readonly options: AuditOptions,
    private readonly signed: Checkpoint,
  ) {
    this.size = signed.size;
    this.start = options.from?.size ?? 0;
  }

  async run(): Promise<void> {
    if (!(await this.begin())) return;
    if (this.size > this.start) {
      for await (const bundle of this.bundles()) {
        if (!(await this.bundle(bundle))) return;
        this.options.onProgress?.(Math.min(this.size, bundle.n * TILE_WIDTH + bundle.width), this.size);
      }
      for (const level of this.rows.keys()) if (level > 0) await this.compare(level);
    }
    if (!sameHash(await this.root(this.size), this.signed.root)) {
      this.fault('root_mismatch', 'The entries and tiles do not lead to the root that the log signed.');
    }
  }

  /** Takes up the tree seen before; false: it is not the beginning of this one, or cannot be shown to be. */
  private async begin(): Promise<boolean> {
    const { from } = this.options;
    if (!from) return true;
    if (this.size < from.size) {
      this.fault('rolled_back', `The log signed a tree of ${this.size} leaves after one of ${from.size} was seen.`);
      return false;
    }
    const edge = rightEdge(from.size);
    for (const tile of edge) {
      const hashes = await this.hashes({ ...tile, width: widthIn(this.size, tile.level, tile.n) });
      if (!hashes) return false;
      this.row(tile.level).hashes.push(...Array.from({ length: tile.width }, (_, at) => hashAt(hashes, at)));
    }
    if (
      sameHash(await this.root(from.size), from.root) &&
      (this.size > from.size || sameHash(from.root, this.signed.root))
    ) {
      return true;
    }
    this.fault('inconsistent', `The log no longer begins with the tree of ${from.size} leaves that was seen before.`);
    return false;
  }

  private root(size: number): Promise<Uint8Array> {
    return treeRoot(size, async ({ level }) => Buffer.concat(this.row(level).hashes));
  }

  private row(level: number): { n: number; hashes: Uint8Array[] } {
    const first = Math.floor(this.start / TILE_WIDTH ** (level + 1));
    return (this.rows[level] ??= { n: first, hashes: [] });
  }

  private async *bundles(): AsyncGenerator<Bundle> {
    const end = Math.ceil(this.size / TILE_WIDTH);
    const waiting: Promise<Bundle>[] = [];
    for (let n = Math.floor(this.start / TILE_WIDTH); n < end || waiting.length > 0;) {
      while (n < end && waiting.length < AHEAD) waiting.push(this.fetch(n++));
      yield await waiting.shift()!;
    }
  }

  private async fetch(n: number): Promise<Bundle> {
    const width = widthIn(this.size, 0, n);
    const [hashes, entries] = await Promise.all([this.hashes({ level: 0, n, width }), this.entriesOf(n, width)]);
    return { n, width, hashes, entries };
  }

  /** Builds on; false: neither hashes nor entries are there to build with. */
  private async bundle({ n, width, hashes, entries }: Bundle): Promise<boolean> {
    if (!hashes && !entries) return false;
    for (let at = Math.max(0, this.start - n * TILE_WIDTH); at < width; at++) {
      const index = n * TILE_WIDTH + at;
      const own = entries && leafHash(entries[at]!);
      const served = hashes ? hashAt(hashes, at) : own!;
      this.row(0).hashes.push(served);
      if (own && sameHash(own, served)) {
        const handed = this.entry(index, entries[at]!);
        if (handed) await handed;
      } else if (own) {
        this.fault('entry_changed', `Entry ${index} is not the one whose hash is in the tree.`, { index });
      }
    }
    await this.compare(0, hashes);
    await this.rise();
    return true;
  }

  /** Not async: a log has millions of entries, and most callers want none of them. */
  private entry(index: number, entry: Uint8Array): void | Promise<void> {
    this.entries++;
    if ((this.options.sequenced ?? true) && seqOf(entry) !== index) {
      this.fault('sequence', `Entry ${index} does not carry its own number.`, { index });
    }
    return this.options.onEntry?.(index, entry);
  }

  /** Hands the roots of full tiles to the level above. */
  private async rise(level = 0): Promise<void> {
    const row = this.row(level);
    if (row.hashes.length < TILE_WIDTH) return;
    if (level > 0) await this.compare(level);
    this.row(level + 1).hashes.push(subtreeRoot(Buffer.concat(row.hashes)));
    row.hashes = [];
    row.n++;
    await this.rise(level + 1);
  }

  /** Compares a built tile with the one that is served. */
  private async compare(level: number, served?: Uint8Array | null): Promise<void> {
    const { n, hashes } = this.row(level);
    const tile = { level, n, width: hashes.length };
    if (hashes.length === 0) return;
    const found = served === undefined ? await this.hashes(tile) : served;
    if (found && !sameHash(found, Buffer.concat(hashes))) {
      const path = tilePath(tile);
      this.fault('tile_changed', `${path} does not hold the hashes that follow from what lies below it.`, { path });
    }
  }

  private async hashes(tile: TileId): Promise<Uint8Array | null> {
    const read = await this.read('tile_missing', tile.width, (width) => tilePath({ ...tile, width }));
    if (!read) return null;
    if (read.bytes.length === read.width * HASH_BYTES) return read.bytes.subarray(0, tile.width * HASH_BYTES);
    this.fault('tile_changed', `${read.path} has ${read.bytes.length} bytes.`, { path: read.path });
    return null;
  }

  private async entriesOf(n: number, width: number): Promise<Uint8Array[] | null> {
    const read = await this.read('entries_missing', width, (wide) => entriesPath(n, wide));
    if (!read) return null;
    try {
      const entries = decodeEntries(read.bytes);
      if (entries.length === read.width) return entries.slice(0, width);
      this.fault('entries_malformed', `${read.path} holds ${entries.length} entries.`, { path: read.path });
    } catch (error) {
      this.fault('entries_malformed', `${read.path}: ${messageOf(error)}`, { path: read.path });
    }
    return null;
  }

  /** A log may drop a partial tile once the full one is there. */
  private async read(
    missing: AuditFault['kind'],
    width: number,
    pathOf: (width: number) => string,
  ): Promise<{ path: string; bytes: Uint8Array; width: number } | null> {
    let reason = '';
    for (const wide of new Set([width, TILE_WIDTH])) {
      const path = pathOf(wide);
      try {
        return { path, bytes: await this.options.source(path), width: wide };
      } catch (error) {
        reason ||= messageOf(error);
      }
    }
    const path = pathOf(width);
    this.fault(missing, `${path} cannot be read: ${reason}`, { path });
    return null;
  }

  private fault(kind: AuditFault['kind'], message: string, place: Pick<AuditFault, 'path' | 'index'> = {}): void {
    if (this.faults.length < MAX_FAULTS) this.faults.push({ kind, message, ...place });
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function seqOf(entry: Uint8Array): unknown {
  try {
    const value: unknown = JSON.parse(utf8.decode(entry));
    return typeof value === 'object' && value !== null && 'seq' in value ? value.seq : undefined;
  } catch {
    return undefined;
  }
}
