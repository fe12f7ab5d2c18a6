import { Decision, Signal } from '#contracts';
import { z } from 'zod';

/** A decision with all that it was taken from. Models and their versions are inside the signals. */
export const DecisionRecord = z.object({
  at: z.iso.datetime(),
  decision: Decision,
  signals: z.array(Signal),
  /** Of a finished clip: what was found in the words that asked for it. */
  asked: z.array(Signal).optional(),
});
export type DecisionRecord = z.infer<typeof DecisionRecord>;

/** What a person decided about a held clip. */
export const ReviewRecord = z.object({
  outcome: z.enum(['release', 'release_limited', 'refuse']),
  category: z.string(),
  reason: z.string(),
  reviewer: z.string(),
  at: z.iso.datetime(),
});
export type ReviewRecord = z.infer<typeof ReviewRecord>;

/** Reads the decisions column. */
export function readDecisions(column: unknown): DecisionRecord[] {
  return z.array(DecisionRecord).parse(column);
}
