// Taken out once: in a sandbox (tests) every look at `Math` is slow.
const { abs, hypot } = Math;

/**
 * Solves `a x = b` by elimination with pivoting; both are changed.
 * @returns null where the equations do not fix `x`
 */
export function solve(a: number[][], b: number[]): number[] | null {
  const n = b.length;
  const at = (i: number, j: number) => (a[i] as number[])[j] as number;
  for (let c = 0; c < n; c++) {
    let pivot = c;
    for (let r = c + 1; r < n; r++) if (abs(at(r, c)) > abs(at(pivot, c))) pivot = r;
    if (!(abs(at(pivot, c)) > 1e-12)) return null;
    [a[c], a[pivot]] = [a[pivot] as number[], a[c] as number[]];
    [b[c], b[pivot]] = [b[pivot] as number, b[c] as number];
    for (let r = c + 1; r < n; r++) {
      const f = at(r, c) / at(c, c);
      for (let k = c; k < n; k++) (a[r] as number[])[k] = at(r, k) - f * at(c, k);
      b[r] = (b[r] as number) - f * (b[c] as number);
    }
  }
  for (let c = n - 1; c >= 0; c--) {
    let sum = b[c] as number;
    for (let k = c + 1; k < n; k++) sum -= at(c, k) * (b[k] as number);
    b[c] = sum / at(c, c);
  }
  return b;
}

/** The eigenvector of the largest eigenvalue of a small symmetric matrix (Jacobi rotations; `a` is changed). */
export function topEigenvector(a: number[][]): number[] {
  const n = a.length;
  const v = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0) as number));
  const get = (m: number[][], i: number, j: number) => (m[i] as number[])[j] as number;
  const set = (m: number[][], i: number, j: number, x: number) => ((m[i] as number[])[j] = x);
  for (let sweep = 0; sweep < 12; sweep++) {
    if (a.every((row, i) => row.every((x, j) => i === j || abs(x) < 1e-14))) break;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        if (abs(get(a, p, q)) < 1e-14) continue;
        const theta = (get(a, q, q) - get(a, p, p)) / (2 * get(a, p, q));
        const t = (theta < 0 ? -1 : 1) / (abs(theta) + hypot(theta, 1));
        const c = 1 / hypot(t, 1);
        const s = t * c;
        for (let k = 0; k < n; k++) {
          const [x, y] = [get(a, k, p), get(a, k, q)];
          set(a, k, p, c * x - s * y);
          set(a, k, q, s * x + c * y);
        }
        for (let k = 0; k < n; k++) {
          const [x, y] = [get(a, p, k), get(a, q, k)];
          set(a, p, k, c * x - s * y);
          set(a, q, k, s * x + c * y);
          const [u, w] = [get(v, k, p), get(v, k, q)];
          set(v, k, p, c * u - s * w);
          set(v, k, q, s * u + c * w);
        }
      }
    }
  }
  const best = a.reduce((top, _, i) => (get(a, i, i) > get(a, top, top) ? i : top), 0);
  return v.map((row) => row[best] as number);
}

/** The middle value; NaN of none. */
export function median(values: readonly number[]): number {
  if (!values.length) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? (sorted[half] as number) : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}
