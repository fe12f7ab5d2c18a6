import { frequencyMatrix, type Pose } from './geometry.js';
import { type Bins } from './layout.js';
import { BAND_HIGH, TILE } from './params.js';
import { fftPlan, OUTLIER, type Sampled } from './spectrum.js';

// Bound once: these run per pixel or per bin.
const { exp, hypot, log, round } = Math;

/** Cells per tile in each direction: half a canonical pixel each, fine enough for the band to lose nothing. */
const SIDE = 2 * TILE;
/** Harmonics on each side of a bin over which the log power is averaged. */
const WHITEN_REACH = 2;
const EULER = 0.5772156649;
/** Largest harmonic that is looked at: the band and the neighbourhood of its last bin. */
const REACH = Math.floor(BAND_HIGH * TILE) + WHITEN_REACH;

/** For each pixel of a plane the cell of the tile it falls into under a pose, shift left aside. */
export function foldMap(width: number, height: number, pose: Pose): Uint16Array {
  const [xx, xy, yx, yy] = frequencyMatrix(pose);
  const map = new Uint16Array(width * height);
  const [middleX, middleY] = [width >> 1, height >> 1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [qx, qy] = [x - middleX, y - middleY];
      const column = round(2 * (xx * qx + yx * qy)) & (SIDE - 1);
      const row = round(2 * (xy * qx + yy * qy)) & (SIDE - 1);
      map[y * width + x] = row * SIDE + column;
    }
  }
  return map;
}

/**
 * Whitened values of one plane at the tile's own frequencies under one pose: the plane is folded into a single tile, so
 * that a transform of the tile takes the place of one of the plane. It answers for the pose of its map alone.
 */
export class FoldedSpectrum implements Sampled {
  private readonly re = new Float32Array(SIDE * SIDE);
  private readonly im = new Float32Array(SIDE * SIDE);
  private readonly logs = new Float32Array(SIDE * SIDE);

  /** Takes the next plane, of as many values as the map has. */
  fold(plane: ArrayLike<number>, map: Uint16Array): void {
    const { re, im, logs } = this;
    re.fill(0);
    im.fill(0);
    for (let at = 0; at < map.length; at++) re[map[at]!]! += plane[at]!;
    const plan = fftPlan(SIDE);
    for (let row = 0; row < SIDE; row++) plan.row(re, im, row * SIDE, -1);
    plan.columns(re, im, SIDE, -1);
    for (let v = -REACH; v <= REACH; v++) {
      for (let u = -REACH; u <= REACH; u++) {
        const at = place(u, v);
        logs[at] = log(re[at]! * re[at]! + im[at]! * im[at]! + 1e-6);
      }
    }
  }

  /** As {@link Spectrum.sample}, at the pose of the map. */
  sample(bins: Bins, _pose: Pose, outRe: Float32Array, outIm: Float32Array): void {
    for (let slot = 0; slot < bins.count; slot++) {
      const [u, v] = [bins.u[slot]!, bins.v[slot]!];
      const at = place(u, v);
      const [real, imag] = [this.re[at]!, this.im[at]!];
      const magnitude = hypot(real, imag);
      const weight = this.weightAt(u, v);
      const scale = magnitude * weight > OUTLIER ? OUTLIER / magnitude : weight;
      outRe[slot] = scale * (real * bins.cos[slot]! + imag * bins.sin[slot]!);
      outIm[slot] = scale * (imag * bins.cos[slot]! - real * bins.sin[slot]!);
    }
  }

  /** One over the local RMS. */
  private weightAt(u: number, v: number): number {
    let sum = 0;
    for (let dv = -WHITEN_REACH; dv <= WHITEN_REACH; dv++) {
      for (let du = -WHITEN_REACH; du <= WHITEN_REACH; du++) sum += this.logs[place(u + du, v + dv)]!;
    }
    // The mean of the logarithm of an exponential variable lies Euler's constant below that of its mean.
    return exp(-(sum / (2 * WHITEN_REACH + 1) ** 2 + EULER) / 2);
  }
}

function place(u: number, v: number): number {
  return (v & (SIDE - 1)) * SIDE + (u & (SIDE - 1));
}
