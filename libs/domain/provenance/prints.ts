import { AppError, messageOf } from '#kernel';
import {
  decodePicture,
  decodeSound,
  IndexFullError,
  PrintDamagedError,
  PRINT_ALGORITHM,
  PrintIndex,
  type PicturePrint,
  type PrintIndexLimits,
  type QueryFrame,
  type SoundFingerprint,
  type SoundPrint,
} from '#engines/fingerprint';
import type { Prints } from '#domain/examination';
import type { Database, Transaction } from '#platform/database';

/** Rows that are read at a time; taking one in takes about a tenth of a millisecond. */
const PAGE = 100;
/**
 * Rows are numbered when they are written, not when they are committed: a number that is passed over may still come.
 * After so long it will not, for no transaction that releases a clip takes a tenth of it.
 */
const GAP_MS = 600_000;

/** The prints of releases cannot be searched. */
export class PrintsUnavailableError extends AppError {
  constructor(reason: string) {
    super('unavailable', 'prints_unavailable', `The fingerprints of releases cannot be searched: ${reason}`);
  }
}

/** What is kept of one release. */
export interface KeptPrints {
  picture: PicturePrint | null;
  sound: SoundPrint | null;
}

/** Keeps what a release is recognised by, in the transaction that writes the release. Doing it twice does no harm. */
export async function keepFingerprints(
  tx: Transaction,
  releaseId: string,
  prints: Pick<Prints, 'picture' | 'sound'>,
): Promise<void> {
  const row = (track: 'picture' | 'sound', data: Uint8Array) => ({
    ...{ releaseId, track, algorithm: PRINT_ALGORITHM[track] },
    data: Uint8Array.from(data),
  });
  await tx.releaseFingerprint.createMany({
    data: [row('picture', prints.picture), ...(prints.sound ? [row('sound', prints.sound)] : [])],
    skipDuplicates: true,
  });
}

/** Where the prints of releases are searched and looked up. */
export interface PrintSource {
  /** Takes in all releases that are committed by now. @throws PrintsUnavailableError when there are more than fit */
  refresh(): Promise<void>;
  /** Prints that are damaged or of an unknown form, and were left out. */
  readonly unread: number;
  /** Releases whose pictures the frames may be, those with most in common first. */
  searchPictures(frames: readonly QueryFrame[], mirrored?: boolean): Promise<string[]>;
  /** Releases whose sound the track may be. */
  searchSound(track: SoundFingerprint): string[];
  /** What is kept of releases. @throws PrintDamagedError `print_damaged` */
  of(releaseIds: readonly string[]): Promise<Map<string, KeptPrints>>;
}

/**
 * The prints of all releases, in this process: read once, then followed. About 220 bytes for each kept frame and 16 for
 * each fourth sub-fingerprint, bounded; beyond the bound nothing is searched any more, and that is said.
 */
export class ReleasePrints implements PrintSource {
  private readonly index: PrintIndex;
  /** All rows up to this one were taken in, or will never come. */
  private low = 0n;
  /** Rows beyond it that were taken in. */
  private readonly seen = new Set<bigint>();
  private gapSince: number | null = null;
  private full = false;
  private left = 0;
  private running: Promise<void> | null = null;

  constructor(
    private readonly database: Database,
    limits: PrintIndexLimits = {},
    private readonly onError: (message: string) => void = () => undefined,
  ) {
    this.index = new PrintIndex(limits);
  }

  /** Releases, frames and sub-fingerprints held, and the memory of their arrays in bytes. */
  get size(): PrintIndex['size'] {
    return this.index.size;
  }

  get unread(): number {
    return this.left;
  }

  async refresh(): Promise<void> {
    // A look that is under way may have read past what was committed since.
    await this.running?.catch(() => undefined);
    this.running ??= this.follow().finally(() => (this.running = null));
    await this.running;
    if (this.full) throw new PrintsUnavailableError('there are more of them than fit the index.');
  }

  private async follow(): Promise<void> {
    for (let cursor = this.low, more = true; more;) {
      const rows = await this.database.releaseFingerprint.findMany({
        where: { id: { gt: cursor } },
        orderBy: { id: 'asc' },
        take: PAGE,
      });
      for (const row of rows) {
        if (!this.seen.has(row.id)) this.take(row);
        this.seen.add(row.id);
        cursor = row.id;
      }
      more = rows.length === PAGE;
    }
    this.settle();
  }

  private take({
    releaseId,
    track,
    algorithm,
    data,
  }: {
    releaseId: string;
    track: string;
    algorithm: string;
    data: Uint8Array;
  }) {
    try {
      if (track === 'picture' && algorithm === PRINT_ALGORITHM.picture)
        this.index.addPicture(releaseId, decodePicture(data));
      else if (track === 'sound' && algorithm === PRINT_ALGORITHM.sound)
        this.index.addSound(releaseId, decodeSound(data));
      else throw new PrintDamagedError(track, `its form ${algorithm} is not known`);
    } catch (e) {
      if (e instanceof IndexFullError) this.full = true;
      else this.left++;
      this.onError(`${track} of release ${releaseId}: ${messageOf(e)}`);
    }
  }

  /** Moves the low end over what was taken in, and over numbers that were waited for long enough. */
  private settle(): void {
    const { seen } = this;
    const pass = () => {
      const before = this.low;
      while (seen.delete(this.low + 1n)) this.low++;
      return this.low > before;
    };
    if (pass() || seen.size === 0) this.gapSince = null;
    if (seen.size === 0) return;
    this.gapSince ??= performance.now();
    if (performance.now() - this.gapSince < GAP_MS) return;
    this.low = [...seen].reduce((a, b) => (b < a ? b : a)) - 1n;
    pass();
    this.gapSince = null;
  }

  searchPictures(frames: readonly QueryFrame[], mirrored = false): Promise<string[]> {
    return this.index.searchPictures(frames, mirrored);
  }

  searchSound(track: SoundFingerprint): string[] {
    return this.index.searchSound(track);
  }

  async of(releaseIds: readonly string[]): Promise<Map<string, KeptPrints>> {
    const rows = await this.database.releaseFingerprint.findMany({ where: { releaseId: { in: [...releaseIds] } } });
    const kept = new Map<string, KeptPrints>();
    for (const { releaseId, track, data } of rows) {
      const one = kept.get(releaseId) ?? { picture: null, sound: null };
      kept.set(releaseId, one);
      if (track === 'picture') one.picture = decodePicture(data);
      else one.sound = decodeSound(data);
    }
    return kept;
  }
}
