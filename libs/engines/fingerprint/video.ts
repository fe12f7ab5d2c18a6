import type { PixelFrame } from '#engines/pixels';
import { MATCH_DISTANCE, MIN_QUALITY, parseHash, wordsDistance } from './hash.js';
import { reducedLuma, type Luma } from './luma.js';
import { pdqOfLuma } from './pdq.js';

/** Name and version of the fingerprinter, as signals name their model. */
export const FINGERPRINT_MODEL = { name: 'vpdq', version: '1', provider: 'js' } as const;

/** Frames are reduced to so many pixels before they are hashed, as the reference's own tools do. */
const LONGEST = 512;
/** A frame this far from a full second, or further, does not stand for it. */
const REACH_S = 0.5;
/** Longest clip that is looked at, in seconds; what comes later is not hashed. */
const MOST_SECONDS = 7200;

/** Hash of one second of a clip. */
export interface SecondHash {
  /** Second of the clip: time of the frame that was hashed. */
  atS: number;
  /** 64 hex digits. */
  hash: string;
  /** 0..100, see {@link PdqHash}. */
  quality: number;
}

/** Fingerprint of a clip: one PDQ hash a second. */
export interface VideoFingerprint {
  algorithm: 'vpdq';
  /** In order of time; empty when no frame was seen. */
  hashes: SecondHash[];
}

/** One clip's fingerprint in the making. */
export interface VideoLook {
  /** Takes the next frame; frames come in order of time. Its memory may be used again afterwards. @throws PixelError */
  look(frame: PixelFrame): void;
  finish(): VideoFingerprint;
}

/** Takes fingerprints of clips. */
export interface VideoFingerprinter {
  begin(): VideoLook;
}

class Seconds implements VideoLook {
  private readonly hashes: SecondHash[] = [];
  private second = 0;
  private nearest: { timeS: number; luma: Luma } | null = null;

  look(frame: PixelFrame): void {
    const { timeS } = frame;
    if (!(timeS >= 0 && timeS < MOST_SECONDS)) return;
    while (this.second + REACH_S <= timeS) this.next();
    const off = Math.abs(timeS - this.second);
    if (off >= REACH_S || (this.nearest && Math.abs(this.nearest.timeS - this.second) <= off)) return;
    this.nearest = { timeS, luma: reducedLuma(frame, LONGEST) };
  }

  finish(): VideoFingerprint {
    this.next();
    return { algorithm: 'vpdq', hashes: this.hashes };
  }

  /** Hashes the frame of the second that is over. */
  private next(): void {
    if (this.nearest) this.hashes.push({ atS: this.nearest.timeS, ...pdqOfLuma(this.nearest.luma) });
    this.nearest = null;
    this.second++;
  }
}

/**
 * vPDQ of clips: the PDQ hash of the frame nearest to each full second, of frames reduced to 512 pixels. A second
 * without a frame within half a second has no hash.
 */
export function createVideoFingerprinter(): VideoFingerprinter {
  return { begin: () => new Seconds() };
}

/** The hashes that say enough to be matched. */
export function matchable<T extends { quality: number }>(hashes: readonly T[]): T[] {
  return hashes.filter(({ quality }) => quality >= MIN_QUALITY);
}

/**
 * How much of each clip is in the other, as vPDQ compares: of the hashes of sufficient quality, the share (0..1) that
 * has one of the other clip within `distance` bits. Null when either clip has no such hash: nothing can be said.
 */
export function compareVideos(
  query: VideoFingerprint,
  compared: VideoFingerprint,
  distance: number = MATCH_DISTANCE,
): { query: number; compared: number } | null {
  const [a, b] = [query, compared].map(({ hashes }) => matchable(hashes).map(({ hash }) => parseHash(hash)));
  if (!a?.length || !b?.length) return null;
  const share = (of: Uint32Array[], inside: Uint32Array[]) =>
    of.filter((one) => inside.some((other) => wordsDistance(one, other) <= distance)).length / of.length;
  return { query: share(a, b), compared: share(b, a) };
}
