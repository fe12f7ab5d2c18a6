import type { Audience, Category, Signal, Stage } from '#contracts';
import { familyOf } from './family.js';
import type { Policy } from './types.js';

/** The categories in which some finding reaches the threshold of a hold, whatever becomes of it. */
export function categoriesHeld(
  policy: Policy,
  { stage, audience, signals }: { stage: Stage; audience: Audience; signals: readonly Signal[] },
): Set<Category> {
  const { families } = policy.stages[stage];
  const reached = signals.filter(
    ({ detector, category, score, state }) =>
      state === 'measured' && (score ?? 0) >= familyOf(families, detector).thresholds[category][audience].hold,
  );
  return new Set(reached.map(({ category }) => category));
}
