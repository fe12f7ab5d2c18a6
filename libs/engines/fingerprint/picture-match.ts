import { MIN_QUALITY, wordsDistance } from './hash.js';
import { matchableFrames, PRINT_STEP_MS, QUERY_PER_S, type PicturePrint, type PrintFrame } from './prints.js';

/**
 * Bits within which a frame of a file is that of ONE release that something else points to: its mark, its credentials,
 * or several frames within the 31 bits of a blind search. Frames of different clips differ by 94 bits and more, a crop
 * to 80 % that is put back in its place by up to 68 (README).
 */
export const NAMED_DISTANCE = 64;

/** Milliseconds by which a frame of the file may be away from the place of a release's frame: half a query step. */
const REACH_MS = 1000 / QUERY_PER_S / 2 + 5;
/** Offsets are counted in bins of so many milliseconds. */
const BIN_MS = 125;
/** Offsets that are tried for one run. */
const MOST_OFFSETS = 8;
/** Runs of one release in one file, at most. */
const MOST_RUNS = 16;
/** Frames of a release in a row that may fail inside a run. */
const MOST_MISSED = 2;

/** Seconds of a submitted file that are the pictures of a release. */
export interface PictureRun {
  startS: number;
  endS: number;
  /** Second of the release at which the run begins. */
  releaseStartS: number;
  /** Median of the bits that differ in its frames. */
  distance: number;
  /** Frames of the release that were found. */
  frames: number;
}

interface Found {
  kept: PrintFrame;
  distance: number;
}

/** Offsets (ms, file minus release) at which most frames of the release are near one of the file. */
function likelyOffsets(file: readonly PrintFrame[], kept: readonly PrintFrame[], distance: number): number[] {
  const bins = new Map<number, Set<PrintFrame>>();
  for (const one of kept) {
    for (const frame of file) {
      if (wordsDistance(one.hash, frame.hash) > distance) continue;
      const bin = Math.round((frame.timeMs - one.timeMs) / BIN_MS);
      let seen = bins.get(bin);
      if (!seen) bins.set(bin, (seen = new Set()));
      seen.add(one);
    }
  }
  return [...bins]
    .sort(([a, seenA], [b, seenB]) => seenB.size - seenA.size || Math.abs(a) - Math.abs(b))
    .slice(0, MOST_OFFSETS)
    .map(([bin]) => bin * BIN_MS);
}

/** The nearest in bits of the frames of the file that stand where the release's frame would. */
function atOffset(file: readonly PrintFrame[], kept: PrintFrame, offset: number): Found | null {
  let best: Found | null = null;
  for (const frame of file) {
    if (Math.abs(frame.timeMs - kept.timeMs - offset) > REACH_MS) continue;
    const distance = wordsDistance(kept.hash, frame.hash);
    if (!best || distance < best.distance) best = { kept, distance };
  }
  return best;
}

/** Found frames that follow each other in the release; blank ones between them do not part them. */
function streaks(all: readonly PrintFrame[], found: ReadonlyMap<PrintFrame, number>): Found[][] {
  const out: Found[][] = [];
  let missed = Infinity;
  for (const kept of all) {
    const distance = found.get(kept);
    if (distance !== undefined) {
      if (missed > MOST_MISSED) out.push([]);
      out.at(-1)!.push({ kept, distance });
      missed = 0;
    } else if (kept.quality >= MIN_QUALITY) missed++;
  }
  return out;
}

interface Streak {
  offset: number;
  found: Found[];
}

const worth = ({ found }: Streak) =>
  found.length - found.reduce((sum, { distance }) => sum + distance, 0) / found.length / 256;

/** The longest streak at any likely offset; of equally long ones the nearest in bits. */
function bestStreak(file: readonly PrintFrame[], release: PicturePrint, distance: number): Streak | null {
  const kept = matchableFrames(release.frames);
  let best: Streak | null = null;
  for (const offset of likelyOffsets(file, kept, distance)) {
    const near = new Map<PrintFrame, number>();
    for (const one of kept) {
      const found = atOffset(file, one, offset);
      if (found && found.distance <= distance) near.set(one, found.distance);
    }
    for (const found of streaks(release.frames, near)) {
      if (!best || worth({ offset, found }) > worth(best)) best = { offset, found };
    }
  }
  return best;
}

/**
 * Which seconds of a file are the pictures of a release, in order of time.
 * @param file frames of the file, about eight a second, ascending
 * @param distance most bits that may differ
 * @param least frames of the release that a run has at least
 */
export function comparePictures(
  file: readonly PrintFrame[],
  release: PicturePrint,
  distance: number = NAMED_DISTANCE,
  least = 2,
): PictureRun[] {
  const runs: PictureRun[] = [];
  let left = matchableFrames(file);
  while (runs.length < MOST_RUNS) {
    const best = bestStreak(left, release, distance);
    if (!best || best.found.length < least) break;
    const run = runOf(best);
    runs.push(run);
    left = left.filter(({ timeMs }) => timeMs < 1000 * run.startS || timeMs > 1000 * run.endS);
  }
  return runs.sort((a, b) => a.startS - b.startS);
}

function runOf({ offset, found }: Streak): PictureRun {
  // A frame that is kept stands for the time around it.
  const half = PRINT_STEP_MS / 2;
  const [first, last] = [found[0]!.kept.timeMs, found.at(-1)!.kept.timeMs];
  const startMs = Math.max(0, first + offset - (first === 0 ? 0 : half));
  const distances = found.map(({ distance }) => distance).sort((a, b) => a - b);
  return {
    startS: startMs / 1000,
    endS: (last + offset + half) / 1000,
    releaseStartS: Math.max(0, startMs - offset) / 1000,
    distance: distances[distances.length >> 1]!,
    frames: found.length,
  };
}
