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

/** Positions of `count` samples spread evenly over `length`. */
function positions(count: number, length: number): Int32Array {
  return Int32Array.from({ length: count }, (_, i) => Math.min(length - 1, Math.floor(((i + 0.5) * length) / count)));
}

function coarse({ data, stride, width, height, bits }: Plane): Float32Array {
  const cells = new Float32Array(columns * rows);
  const xs = positions(columns * taps, width);
  const ys = positions(rows * taps, height);
  const share = 2 ** (8 - bits) / (taps * taps);
  const wide = bits > 8;
  for (let row = 0, line = 0; row < rows; row++) {
    for (let tap = 0; tap < taps; tap++, line++) {
      const start = (ys[line] ?? 0) * stride;
      for (let column = 0, i = 0; column < columns; column++) {
        let sum = 0;
        for (let t = 0; t < taps; t++, i++) {
          const at = start + (xs[i] ?? 0) * (wide ? 2 : 1);
          sum += wide ? (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8) : (data[at] ?? 0);
        }
        const cell = row * columns + column;
        cells[cell] = (cells[cell] ?? 0) + sum * share;
      }
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
    const jump = difference > 10 ? histogramDistance(before, now) : 0;
    const cut =
      // In a strobe every frame is a cut, however usual that is for the clip: it must not hide a shot.
      (difference > 30 && jump > 0.45) ||
      (difference > 6 && difference > 3 * usual + 4) ||
      (difference > 10 && difference > 1.5 * usual && jump > 0.45);
    this.lately.push(difference);
    if (this.lately.length > memory) this.lately.shift();
    return cut;
  }
}
