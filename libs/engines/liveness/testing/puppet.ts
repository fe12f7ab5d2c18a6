import { checkFrame, warp, type PixelFrame } from '#engines/pixels';
import { triangulate, type Triangle } from './delaunay.js';

/** How a puppet holds its head. Degrees; left and up are the person's own, as in the room. */
export interface Stance {
  yaw?: number;
  pitch?: number;
  roll?: number;
  /** Shift of the head, in face widths. */
  dx?: number;
  dy?: number;
  /** How far the lids are closed, 0 (as in the photograph) to 1. */
  closed?: number;
}

/** Draws a face in any stance. */
export interface Puppet {
  draw(stance: Stance, timeS: number): PixelFrame;
}

/** Upper lid, the lid below it and the fold above it, point by point, of both eyes (indices of the 468-point mesh). */
const LIDS = {
  upper: [246, 161, 160, 159, 158, 157, 173, 466, 388, 387, 386, 385, 384, 398],
  lower: [7, 163, 144, 145, 153, 154, 155, 249, 390, 373, 374, 380, 381, 382],
  fold: [247, 30, 29, 27, 28, 56, 190, 467, 260, 259, 257, 258, 286, 414],
};

const RAD = Math.PI / 180;
// Taken out once: in a test's sandbox every look at `Math` is slow.
const { abs, cos, floor, max, min, sin } = Math;

/** Turns (x, y, z), z away from the camera, y down: first yaw, then pitch, then roll. */
export function turn([x, y, z]: readonly number[], { yaw = 0, pitch = 0, roll = 0 }: Stance): [number, number, number] {
  const [ca, sa, cb, sb] = [cos(yaw * RAD), sin(yaw * RAD), cos(pitch * RAD), sin(pitch * RAD)];
  const [cc, sc] = [cos(roll * RAD), sin(roll * RAD)];
  const [x1, z1] = [(x as number) * ca - (z as number) * sa, (x as number) * sa + (z as number) * ca];
  const [y2, z2] = [(y as number) * cb + z1 * sb, z1 * cb - (y as number) * sb];
  return [x1 * cc - y2 * sc, x1 * sc + y2 * cc, z2];
}

/** Points of the convex hull in order (gift wrapping from the leftmost). */
function hull(points: readonly [number, number][]): number[] {
  let at = points.reduce((best, p, i) => (p[0] < (points[best] as [number, number])[0] ? i : best), 0);
  const order: number[] = [];
  do {
    order.push(at);
    const [ax, ay] = points[at] as [number, number];
    at = points.reduce((best, [x, y], i) => {
      const [bx, by] = points[best] as [number, number];
      return best === at || (bx - ax) * (y - ay) - (by - ay) * (x - ax) < 0 ? i : best;
    }, at);
  } while (at !== order[0] && order.length < points.length);
  return order;
}

interface Shape {
  /** Where each vertex lies in the portrait: x, y and depth. */
  rest: number[][];
  /** How much a vertex goes with the head: 1 the face and hair, 0 the surroundings. */
  grip: number[];
  triangles: Triangle[];
  centre: [number, number];
  width: number;
}

/** The mesh with two rings around it: hair and neck, which turn with the head, and surroundings, which stay. */
function shapeOf(mesh: Float32Array): Shape {
  const rest = Array.from({ length: 468 }, (_, i) => [...mesh.subarray(3 * i, 3 * i + 3)]);
  const grip: number[] = rest.map(() => 1);
  const border = hull(rest.map(([x, y]) => [x as number, y as number]));
  const xs = rest.map(([x]) => x as number);
  const ys = rest.map(([, y]) => y as number);
  const width = Math.max(...xs) - Math.min(...xs);
  const centre: [number, number] = [(Math.max(...xs) + Math.min(...xs)) / 2, (Math.max(...ys) + Math.min(...ys)) / 2];
  for (const [far, back, held] of [
    [1.25, 0.35, 1],
    [2.1, 0.6, 0],
  ] as const) {
    for (const i of border) {
      const [x, y, z] = rest[i] as [number, number, number];
      rest.push([centre[0] + far * (x - centre[0]), centre[1] + far * (y - centre[1]), z + back * width]);
      grip.push(held);
    }
  }
  return { rest, grip, triangles: triangulate(rest.map(([x, y]) => [x as number, y as number])), centre, width };
}

function place(shape: Shape, stance: Stance): number[][] {
  const { rest, grip, centre, width } = shape;
  const posed = rest.map((p) => [...p]);
  LIDS.upper.forEach((u, k) => {
    const [upper, lower, fold] = [u, LIDS.lower[k] as number, LIDS.fold[k] as number].map((i) => rest[i] as number[]);
    const drop = (stance.closed ?? 0) * ((lower?.[1] as number) - (upper?.[1] as number));
    (posed[u] as number[])[1] = (upper?.[1] as number) + drop;
    (posed[LIDS.fold[k] as number] as number[])[1] = (fold?.[1] as number) + 0.35 * drop;
  });
  // The neck is behind the face: the head turns about an axis half a face width inside. The camera is 5 widths away.
  const [axis, camera] = [0.55 * width, 5 * width];
  return posed.map((p, i) => {
    const [x, y, z] = turn(
      [(p[0] as number) - centre[0], (p[1] as number) - centre[1], (p[2] as number) - axis],
      stance,
    );
    // Zero stance must give the photograph, so the depth only counts for what the turn changed.
    const near = (camera + (p[2] as number)) / (camera + z + axis);
    const g = grip[i] as number;
    return [
      (1 - g) * (p[0] as number) + g * (centre[0] + x * near + (stance.dx ?? 0) * width),
      (1 - g) * (p[1] as number) + g * (centre[1] + y * near + (stance.dy ?? 0) * width),
      g ? z + axis : (p[2] as number) + width,
    ];
  });
}

/** Paints one textured triangle with a depth test. */
function paint(out: PixelFrame, depth: Float32Array, source: PixelFrame, to: number[][], from: number[][]): void {
  const [[ax, ay, az], [bx, by, bz], [cx, cy, cz]] = to as [number[], number[], number[]] as unknown as [
    [number, number, number],
    [number, number, number],
    [number, number, number],
  ];
  const det = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  if (abs(det) < 1e-9) return;
  const { width, height } = out;
  const [left, right] = [max(0, floor(min(ax, bx, cx))), min(width - 1, max(ax, bx, cx))];
  const [top, bottom] = [max(0, floor(min(ay, by, cy))), min(height - 1, max(ay, by, cy))];
  const [[tx0, ty0], [txb, tyb], [txc, tyc]] = from as [[number, number], [number, number], [number, number]];
  const [tx1, tx2, ty1, ty2] = [txb - tx0, txc - tx0, tyb - ty0, tyc - ty0];
  const [zb, zc] = [bz - az, cz - az];
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const u = ((x - ax) * (cy - ay) - (y - ay) * (cx - ax)) / det;
      const v = ((bx - ax) * (y - ay) - (by - ay) * (x - ax)) / det;
      if (u < -1e-6 || v < -1e-6 || u + v > 1 + 1e-6) continue;
      const z = az + u * zb + v * zc;
      const pixel = y * width + x;
      if (z >= (depth[pixel] as number)) continue;
      depth[pixel] = z;
      copyPixel(out, pixel, source, tx0 + u * tx1 + v * tx2, ty0 + u * ty1 + v * ty2);
    }
  }
}

/** Bilinear read of `source` at pixel coordinates (x, y). No `Math` here: in a test's sandbox each use is slow. */
export function copyPixel(out: PixelFrame, pixel: number, source: PixelFrame, x: number, y: number): void {
  const { width, height, rgb } = source;
  const cx = x < 0 ? 0 : x > width - 1.001 ? width - 1.001 : x;
  const cy = y < 0 ? 0 : y > height - 1.001 ? height - 1.001 : y;
  const l = cx | 0;
  const t = cy | 0;
  const fx = cx - l;
  const fy = cy - t;
  const to = out.rgb;
  const at = 3 * pixel;
  const i = 3 * (t * width + l);
  const below = i + 3 * width;
  for (let k = 0; k < 3; k++) {
    const a = (rgb[i + k] as number) * (1 - fx) + (rgb[i + 3 + k] as number) * fx;
    const b = (rgb[below + k] as number) * (1 - fx) + (rgb[below + 3 + k] as number) * fx;
    to[at + k] = (a * (1 - fy) + b * fy + 0.5) | 0;
  }
}

/**
 * Cuts the head out of a portrait and enlarges it, so that the face is `faceWidth` pixels wide in a square picture of
 * `size` pixels. Gives the picture and the mesh in its pixels.
 */
export function closeUp(portrait: PixelFrame, mesh: Float32Array, faceWidth: number, size: number) {
  checkFrame(portrait);
  const { centre, width } = shapeOf(mesh);
  const k = faceWidth / width;
  const [tx, ty] = [centre[0] - size / 2 / k, centre[1] - size / 2 / k];
  const frame = warp(portrait, { a: 1 / k, b: 0, tx, c: 0, d: 1 / k, ty }, size, size);
  return { frame, mesh: mesh.map((v, i) => (i % 3 === 2 ? v : v - (i % 3 ? ty : tx)) * k) };
}

/**
 * A talking photograph: the portrait is laid over its own 468-point mesh, the mesh is turned in space and drawn again.
 * It exists because nobody has head-turn videos of a consenting person; to a camera it is as solid as a head.
 * @param mesh the 468 points in pixels of the portrait, depth away from the camera
 */
export function createPuppet(portrait: PixelFrame, mesh: Float32Array): Puppet {
  const shape = shapeOf(mesh);
  return {
    draw(stance, timeS) {
      const { width, height } = portrait;
      const out: PixelFrame = { timeS, width, height, rgb: portrait.rgb.slice() };
      const depth = new Float32Array(width * height).fill(Infinity);
      const placed = place(shape, stance);
      for (const t of shape.triangles) {
        paint(
          out,
          depth,
          portrait,
          t.map((i) => placed[i] as number[]),
          t.map((i) => shape.rest[i] as number[]),
        );
      }
      return out;
    },
  };
}
