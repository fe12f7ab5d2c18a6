import { decodeAt, expectAt } from './decision.js';
import { FoldedSpectrum, foldMap } from './folded.js';
import { type Pose } from './geometry.js';
import { codewordOf, type Layout } from './layout.js';
import { EXPECTED_OWN_Z, EXPECTED_Z, THRESHOLD_Z } from './params.js';

// Bound once: these run per pixel.
const { floor, max, min, round } = Math;

/** Windows are this long at first, in seconds; every time the store is full they double. */
const FIRST_LENGTH_S = 0.5;
/** Memory of all windows. 128 windows of 683x384 pixels take it. */
const MOST_BYTES = 64 << 20;
/** Steps per unit of a residual: a frame adds at most 2.5, so that a hundred frames fit. */
const STEPS = 128;
const LIMIT = 32767;

interface Window {
  plane: Int16Array;
  frames: number;
}

/** What a stretch of a clip says. */
export interface WindowReading {
  /** Seconds of the clip. */
  startS: number;
  endS: number;
  /** 16 hex digits; null when no mark was read here. */
  releaseId: string | null;
  /** Decision statistic of that id in this stretch alone, or where none was read of the likeliest expected one. */
  z: number;
  /** Frames that were added up. */
  frames: number;
}

/** Residuals of a clip, stretch by stretch, in bounded memory. */
export class WindowStore {
  /** Seconds of one window. */
  lengthS = FIRST_LENGTH_S;
  private windows = new Map<number, Window>();
  private readonly most: number;

  /** @param mostBytes memory of all windows; eight are kept in any case */
  constructor(
    readonly width: number,
    readonly height: number,
    mostBytes = MOST_BYTES,
  ) {
    this.most = max(8, floor(mostBytes / (2 * width * height)));
  }

  /** Number of the window that a moment falls into. */
  numberOf(timeS: number): number {
    return floor(timeS / this.lengthS + 1e-6);
  }

  /** Keeps the sum of the residuals of `frames` frames. */
  add(number: number, sum: Float32Array, frames: number): void {
    const known = this.windows.get(number);
    const plane = known?.plane ?? new Int16Array(sum.length);
    for (let at = 0; at < sum.length; at++) plane[at] = clamp(plane[at]! + round(STEPS * sum[at]!));
    this.windows.set(number, { plane, frames: frames + (known?.frames ?? 0) });
    if (this.windows.size > this.most) this.merge();
  }

  private merge(): void {
    const merged = new Map<number, Window>();
    for (const [number, { plane, frames }] of this.windows) {
      const first = merged.get(number >> 1);
      if (!first) {
        merged.set(number >> 1, { plane, frames });
        continue;
      }
      for (let at = 0; at < plane.length; at++) first.plane[at] = clamp(first.plane[at]! + plane[at]!);
      first.frames += frames;
    }
    this.windows = merged;
    this.lengthS *= 2;
  }

  /** Seconds from the start of the clip to the end of the last window. */
  private get durationS(): number {
    return this.lengthS * (max(-1, ...this.windows.keys()) + 1);
  }

  /** Sums of the parts of at least so many seconds, at most so many; none where there would be only one. */
  *parts(leastS: number, most: number): Generator<Float32Array> {
    const { durationS } = this;
    const parts = min(most, floor(durationS / leastS));
    for (let part = 0; part < parts && parts > 1; part++) {
      const sum = this.sum((part * durationS) / parts, ((part + 1) * durationS) / parts);
      if (sum) yield sum;
    }
  }

  /** Sum of all windows that begin in a stretch, or null when there is none. */
  private sum(fromS: number, toS: number): Float32Array | null {
    let all: Float32Array | null = null;
    for (const [number, { plane }] of this.windows) {
      const startS = number * this.lengthS;
      if (startS < fromS - 1e-6 || startS >= toS - 1e-6) continue;
      all ??= new Float32Array(plane.length);
      for (let at = 0; at < plane.length; at++) all[at] = all[at]! + plane[at]! / STEPS;
    }
    return all;
  }

  /**
   * Reads every window at one pose: the expected ids first, at a lower threshold than an id that nothing else points
   * to; see README for both bounds.
   */
  read(layout: Layout, pose: Pose, ids: Iterable<string>): WindowReading[] {
    const spectrum = new FoldedSpectrum();
    const map = foldMap(this.width, this.height, pose);
    const expected = new Map(Array.from(ids, (id) => [id, codewordOf(layout, id)]));
    const numbers = [...this.windows.keys()].sort((a, b) => a - b);
    return numbers.map((number) => {
      const { plane, frames } = this.windows.get(number)!;
      const startS = number * this.lengthS;
      const stretch = { startS, endS: startS + this.lengthS, frames };
      spectrum.fold(plane, map);
      const own = expectAt(spectrum, layout, pose, expected);
      const [id, z] = [...own].reduce((a, b) => (b[1] > a[1] ? b : a));
      if (z >= EXPECTED_Z) return { ...stretch, releaseId: id, z };
      const decoded = decodeAt(spectrum, layout, pose);
      if (decoded.releaseId !== null && decoded.z >= THRESHOLD_Z) return { ...stretch, ...decoded };
      if (z < EXPECTED_OWN_Z) return { ...stretch, releaseId: null, z };
      spectrum.fold(this.around(number), map);
      const pooled = expectAt(spectrum, layout, pose, new Map([[id, expected.get(id)!]])).get(id)!;
      return { ...stretch, releaseId: pooled >= EXPECTED_Z ? id : null, z };
    });
  }

  /** A window and its neighbours, added up. */
  private around(number: number): Float32Array {
    const all = new Float32Array(this.width * this.height);
    for (const one of [number - 1, number, number + 1]) {
      const plane = this.windows.get(one)?.plane;
      if (plane) for (let at = 0; at < all.length; at++) all[at] = all[at]! + plane[at]!;
    }
    return all;
  }
}

function clamp(value: number): number {
  return value > LIMIT ? LIMIT : value < -LIMIT ? -LIMIT : value;
}
