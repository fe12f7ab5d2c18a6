import { checkFrame, PixelError, type PixelFrame, type Point } from './types.js';

// Taken out once: in a sandbox (tests) every look at `Math` is slow, and these are called per pixel.
const { floor, round } = Math;

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
  const black = options.outside === 'black';
  const [right, bottom, stride] = [frame.width - 1, frame.height - 1, 3 * frame.width];
  const source = frame.rgb;
  const rgb = new Uint8Array(3 * width * height);
  const edge = new Float64Array(3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      let [red, green, blue] = [0, 0, 0];
      for (let j = 0; j < n; j++) {
        const v = y + (j + 0.5) / n;
        for (let i = 0; i < n; i++) {
          const u = x + (i + 0.5) / n;
          const sx = a * u + b * v + tx - 0.5;
          const sy = c * u + d * v + ty - 0.5;
          const left = floor(sx);
          const top = floor(sy);
          if (left >= 0 && top >= 0 && left < right && top < bottom) {
            // Nearly every sample: all four pixels exist, so nothing has to be asked per pixel.
            const [fx, fy] = [sx - left, sy - top];
            const [gx, gy] = [1 - fx, 1 - fy];
            const p = top * stride + 3 * left;
            const q = p + stride;
            red += gy * (gx * source[p]! + fx * source[p + 3]!) + fy * (gx * source[q]! + fx * source[q + 3]!);
            green +=
              gy * (gx * source[p + 1]! + fx * source[p + 4]!) + fy * (gx * source[q + 1]! + fx * source[q + 4]!);
            blue += gy * (gx * source[p + 2]! + fx * source[p + 5]!) + fy * (gx * source[q + 2]! + fx * source[q + 5]!);
          } else {
            edge.fill(0);
            atEdge(frame, sx, sy, black, edge);
            red += edge[0]!;
            green += edge[1]!;
            blue += edge[2]!;
          }
        }
      }
      rgb[at] = round(red / (n * n));
      rgb[at + 1] = round(green / (n * n));
      rgb[at + 2] = round(blue / (n * n));
    }
  }
  return { timeS: frame.timeS, width, height, rgb };
}

/** Adds the bilinear value at (x, y), in pixel centres, to `sum`; places that do not exist are the edge's, or black. */
function atEdge({ width, height, rgb }: PixelFrame, x: number, y: number, black: boolean, sum: Float64Array): void {
  if (black && (x < -1 || y < -1 || x > width || y > height)) return;
  const left = floor(x);
  const top = floor(y);
  const fx = x - left;
  const fy = y - top;
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
