import { z } from 'zod';
import { Audience, Category, Coverage, LocalText } from './taxonomy.js';

/** What the gate does next. `hold` waits for a person. */
export const Outcome = z.enum(['allow', 'hold', 'refuse']);
export type Outcome = z.infer<typeof Outcome>;

/** When a decision is taken: on the words asked for, or on the finished clip. */
export const Stage = z.enum(['prompt', 'clip']);
export type Stage = z.infer<typeof Stage>;

/** One rule that contributed to a decision, with the numbers that made it fire. */
export const Reason = z.object({
  outcome: Outcome,
  /** Identifier of the rule inside the policy document, e.g. `violence.refuse`. */
  rule: z.string(),
  category: Category,
  severity: z.number().int().min(1).max(5),
  detector: z.string(),
  score: z.number().nullable(),
  threshold: z.number().nullable(),
  synthetic: z.boolean().optional(),
  /** The sentence shown to people. */
  text: LocalText,
  /** What exactly the detector could not do, where it says so. */
  note: LocalText.optional(),
});
export type Reason = z.infer<typeof Reason>;

/** The outcome of evaluating a policy version over a set of signals; enough to evaluate it again. */
export const Decision = z.object({
  stage: Stage,
  outcome: Outcome,
  audience: Audience,
  policy: z.object({ id: z.string(), version: z.string(), sha256: z.string() }),
  /** Strongest first. Empty when allowed. */
  reasons: z.array(Reason),
  /** Categories behind the outcome, strongest first. */
  categories: z.array(Category),
  /** Best coverage that any detector had per category; of a finished clip: that any detector of the pictures had. */
  coverage: z.partialRecord(Category, Coverage),
});
export type Decision = z.infer<typeof Decision>;

/** What a reviewer decides about a held clip. */
export const ReviewDecision = z.object({
  outcome: z.enum(['release', 'refuse']).describe('release lets the clip go on; refuse ends it'),
  category: Category.describe('the policy category that the decision rests on'),
  reason: z.string().trim().min(3).max(2000).describe('why, in the reviewer’s words; kept with the decision'),
});
export type ReviewDecision = z.infer<typeof ReviewDecision>;
