/** Chances that are the same in every run (mulberry32), 0..1. */
export function chances(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One of them. */
export function oneOf<T>(random: () => number, some: readonly T[]): T {
  return some[Math.floor(random() * some.length)]!;
}

/** Waiting times: most are short, few are long. @param mean in whatever unit */
export function waited(random: () => number, mean: number): number {
  return -Math.log(1 - random()) * mean;
}
