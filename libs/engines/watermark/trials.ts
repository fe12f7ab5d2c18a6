import {
  ASPECT_MAX,
  ASPECT_STEP,
  ROTATION_MAX_DEG,
  ROTATION_STEP_DEG,
  SCALE_MAX,
  SCALE_MIN,
  SCALE_STEP,
} from './params.js';
import { type Trial } from './search.js';

/** Uniform scales around `base`, stretched and turned. */
export function* scaleTrials(base: number, aspect: number, rotationDeg: number): Iterable<Trial> {
  for (let scale = SCALE_MIN; scale <= SCALE_MAX; scale *= 1 + SCALE_STEP) {
    yield { scaleX: base * scale * (1 + aspect / 2), scaleY: (base * scale) / (1 + aspect / 2), rotationDeg };
  }
}

/** Unequal stretching, a batch for each amount. */
export function* aspectBatches(base: number): Iterable<Iterable<Trial>> {
  for (let aspect = ASPECT_STEP; aspect <= ASPECT_MAX; aspect += ASPECT_STEP) {
    for (const signed of [aspect, -aspect]) yield scaleTrials(base, signed, 0);
  }
}

/** Rotations; small angles first: they are the likelier ones. */
export function* rotationBatches(base: number): Iterable<Iterable<Trial>> {
  const steps = Math.ceil(ROTATION_MAX_DEG / ROTATION_STEP_DEG);
  for (let step = 1; step <= steps; step++) {
    for (const signed of [step, -step]) yield scaleTrials(base, 0, signed * ROTATION_STEP_DEG);
  }
}
