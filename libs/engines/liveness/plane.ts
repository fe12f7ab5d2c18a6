import { CANONICAL } from './canonical.js';
import { solve } from './linear.js';
import { type XY } from './types.js';

const CHIN = 152;

/** Mesh points that a sample carries: those of the canonical face and the chin. */
export const SERIES_POINTS: readonly number[] = [...CANONICAL.map(([index]) => index), CHIN];

const place = (index: number) => SERIES_POINTS.indexOf(index);
/** On bone and on the middle of the face, far behind the tip of the nose. */
const MIDLINE = [10, 9, 168, CHIN].map(place);
const TIP = [4, 1].map(place);
const CORNERS = [33, 263].map(place) as [number, number];

/** The points of a sample as pairs. */
export function pairs(points: readonly number[]): XY[] {
  return Array.from({ length: points.length >> 1 }, (_, i) => [points[2 * i] as number, points[2 * i + 1] as number]);
}

/** Distance of the outer eye corners, in pixels. */
export function eyeDistance(points: readonly XY[]): number {
  const [a, b] = CORNERS.map((i) => points[i] as XY) as [XY, XY];
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** Shift and scale that bring points near 0 and to size 1, so that the equations are well conditioned. */
function conditioned(points: readonly XY[]): { points: XY[]; scale: number } {
  const n = points.length;
  const [mx, my] = [0, 1].map((k) => points.reduce((s, p) => s + (p[k] as number), 0) / n) as [number, number];
  const scale = Math.sqrt(points.reduce((s, [x, y]) => s + (x - mx) ** 2 + (y - my) ** 2, 0) / n) || 1;
  return { points: points.map(([x, y]): XY => [(x - mx) / scale, (y - my) / scale]), scale };
}

/**
 * How badly the movement from one view to another is explained by a flat picture: the best projective map of the plane
 * is fitted to the points and what is left is measured. A photograph, however it is held, leaves the noise only; a
 * head that turns leaves more, because its nose is nearer than its temples.
 * @param from points of one view, in pixels
 * @param to the same points in the other view
 * @returns root mean square, in distances of the outer eye corners of `from`; NaN where no map can be fitted
 */
export function planeResidual(from: readonly XY[], to: readonly XY[]): number {
  const [a, b] = [conditioned(from), conditioned(to)];
  const normal = Array.from({ length: 8 }, () => new Array<number>(8).fill(0));
  const right = new Array<number>(8).fill(0);
  const add = (row: number[], value: number) => {
    row.forEach((v, i) => {
      row.forEach((w, j) => ((normal[i] as number[])[j] = ((normal[i] as number[])[j] as number) + v * w));
      right[i] = (right[i] as number) + v * value;
    });
  };
  a.points.forEach(([x, y], i) => {
    const [u, v] = b.points[i] as XY;
    add([x, y, 1, 0, 0, 0, -x * u, -y * u], u);
    add([0, 0, 0, x, y, 1, -x * v, -y * v], v);
  });
  const h = solve(normal, right);
  if (!h) return NaN;
  const [h0, h1, h2, h3, h4, h5, h6, h7] = h as [number, number, number, number, number, number, number, number];
  const error = a.points.reduce((sum, [x, y], i) => {
    const [u, v] = b.points[i] as XY;
    const w = h6 * x + h7 * y + 1;
    return sum + ((h0 * x + h1 * y + h2) / w - u) ** 2 + ((h3 * x + h4 * y + h5) / w - v) ** 2;
  }, 0);
  return (Math.sqrt(error / a.points.length) * b.scale) / eyeDistance(to);
}

/**
 * How far the tip of the nose stands beside the line from forehead to chin, positive to the right of the picture, in
 * lengths of that line. No projection takes points off a common line, and no bending of a sheet about an upright axis
 * does; a nose in front of the face leaves the line as soon as the head turns.
 */
export function noseOffset(points: readonly XY[]): number {
  const line = MIDLINE.map((i) => points[i] as XY);
  const [mx, my] = [0, 1].map((k) => line.reduce((s, p) => s + (p[k] as number), 0) / line.length) as [number, number];
  const spread = (k: 0 | 1, l: 0 | 1) => line.reduce((s, p) => s + (p[k] - (k ? my : mx)) * (p[l] - (l ? my : mx)), 0);
  const [xx, xy, yy] = [spread(0, 0), spread(0, 1), spread(1, 1)];
  // Direction of the line, downwards; total least squares, so that a leaning head is no exception.
  const angle = 0.5 * Math.atan2(2 * xy, xx - yy);
  const flip = Math.sin(angle) < 0 ? -1 : 1;
  const [dx, dy] = [flip * Math.cos(angle), flip * Math.sin(angle)];
  const tip =
    TIP.reduce((s, i) => s + ((points[i] as XY)[0] - mx) * dy - ((points[i] as XY)[1] - my) * dx, 0) / TIP.length;
  const along = line.map(([x, y]) => x * dx + y * dy);
  return tip / (Math.max(...along) - Math.min(...along));
}
