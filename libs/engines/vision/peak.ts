/** Seconds over which frame scores are averaged. */
const WINDOW_S = 1;
/** Seconds on either side that a frame may stand for: half the distance of regular frames. */
const REACH_S = 0.25;

/** The strongest second of a clip. */
export interface Peak {
  /** Mean over that second, 0..1. */
  score: number;
  fromS: number;
  toS: number;
}

/** `value` limited to 0..1. */
export const unit = (value: number): number => Math.min(1, Math.max(0, value));

/** Seconds of the clip that each frame stands for: half the way to its neighbours, at most `REACH_S` on either side. */
function spans(times: readonly number[]): number[] {
  const reach = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? REACH_S : Math.min(REACH_S, (b - a) / 2);
  // Two frames of one moment share it; neither may vanish.
  return times.map((t, i) => Math.max(1e-3, reach(times[i - 1], t) + reach(t, times[i + 1])));
}

/**
 * The highest mean over one second, among the windows that start at a frame. Frames weigh as much as the time that they
 * stand for, so that a dense look at a moment neither dilutes nor inflates it. A window that holds one frame counts that
 * frame in full: sparse sampling must not dilute what was seen.
 * @param times seconds, ascending, at least one
 * @param values as many, 0..1
 */
export function hottestSecond(times: readonly number[], values: readonly number[]): Peak {
  const weights = spans(times);
  let peak: Peak = { score: -1, fromS: 0, toS: 0 };
  times.forEach((fromS, start) => {
    let [sum, span] = [0, 0];
    for (let i = start; i < times.length && (times[i] as number) < fromS + WINDOW_S - 1e-6; i++) {
      sum += (values[i] as number) * (weights[i] as number);
      span += weights[i] as number;
    }
    const score = unit(sum / span);
    if (score > peak.score) peak = { score, fromS, toS: fromS + WINDOW_S };
  });
  return peak;
}
