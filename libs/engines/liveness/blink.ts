import { median } from './linear.js';

/** Corners and three pairs of lid points of an eye, in the 468-point mesh. Sides are the person's. */
const EYES = {
  right: {
    corners: [33, 133],
    lids: [
      [160, 144],
      [159, 145],
      [158, 153],
    ],
  },
  left: {
    corners: [362, 263],
    lids: [
      [385, 380],
      [386, 374],
      [387, 373],
    ],
  },
} as const;

/**
 * Eye aspect ratio (Soukupova and Cech 2016) in three dimensions, so that a turned head keeps its value: mean height
 * of the lid opening over the width of the eye.
 * @param mesh 468 triples in pixels
 */
export function eyeOpenness(mesh: Float32Array): { left: number; right: number } {
  const distance = (a: number, b: number) =>
    Math.hypot(...[0, 1, 2].map((k) => (mesh[3 * a + k] as number) - (mesh[3 * b + k] as number)));
  const open = ({ corners, lids }: (typeof EYES)['left' | 'right']) =>
    lids.reduce((s, [a, b]) => s + distance(a, b), 0) / lids.length / distance(corners[0], corners[1]);
  return { left: open(EYES.left), right: open(EYES.right) };
}

/** One time the eyes were shut. */
export interface Closure {
  fromS: number;
  toS: number;
  /** The least opening of the wider eye, as a share of the person's open eye. */
  least: number;
}

/** Where the lids are, as a share of the person's own open eyes; the eye that is open wider counts. */
export interface LidSample {
  timeS: number;
  open: number;
}

/** Turns openness of both eyes into shares of what is usual for this person when looking straight ahead. */
export function lidSeries(
  samples: readonly { timeS: number; left: number; right: number }[],
  straight: readonly { left: number; right: number }[],
): LidSample[] {
  const [left, right] = [median(straight.map((s) => s.left)), median(straight.map((s) => s.right))];
  return samples.map((s) => ({ timeS: s.timeS, open: Math.max(s.left / left, s.right / right) }));
}

/**
 * Every time both eyes went shut and open again. The end counts only when the eyes are well open before and after, so
 * that trembling about one threshold is not many blinks.
 * @param shut share below which the eyes are shut
 * @param open share above which they are open
 */
export function closures(lids: readonly LidSample[], shut: number, open: number): Closure[] {
  const found: Closure[] = [];
  let wasOpen = false;
  let current: Closure | null = null;
  for (const { timeS, open: share } of lids) {
    if (share < shut && (current || wasOpen)) {
      current ??= { fromS: timeS, toS: timeS, least: share };
      current.toS = timeS;
      current.least = Math.min(current.least, share);
      wasOpen = false;
    } else if (share > open) {
      if (current) found.push(current);
      current = null;
      wasOpen = true;
    }
  }
  return found;
}
