import { type Rect } from './borders.js';

/** Cuts a rectangle out of luma frames of one width and scales it down by pixel area; keeps its buffers. */
export class AreaScaler {
  readonly output: Float32Array;
  private readonly line: Float64Array;
  private readonly prefix: Float64Array;

  /** The output may not be larger than the rectangle. */
  constructor(
    private readonly rect: Rect,
    readonly width: number,
    readonly height: number,
  ) {
    this.output = new Float32Array(width * height);
    this.line = new Float64Array(rect.width);
    this.prefix = new Float64Array(rect.width + 2);
  }

  /** Fills and returns {@link output}. */
  scale(luma: Uint8Array, stride: number): Float32Array {
    const { rect, width, height, output } = this;
    if (rect.width === width && rect.height === height) {
      for (let y = 0; y < height; y++) {
        const source = (rect.y + y) * stride + rect.x;
        for (let x = 0; x < width; x++) output[y * width + x] = luma[source + x]!;
      }
      return output;
    }
    for (let y = 0; y < height; y++) {
      this.gatherRows(luma, stride, y);
      this.writeRow(y * width);
    }
    return output;
  }

  /** Sums the source rows under an output row, weighted by how much of each it covers. */
  private gatherRows(luma: Uint8Array, stride: number, y: number): void {
    const { rect, height, line } = this;
    const ratio = rect.height / height;
    const from = y * ratio;
    const to = Math.min(rect.height, from + ratio);
    line.fill(0);
    for (let row = Math.floor(from); row < to; row++) {
      const weight = (Math.min(row + 1, to) - Math.max(row, from)) / ratio;
      const source = (rect.y + row) * stride + rect.x;
      for (let x = 0; x < rect.width; x++) line[x] = line[x]! + weight * luma[source + x]!;
    }
  }

  private writeRow(start: number): void {
    const { rect, width, line, prefix, output } = this;
    let sum = 0;
    for (let x = 0; x < rect.width; x++) {
      prefix[x] = sum;
      sum += line[x]!;
    }
    prefix[rect.width] = prefix[rect.width + 1] = sum;
    const ratio = rect.width / width;
    let before = 0;
    for (let x = 0; x < width; x++) {
      const edge = (x + 1) * ratio;
      const whole = edge | 0;
      const after = prefix[whole]! + (edge - whole) * (prefix[whole + 1]! - prefix[whole]!);
      output[start + x] = (after - before) / ratio;
      before = after;
    }
  }
}
