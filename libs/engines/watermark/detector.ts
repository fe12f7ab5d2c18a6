import { contentRect, type Rect, unite } from './borders.js';
import { falsePositiveBound } from './decision.js';
import { WatermarkError } from './errors.js';
import { FoldedSpectrum, foldMap } from './folded.js';
import { type Pose } from './geometry.js';
import { type Layout, makeLayout } from './layout.js';
import { CANONICAL_SHORT_SIDE, MAX_LONG_SIDE, THRESHOLD_Z } from './params.js';
import { type Placement, placementOf } from './placement.js';
import { ResidualSum } from './residual.js';
import { AreaScaler } from './resize.js';
import { type Accepted as Read, KeyReader } from './reader.js';
import { type Trial } from './search.js';
import { type Sampled, Spectrum } from './spectrum.js';
import { aspectBatches, rotationBatches, scaleTrials } from './trials.js';
import { type WindowReading, WindowStore } from './windows.js';

/**
 * How far to look: `identity` only the geometry in which the mark was drawn (any uniform scaling of the whole frame
 * included), `scale` then also crops, zooms from 0.40 to 1.62 and mirroring, `full` then also
 * unequal stretching by up to 6 % and rotation by up to 5 degrees, which takes seconds per key.
 */
export type WatermarkSearch = 'identity' | 'scale' | 'full';

/** What a detector says about one clip. */
export interface WatermarkReading {
  found: boolean;
  /** 16 hex digits; null unless found. */
  releaseId: string | null;
  /** Decision statistic of the accepted reading, else the largest one met; unit variance on unmarked clips. */
  z: number;
  /** Smallest accepted z. */
  threshold: number;
  /** Upper bound of the chance that an unmarked clip is accepted, all keys and searches counted. */
  falsePositiveBound: number;
  /** Index into `keys`; null unless found. */
  keyIndex: number | null;
  framesUsed: number;
  /**
   * Size of the pattern relative to the size at which it would lie in an unchanged frame (a crop to 70 % gives 1.43),
   * its rotation, and whether the picture is mirrored. Null unless found.
   */
  geometry: { scale: number; rotationDeg: number; flipped: boolean } | null;
}

/** What single stretches of a clip say, and where the marked picture lies. */
export interface WindowsReading {
  /** In order of time; stretches without a frame are left out. Empty when no mark was found at all. */
  windows: WindowReading[];
  /** Null when no mark was found at all. */
  placement: Placement | null;
}

/** Collects the frames of one clip and reads the mark. */
export interface Detector {
  /**
   * Adds a frame.
   * @param luma 8-bit luma, rows tightly packed; scaled here when the short side is above 384
   * @param timeS second of the clip, ascending; given with all frames or with none
   * @throws WatermarkError `watermark_bad_frame`, `watermark_frame_size_changed`
   */
  push(luma: Uint8Array, width: number, height: number, timeS?: number): void;
  /**
   * Reads the mark from all frames pushed so far; may be called again, with a wider search or after more frames.
   * @throws WatermarkError `watermark_no_frames` when nothing was pushed
   */
  finish(opts?: { search?: WatermarkSearch }): WatermarkReading;
  /**
   * Reads the mark stretch by stretch (half a second, more for long clips) at the geometry that `finish` found. Where
   * it found none, parts of the clip are searched first: a short piece is drowned by what surrounds it.
   * Call it once, after `finish`, when frames came with their times.
   * @throws WatermarkError `watermark_no_frames` when no frame came with its time
   */
  windows(opts?: { search?: WatermarkSearch }): WindowsReading;
}

/** Shortest part of a clip that is looked at by itself for an undistorted mark, in seconds ... */
const LEAST_PART_S = 1;
/** ... and for one that was scaled, cropped or mirrored, which takes longer. */
const LEAST_SEARCHED_S = 8;

/** Frames whose borders are united before the first one is used: a single dark or flat frame misleads. */
const BORDER_FRAMES = 8;
/** Sides below this hold too little of the pattern. */
const MIN_SIDE = 48;

type Accepted = Read & { keyIndex: number };

class TileDetector implements Detector {
  private frames = 0;
  private width = 0;
  private height = 0;
  private content: Rect | null = null;
  private pending: { luma: Uint8Array; timeS: number | undefined }[] = [];
  private scaler: AreaScaler | null = null;
  private residual: ResidualSum | null = null;
  private spectrum: Spectrum | null = null;
  private store: WindowStore | null = null;
  /** Residuals of the stretch that is being added up. */
  private current: { number: number; frames: number; residual: ResidualSum } | null = null;
  private accepted: Accepted | null = null;

  constructor(private readonly layouts: Layout[]) {}

  push(luma: Uint8Array, width: number, height: number, timeS?: number): void {
    this.checkFrame(luma, width, height);
    this.frames++;
    this.spectrum = null;
    if (this.scaler) {
      this.accumulate(luma, timeS);
      return;
    }
    const rect = contentRect(luma, width, height);
    // A constant frame carries no mark and tells nothing about borders.
    if (!rect) return;
    this.content = this.content ? unite(this.content, rect) : rect;
    this.pending.push({ luma: luma.slice(), timeS });
    if (this.pending.length >= BORDER_FRAMES) this.settleBorders();
  }

  private checkFrame(luma: Uint8Array, width: number, height: number): void {
    const valid = Number.isInteger(width) && Number.isInteger(height) && luma.length === width * height;
    if (!valid || Math.min(width, height) < MIN_SIDE || Math.max(width, height) > MAX_LONG_SIDE) {
      throw new WatermarkError(
        'watermark_bad_frame',
        `Not a luma plane that can be read: ${width}x${height} pixels in ${luma.length} bytes.`,
      );
    }
    if (this.frames === 0) {
      this.width = width;
      this.height = height;
    } else if (width !== this.width || height !== this.height) {
      throw new WatermarkError(
        'watermark_frame_size_changed',
        `All frames of a clip have one size: got ${width}x${height} after ${this.width}x${this.height}.`,
      );
    }
  }

  private settleBorders(): void {
    if (this.scaler || !this.content) return;
    const { width, height } = this.content;
    const factor = Math.min(1, CANONICAL_SHORT_SIDE / Math.min(width, height));
    this.scaler = new AreaScaler(this.content, Math.round(width * factor), Math.round(height * factor));
    this.residual = new ResidualSum(this.scaler.width, this.scaler.height);
    for (const { luma, timeS } of this.pending) this.accumulate(luma, timeS);
    this.pending = [];
  }

  private accumulate(luma: Uint8Array, timeS: number | undefined): void {
    const plane = this.scaler!.scale(luma, this.width);
    if (timeS === undefined) {
      this.residual!.add(plane);
      return;
    }
    const { width, height } = this.scaler!;
    this.store ??= new WindowStore(width, height);
    if (this.current && this.current.number !== this.store.numberOf(timeS)) this.closeWindow();
    this.current ??= { number: this.store.numberOf(timeS), frames: 0, residual: new ResidualSum(width, height) };
    this.current.residual.add(plane);
    this.current.frames++;
  }

  /** Adds the stretch that is over to the clip and to the store. */
  private closeWindow(): void {
    if (!this.current) return;
    const { number, frames, residual } = this.current;
    const all = this.residual!.sum;
    for (let at = 0; at < all.length; at++) all[at] = all[at]! + residual.sum[at]!;
    this.store!.add(number, residual.sum, frames);
    this.current = null;
  }

  finish(opts: { search?: WatermarkSearch } = {}): WatermarkReading {
    if (this.frames === 0) {
      throw new WatermarkError('watermark_no_frames', 'No frame was given, so nothing can be said about a mark.');
    }
    this.settleBorders();
    this.closeWindow();
    this.accepted = null;
    if (!this.residual) return this.reading(0);
    const { sum, width, height } = this.residual;
    this.spectrum ??= new Spectrum(sum, width, height);
    return this.reading(this.searchIn(this.spectrum, opts.search ?? 'scale'));
  }

  /** Looks for a mark; what is accepted is kept. @returns z of what was accepted, else the largest one met */
  private searchIn(spectrum: Sampled, search: WatermarkSearch): number {
    const readers = this.layouts.map((layout) => new KeyReader(spectrum, layout));
    for (const batches of this.stages(search)) {
      for (const [keyIndex, reader] of readers.entries()) {
        const accepted = batches ? reader.search(batches()) : reader.identity(this.unchanged());
        if (!accepted) continue;
        this.accepted = { ...accepted, keyIndex };
        return accepted.z;
      }
    }
    return Math.max(...readers.map((reader) => reader.bestZ));
  }

  windows(opts: { search?: WatermarkSearch } = {}): WindowsReading {
    this.settleBorders();
    this.closeWindow();
    if (!this.store) {
      if (this.frames > 0 && !this.residual) return { windows: [], placement: null };
      throw new WatermarkError('watermark_no_frames', 'No frame came with its time, so no stretch can be read.');
    }
    const ids = new Set(
      this.accepted ? [this.accepted.releaseId] : this.searchParts(this.store, opts.search ?? 'scale'),
    );
    if (!this.accepted) return { windows: [], placement: null };
    const { keyIndex, pose } = this.accepted;
    const windows = this.store.read(this.layouts[keyIndex]!, pose, ids);
    return { windows, placement: placementOf(pose, this.content!, this.scaler!) };
  }

  /**
   * Searches parts of a clip in which nothing was found as a whole; the clearest is kept.
   * @returns ids that were found
   */
  private searchParts(store: WindowStore, search: WatermarkSearch): string[] {
    const { width, height } = store;
    const unchanged: Pose = { ...this.unchanged(), flipped: false, shiftX: 0, shiftY: 0 };
    const map = foldMap(width, height, unchanged);
    const folded = new FoldedSpectrum();
    const found: Accepted[] = [];
    const keep = (find: () => void) => {
      this.accepted = null;
      find();
      if (this.accepted) found.push(this.accepted);
    };
    for (const sum of store.parts(LEAST_PART_S, 24)) {
      folded.fold(sum, map);
      keep(() => this.searchIn(folded, 'identity'));
    }
    if (found.length === 0 && search !== 'identity') {
      for (const sum of store.parts(LEAST_SEARCHED_S, 4)) {
        keep(() => this.searchIn(new Spectrum(sum, width, height), 'scale'));
      }
    }
    this.accepted = found.sort((a, b) => b.z - a.z)[0] ?? null;
    return found.map(({ releaseId }) => releaseId);
  }

  /** What is tried in turn for each key: null is the unchanged geometry, the rest are batches of trials. */
  private stages(search: WatermarkSearch): Array<(() => Iterable<Iterable<Trial>>) | null> {
    const base = this.contentScale();
    const scales = () => [scaleTrials(base, 0, 0)];
    if (search === 'identity') return [null];
    if (search === 'scale') return [null, scales];
    return [null, scales, () => aspectBatches(base), () => rotationBatches(base)];
  }

  /** Analysed pixels per canonical pixel when the frame has not been changed but for its size. */
  private unchanged(): Trial {
    const canonical = Math.min(this.width, this.height) / CANONICAL_SHORT_SIDE;
    const { width, height } = this.content!;
    return {
      scaleX: (canonical * this.scaler!.width) / width,
      scaleY: (canonical * this.scaler!.height) / height,
      rotationDeg: 0,
    };
  }

  /** The same when the content alone, without its borders, was the whole frame. */
  private contentScale(): number {
    return Math.min(this.scaler!.width, this.scaler!.height) / CANONICAL_SHORT_SIDE;
  }

  private reading(z: number): WatermarkReading {
    const { accepted } = this;
    const geometry = accepted && this.geometryOf(accepted.pose);
    return {
      found: accepted !== null,
      releaseId: accepted?.releaseId ?? null,
      z,
      threshold: THRESHOLD_Z,
      falsePositiveBound: falsePositiveBound(this.layouts.length),
      keyIndex: accepted?.keyIndex ?? null,
      framesUsed: this.frames,
      geometry,
    };
  }

  private geometryOf(pose: Pose): WatermarkReading['geometry'] {
    const unchanged = this.unchanged();
    const area = (pose.scaleX * pose.scaleY) / (unchanged.scaleX * unchanged.scaleY);
    return { scale: Math.sqrt(area), rotationDeg: pose.rotationDeg, flipped: pose.flipped };
  }
}

/**
 * A detector for one clip. Trying several keys (epochs) multiplies search time and false-positive bound by their number.
 * @throws WatermarkError `watermark_bad_key` when there is no key or one is not 32 bytes long
 */
export function createDetector(opts: { keys: Uint8Array[] }): Detector {
  if (opts.keys.length === 0) {
    throw new WatermarkError('watermark_bad_key', 'A watermark detector needs at least one key.');
  }
  return new TileDetector(opts.keys.map((key) => makeLayout(key)));
}
