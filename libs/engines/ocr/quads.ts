import { type FrameBox } from '#contracts';
import { type Point } from '#engines/pixels';
import { type Quad } from './types.js';

const cross = (o: Point, a: Point, b: Point) => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);

/** Convex hull (monotone chain), in order around, without points on its edges. */
export function hullOf(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  const half = (ordered: Point[]) => {
    const chain: Point[] = [];
    for (const p of ordered) {
      while (chain.length >= 2 && cross(chain.at(-2) as Point, chain.at(-1) as Point, p) <= 0) chain.pop();
      chain.push(p);
    }
    return chain.slice(0, -1);
  };
  return sorted.length < 3 ? sorted : [...half(sorted), ...half(sorted.reverse())];
}

/** Extent of a hull along a direction. */
function extent(hull: readonly Point[], cos: number, sin: number): { low: number; high: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const { x, y } of hull) {
    const along = x * cos + y * sin;
    if (along < low) low = along;
    if (along > high) high = along;
  }
  return { low, high };
}

/**
 * The smallest rectangle around a convex hull: one of its sides lies on a side of the hull. `angle` is that of the
 * longer side, in -90..90 degrees (radians).
 * @param hull from {@link hullOf}, at least three points
 */
export function smallestQuad(hull: readonly Point[]): Quad {
  let best: { area: number; quad: Quad } | undefined;
  hull.forEach((p, i) => {
    const q = hull[(i + 1) % hull.length] as Point;
    const side = Math.hypot(q.x - p.x, q.y - p.y);
    const [cos, sin] = [(q.x - p.x) / side, (q.y - p.y) / side];
    const [u, v] = [extent(hull, cos, sin), extent(hull, -sin, cos)];
    const [length, height] = [u.high - u.low, v.high - v.low];
    if (best && length * height >= best.area) return;
    const [cu, cv] = [(u.low + u.high) / 2, (v.low + v.high) / 2];
    const centre = { x: cu * cos - cv * sin, y: cu * sin + cv * cos };
    const angle = Math.atan2(sin, cos);
    const quad =
      length >= height
        ? { centre, length, height, angle: halfTurn(angle) }
        : { centre, length: height, height: length, angle: halfTurn(angle + Math.PI / 2) };
    best = { area: length * height, quad };
  });
  if (!best) throw new RangeError('A hull of no points has no rectangle.');
  return best.quad;
}

/** The same line's direction in (-90, 90] degrees, in radians. */
function halfTurn(angle: number): number {
  const turned = angle - Math.PI * Math.round(angle / Math.PI);
  return turned <= -Math.PI / 2 ? turned + Math.PI : turned;
}

/** How much longer than high a box must be before its long side is taken for the direction of reading. */
const LONG = 1.5;

/**
 * Lets a box read in its likely direction: along the longer side, but a nearly square one along the side that is
 * nearer to level. Boxes within about 0.5 degree of level are made level.
 */
export function readable(quad: Quad): Quad {
  let { length, height, angle } = quad;
  if (length < LONG * height && Math.abs(angle) > Math.PI / 4) {
    [length, height] = [height, length];
    angle -= (Math.sign(angle) * Math.PI) / 2;
  }
  return { centre: quad.centre, length, height, angle: Math.abs(angle) < 0.009 ? 0 : angle };
}

/** Grows a box on every side by area x `ratio` / perimeter: the text map is shrunk by that much in training (DB). */
export function unclip(quad: Quad, ratio: number): Quad {
  const { length, height } = quad;
  const distance = (length * height * ratio) / (2 * (length + height));
  return { ...quad, length: length + 2 * distance, height: height + 2 * distance };
}

/** The four corners, clockwise from the start of the line's top. */
export function cornersOf({ centre, length, height, angle }: Quad): Point[] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const at = (u: number, v: number) => ({
    x: centre.x + (u * length * cos - v * height * sin) / 2,
    y: centre.y + (u * length * sin + v * height * cos) / 2,
  });
  return [at(-1, -1), at(1, -1), at(1, 1), at(-1, 1)];
}

const unit = (value: number) => Math.min(1, Math.max(0, value));

/** The level rectangle around a box, as fractions of a frame, cut at its edges. */
export function frameBoxOf(quad: Quad, { width, height }: { width: number; height: number }): FrameBox {
  const corners = cornersOf(quad);
  const [xs, ys] = [corners.map((p) => p.x / width), corners.map((p) => p.y / height)];
  const [x, y] = [unit(Math.min(...xs)), unit(Math.min(...ys))];
  return { x, y, width: unit(Math.max(...xs)) - x, height: unit(Math.max(...ys)) - y };
}

/**
 * Boxes in reading order: lines from the top, boxes of one line from the left. Boxes stand in one line when their
 * middles are nearer than half of the smaller height.
 */
export function inReadingOrder<T>(items: readonly T[], quadOf: (item: T) => Quad): T[] {
  const byTop = [...items].sort((a, b) => quadOf(a).centre.y - quadOf(b).centre.y);
  const lines: T[][] = [];
  for (const item of byTop) {
    const first = lines.at(-1)?.[0];
    const [a, b] = [quadOf(item), first === undefined ? undefined : quadOf(first)];
    const together = b && Math.abs(a.centre.y - b.centre.y) < 0.5 * Math.min(a.height, b.height);
    if (together) lines.at(-1)?.push(item);
    else lines.push([item]);
  }
  return lines.flatMap((line) => line.sort((a, b) => quadOf(a).centre.x - quadOf(b).centre.x));
}
