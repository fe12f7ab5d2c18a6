import { z } from 'zod';
import { Category, Coverage, LocalText } from './taxonomy.js';

/** Name and version of what measured something, so that a decision can be replayed. */
export const ModelRef = z.object({
  name: z.string(),
  version: z.string(),
  /** SHA-256 of the weights, where there are any. */
  sha256: z.string().optional(),
  /** Execution provider that ran it: `cpu`, `cuda`, ... or `js` for plain code. */
  provider: z.string().optional(),
});
export type ModelRef = z.infer<typeof ModelRef>;

/** A rectangle of the upright frame, as fractions of its width and height. */
export const FrameBox = z.object({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().min(0).max(1),
  height: z.number().min(0).max(1),
});
export type FrameBox = z.infer<typeof FrameBox>;

/**
 * One finding of one detector about one category. `measured` carries a score in 0..1; `unable` says that the
 * detector could not tell and why, and is never read as a low score.
 */
export const Signal = z.object({
  /** Stable name of the detector, e.g. `text.linear`, `text.rules`, `vision.nsfw`. */
  detector: z.string(),
  category: Category,
  /** What was looked at. */
  source: z.enum(['prompt', 'reference', 'frames', 'sound', 'ocr', 'transcript', 'face', 'fingerprint', 'provenance']),
  state: z.enum(['measured', 'unable']),
  score: z.number().min(0).max(1).nullable(),
  /** Why the detector was unable, or which rule fired. Never the prompt's own words at length. */
  reason: z.string().optional(),
  /** The same for people, in their language, where a person has to act on it. */
  note: LocalText.optional(),
  coverage: Coverage,
  model: ModelRef,
  /** Seconds of the clip that the finding is about. */
  at: z.object({ fromS: z.number(), toS: z.number() }).optional(),
  /** Where in the picture, at the strongest moment. */
  box: FrameBox.optional(),
  /**
   * Chance that the finding is true, 0..1, where the score was calibrated on labelled material; the model's card names
   * it. Absent otherwise: a score is not a probability.
   */
  probability: z.number().min(0).max(1).optional(),
  /** Measured and recorded, but no rule acts on its score; it may raise a review's priority. */
  shadow: z.boolean().optional(),
  /** Id of the {@link Still} at the strongest moment. */
  still: z.string().optional(),
  /** Score over time, for the moderator's chart: `[seconds, score]` pairs. */
  series: z.array(z.tuple([z.number(), z.number()])).optional(),
  /** True when a test or a demonstration injected it; always shown. */
  synthetic: z.boolean().optional(),
});
export type Signal = z.infer<typeof Signal>;

/** A picture of one moment for the moderator (WebP). Shown blurred; the clear one is fetched on purpose. */
export const Still = z.object({
  /** Stable within the clip, `still_1`, ... */
  id: z.string(),
  atS: z.number(),
  width: z.number().int(),
  height: z.number().int(),
});
export type Still = z.infer<typeof Still>;

/** How a still is asked for. */
export const StillView = z.enum(['blurred', 'clear']);
export type StillView = z.infer<typeof StillView>;

/** All signals about one thing, with what could not be looked at. */
export const SignalSet = z.array(Signal);
export type SignalSet = z.infer<typeof SignalSet>;
