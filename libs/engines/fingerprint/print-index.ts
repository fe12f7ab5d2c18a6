import { IndexFullError } from './errors.js';
import { HashIndex } from './hash-index.js';
import { matchableFrames, type PicturePrint, type QueryFrame } from './prints.js';
import type { SoundFingerprint } from './sound.js';
import type { SoundPrint } from './sound-match.js';
import { SoundTable } from './sound-table.js';

/** Frames of a release in the index are numbered by release and time: so many milliseconds for each release. */
const TIMES = 2 ** 23;
/** A frame that is near so many releases is common property (a title, a test card) and counts for none. */
const MOST_RELEASES = 8;
/** Entries that one question gives back. */
const MOST_MATCHES = 64;
/** Offsets are counted in bins of so many milliseconds, each with its neighbour. */
const BIN_MS = 250;
/** Frames of a release that must be found in order at one offset. */
const LEAST_FRAMES = 3;
/** Sub-fingerprints that must be found at one offset: chance gives two. */
const LEAST_WORDS = 4;
/** Releases in an answer. */
const MOST_CANDIDATES = 8;
/** Longest that a search keeps others waiting. */
const SLICE_MS = 15;

/** Most that a {@link PrintIndex} holds. */
export interface PrintIndexLimits {
  /** Frames of releases, about 220 bytes each; 1 million by default. */
  frames?: number;
  /** Sub-fingerprints of releases, about 16 bytes each, 22 for a second of sound; 8 million by default. */
  words?: number;
}

/**
 * Which releases a file may hold pieces of: a search over all of them, in memory. Its answers are candidates; the
 * caller compares them with what is kept of them.
 */
export class PrintIndex {
  private readonly pictures: HashIndex;
  private readonly sounds: SoundTable;
  private readonly ids: string[] = [];
  private readonly numbers = new Map<string, number>();

  constructor({ frames = 1_000_000, words = 8_000_000 }: PrintIndexLimits = {}) {
    this.pictures = new HashIndex(frames);
    this.sounds = new SoundTable(words);
  }

  /** Releases, frames and sub-fingerprints held, and the memory of their arrays. */
  get size(): { releases: number; frames: number; words: number; bytes: number } {
    const { pictures, sounds } = this;
    const bytes = pictures.bytes + sounds.bytes;
    return { releases: this.ids.length, frames: pictures.size, words: sounds.size, bytes };
  }

  private numberOf(releaseId: string): number {
    let number = this.numbers.get(releaseId);
    if (number === undefined) {
      this.numbers.set(releaseId, (number = this.ids.length));
      this.ids.push(releaseId);
    }
    return number;
  }

  /** @throws IndexFullError `hash_index_full` before anything of it is taken in */
  addPicture(releaseId: string, print: PicturePrint): void {
    const frames = matchableFrames(print.frames);
    if (this.pictures.size + frames.length > this.pictures.capacity) throw new IndexFullError(this.pictures.capacity);
    const number = this.numberOf(releaseId);
    for (const { timeMs, hash } of frames) this.pictures.add({ id: number * TIMES + timeMs, hash });
  }

  /** @throws IndexFullError `hash_index_full` before anything of it is taken in */
  addSound(releaseId: string, print: SoundPrint): void {
    if (this.sounds.size + SoundTable.sizeOf(print) > this.sounds.capacity)
      throw new IndexFullError(this.sounds.capacity);
    this.sounds.add(this.numberOf(releaseId), print);
  }

  /**
   * Releases of which several frames are near frames of the file at one offset; those with most first. Frames of low
   * quality and frames that are near many releases have no say. Lets others have their turn.
   * @param mirrored compares the file mirrored left to right
   */
  async searchPictures(file: readonly QueryFrame[], mirrored = false): Promise<string[]> {
    const votes = new Map<number, Map<number, Set<number>>>();
    let since = performance.now();
    for (const frame of matchableFrames(file)) {
      const { matches } = this.pictures.query(mirrored ? frame.mirrored : frame.hash, { limit: MOST_MATCHES });
      const owners = new Set(matches.map(({ id }) => Math.floor(id / TIMES)));
      if (owners.size <= MOST_RELEASES) for (const { id } of matches) vote(votes, frame.timeMs, id);
      if (performance.now() - since > SLICE_MS) {
        await new Promise(setImmediate);
        since = performance.now();
      }
    }
    return [...votes]
      .map(([number, bins]) => ({ number, count: most(bins) }))
      .filter(({ count }) => count >= LEAST_FRAMES)
      .sort((a, b) => b.count - a.count)
      .slice(0, MOST_CANDIDATES)
      .map(({ number }) => this.ids[number]!);
  }

  /** Releases whose sound shares sub-fingerprints with the track at one offset; those with most first. */
  searchSound(track: SoundFingerprint): string[] {
    return this.sounds.search(track, LEAST_WORDS, MOST_CANDIDATES).map((number) => this.ids[number]!);
  }
}

function vote(votes: Map<number, Map<number, Set<number>>>, timeMs: number, id: number): void {
  const [number, kept] = [Math.floor(id / TIMES), id % TIMES];
  const bin = Math.floor((timeMs - kept) / BIN_MS);
  let bins = votes.get(number);
  if (!bins) votes.set(number, (bins = new Map<number, Set<number>>()));
  let seen = bins.get(bin);
  if (!seen) bins.set(bin, (seen = new Set()));
  seen.add(kept);
}

/** Most frames of a release at one offset. */
function most(bins: ReadonlyMap<number, ReadonlySet<number>>): number {
  return Math.max(...Array.from(bins, ([bin, seen]) => new Set([...seen, ...(bins.get(bin + 1) ?? [])]).size));
}
