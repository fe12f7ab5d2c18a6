import { bytesOf, type Bitmap } from './bitmap.js';
import { type Rng } from './random.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { floor, imul, max, min, round } = Math;

/** Smooth noise in [0, 1] on a lattice that repeats every `period` cells in x. */
export class SmoothNoise {
  private readonly lattice = new Float32Array(256 * 256);

  constructor(
    rng: Rng,
    private readonly period = 256,
  ) {
    for (let i = 0; i < this.lattice.length; i++) this.lattice[i] = rng.next();
  }

  at(x: number, y: number): number {
    const xi = floor(x);
    const yi = floor(y);
    const fx = x - xi;
    const fy = y - yi;
    const sx = fx * fx * (3 - 2 * fx);
    const sy = fy * fy * (3 - 2 * fy);
    const x0 = ((xi % this.period) + this.period) % this.period;
    const x1 = (x0 + 1) % this.period;
    const y0 = (yi & 255) << 8;
    const y1 = ((yi + 1) & 255) << 8;
    const l = this.lattice;
    const top = (l[y0 + x0] as number) * (1 - sx) + (l[y0 + x1] as number) * sx;
    const low = (l[y1 + x0] as number) * (1 - sx) + (l[y1 + x1] as number) * sx;
    return top * (1 - sy) + low * sy;
  }

  /** Sum of `octaves` of noise, each twice as fine and half as strong, in [0, 1]. */
  layered(x: number, y: number, octaves: number): number {
    let sum = 0;
    let weight = 0;
    let amplitude = 1;
    for (let o = 0; o < octaves; o++) {
      sum += this.at(x * (1 << o), y * (1 << o) + o * 37) * amplitude;
      weight += amplitude;
      amplitude *= 0.5;
    }
    return sum / weight;
  }
}

/**
 * Gives painted areas a surface: broad soft mottling and fine grit, in proportion to alpha. Flat areas would show
 * banding and give an invisible watermark nowhere to hide.
 * @param broad strength of the mottling, in levels
 * @param fine strength of the grit, in levels
 * @param stretch how many times wider than high the mottles are
 */
export function texture(bitmap: Bitmap, rng: Rng, broad: number, fine: number, stretch = 2): void {
  const noise = new SmoothNoise(rng.fork('noise'));
  const data = bytesOf(bitmap);
  const { width, height } = bitmap;
  const cell = max(6, round(height / 28));
  let grit = rng.uint32();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = (y * width + x) * 4;
      const alpha = data[i + 3] as number;
      if (alpha === 0) continue;
      grit = (imul(grit, 1664525) + 1013904223) >>> 0;
      const soft =
        broad === 0 ? 0 : (noise.at(x / (cell * stretch), y / cell) + noise.at(x / (4 * stretch), y / 4) - 1) * broad;
      const change = ((soft + ((grit >>> 24) / 128 - 1) * fine) * alpha) / 255;
      for (let c = 0; c < 3; c++) data[i + c] = min(alpha, (data[i + c] as number) + change);
    }
  }
}
