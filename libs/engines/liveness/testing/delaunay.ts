/** Three indices into the points. */
export type Triangle = readonly [number, number, number];

type XY = readonly [number, number];

/** Twice the signed area of a triangle. */
const area = (a: XY, b: XY, c: XY) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);

interface Circle {
  x: number;
  y: number;
  /** Radius squared. */
  r2: number;
}

function around(a: XY, b: XY, c: XY): Circle {
  const d = 2 * area(a, b, c);
  const [bx, by, cx, cy] = [b[0] - a[0], b[1] - a[1], c[0] - a[0], c[1] - a[1]];
  const [bb, cc] = [bx * bx + by * by, cx * cx + cy * cy];
  const [ux, uy] = [(cy * bb - by * cc) / d, (bx * cc - cx * bb) / d];
  return { x: a[0] + ux, y: a[1] + uy, r2: ux * ux + uy * uy };
}

/**
 * Delaunay triangulation of points in the plane (Bowyer and Watson: each point is inserted and the triangles whose
 * circumcircle holds it are replaced). Meant for some hundred points.
 * @param points no two alike
 */
export function triangulate(points: readonly XY[]): Triangle[] {
  const span = 10 * Math.max(...points.flat().map(Math.abs), 1);
  const all: XY[] = [...points, [-3 * span, -span], [3 * span, -span], [0, 3 * span]];
  const n = points.length;
  const make = (t: Triangle) => ({ t, circle: around(...(t.map((i) => all[i] as XY) as [XY, XY, XY])) });
  let triangles = [make([n, n + 1, n + 2])];
  for (let i = 0; i < n; i++) {
    const [x, y] = all[i] as XY;
    const edges = new Map<string, [number, number]>();
    const kept: typeof triangles = [];
    for (const one of triangles) {
      if ((x - one.circle.x) ** 2 + (y - one.circle.y) ** 2 > one.circle.r2) {
        kept.push(one);
        continue;
      }
      const [a, b, c] = one.t;
      for (const [p, q] of [
        [a, b],
        [b, c],
        [c, a],
      ] as [number, number][]) {
        // An edge between two removed triangles vanishes; those left are the border of the hole.
        const key = p < q ? `${p},${q}` : `${q},${p}`;
        if (!edges.delete(key)) edges.set(key, [p, q]);
      }
    }
    for (const [p, q] of edges.values()) {
      if (Math.abs(area(all[p] as XY, all[q] as XY, all[i] as XY)) > 1e-9) kept.push(make([p, q, i]));
    }
    triangles = kept;
  }
  return triangles.map(({ t }) => t).filter((t) => t.every((i) => i < n));
}
