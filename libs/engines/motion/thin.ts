import { HEIGHT, WIDTH } from './farneback.js';

/** Brightness of black and white in the luma of ordinary clips; the statistics were made with 0 and 255. */
const [BLACK, WHITE] = [16, 235];

/** Source positions and weights of one axis: area average when shrinking, linear when enlarging. */
function axis(from: number, to: number) {
  const step = from / to;
  return Array.from({ length: to }, (_, t) => {
    if (step < 1) {
      const centre = Math.min(Math.max((t + 0.5) * step - 0.5, 0), from - 1);
      const low = Math.min(Math.floor(centre), Math.max(from - 2, 0));
      return { low, weights: from === 1 ? [1] : [1 - (centre - low), centre - low] };
    }
    const [start, end] = [t * step, Math.min((t + 1) * step, from)];
    const low = Math.floor(start + 1e-9);
    const count = Math.max(1, Math.ceil(end - 1e-9) - low);
    const weights = Array.from({ length: count }, (__, k) => Math.min(low + k + 1, end) - Math.max(low + k, start));
    return { low, weights: weights.map((w) => w / (end - start)) };
  });
}

/** Stretches luma of one size to 160x120 bytes of full range. */
export class GreyScaler {
  private columns: ReturnType<typeof axis> = [];
  private rows: ReturnType<typeof axis> = [];
  private width = 0;
  private height = 0;
  private line = new Float64Array(0);

  /** @param range `limited`: 16 is black and 235 white; `full`: 0 and 255 */
  scale(data: Uint8Array, width: number, height: number, range: 'limited' | 'full', out: Uint8Array): void {
    if (width !== this.width || height !== this.height) {
      [this.width, this.height] = [width, height];
      [this.columns, this.rows] = [axis(width, WIDTH), axis(height, HEIGHT)];
      this.line = new Float64Array(width);
    }
    const [offset, gain] = range === 'full' ? [0, 1] : [BLACK, 255 / (WHITE - BLACK)];
    const { line } = this;
    for (let y = 0, at = 0; y < HEIGHT; y++) {
      const { low, weights } = this.rows[y]!;
      line.fill(0);
      for (let k = 0; k < weights.length; k++) {
        const w = weights[k]!;
        const from = (low + k) * width;
        for (let x = 0; x < width; x++) line[x]! += w * data[from + x]!;
      }
      for (let x = 0; x < WIDTH; x++) {
        const column = this.columns[x]!;
        let sum = 0;
        for (let k = 0; k < column.weights.length; k++) sum += column.weights[k]! * line[column.low + k]!;
        out[at++] = Math.max(0, Math.min(255, Math.round((sum - offset) * gain)));
      }
    }
  }
}
