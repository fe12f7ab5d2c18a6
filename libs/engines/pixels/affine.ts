import { checkFrame, PixelError, type PixelFrame, type Point } from './types.js';

/** An affine map of the plane: `x' = a x + b y + tx`, `y' = c x + d y + ty`. */
export interface Affine {
  a: number;
  b: number;
  tx: number;
  c: number;
  d: number;
  ty: number;
}

/** Where a map takes a point. */
export function apply({ a, b, tx, c, d, ty }: Affine, { x, y }: Point): Point {
  return { x: a * x + b * y + tx, y: c * x + d * y + ty };
}

/** The map that undoes `m`. @throws PixelError when `m` flattens the plane */
export function invert({ a, b, tx, c, d, ty }: Affine): Affine {
  const det = a * d - b * c;
  if (!(Math.abs(det) > 1e-12)) throw new PixelError('A transform of no area cannot be inverted.');
  return {
    a: d / det,
    b: -b / det,
    tx: (b * ty - d * tx) / det,
    c: -c / det,
    d: a / det,
    ty: (c * tx - a * ty) / det,
  };
}

/**
 * The similarity (turn, uniform scale, shift; no mirror) that takes `from` nearest to `to` in the least-squares sense.
 * @param from two or more points
 * @param to as many points
 */
export function similarity(from: readonly Point[], to: readonly Point[]): Affine {
  const mean = (points: readonly Point[]) => ({
    x: points.reduce((sum, p) => sum + p.x, 0) / points.length,
    y: points.reduce((sum, p) => sum + p.y, 0) / points.length,
  });
  const [f, t] = [mean(from), mean(to)];
  let [cos, sin, norm] = [0, 0, 0];
  from.forEach((p, i) => {
    const q = to[i] as Point;
    const [px, py, qx, qy] = [p.x - f.x, p.y - f.y, q.x - t.x, q.y - t.y];
    cos += px * qx + py * qy;
    sin += px * qy - py * qx;
    norm += px * px + py * py;
  });
  const [a, c] = [cos / norm, sin / norm];
  return { a, b: -c, tx: t.x - a * f.x + c * f.y, c, d: a, ty: t.y - c * f.x - a * f.y };
}

/** How {@link warp} reads the source. */
export interface WarpOptions {
  /** Samples per pixel and axis; by default as many as the map shrinks, at most 8, so that nothing aliases. */
  samples?: number;
  /** What lies outside the source: black, or the edge pixel repeated (default). */
  outside?: 'black' | 'edge';
}

/**
 * Draws a picture of `width` x `height` whose pixels are read from `frame` at the places that `toSource` names
 * (target to source), bilinearly; several samples are averaged when the map shrinks.
 * @throws PixelError `frame_invalid`
 */
export function warp(
  frame: PixelFrame,
  toSource: Affine,
  width: number,
  height: number,
  options: WarpOptions = {},
): PixelFrame {
  checkFrame(frame);
  const { a, b, tx, c, d, ty } = toSource;
  const shrink = Math.max(Math.hypot(a, c), Math.hypot(b, d));
  const n = options.samples ?? Math.min(8, Math.max(1, Math.ceil(shrink)));
  const rgb = new Uint8Array(3 * width * height);
  const sum = new Float64Array(3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      sum.fill(0);
      for (let j = 0; j < n; j++) {
        const v = y + (j + 0.5) / n;
        for (let i = 0; i < n; i++) {
          const u = x + (i + 0.5) / n;
          sample(frame, a * u + b * v + tx - 0.5, c * u + d * v + ty - 0.5, options.outside === 'black', sum);
        }
      }
      for (let k = 0; k < 3; k++) rgb[at + k] = Math.round((sum[k] as number) / (n * n));
    }
  }
  return { timeS: frame.timeS, width, height, rgb };
}

/** Adds the bilinear value at (x, y), in pixel centres, to `sum`. */
function sample({ width, height, rgb }: PixelFrame, x: number, y: number, black: boolean, sum: Float64Array): void {
  if (black && (x < -1 || y < -1 || x > width || y > height)) return;
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  if (left >= 0 && top >= 0 && left + 1 < width && top + 1 < height) {
    // Nearly every sample: all four pixels exist, so nothing has to be asked per pixel.
    const at = 3 * (top * width + left);
    const under = at + 3 * width;
    for (let k = 0; k < 3; k++) {
      const above = (1 - fx) * (rgb[at + k] as number) + fx * (rgb[at + 3 + k] as number);
      const below = (1 - fx) * (rgb[under + k] as number) + fx * (rgb[under + 3 + k] as number);
      sum[k] = (sum[k] as number) + (1 - fy) * above + fy * below;
    }
    return;
  }
  for (let j = 0; j < 2; j++) {
    const row = Math.min(height - 1, Math.max(0, top + j));
    const wy = j ? fy : 1 - fy;
    if (wy === 0 || (black && row !== top + j)) continue;
    for (let i = 0; i < 2; i++) {
      const column = Math.min(width - 1, Math.max(0, left + i));
      const weight = wy * (i ? fx : 1 - fx);
      if (weight === 0 || (black && column !== left + i)) continue;
      const at = 3 * (row * width + column);
      for (let k = 0; k < 3; k++) sum[k] = (sum[k] as number) + weight * (rgb[at + k] as number);
    }
  }
}
