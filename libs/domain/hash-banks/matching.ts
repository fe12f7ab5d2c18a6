import { messageOf, shownMessage } from '#kernel';
import type { BankKind, BankMatch, Category } from '#contracts';
import { matchable, type VideoFingerprint } from '#engines/fingerprint';
import type { Database } from '#platform/database';
import type { BankIndex } from './bank-index.js';
import { BanksUnavailableError } from './errors.js';
import { categoryOf } from './view.js';

/** Entries that count for one hash: of banks that judge, and of banks that inform. Neither crowds out the other. */
const GROUPS: readonly { kinds: readonly BankKind[]; limit: number }[] = [
  { kinds: ['block', 'reupload'], limit: 50 },
  { kinds: ['own_releases'], limit: 20 },
];
/** Matches that are told of one clip and group, nearest first. */
const MOST_MATCHES = 200;

/** A match with what a signal needs of its bank. */
export type FoundMatch = BankMatch & {
  category: Category | null;
  /** The bank belongs to the operator and counts for every tenant. */
  shared: boolean;
  /** Clip that the entry was taken from; null when it came from outside. */
  clip: string | null;
};

/** A file that is, byte for byte, one of a bank. */
export interface ExactMatch {
  bank: { id: string; name: string; kind: BankKind };
  category: Category | null;
  algorithm: 'md5' | 'sha1';
  hash: string;
  label: string | null;
}

/** What the banks say of a clip. */
export type BankLookUp =
  | {
      state: 'ready';
      matches: FoundMatch[];
      exact: ExactMatch[];
      /** No hash of the clip is rich enough to be compared: such pictures are near nothing and told apart from nothing. */
      plain: boolean;
    }
  | { state: 'unable'; reason: string; matches: []; exact: [] };

interface Hit {
  id: number;
  distance: number;
  atS: number;
  hash: string;
}

type Row = Awaited<ReturnType<BankMatcher['rows']>>[number];

/** Compares clips with the banks that count for their tenant. */
export class BankMatcher {
  constructor(
    private readonly database: Database,
    private readonly index: BankIndex,
  ) {}

  /**
   * The entries that a clip's hashes are within 31 bits of: for each clip or outside entry of a bank the nearest one,
   * nearest first, at most 200 of each group. Hashes of quality under 50 are left out.
   * @param clipId the clip itself: what was taken from it earlier never matches it
   * @throws BanksUnavailableError when the index cannot tell; the database's own error when it cannot be reached
   */
  async match(tenantId: string, fingerprint: VideoFingerprint, clipId = ''): Promise<FoundMatch[]> {
    const hashes = matchable(fingerprint.hashes);
    const hits: Hit[] = [];
    for (const { hash, atS } of hashes) {
      for (const { kinds, limit } of GROUPS) {
        const near = this.index.near(hash, tenantId, kinds, limit, clipId);
        hits.push(...near.map((match) => ({ ...match, atS, hash })));
      }
      await new Promise(setImmediate); // others have their turn between two hashes
    }
    const rows = await this.rows([...new Set(hits.map(({ id }) => BigInt(id)))]);
    const byId = new Map(rows.map((row) => [Number(row.id), row]));
    // Cut group by group: many releases near a clip must not push a listed picture out.
    return GROUPS.flatMap(({ kinds }) => {
      const own = hits.filter(({ id }) => kinds.includes(byId.get(id)?.bank.kind as BankKind));
      return nearestOfEach(own, byId, hashes.length);
    }).sort((a, b) => a.distance - b.distance);
  }

  /** {@link match} of the pictures and of the whole file; whatever goes wrong is `unable`, never "no match". */
  async lookUp(
    tenantId: string,
    fingerprint: VideoFingerprint,
    clip: { id?: string; md5?: string; sha1?: string } = {},
  ): Promise<BankLookUp> {
    const unable = (reason: string): BankLookUp => ({ state: 'unable', reason, matches: [], exact: [] });
    if (fingerprint.hashes.length === 0) return unable('No frame could be fingerprinted.');
    try {
      const matches = await this.match(tenantId, fingerprint, clip.id);
      const exact = await this.matchFile(tenantId, clip);
      return { state: 'ready', matches, exact, plain: matchable(fingerprint.hashes).length === 0 };
    } catch (e) {
      if (e instanceof BanksUnavailableError) return unable(shownMessage(e));
      this.lastFault = messageOf(e);
      return unable('The hash banks could not be asked.');
    }
  }

  /** What went wrong last, for the log. */
  lastFault: string | null = null;

  /** Entries that name exactly this file, by the MD5 or SHA-1 of its bytes in lower-case hex. */
  async matchFile(tenantId: string, { md5, sha1 }: { md5?: string; sha1?: string }): Promise<ExactMatch[]> {
    const wanted = [
      ...(md5 ? [{ algorithm: 'md5', hash: md5 }] : []),
      ...(sha1 ? [{ algorithm: 'sha1', hash: sha1 }] : []),
    ];
    if (wanted.length === 0) return [];
    const rows = await this.database.hashEntry.findMany({
      where: {
        removedAt: null,
        bank: { deletedAt: null, OR: [{ tenantId }, { tenantId: null }] },
        OR: wanted,
      },
      include: { bank: true },
      take: MOST_MATCHES,
    });
    return rows.map(({ bank, algorithm, hash, label }) => ({
      bank: { id: bank.id, name: bank.name, kind: bank.kind as BankKind },
      category: categoryOf(bank),
      algorithm: algorithm as 'md5' | 'sha1',
      hash,
      label,
    }));
  }

  /** Entries with their banks, as they are now: what was removed a moment ago is left out. */
  private async rows(ids: bigint[]) {
    if (ids.length === 0) return [];
    const where = { id: { in: ids }, removedAt: null, bank: { deletedAt: null } };
    return this.database.hashEntry.findMany({ where, include: { bank: true } });
  }
}

function nearestOfEach(hits: readonly Hit[], rows: ReadonlyMap<number, Row>, seconds: number): FoundMatch[] {
  const best = new Map<string, { hit: Hit; row: Row; seconds: Set<number> }>();
  for (const hit of hits) {
    const row = rows.get(hit.id);
    if (!row) continue;
    const key = `${row.bankId}/${row.clipId || `#${row.id}`}`;
    const known = best.get(key);
    if (!known) best.set(key, { hit, row, seconds: new Set([hit.atS]) });
    else {
      known.seconds.add(hit.atS);
      if (hit.distance < known.hit.distance) Object.assign(known, { hit, row });
    }
  }
  return [...best.values()]
    .sort((a, b) => a.hit.distance - b.hit.distance)
    .slice(0, MOST_MATCHES)
    .map(({ hit, row, seconds: matched }) => ({
      bank: { id: row.bank.id, name: row.bank.name, kind: row.bank.kind as BankKind },
      category: categoryOf(row.bank),
      shared: row.bank.tenantId === null,
      algorithm: row.algorithm as 'pdq' | 'vpdq',
      atS: hit.atS,
      distance: hit.distance,
      hash: hit.hash,
      bankHash: row.hash,
      label: row.label,
      clip: row.clipId || null,
      share: matched.size / seconds,
    }));
}
