import { AppError, messageOf, sha256Hex } from '#kernel';
import type { BankKind } from '#contracts';
import { HashIndex, MIN_QUALITY, parseHash, type IndexMatch } from '#engines/fingerprint';
import type { Database } from '#platform/database';
import { BanksUnavailableError } from './errors.js';

/** Rows that are read from the database at a time: the driver takes a whole page in one go. */
const PAGE = 500;
/** Longest that adding may keep others waiting. */
const SLICE_MS = 8;
/** After so long without a successful look for changes the index is out of date. */
const STALE_MS = 30_000;

/** What the index needs to know of a bank. */
export interface KnownBank {
  id: string;
  number: number;
  tenantId: string | null;
  kind: BankKind;
}

/** Whether matches can be told. */
export type IndexState =
  | { state: 'ready'; hashes: number; entries: number; bytes: number }
  | { state: 'unable'; reason: 'loading' | 'full' | 'stale' | 'failed'; message: string };

/** How a {@link BankIndex} behaves. */
export interface BankIndexOptions {
  /** Entries that are held at most, about 250 bytes each; with more the index says `unable`. */
  capacity?: number;
  /** Milliseconds between two looks for changes. */
  pollMs?: number;
  /** Milliseconds since the last successful look after which the index counts as out of date. */
  staleMs?: number;
  /** Told when a look fails; it is tried again. */
  onError?: (message: string) => void;
}

interface EntryRow {
  id: bigint;
  number: number;
  hash: string;
  clipId: string;
  gone: boolean;
  change: bigint;
}

/** A clip's id as a number of 52 bits: only ever compared with itself. */
export function sourceOf(clipId: string): number {
  return clipId ? parseInt(sha256Hex(clipId).slice(0, 13), 16) : 0;
}

/**
 * All fingerprints of all banks, in this process: loaded once, then followed by the sequence of changes, so that every
 * process soon knows the same. Changes are numbered in the order of their commits (a trigger sees to it), so that
 * none is passed over.
 */
export class BankIndex {
  private index: HashIndex;
  private readonly banks = new Map<number, KnownBank>();
  private cursor = 0n;
  private bankCursor = 0n;
  private loaded = false;
  private full = false;
  private closed = false;
  private failure: string | null = null;
  private lookedAt = 0;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    private readonly options: BankIndexOptions = {},
  ) {
    this.index = new HashIndex(options.capacity ?? 1_000_000);
  }

  /** Starts loading, and following; does not wait. */
  start(): void {
    const turn = () => {
      void this.refresh()
        .catch((e: unknown) => this.options.onError?.(messageOf(e)))
        .finally(() => {
          if (!this.closed) this.timer = setTimeout(turn, this.options.pollMs ?? 2000).unref();
        });
    };
    turn();
  }

  /** Ends the following. */
  async close(): Promise<void> {
    this.closed = true;
    clearTimeout(this.timer);
    await this.running?.catch(() => undefined);
  }

  /** Whether matches can be told, and why not. */
  state(): IndexState {
    const unable = (reason: 'loading' | 'full' | 'stale' | 'failed', message: string): IndexState => ({
      state: 'unable',
      reason,
      message,
    });
    const { capacity, size: entries, hashes, bytes } = this.index;
    if (this.full) return unable('full', `The hash banks hold more than the ${capacity} entries that fit the index.`);
    if (!this.loaded && this.failure) return unable('failed', 'The hash banks could not be read.');
    if (!this.loaded) return unable('loading', 'The hash banks are still being loaded.');
    if (performance.now() - this.lookedAt > (this.options.staleMs ?? STALE_MS)) {
      return unable('stale', 'The hash banks could not be read for a while.');
    }
    return { state: 'ready', hashes, entries, bytes };
  }

  /** The bank of a number. */
  bank(number: number): KnownBank | undefined {
    return this.banks.get(number);
  }

  /** Takes in all changes that are committed by now. Calls at the same time share one look. */
  async refresh(): Promise<void> {
    // A look that is under way may have read past what was committed since.
    await this.running?.catch(() => undefined);
    this.running ??= this.follow().finally(() => (this.running = null));
    await this.running;
  }

  private async follow(): Promise<void> {
    try {
      const started = performance.now();
      if (this.full) await this.makeRoom();
      // Banks first: an entry is only taken in when its bank is known and lives.
      await this.followBanks();
      await this.followEntries();
      this.loaded = true;
      this.failure = null;
      this.lookedAt = started;
    } catch (e) {
      this.failure = messageOf(e);
      throw e;
    }
  }

  private async followBanks(): Promise<void> {
    for (let more = true; more && !this.closed;) {
      const rows = await this.database.hashBank.findMany({
        where: { change: { gt: this.bankCursor } },
        orderBy: { change: 'asc' },
        take: PAGE,
      });
      for (const { id, number, tenantId, kind, deletedAt, change } of rows) {
        if (deletedAt === null) this.banks.set(number, { id, number, tenantId, kind: kind as BankKind });
        else if (this.banks.delete(number)) await this.index.removeGroup(number);
        this.bankCursor = change;
      }
      more = rows.length === PAGE;
    }
  }

  private async followEntries(): Promise<void> {
    for (let more = true; more && !this.closed;) {
      // A load leaves out what is gone; a look for changes must see it.
      const rows = await this.database.$queryRaw<EntryRow[]>`
        SELECT e.id, b.number, e.hash, e.clip_id AS "clipId", e.change,
               (e.removed_at IS NOT NULL OR b.deleted_at IS NOT NULL OR e.algorithm NOT IN ('pdq', 'vpdq')
                OR coalesce(e.quality, 100) < ${MIN_QUALITY}) AS gone
        FROM hash_entries e JOIN hash_banks b ON b.id = e.bank_id
        WHERE e.change > ${this.cursor} ORDER BY e.change LIMIT ${PAGE}`;
      await this.take(rows);
      more = rows.length === PAGE;
    }
  }

  private async take(rows: EntryRow[]): Promise<void> {
    let since = performance.now();
    for (const { id, number, hash, clipId, gone, change } of rows) {
      if (gone) {
        this.index.remove(Number(id));
      } else if (this.banks.has(number) || (await this.learn(number))) {
        this.add({ id: Number(id), hash: parseHash(hash), group: number, source: sourceOf(clipId) });
      }
      this.cursor = change;
      if (performance.now() - since > SLICE_MS) {
        await new Promise(setImmediate);
        since = performance.now();
      }
    }
  }

  /** A bank that was made since the banks were read. @returns false when it is gone */
  private async learn(number: number): Promise<boolean> {
    const row = await this.database.hashBank.findUnique({ where: { number } });
    if (!row || row.deletedAt) return false;
    const { id, tenantId, kind } = row;
    this.banks.set(number, { id, number, tenantId, kind: kind as BankKind });
    return true;
  }

  private add(entry: Parameters<HashIndex['add']>[0]): void {
    try {
      this.index.add(entry);
    } catch (e) {
      if (!(e instanceof AppError) || e.code !== 'hash_index_full') throw e;
      // What did not fit is missed: nothing can be said until there is room for all of it.
      this.full = true;
    }
  }

  /** Something was left out for want of room: begins anew once all of it fits. */
  private async makeRoom(): Promise<void> {
    const { capacity } = this.index;
    const rich = [{ quality: null }, { quality: { gte: MIN_QUALITY } }];
    const living = { removedAt: null, bank: { deletedAt: null }, algorithm: { in: ['pdq', 'vpdq'] }, OR: rich };
    if ((await this.database.hashEntry.count({ where: living })) > capacity) return;
    this.index = new HashIndex(capacity);
    this.cursor = 0n;
    this.loaded = this.full = false;
  }

  /**
   * Entries near a hash that count for a tenant, nearest first, of banks of some kinds; those that were taken from
   * `notClip` do not count.
   * @param limit most entries in the answer
   * @throws BanksUnavailableError when the index cannot tell
   */
  near(hash: string, tenantId: string, kinds: readonly BankKind[], limit: number, notClip = ''): IndexMatch[] {
    const state = this.state();
    if (state.state === 'unable') throw new BanksUnavailableError(state.message);
    const own = sourceOf(notClip);
    const accept = (group: number, source: number) => {
      const bank = this.banks.get(group);
      if (!bank || (bank.tenantId !== null && bank.tenantId !== tenantId)) return false;
      return kinds.includes(bank.kind) && (own === 0 || source !== own);
    };
    return this.index.query(parseHash(hash), { limit, accept }).matches;
  }
}
