import { CANONICAL_SHORT_SIDE, GAIN_CAP, MASK_FLAT, MASK_SIGMA_CAP, MASK_SLOPE, TARGET_PSNR_DB } from './params.js';

// Bound once: these run per pixel or per cell.
const { ceil, floor, max, min, round, sqrt } = Math;

/** Small-plane pixels along a mask cell. */
const CELL = 4;
/** Below the first luma no mark at all (limited-range black is 16), above the second the full one. */
const DARK_NONE = 17;
const DARK_FULL = 37;
/** Mean square error of dithered rounding, which the PSNR target has to hold as well. */
const ROUNDING_MSE = 0.11;

/**
 * Perceptual mask v2: per cell M = (0.5 + 0.42 min(sigma', 14)) L_dark, where sigma' is the local standard deviation
 * of a 5x5 high-pass, eroded so that flat areas beside an edge are not marked like the edge.
 * Works on a plane reduced by a whole factor to about the canonical size, and on cells of 4x4 of its pixels.
 */
export class Mask {
  /** Whole factor between native and small pixels. */
  private readonly factor: number;
  private readonly smallWidth: number;
  private readonly smallHeight: number;
  private readonly small: Int32Array;
  private readonly columnSum: Int32Array;
  private readonly energy: Float64Array;
  private readonly light: Float64Array;
  private readonly sigma: Float32Array;
  private readonly eroded: Float32Array;
  /** Cells across and down; their centres are the nodes between which the mask is interpolated. */
  readonly columns: number;
  readonly rows: number;
  /** Native pixels along a cell. */
  readonly cell: number;
  /** g M per cell: the RMS of the mark there, in luma levels. */
  readonly gain: Float32Array;

  constructor(
    private readonly width: number,
    height: number,
  ) {
    this.factor = max(1, round(min(width, height) / CANONICAL_SHORT_SIDE));
    this.smallWidth = floor(width / this.factor);
    this.smallHeight = floor(height / this.factor);
    this.columns = ceil(this.smallWidth / CELL);
    this.rows = ceil(this.smallHeight / CELL);
    this.cell = CELL * this.factor;
    const cells = this.columns * this.rows;
    this.small = new Int32Array(this.smallWidth * this.smallHeight);
    this.columnSum = new Int32Array(this.smallWidth + 4);
    this.energy = new Float64Array(cells);
    this.light = new Float64Array(cells);
    this.sigma = new Float32Array(cells);
    this.eroded = new Float32Array(cells);
    this.gain = new Float32Array(cells);
  }

  /** Fills {@link gain} for a frame. `strength` multiplies the mark after the caps. */
  measure(luma: Uint8Array, strength: number): void {
    this.reduce(luma);
    this.highPassEnergy();
    this.smoothAndErode();
    this.setGain(strength);
  }

  /** Sums of factor x factor native pixels. */
  private reduce(luma: Uint8Array): void {
    const { factor, width, smallWidth, smallHeight, small } = this;
    if (factor === 2) return this.reduceByTwo(luma);
    for (let y = 0; y < smallHeight; y++) {
      const out = y * smallWidth;
      small.fill(0, out, out + smallWidth);
      for (let dy = 0; dy < factor; dy++) {
        let source = (y * factor + dy) * width;
        for (let x = 0; x < smallWidth; x++) {
          let sum = 0;
          for (let dx = 0; dx < factor; dx++) sum += luma[source++]!;
          small[out + x] = small[out + x]! + sum;
        }
      }
    }
  }

  /** The usual case (576 to 959 lines), unrolled. */
  private reduceByTwo(luma: Uint8Array): void {
    const { width, smallWidth, smallHeight, small } = this;
    for (let y = 0; y < smallHeight; y++) {
      let top = 2 * y * width;
      let bottom = top + width;
      const end = (y + 1) * smallWidth;
      for (let out = y * smallWidth; out < end; out++) {
        small[out] = luma[top]! + luma[top + 1]! + luma[bottom]! + luma[bottom + 1]!;
        top += 2;
        bottom += 2;
      }
    }
  }

  /** Per cell: mean square of y - box5(y), in squared luma levels, and mean luma. */
  private highPassEnergy(): void {
    const { smallHeight, columns, rows, energy, light } = this;
    energy.fill(0);
    light.fill(0);
    for (let y = 0; y < smallHeight; y++) {
      this.advanceColumns(y);
      this.addRow(y, min(rows - 1, floor(y / CELL)) * columns);
    }
    const pixel = this.factor * this.factor;
    for (let row = 0; row < rows; row++) {
      const high = min(CELL, smallHeight - row * CELL);
      for (let column = 0; column < columns; column++) {
        const count = high * min(CELL, this.smallWidth - column * CELL);
        const at = row * columns + column;
        energy[at] = energy[at]! / (count * 625 * pixel * pixel);
        light[at] = light[at]! / (count * pixel);
      }
    }
  }

  /** Keeps, per column, the sum over rows y-2 .. y+2, edges repeated; two columns of margin on both sides. */
  private advanceColumns(y: number): void {
    const { smallWidth, smallHeight, small, columnSum } = this;
    const row = (index: number) => max(0, min(smallHeight - 1, index)) * smallWidth;
    if (y === 0) {
      columnSum.fill(0);
      for (let dy = -2; dy <= 2; dy++) {
        const source = row(dy);
        for (let x = 0; x < smallWidth; x++) columnSum[x + 2] = columnSum[x + 2]! + small[source + x]!;
      }
    } else {
      const enter = row(y + 2);
      const leave = row(y - 3);
      for (let x = 0; x < smallWidth; x++) {
        columnSum[x + 2] = columnSum[x + 2]! + small[enter + x]! - small[leave + x]!;
      }
    }
    columnSum[0] = columnSum[1] = columnSum[2]!;
    columnSum[smallWidth + 2] = columnSum[smallWidth + 3] = columnSum[smallWidth + 1]!;
  }

  private addRow(y: number, cellRow: number): void {
    const { smallWidth, small, columnSum, columns, energy, light } = this;
    const source = y * smallWidth;
    let box = columnSum[0]! + columnSum[1]! + columnSum[2]! + columnSum[3]!;
    let x = 0;
    for (let column = 0; column < columns; column++) {
      const end = min(x + CELL, smallWidth);
      let squares = 0;
      let sum = 0;
      for (; x < end; x++) {
        box += columnSum[x + 4]!;
        const value = small[source + x]!;
        const high = 25 * value - box;
        squares += high * high;
        sum += value;
        box -= columnSum[x]!;
      }
      energy[cellRow + column] = energy[cellRow + column]! + squares;
      light[cellRow + column] = light[cellRow + column]! + sum;
    }
  }

  /** sigma = RMS of the high-pass over 3x3 cells, then its minimum over 3x3 cells; edges repeated. */
  private smoothAndErode(): void {
    const { columns, rows, energy, sigma, eroded } = this;
    for (let row = 0; row < rows; row++) {
      const here = row * columns;
      const up = row > 0 ? here - columns : here;
      const down = row < rows - 1 ? here + columns : here;
      for (let x = 0; x < columns; x++) {
        const l = x > 0 ? x - 1 : 0;
        const r = x < columns - 1 ? x + 1 : x;
        let sum = energy[up + l]! + energy[up + x]! + energy[up + r]!;
        sum = sum + energy[here + l]! + energy[here + x]! + energy[here + r]!;
        sum = sum + energy[down + l]! + energy[down + x]! + energy[down + r]!;
        sigma[here + x] = sqrt(sum / 9);
      }
    }
    for (let row = 0; row < rows; row++) {
      const here = row * columns;
      const up = row > 0 ? here - columns : here;
      const down = row < rows - 1 ? here + columns : here;
      for (let x = 0; x < columns; x++) {
        const l = x > 0 ? x - 1 : 0;
        const r = x < columns - 1 ? x + 1 : x;
        const top = min(sigma[up + l]!, sigma[up + x]!, sigma[up + r]!);
        const middle = min(sigma[here + l]!, sigma[here + x]!, sigma[here + r]!);
        const bottom = min(sigma[down + l]!, sigma[down + x]!, sigma[down + r]!);
        eroded[here + x] = min(top, middle, bottom);
      }
    }
  }

  private setGain(strength: number): void {
    const { eroded, light, gain } = this;
    let squares = 0;
    for (let at = 0; at < gain.length; at++) {
      const dark = max(0, min(1, (light[at]! - DARK_NONE) / (DARK_FULL - DARK_NONE)));
      const value = (MASK_FLAT + MASK_SLOPE * min(MASK_SIGMA_CAP, eroded[at]!)) * dark;
      gain[at] = value;
      squares += value * value;
    }
    const allowed = 255 ** 2 / 10 ** (TARGET_PSNR_DB / 10) - ROUNDING_MSE;
    const meanSquare = squares / gain.length;
    const g = strength * (meanSquare > 0 ? min(GAIN_CAP, sqrt(allowed / meanSquare)) : GAIN_CAP);
    for (let at = 0; at < gain.length; at++) gain[at] = gain[at]! * g;
  }
}
