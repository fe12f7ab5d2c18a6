import { contentRect, type Rect, unite } from './borders.js';
import { falsePositiveBound } from './decision.js';
import { WatermarkError } from './errors.js';
import { type Pose } from './geometry.js';
import { type Layout, makeLayout } from './layout.js';
import {
  ASPECT_MAX,
  ASPECT_STEP,
  CANONICAL_SHORT_SIDE,
  MAX_LONG_SIDE,
  ROTATION_MAX_DEG,
  ROTATION_STEP_DEG,
  SCALE_MAX,
  SCALE_MIN,
  SCALE_STEP,
  THRESHOLD_Z,
} from './params.js';
import { ResidualSum } from './residual.js';
import { AreaScaler } from './resize.js';
import { KeyReader } from './reader.js';
import { type Trial } from './search.js';
import { Spectrum } from './spectrum.js';

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

/** Collects the frames of one clip and reads the mark. */
export interface Detector {
  /**
   * Adds a frame.
   * @param luma 8-bit luma, rows tightly packed; scaled here when the short side is above 384
   * @throws WatermarkError `watermark_bad_frame`, `watermark_frame_size_changed`
   */
  push(luma: Uint8Array, width: number, height: number): void;
  /**
   * Reads the mark from all frames pushed so far; may be called again, with a wider search or after more frames.
   * @throws WatermarkError `watermark_no_frames` when nothing was pushed
   */
  finish(opts?: { search?: WatermarkSearch }): WatermarkReading;
}

/** Frames whose borders are united before the first one is used: a single dark or flat frame misleads. */
const BORDER_FRAMES = 8;
/** Sides below this hold too little of the pattern. */
const MIN_SIDE = 48;

class TileDetector implements Detector {
  private frames = 0;
  private width = 0;
  private height = 0;
  private content: Rect | null = null;
  private pending: Uint8Array[] = [];
  private scaler: AreaScaler | null = null;
  private residual: ResidualSum | null = null;
  private spectrum: Spectrum | null = null;

  constructor(private readonly layouts: Layout[]) {}

  push(luma: Uint8Array, width: number, height: number): void {
    this.checkFrame(luma, width, height);
    this.frames++;
    this.spectrum = null;
    if (this.scaler) {
      this.accumulate(luma);
      return;
    }
    const rect = contentRect(luma, width, height);
    // A constant frame carries no mark and tells nothing about borders.
    if (!rect) return;
    this.content = this.content ? unite(this.content, rect) : rect;
    this.pending.push(luma.slice());
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
    for (const luma of this.pending) this.accumulate(luma);
    this.pending = [];
  }

  private accumulate(luma: Uint8Array): void {
    this.residual!.add(this.scaler!.scale(luma, this.width));
  }

  finish(opts: { search?: WatermarkSearch } = {}): WatermarkReading {
    if (this.frames === 0) {
      throw new WatermarkError('watermark_no_frames', 'No frame was given, so nothing can be said about a mark.');
    }
    this.settleBorders();
    if (!this.residual) return this.reading(0, null);
    const { sum, width, height } = this.residual;
    this.spectrum ??= new Spectrum(sum, width, height);
    const spectrum = (this.spectrum ??= new Spectrum(sum, width, height));
    const readers = this.layouts.map((layout) => new KeyReader(spectrum, layout));
    for (const batches of this.stages(opts.search ?? 'scale')) {
      for (const [keyIndex, reader] of readers.entries()) {
        const accepted = batches ? reader.search(batches()) : reader.identity(this.unchanged());
        if (accepted) return this.reading(accepted.z, { ...accepted, keyIndex });
      }
    }
    return this.reading(Math.max(...readers.map((reader) => reader.bestZ)), null);
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

  private reading(z: number, accepted: { releaseId: string; keyIndex: number; pose: Pose } | null): WatermarkReading {
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

function* scaleTrials(base: number, aspect: number, rotationDeg: number): Iterable<Trial> {
  for (let scale = SCALE_MIN; scale <= SCALE_MAX; scale *= 1 + SCALE_STEP) {
    yield { scaleX: base * scale * (1 + aspect / 2), scaleY: (base * scale) / (1 + aspect / 2), rotationDeg };
  }
}

function* aspectBatches(base: number): Iterable<Iterable<Trial>> {
  for (let aspect = ASPECT_STEP; aspect <= ASPECT_MAX; aspect += ASPECT_STEP) {
    for (const signed of [aspect, -aspect]) yield scaleTrials(base, signed, 0);
  }
}

/** Small angles first: they are the likelier ones. */
function* rotationBatches(base: number): Iterable<Iterable<Trial>> {
  const steps = Math.ceil(ROTATION_MAX_DEG / ROTATION_STEP_DEG);
  for (let step = 1; step <= steps; step++) {
    for (const signed of [step, -step]) yield scaleTrials(base, 0, signed * ROTATION_STEP_DEG);
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
