import { Fft } from './fft.js';
import { frequencyMatrix, type Pose } from './geometry.js';
import { type Bins } from './layout.js';
import { TILE } from './params.js';

// Bound once: these run per pixel or per bin.
const { abs, exp, floor, hypot, log, max, min } = Math;

/** Bins whose whitened magnitude exceeds this many times the local RMS are outliers and cut to it. */
export const OUTLIER = 4;
/** Beyond this frequency (cycles per pixel) the plane holds nothing reliable. */
const NYQUIST_GUARD = 0.48;
/** Side of the neighbourhood, in whitening cells, over which the log power is averaged. */
const WHITEN_REACH = 2;
const EULER = 0.5772156649;

const plans = new Map<number, Fft>();

/** The FFT of a length, made once. */
export function fftPlan(size: number): Fft {
  let plan = plans.get(size);
  if (!plan) plans.set(size, (plan = new Fft(size)));
  return plan;
}

const powerOfTwo = (least: number) => 2 ** Math.ceil(Math.log2(least));

/** Something that whitened values can be read from. */
export interface Sampled {
  /** See {@link Spectrum.sample}. */
  sample(bins: Bins, pose: Pose, outRe: Float32Array, outIm: Float32Array): void;
}

/** Whitened spectrum of an accumulated residual: zero-padded at least twofold, origin at the centre of the plane. */
export class Spectrum implements Sampled {
  private readonly nx: number;
  private readonly ny: number;
  /** Columns kept: frequencies 0 .. 1/2; the rest are mirror images. */
  private readonly stride: number;
  private readonly re: Float32Array;
  private readonly im: Float32Array;
  private readonly cellX: number;
  private readonly cellY: number;
  private readonly cellsX: number;
  private readonly cellsY: number;
  /** Per whitening cell: one over the local RMS. */
  private readonly weight: Float32Array;

  constructor(plane: Float32Array, width: number, height: number) {
    this.nx = powerOfTwo(2 * width);
    this.ny = powerOfTwo(2 * height);
    this.stride = this.nx / 2 + 1;
    this.re = new Float32Array(this.stride * this.ny);
    this.im = new Float32Array(this.stride * this.ny);
    this.transformRows(plane, width, height);
    fftPlan(this.ny).columns(this.re, this.im, this.stride, -1);
    this.cellX = max(4, this.nx / TILE);
    this.cellY = max(4, this.ny / TILE);
    this.cellsX = Math.ceil(this.stride / this.cellX);
    this.cellsY = this.ny / this.cellY;
    this.weight = this.whitening();
  }

  /** Two real rows per complex transform. */
  private transformRows(plane: Float32Array, width: number, height: number): void {
    const { nx, ny, stride, re, im } = this;
    const plan = fftPlan(nx);
    const a = new Float32Array(nx);
    const b = new Float32Array(nx);
    const middleX = width >> 1;
    const middleY = height >> 1;
    for (let y = 0; y < height; y += 2) {
      a.fill(0);
      b.fill(0);
      for (let x = 0; x < width; x++) {
        const to = (x - middleX) & (nx - 1);
        a[to] = plane[y * width + x]!;
        if (y + 1 < height) b[to] = plane[(y + 1) * width + x]!;
      }
      plan.row(a, b, 0, -1);
      const first = ((y - middleY) & (ny - 1)) * stride;
      const second = ((y + 1 - middleY) & (ny - 1)) * stride;
      for (let k = 0; k < stride; k++) {
        const mirror = (nx - k) & (nx - 1);
        re[first + k] = (a[k]! + a[mirror]!) / 2;
        im[first + k] = (b[k]! - b[mirror]!) / 2;
        if (y + 1 >= height) continue;
        re[second + k] = (b[k]! + b[mirror]!) / 2;
        im[second + k] = (a[mirror]! - a[k]!) / 2;
      }
    }
  }

  private whitening(): Float32Array {
    const { cellsX, cellsY, cellX, cellY, stride, re, im } = this;
    const logs = new Float32Array(cellsX * cellsY);
    for (let row = 0; row < cellsY; row++) {
      for (let column = 0; column < cellsX; column++) {
        let sum = 0;
        let count = 0;
        const right = min(stride, (column + 1) * cellX);
        for (let y = row * cellY; y < (row + 1) * cellY; y += 2) {
          for (let x = column * cellX; x < right; x += 2) {
            const at = y * stride + x;
            sum += log(re[at]! * re[at]! + im[at]! * im[at]! + 1e-6);
            count++;
          }
        }
        logs[row * cellsX + column] = sum / count;
      }
    }
    return this.smooth(logs);
  }

  private smooth(logs: Float32Array): Float32Array {
    const { cellsX, cellsY } = this;
    const weight = new Float32Array(cellsX * cellsY);
    for (let row = 0; row < cellsY; row++) {
      for (let column = 0; column < cellsX; column++) {
        let sum = 0;
        let count = 0;
        for (let dy = -WHITEN_REACH; dy <= WHITEN_REACH; dy++) {
          const y = (row + dy + cellsY) % cellsY;
          const last = min(cellsX - 1, column + WHITEN_REACH);
          for (let x = max(0, column - WHITEN_REACH); x <= last; x++) {
            sum += logs[y * cellsX + x]!;
            count++;
          }
        }
        // The mean of the logarithm of an exponential variable lies Euler's constant below that of its mean.
        weight[row * cellsX + column] = exp(-(sum / count + EULER) / 2);
      }
    }
    return weight;
  }

  /**
   * Whitened values at the places of the bins under a pose, turned back by the bins' keyed phases; the pose's shift
   * is not applied. Bins beyond the plane's own resolution are zero.
   */
  sample(bins: Bins, pose: Pose, outRe: Float32Array, outIm: Float32Array): void {
    const { nx, ny, stride, re, im } = this;
    const [xx, xy, yx, yy] = frequencyMatrix(pose);
    for (let slot = 0; slot < bins.count; slot++) {
      let fx = (xx * bins.u[slot]! + xy * bins.v[slot]!) / TILE;
      let fy = (yx * bins.u[slot]! + yy * bins.v[slot]!) / TILE;
      outRe[slot] = outIm[slot] = 0;
      if (abs(fx) > NYQUIST_GUARD || abs(fy) > NYQUIST_GUARD) continue;
      const mirrored = fx < 0;
      if (mirrored) {
        fx = -fx;
        fy = -fy;
      }
      const gx = fx * nx;
      const gy = (fy < 0 ? fy + 1 : fy) * ny;
      const x = floor(gx);
      const y = floor(gy);
      const tx = gx - x;
      const ty = gy - y;
      const a = (y & (ny - 1)) * stride + x;
      const b = ((y + 1) & (ny - 1)) * stride + x;
      const real = (1 - ty) * ((1 - tx) * re[a]! + tx * re[a + 1]!) + ty * ((1 - tx) * re[b]! + tx * re[b + 1]!);
      const imag = (1 - ty) * ((1 - tx) * im[a]! + tx * im[a + 1]!) + ty * ((1 - tx) * im[b]! + tx * im[b + 1]!);
      const scale = this.scaleAt(gx, gy, hypot(real, imag));
      const wr = real * scale;
      const wi = (mirrored ? -imag : imag) * scale;
      outRe[slot] = wr * bins.cos[slot]! + wi * bins.sin[slot]!;
      outIm[slot] = wi * bins.cos[slot]! - wr * bins.sin[slot]!;
    }
  }

  private scaleAt(gx: number, gy: number, magnitude: number): number {
    const { cellX, cellY, cellsX, cellsY, weight } = this;
    const cx = max(0, gx / cellX - 0.5);
    const cy = gy / cellY - 0.5 + cellsY;
    const x = min(cellsX - 1, floor(cx));
    const next = min(cellsX - 1, x + 1);
    const y = floor(cy);
    const tx = cx - x;
    const ty = cy - y;
    const a = (y % cellsY) * cellsX;
    const b = ((y + 1) % cellsY) * cellsX;
    const upper = (1 - tx) * weight[a + x]! + tx * weight[a + next]!;
    const lower = (1 - tx) * weight[b + x]! + tx * weight[b + next]!;
    const scale = (1 - ty) * upper + ty * lower;
    return magnitude * scale > OUTLIER ? OUTLIER / magnitude : scale;
  }
}
