/** A fitted head: score = sigmoid(bias + sum of weight * (value - mean) / scale). */
export interface Head {
  mean: number[];
  scale: number[];
  weights: number[];
  bias: number;
}

export const sigmoid = (z: number): number => 1 / (1 + Math.exp(-z));

/** Logit of one row. */
export const logit = (head: Head, row: ArrayLike<number>): number =>
  head.weights.reduce((z, w, i) => z + (w * ((row[i] ?? 0) - head.mean[i]!)) / head.scale[i]!, head.bias);

/** Solves a symmetric positive definite system in place (Gauss without pivoting suffices for it). */
function solve(a: number[][], b: number[]): number[] {
  const n = b.length;
  for (let i = 0; i < n; i++) {
    for (let r = i + 1; r < n; r++) {
      const f = a[r]![i]! / a[i]![i]!;
      for (let c = i; c < n; c++) a[r]![c]! -= f * a[i]![c]!;
      b[r]! -= f * b[i]!;
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = i + 1; c < n; c++) b[i]! -= a[i]![c]! * b[c]!;
    b[i]! /= a[i]![i]!;
  }
  return b;
}

/**
 * L2 logistic regression on standardised columns by Newton's method; the intercept is not punished.
 * @param c inverse strength of the punishment, as in scikit-learn
 * @param unused columns that get weight 0
 */
export function fit(rows: readonly ArrayLike<number>[], labels: readonly number[], c: number, unused: number[]): Head {
  const dims = rows[0]!.length;
  const columns = Array.from({ length: dims }, (_, k) => rows.map((row) => row[k]!));
  const mean = columns.map((v) => v.reduce((a, b) => a + b, 0) / v.length);
  const scale = columns.map((v, k) => Math.sqrt(v.reduce((a, b) => a + (b - mean[k]!) ** 2, 0) / v.length) || 1);
  const x = rows.map((row) => [
    1,
    ...Array.from({ length: dims }, (_, k) => (unused.includes(k) ? 0 : (row[k]! - mean[k]!) / scale[k]!)),
  ]);
  let theta = new Array<number>(dims + 1).fill(0);
  for (let step = 0; step < 50; step++) {
    const gradient = theta.map((t, k) => (k === 0 ? 0 : t / c));
    const hessian = theta.map((_, r) => theta.map((__, k) => (r === k ? (r === 0 ? 1e-9 : 1 / c) : 0)));
    x.forEach((row, i) => {
      const p = sigmoid(row.reduce((z, v, k) => z + v * theta[k]!, 0));
      for (let r = 0; r <= dims; r++) {
        gradient[r]! += (p - labels[i]!) * row[r]!;
        for (let k = 0; k <= dims; k++) hessian[r]![k]! += p * (1 - p) * row[r]! * row[k]!;
      }
    });
    const move = solve(hessian, gradient);
    theta = theta.map((t, k) => t - move[k]!);
    if (Math.max(...move.map(Math.abs)) < 1e-9) break;
  }
  return { mean, scale, weights: theta.slice(1), bias: theta[0]! };
}
