import type { LivenessChallenge } from '#contracts';

/** Seconds that a recording goes on after the last instruction, so that its end is not cut off. */
export const TAIL_S = 0.6;

/** What is to be done at one moment of a recording. */
export interface Cue {
  /** straight: look straight ahead, before, between and after the movements. done: it is over. */
  kind: 'straight' | 'step' | 'done';
  /** Of the step that runs, or comes next. */
  index: number;
  /** Seconds until something else is to be done. */
  leftS: number;
}

/** What is to be done `atS` seconds after the start of the recording. */
export function cueAt(challenge: Pick<LivenessChallenge, 'steps' | 'lengthS'>, atS: number): Cue {
  const { steps, lengthS } = challenge;
  const index = steps.findIndex((step) => atS < step.toS);
  if (index < 0) {
    const leftS = lengthS + TAIL_S - atS;
    return leftS > 0
      ? { kind: 'straight', index: steps.length, leftS }
      : { kind: 'done', index: steps.length, leftS: 0 };
  }
  const step = steps[index]!;
  return atS < step.fromS
    ? { kind: 'straight', index, leftS: step.fromS - atS }
    : { kind: 'step', index, leftS: step.toS - atS };
}
