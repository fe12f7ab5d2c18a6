import { WatermarkError } from './errors.js';
import { makeLayout } from './layout.js';
import { Mask } from './mask.js';
import { MAX_LONG_SIDE, MIN_SHORT_SIDE } from './params.js';
import { drawPattern, PATTERN_SCALE } from './pattern.js';
import { requireReleaseId } from './payload.js';

// Bound once: these run per pixel or per bin.
const { imul } = Math;

/** What {@link createMarker} needs. */
export interface MarkerOptions {
  /** 32 secret bytes, shared with the detector. */
  key: Uint8Array;
  /** 16 lower-case hex digits. */
  releaseId: string;
  /** Size of every frame in pixels: short side at least 96, long side at most 8192. */
  width: number;
  height: number;
  /** Multiplies the mark after the perceptual caps; 0 < strength <= 4, default 1. Above 1 the caps no longer hold. */
  strength?: number;
}

/** Draws the mark of one release into the frames of one clip. */
export interface Marker {
  /**
   * Adds the mark to a luma plane in place. The same plane always gives the same result.
   * @param luma 8-bit luma, rows tightly packed, width * height bytes
   * @param frameIndex number of the frame in the clip from 0; the present mark is the same in every frame
   * @throws WatermarkError `watermark_bad_frame`
   */
  apply(luma: Uint8Array, frameIndex: number): void;
}

const FRACTION_BITS = 20;
const ONE = 1 << FRACTION_BITS;
const DITHER_SIZE = 4096;

/** Fixed dither of half a level (0.25 .. 0.75, then floor): xorshift32 from a fixed seed, the same for all clips. */
function makeDither(): Int32Array {
  let state = 0x9e3779b9 | 0;
  return Int32Array.from({ length: DITHER_SIZE }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.round(ONE * (0.25 + 0.5 * ((state >>> 0) / 0x1_0000_0000)));
  });
}

/** The dither, repeated so that a row can be read from any place of it without wrapping round. */
let dither: Int32Array | undefined;

function ditherForRows(): Int32Array {
  const once = makeDither();
  return Int32Array.from({ length: DITHER_SIZE + MAX_LONG_SIDE }, (_, i) => once[i & (DITHER_SIZE - 1)]!);
}

/** Throws `watermark_bad_frame` unless the size lies in the supported range. */
export function requireSize(width: number, height: number): void {
  const valid = Number.isInteger(width) && Number.isInteger(height);
  if (!valid || Math.min(width, height) < MIN_SHORT_SIDE || Math.max(width, height) > MAX_LONG_SIDE) {
    throw new WatermarkError(
      'watermark_bad_frame',
      `Frames of ${width}x${height} cannot carry the mark: sides of ${MIN_SHORT_SIDE} to ${MAX_LONG_SIDE} pixels are needed.`,
    );
  }
}

class TileMarker implements Marker {
  private readonly mask: Mask;
  /** The mask along the present row, at the cell nodes, with one repeated node at each end. */
  private readonly nodes: Int32Array;

  constructor(
    private readonly pattern: Int8Array,
    private readonly width: number,
    private readonly height: number,
    private readonly strength: number,
    private readonly dither: Int32Array,
  ) {
    this.mask = new Mask(width, height);
    this.nodes = new Int32Array(this.mask.columns + 2);
  }

  apply(luma: Uint8Array, _frameIndex: number): void {
    const { width, height } = this;
    if (luma.length !== width * height) {
      throw new WatermarkError(
        'watermark_bad_frame',
        `A luma plane of ${width}x${height} has ${width * height} bytes, not ${luma.length}.`,
      );
    }
    this.mask.measure(luma, this.strength);
    const clamped = new Uint8ClampedArray(luma.buffer, luma.byteOffset, luma.length);
    for (let y = 0; y < height; y++) {
      this.interpolateNodes(y);
      this.markRow(clamped, y);
    }
  }

  private interpolateNodes(y: number): void {
    const { columns, rows, cell, gain } = this.mask;
    const { nodes } = this;
    const position = (y + 0.5) / cell - 0.5;
    const above = Math.max(0, Math.min(rows - 1, Math.floor(position)));
    const below = Math.min(rows - 1, above + 1);
    const weight = Math.max(0, Math.min(1, position - above));
    const scale = ONE / PATTERN_SCALE;
    for (let column = 0; column < columns; column++) {
      const upper = gain[above * columns + column]!;
      const lower = gain[below * columns + column]!;
      nodes[column + 1] = scale * (upper + weight * (lower - upper));
    }
    nodes[0] = nodes[1]!;
    nodes[columns + 1] = nodes[columns]!;
  }

  private markRow(luma: Uint8ClampedArray, y: number): void {
    const { nodes, pattern, width, dither: table } = this;
    const { cell } = this.mask;
    const rowStart = y * width;
    const rowEnd = rowStart + width;
    // Rows start at scattered places of the table, so that it shows no columns.
    let noise = imul(y, 1597) & (DITHER_SIZE - 1);
    let at = rowStart;
    let end = rowStart + (cell >> 1);
    for (let node = 0; at < rowEnd; node++) {
      const stop = end < rowEnd ? end : rowEnd;
      const left = nodes[node]!;
      const right = node + 1 < nodes.length ? nodes[node + 1]! : left;
      const step = ((right - left) / cell) | 0;
      // The first segment is half a cell, and flat.
      let level = left + (step >> 1);
      // Four at a time: one by one takes a quarter longer.
      for (; at < stop - 3; at += 4) {
        luma[at] = luma[at]! + ((imul(level, pattern[at]!) + table[noise]!) >> FRACTION_BITS);
        level = (level + step) | 0;
        luma[at + 1] = luma[at + 1]! + ((imul(level, pattern[at + 1]!) + table[noise + 1]!) >> FRACTION_BITS);
        level = (level + step) | 0;
        luma[at + 2] = luma[at + 2]! + ((imul(level, pattern[at + 2]!) + table[noise + 2]!) >> FRACTION_BITS);
        level = (level + step) | 0;
        luma[at + 3] = luma[at + 3]! + ((imul(level, pattern[at + 3]!) + table[noise + 3]!) >> FRACTION_BITS);
        level = (level + step) | 0;
        noise += 4;
      }
      for (; at < stop; at++) {
        luma[at] = luma[at]! + ((imul(level, pattern[at]!) + table[noise++]!) >> FRACTION_BITS);
        level = (level + step) | 0;
      }
      end += cell;
    }
  }
}

/**
 * A marker for one release and frame size (design: spread spectrum on a keyed periodic tile, drawn under a perceptual
 * mask). PSNR-Y stays at or above 42.5 dB and flat areas carry at most 0.6 level RMS at strength 1.
 * Building it takes about 0.1 s at 1280x720.
 * @throws WatermarkError `watermark_bad_key`, `watermark_bad_release_id`, `watermark_bad_frame`, `watermark_bad_strength`
 */
export function createMarker(opts: MarkerOptions): Marker {
  const { key, releaseId, width, height, strength = 1 } = opts;
  requireReleaseId(releaseId);
  requireSize(width, height);
  if (!(strength > 0 && strength <= 4)) {
    throw new WatermarkError('watermark_bad_strength', 'The strength of the mark lies above 0 and at most at 4.');
  }
  dither ??= ditherForRows();
  return new TileMarker(drawPattern(makeLayout(key), releaseId, width, height), width, height, strength, dither);
}
