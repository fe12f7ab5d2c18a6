import { type LivenessAction, type LivenessChallenge } from '#contracts';
import { createChallenge } from '../challenge.js';
import { type Stance } from './puppet.js';

/** How somebody acts a challenge. */
export interface Acting {
  /** Seconds from an instruction to the start of the movement, 0.6 by default. */
  delayS?: number;
  /** Degrees at the end of a movement. */
  turn?: number;
  nod?: number;
  /** How far the lids close, 1 by default. */
  closed?: number;
  /** Size of the small movements that every head makes, 1 by default. */
  tremor?: number;
}

/** Rises from 0 to 1 in `rise` seconds, stays for `hold`, and falls again. */
function bump(t: number, rise: number, hold: number): number {
  const ramp = Math.min(t / rise, (2 * rise + hold - t) / rise, 1);
  return ramp <= 0 ? 0 : 0.5 - 0.5 * Math.cos(Math.PI * ramp);
}

function stanceOf(action: LivenessAction, t: number, { turn = 22, nod = 17, closed = 1 }: Acting): Stance {
  const move = bump(t, 0.6, 0.5);
  const shut = closed * Math.max(bump(t, 0.1, 0.5), action === 'blink_twice' ? bump(t - 1.1, 0.1, 0.5) : 0);
  switch (action) {
    case 'turn_left':
      return { yaw: turn * move };
    case 'turn_right':
      return { yaw: -turn * move };
    case 'look_up':
      return { pitch: nod * move };
    case 'look_down':
      return { pitch: -nod * move };
    default:
      return { closed: shut };
  }
}

/** The stance of somebody who answers the challenge, at a moment of the recording. */
export function act(challenge: LivenessChallenge, timeS: number, acting: Acting = {}): Stance {
  const { delayS = 0.6, tremor = 1 } = acting;
  const step = challenge.steps.findLast((s) => s.fromS <= timeS);
  const asked = step ? stanceOf(step.action, timeS - step.fromS - delayS, acting) : {};
  const wave = (hz: number, phase: number) => tremor * Math.sin(2 * Math.PI * hz * timeS + phase);
  return {
    ...asked,
    yaw: (asked.yaw ?? 0) + 0.7 * wave(0.53, 1) + 0.3 * wave(1.9, 2),
    pitch: (asked.pitch ?? 0) + 0.5 * wave(0.41, 3) + 0.2 * wave(2.3, 4),
    roll: 0.6 * wave(0.37, 5),
    dx: 0.012 * wave(0.31, 6) + 0.002 * wave(2.1, 7),
    dy: 0.008 * wave(0.45, 8) + 0.002 * wave(1.7, 9),
  };
}

/** The shortest of some hundred challenges of three steps that ask for a turn, a blink and a nod. */
export function shortChallenge(now: Date): LivenessChallenge {
  const kinds = ({ steps }: LivenessChallenge) => new Set(steps.map((s) => s.action.split('_')[0]));
  return Array.from({ length: 300 }, (_, seed) =>
    createChallenge({ now, ttlS: 300, locale: 'en', random: seeded(seed), steps: 3 }),
  )
    .filter((one) => kinds(one).size === 3)
    .reduce((a, b) => (b.lengthS < a.lengthS ? b : a));
}

/** Moments of a recording of the challenge, ten per second. */
export function moments(challenge: LivenessChallenge, perSecond = 10): number[] {
  return Array.from({ length: Math.ceil(challenge.lengthS * perSecond) + 1 }, (_, i) => i / perSecond);
}

/** A repeatable source for `createChallenge`: evenly spread whole numbers below the argument (mulberry32). */
export function seeded(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
