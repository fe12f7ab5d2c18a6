import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type Audience, CATEGORIES, type Signal, type Stage } from '#contracts';
import { projectRoot } from '#kernel';

/** Text of the policy in force. */
export const DEFAULT_POLICY = readFileSync(join(projectRoot, 'policies/default.yaml'), 'utf8');

/** A measured finding of the prompt stage's required detector, harmless unless told otherwise. */
export function signal(overrides: Partial<Signal> = {}): Signal {
  return {
    detector: 'text.linear',
    category: 'violence',
    source: 'prompt',
    state: 'measured',
    score: 0.01,
    coverage: 'medium',
    model: { name: 'test', version: '1' },
    ...overrides,
  };
}

const detectors = ['text.linear', 'text.rules', 'vision.nsfw', 'vision.nsfw.suggestive', 'new.one'];

/** Any signal that a detector could send; scores favour the neighbourhood of thresholds. */
export const anySignal: fc.Arbitrary<Signal> = fc.record({
  detector: fc.constantFrom(...detectors),
  category: fc.constantFrom(...CATEGORIES),
  source: fc.constantFrom('prompt' as const, 'frames' as const, 'transcript' as const),
  state: fc.constantFrom('measured' as const, 'measured' as const, 'measured' as const, 'unable' as const),
  score: fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(0, 0.25, 0.3, 0.35, 0.5, 0.7, 0.85, 1),
    fc.constant(null),
  ),
  coverage: fc.constantFrom('none' as const, 'low' as const, 'medium' as const, 'high' as const),
  model: fc.constant({ name: 'test', version: '1' }),
  reason: fc.constantFrom('', 'public_figure', 'disguised_writing 0.50'),
  synthetic: fc.boolean(),
});

export const anyStage = fc.constantFrom<Stage>('prompt', 'clip');
export const anyAudience = fc.constantFrom<Audience>('adult', 'teen');
