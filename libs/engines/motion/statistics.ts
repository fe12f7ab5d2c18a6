import { HEIGHT, WIDTH } from './farneback.js';
import { percentile, percentileOfCounts } from './select.js';

/** Statistics of one pair of frames. */
const PAIR = 12;
const [COLUMNS, ROWS] = [8, 6];
const CELLS = COLUMNS * ROWS;
const PIXELS = WIDTH * HEIGHT;
/** Grey levels from which a difference, and pixels from which a movement, counts as such. */
const STRONG_DIFFERENCE = 25;
const ACTIVE = 1;

const NAMES = [
  'difference',
  'difference p95',
  'difference p99',
  'strong differences',
  'flow',
  'flow p95',
  'flow p99',
  'active',
  'flow change',
  'direction entropy',
  'camera flow',
  'active flow',
];

/** Names of the 32 statistics of a window, in order. */
export const STATISTICS: readonly string[] = [
  ...NAMES.map((name) => `mean ${name}`),
  ...NAMES.map((name) => `max ${name}`),
  'sd flow',
  'sd flow change',
  'cell max mean',
  'cell max',
  'cell max sd',
  'active cells',
  'mean step of flow',
  'duration',
];

/** What is kept of a pair of frames: 12 numbers in the order of {@link STATISTICS}, and mean flow on an 8x6 grid. */
export interface PairStatistics {
  values: Float64Array;
  cells: Float64Array;
}

/** Measures pairs of frames of one shot; all large buffers are its own. */
export class PairMeter {
  private readonly previous = new Uint8Array(PIXELS);
  /** Movement that is left without the camera's: of this pair, and of the pair before. */
  private residual = new Float32Array(PIXELS * 2);
  private residualBefore = new Float32Array(PIXELS * 2);
  private readonly scratch = new Float32Array(PIXELS);
  private readonly counts = new Uint32Array(256);
  private pairs = 0;

  /** The next frame starts a new shot. */
  reset(): void {
    this.pairs = 0;
  }

  /** Remembers the first frame of a shot. */
  prime(grey: Uint8Array): void {
    this.previous.set(grey);
  }

  /**
   * Statistics of the frame before and this one.
   * @param grey 160x120 bytes
   * @param flow from the frame before to this one, `[x, y]` per pixel
   */
  measure(grey: Uint8Array, flow: Float32Array): PairStatistics {
    const values = new Float64Array(PAIR);
    const cells = new Float64Array(CELLS);
    this.differences(grey, values);
    const [cameraX, cameraY] = [this.median(flow, 0), this.median(flow, 1)];
    values[10] = Math.hypot(cameraX, cameraY);
    this.movement(flow, cameraX, cameraY, values, cells);
    values[5] = percentile(this.scratch, PIXELS, 0.95);
    values[6] = percentile(this.scratch, PIXELS, 0.99);
    [this.residual, this.residualBefore] = [this.residualBefore, this.residual];
    this.previous.set(grey);
    this.pairs++;
    return { values, cells };
  }

  private differences(grey: Uint8Array, values: Float64Array): void {
    const { counts, previous } = this;
    counts.fill(0);
    for (let i = 0; i < PIXELS; i++) counts[Math.abs(grey[i]! - previous[i]!)]!++;
    let sum = 0;
    let strong = 0;
    counts.forEach((count, value) => {
      sum += count * value;
      if (value > STRONG_DIFFERENCE) strong += count;
    });
    values[0] = sum / PIXELS;
    values[1] = percentileOfCounts(counts, PIXELS, 0.95);
    values[2] = percentileOfCounts(counts, PIXELS, 0.99);
    values[3] = strong / PIXELS;
  }

  private median(flow: Float32Array, axis: 0 | 1): number {
    for (let i = 0, at = axis; i < PIXELS; i++, at += 2) this.scratch[i] = flow[at]!;
    return percentile(this.scratch, PIXELS, 0.5);
  }

  private movement(flow: Float32Array, cameraX: number, cameraY: number, values: Float64Array, cells: Float64Array) {
    const { residual, residualBefore, scratch } = this;
    const directions = new Float64Array(8);
    const known = this.pairs > 0;
    let [sum, change, active, activeSum] = [0, 0, 0, 0];
    for (let y = 0, i = 0; y < HEIGHT; y++) {
      const row = Math.floor((y * ROWS) / HEIGHT) * COLUMNS;
      for (let x = 0; x < WIDTH; x++, i++) {
        const dx = flow[2 * i]! - cameraX;
        const dy = flow[2 * i + 1]! - cameraY;
        const size = Math.sqrt(dx * dx + dy * dy);
        if (known) {
          const cx = dx - residualBefore[2 * i]!;
          const cy = dy - residualBefore[2 * i + 1]!;
          change += Math.sqrt(cx * cx + cy * cy);
        }
        residual[2 * i] = dx;
        residual[2 * i + 1] = dy;
        scratch[i] = size;
        sum += size;
        cells[row + (((x * COLUMNS) / WIDTH) | 0)]! += size;
        if (size > ACTIVE) {
          active++;
          activeSum += size;
          const eighth = Math.floor((Math.atan2(dy, dx) + Math.PI) * (4 / Math.PI));
          directions[Math.min(7, eighth)]!++;
        }
      }
    }
    cells.forEach((total, c) => (cells[c] = (total * CELLS) / PIXELS));
    values[4] = sum / PIXELS;
    values[7] = active / PIXELS;
    values[8] = change / PIXELS;
    values[9] = directions.reduce((h, n) => (n === 0 ? h : h - (n / active) * Math.log(n / active)), 0);
    values[11] = active === 0 ? 0 : activeSum / active;
  }
}

const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
const deviation = (list: readonly number[]) => {
  const middle = mean(list);
  return Math.sqrt(mean(list.map((v) => (v - middle) ** 2)));
};

/**
 * The 32 statistics of a window, in the order of {@link STATISTICS}.
 * @param pairs at least one, in order; the first one's change of flow counts as 0, as in the material of the head
 * @param durationS length of the window in seconds
 */
export function windowStatistics(pairs: readonly PairStatistics[], durationS: number): Float64Array {
  const column = (k: number) => pairs.map(({ values }, i) => (k === 8 && i === 0 ? 0 : values[k]!));
  const columns = Array.from({ length: PAIR }, (_, k) => column(k));
  const flow = columns[4]!;
  const cells = Array.from({ length: CELLS }, (_, c) => pairs.map((pair) => pair.cells[c]!));
  const cellMeans = cells.map(mean);
  const steps = flow.slice(1).map((v, i) => Math.abs(v - flow[i]!));
  return Float64Array.from([
    ...columns.map(mean),
    ...columns.map((list) => Math.max(...list)),
    deviation(flow),
    deviation(columns[8]!),
    Math.max(...cellMeans),
    Math.max(...cells.map((list) => Math.max(...list))),
    Math.max(...cells.map(deviation)),
    cellMeans.filter((m) => m > ACTIVE).length / CELLS,
    steps.length === 0 ? 0 : mean(steps),
    durationS,
  ]);
}
