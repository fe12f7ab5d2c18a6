/** A Prometheus histogram: ascending upper bounds with cumulative counts. */
export interface Histogram {
  buckets: { le: number; count: number }[];
  count: number;
}

/** Reads a histogram without labels from the Prometheus text format. @throws Error when it is not there */
export function readHistogram(text: string, name: string): Histogram {
  const buckets = [...text.matchAll(new RegExp(`^${name}_bucket\\{le="([^"]+)"\\} (\\S+)$`, 'gm'))].map((match) => ({
    le: match[1] === '+Inf' ? Infinity : Number(match[1]),
    count: Number(match[2]),
  }));
  if (!buckets.length) throw new Error(`there is no histogram ${name}`);
  buckets.sort((a, b) => a.le - b.le);
  return { buckets, count: buckets.at(-1)!.count };
}

/** What was observed between two readings. */
export function difference(later: Histogram, earlier: Histogram): Histogram {
  const buckets = later.buckets.map(({ le, count }, i) => ({ le, count: count - earlier.buckets[i]!.count }));
  return { buckets, count: later.count - earlier.count };
}

/** Share of the observations in buckets up to the bound: exact, because the bound is one of the buckets'. */
export function shareBelow({ buckets, count }: Histogram, bound: number): number {
  const bucket = buckets.find(({ le }) => le === bound);
  if (!bucket) throw new Error(`no bucket ends at ${bound}`);
  return bucket.count / count;
}

/** Quantile as Prometheus estimates it: evenly spread inside a bucket. */
export function quantileOf({ buckets, count }: Histogram, q: number): number {
  const rank = q * count;
  const at = buckets.findIndex((bucket) => bucket.count >= rank);
  const upper = buckets[at]!;
  const lower = at > 0 ? buckets[at - 1]! : { le: 0, count: 0 };
  if (upper.le === Infinity) return lower.le;
  return lower.le + (upper.le - lower.le) * ((rank - lower.count) / Math.max(1, upper.count - lower.count));
}
