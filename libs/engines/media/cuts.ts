/** Columns and rows of the coarse picture on which cuts are found. */
const columns = 48;
const rows = 27;
/** Samples averaged per cell and direction. */
const taps = 3;
/** Mean absolute differences remembered as "what this clip usually does". */
const memory = 12;

/** A luma plane as the decoder holds it. */
export interface Plane {
  data: Uint8Array;
  stride: number;
  width: number;
  height: number;
  /** Bits per sample; above 8 a sample is two bytes, little-endian. */
  bits: number;
}

function coarse(plane: Plane): Float32Array {
  const cells = new Float32Array(columns * rows);
  const { data, stride, width, height, bits } = plane;
  const bytes = bits > 8 ? 2 : 1;
  const scale = 2 ** (8 - bits);
  for (let cy = 0; cy < rows * taps; cy++) {
    const y = Math.min(height - 1, Math.floor(((cy + 0.5) * height) / (rows * taps)));
    for (let cx = 0; cx < columns * taps; cx++) {
      const x = Math.min(width - 1, Math.floor(((cx + 0.5) * width) / (columns * taps)));
      const at = y * stride + x * bytes;
      const value = bytes === 1 ? (data[at] ?? 0) : ((data[at] ?? 0) | ((data[at + 1] ?? 0) << 8)) * scale;
      const cell = Math.floor(cy / taps) * columns + Math.floor(cx / taps);
      cells[cell] = (cells[cell] ?? 0) + value / (taps * taps);
    }
  }
  return cells;
}

/** Share of cells that moved to another of 32 brightness classes, 0..1. */
function histogramDistance(a: Float32Array, b: Float32Array): number {
  const bins = new Int32Array(32);
  for (const value of a) bins[Math.min(31, value >> 3)]!++;
  for (const value of b) bins[Math.min(31, value >> 3)]!--;
  return bins.reduce((sum, n) => sum + Math.abs(n), 0) / (2 * a.length);
}

/**
 * Finds hard cuts in a run of luma planes: the mean absolute difference to the frame before stands out from what
 * the clip did lately, or the brightness histogram jumps. It leans towards reporting: one frame too many costs a
 * little time, a missed shot is not looked at.
 */
export class CutDetector {
  private before: Float32Array | undefined;
  private readonly lately: number[] = [];

  /** True when this frame starts a new shot. The first frame does not count as a cut. */
  isCut(plane: Plane): boolean {
    const now = coarse(plane);
    const before = this.before;
    this.before = now;
    if (before === undefined) return false;
    let difference = 0;
    for (let i = 0; i < now.length; i++) difference += Math.abs((now[i] ?? 0) - (before[i] ?? 0));
    difference /= now.length;
    // With no history a moving camera is assumed.
    const usual = this.lately.length === 0 ? 5 : this.lately.reduce((sum, d) => sum + d, 0) / this.lately.length;
    const cut =
      (difference > 6 && difference > 3 * usual + 4) ||
      (difference > 10 && difference > 1.5 * usual && histogramDistance(before, now) > 0.45);
    this.lately.push(difference);
    if (this.lately.length > memory) this.lately.shift();
    return cut;
  }
}
