/**
 * Rearranges the first `length` values so that the `k`-th smallest stands at index `k`, smaller ones before it and
 * larger ones behind it (Hoare's selection).
 * @returns the `k`-th smallest, counted from 0
 */
export function select(values: Float32Array, length: number, k: number): number {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1]!;
    let [i, j] = [low, high];
    while (i <= j) {
      while (values[i]! < pivot) i++;
      while (values[j]! > pivot) j--;
      if (i <= j) {
        const swapped = values[i]!;
        values[i++] = values[j]!;
        values[j--] = swapped;
      }
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else break;
  }
  return values[k]!;
}

/** Percentile with linear interpolation between ranks, as NumPy's. Rearranges `values`. @param q 0..1 */
export function percentile(values: Float32Array, length: number, q: number): number {
  const rank = q * (length - 1);
  const k = Math.floor(rank);
  const lower = select(values, length, k);
  if (rank === k) return lower;
  let upper = Infinity;
  for (let i = k + 1; i < length; i++) if (values[i]! < upper) upper = values[i]!;
  return lower + (rank - k) * (upper - lower);
}

/** {@link percentile} of whole numbers 0..255 by their counts. */
export function percentileOfCounts(counts: Uint32Array, total: number, q: number): number {
  const rank = q * (total - 1);
  const k = Math.floor(rank);
  let seen = 0;
  let lower = -1;
  for (let value = 0; value < counts.length; value++) {
    seen += counts[value]!;
    if (lower < 0 && seen > k) lower = value;
    if (lower >= 0 && seen > k + 1) return lower + (rank - k) * (value - lower);
  }
  return Math.max(lower, 0);
}
