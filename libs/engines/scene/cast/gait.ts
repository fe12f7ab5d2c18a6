import { type Motion, type SubjectKind } from '../types.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { abs, cos, floor, max, min, sin } = Math;

/** How a sprite is held at one moment, relative to its resting place. Lengths in sprite heights, up is negative. */
export interface Pose {
  dx: number;
  dy: number;
  /** Radians, clockwise, for a sprite that faces right. */
  angle: number;
  scaleX: number;
  scaleY: number;
  /** True while the sprite looks the other way. */
  turned: boolean;
}

const turn = 2 * Math.PI;
const still: Pose = { dx: 0, dy: 0, angle: 0, scaleX: 1, scaleY: 1, turned: false };

/** Smooth 0 to 1. */
export function ease(t: number): number {
  const u = max(0, min(1, t));
  return u * u * (3 - 2 * u);
}

type Gait = (t: number, kind: SubjectKind, phase: number) => Partial<Pose>;

function hop(t: number, height: number, period: number): Partial<Pose> {
  const u = (t / period) % 1;
  const air = u < 0.72 ? u / 0.72 : 1;
  const squash = u >= 0.72 ? sin(((u - 0.72) / 0.28) * Math.PI) * 0.16 : 0;
  return {
    dy: -4 * height * air * (1 - air),
    scaleY: 1 - squash + (u < 0.72 ? 0.05 : 0),
    scaleX: 1 + squash * 0.8,
    angle: u < 0.72 ? (air - 0.5) * 0.2 : 0,
  };
}

/** Out of the water and back in, nose first; the lower half of the way is under the surface. */
function leap(t: number): Partial<Pose> {
  const u = (t / 2) % 1;
  return { dy: 0.75 - 6.2 * u * (1 - u), angle: (u - 0.5) * 1.9 };
}

const gaits: Record<Motion, Gait> = {
  walk: (t, kind) => {
    const beat = kind === 'head' ? 1.6 : 2.1;
    const lift = kind === 'head' ? 0.07 : 0.035;
    return { dy: -abs(sin(Math.PI * beat * t)) * lift, angle: sin(Math.PI * beat * t) * 0.045 };
  },
  run: (t) => {
    const step = Math.PI * 2.9 * t;
    return {
      dy: -abs(sin(step)) * 0.11,
      angle: 0.05 + sin(step * 2) * 0.06,
      scaleX: 1 + sin(step * 2) * 0.035,
      scaleY: 1 - sin(step * 2) * 0.02,
    };
  },
  drive: (t) => ({ dy: sin(turn * 7 * t) * 0.004 - 0.004, angle: sin(turn * 1.3 * t) * 0.008 }),
  fly: (t, kind) => {
    const wings = kind === 'insect' ? 7 : kind === 'bird' ? 2.6 : 0;
    const wander = kind === 'insect' ? 0.5 : kind === 'air' ? 0.1 : 0.26;
    const flap = wings === 0 ? 0 : sin(turn * wings * t) * 0.1;
    return {
      dy: sin(turn * 0.33 * t) * wander + flap * 0.3,
      dx: kind === 'insect' ? sin(turn * 0.47 * t) * 0.5 : 0,
      scaleY: 1 + flap,
      angle: cos(turn * 0.33 * t) * 0.1,
    };
  },
  swim: (t, kind) =>
    kind === 'fish'
      ? {
          dy: sin(turn * 0.4 * t) * 0.22,
          angle: cos(turn * 0.4 * t) * 0.12,
          scaleX: 1 + sin(turn * 1.8 * t) * 0.04,
        }
      : { dy: sin(turn * 0.36 * t) * 0.035, angle: sin(turn * 0.29 * t) * 0.055 },
  jump: (t, kind) => (kind === 'fish' ? leap(t) : hop(t, kind === 'ball' ? 1.5 : 0.5, kind === 'ball' ? 1 : 1.1)),
  roll: () => ({}),
  float: (t) => ({
    dy: sin(turn * 0.24 * t) * 0.14,
    dx: sin(turn * 0.15 * t) * 0.12,
    angle: sin(turn * 0.2 * t) * 0.09,
  }),
  dance: (t) => ({
    dy: -abs(sin(turn * t)) * 0.09,
    angle: sin(turn * t) * 0.15,
    scaleY: 1 + sin(turn * 2 * t) * 0.03,
    turned: floor(t / 2) % 2 === 1,
  }),
  spin: (t) => ({ angle: turn * 0.38 * t, dy: -0.06 + sin(turn * 0.5 * t) * 0.05 }),
  fall: (t) => ({ angle: sin(turn * 0.42 * t) * 0.3, dx: sin(turn * 0.31 * t) * 0.3 }),
  rise: (t) => ({ angle: sin(turn * 1.1 * t) * 0.015, dx: sin(turn * 0.3 * t) * 0.05 }),
  rest: (t) => ({
    scaleY: 1 + sin(turn * 0.45 * t) * 0.014,
    scaleX: 1 - sin(turn * 0.45 * t) * 0.008,
    angle: sin(turn * 0.22 * t) * 0.012,
  }),
  sleep: (t) => ({ scaleY: 1 + sin(turn * 0.25 * t) * 0.03, angle: 0.05 }),
};

/** Pose of a motion at `t` seconds. */
export function poseAt(motion: Motion, kind: SubjectKind, t: number, phase: number): Pose {
  // Plants and buildings sway from the foot by turning only; breathing would look wrong.
  if ((kind === 'building' || kind === 'plant') && motion === 'rest') {
    return { ...still, angle: kind === 'plant' ? sin(turn * 0.3 * t + phase) * 0.018 : 0 };
  }
  return { ...still, ...gaits[motion](t + phase * 2, kind, phase) };
}
