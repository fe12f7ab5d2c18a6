/** Area under the precision-recall curve (average precision; ties share a step). */
export function averagePrecision(scores: readonly number[], positive: readonly boolean[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const total = positive.filter(Boolean).length;
  if (total === 0) return NaN;
  let area = 0;
  let hits = 0;
  for (let i = 0; i < order.length;) {
    let end = i;
    let fresh = 0;
    while (end < order.length && scores[order[end]!] === scores[order[i]!]) if (positive[order[end++]!]) fresh++;
    hits += fresh;
    area += (fresh / total) * (hits / end);
    i = end;
  }
  return area;
}

/** Largest F1 over all thresholds. */
export function bestF1(scores: readonly number[], positive: readonly boolean[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
  const total = positive.filter(Boolean).length;
  let hits = 0;
  let best = 0;
  order.forEach((at, i) => {
    if (positive[at]) hits++;
    best = Math.max(best, (2 * hits) / (i + 1 + total));
  });
  return best;
}

/** Probability that a positive scores above a negative (ties count half). */
export function areaUnderRoc(scores: readonly number[], positive: readonly boolean[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a]! - scores[b]!);
  let ranks = 0;
  let positives = 0;
  for (let i = 0; i < order.length;) {
    let end = i;
    while (end < order.length && scores[order[end]!] === scores[order[i]!]) end++;
    for (let j = i; j < end; j++) {
      if (positive[order[j]!]) {
        ranks += (i + end + 1) / 2;
        positives++;
      }
    }
    i = end;
  }
  const negatives = scores.length - positives;
  return (ranks - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/** Value below which the share `q` of the list lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  if (sorted.length === 0) return NaN;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))]!;
}
