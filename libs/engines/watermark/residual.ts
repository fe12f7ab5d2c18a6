// Bound once: these run per pixel or per bin.
const { sqrt } = Math;

/** Half side of the 13x13 window. */
const REACH = 6;
/** Added to the local standard deviation (levels), so that flat areas do not shout. */
const SOFTENER = 1.2;
const CLIP = 2.5;

/**
 * Sum over frames of r = clip(hp / (sd + 1.2), +-2.5), where hp = y - box13(y) and sd is the standard deviation in
 * the same window: each place counts by how far it departs from its surroundings there.
 */
export class ResidualSum {
  readonly sum: Float32Array;
  private readonly columnSum: Float64Array;
  private readonly columnSquares: Float64Array;

  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    this.sum = new Float32Array(width * height);
    this.columnSum = new Float64Array(width);
    this.columnSquares = new Float64Array(width);
  }

  /** Adds one frame: width * height luma values. */
  add(plane: Float32Array): void {
    const { width, height } = this;
    this.columnSum.fill(0);
    this.columnSquares.fill(0);
    for (let y = 0; y < Math.min(REACH, height); y++) this.addColumns(plane, y * width, 1);
    for (let y = 0; y < height; y++) {
      if (y + REACH < height) this.addColumns(plane, (y + REACH) * width, 1);
      if (y - REACH - 1 >= 0) this.addColumns(plane, (y - REACH - 1) * width, -1);
      const rows = Math.min(height - 1, y + REACH) - Math.max(0, y - REACH) + 1;
      this.addRow(plane, y * width, rows);
    }
  }

  private addColumns(plane: Float32Array, start: number, sign: 1 | -1): void {
    const { width, columnSum, columnSquares } = this;
    for (let x = 0; x < width; x++) {
      const value = plane[start + x]!;
      const signed = sign * value;
      columnSum[x] = columnSum[x]! + signed;
      columnSquares[x] = columnSquares[x]! + signed * value;
    }
  }

  private addRow(plane: Float32Array, start: number, rows: number): void {
    const { width, columnSum, columnSquares, sum } = this;
    let box = 0;
    let squares = 0;
    for (let x = 0; x < Math.min(REACH, width); x++) {
      box += columnSum[x]!;
      squares += columnSquares[x]!;
    }
    for (let x = 0; x < width; x++) {
      const enter = x + REACH;
      if (enter < width) {
        box += columnSum[enter]!;
        squares += columnSquares[enter]!;
      }
      const leave = x - REACH - 1;
      if (leave >= 0) {
        box -= columnSum[leave]!;
        squares -= columnSquares[leave]!;
      }
      const share = 1 / (rows * ((enter < width ? enter : width - 1) - (leave < -1 ? -1 : leave)));
      const mean = box * share;
      const variance = squares * share - mean * mean;
      const value = (plane[start + x]! - mean) / (sqrt(variance > 0 ? variance : 0) + SOFTENER);
      sum[start + x] = sum[start + x]! + (value > CLIP ? CLIP : value < -CLIP ? -CLIP : value);
    }
  }
}
