import { z } from 'zod';
import { Decision, Stage } from './decision.js';
import { Inspection } from './inspection.js';
import { CaseLimits } from './limits.js';
import { AppliedLabel } from './label.js';
import { Signal } from './signals.js';
import { Audience } from './taxonomy.js';
import { Derivation } from './videos.js';

/** Every state a clip can be in. `released` may still become `withdrawn`; what follows it is final. */
export const CLIP_STATES = [
  'queued',
  'generating',
  'inspecting',
  'held',
  'marking',
  'signing',
  'rereading',
  'logging',
  'released',
  'withdrawn',
  'refused',
  'failed',
  'deleted',
] as const;

/** One state of the gate's state machine. */
export const ClipState = z.enum(CLIP_STATES);
export type ClipState = z.infer<typeof ClipState>;

/** Body of `POST /v1/clips/{id}/withdraw`. */
export const WithdrawClip = z.strictObject({
  reason: z
    .enum(['maker', 'consent', 'policy', 'legal'])
    .describe('why the release no longer stands: its maker, a person shown in it, the policy, or the law'),
});
export type WithdrawClip = z.infer<typeof WithdrawClip>;

/** One transition, as kept in the append-only events. */
export const ClipEvent = z.object({
  at: z.iso.datetime(),
  from: ClipState.nullable(),
  to: ClipState,
  actor: z.string(),
  note: z.string().optional(),
});
export type ClipEvent = z.infer<typeof ClipEvent>;

/** The true state of a clip, on our own endpoint `GET /v1/clips/{id}`. */
export const ClipView = z.object({
  id: z.string(),
  object: z.literal('clip'),
  state: ClipState,
  held_at: Stage.or(z.literal('marks')).nullable(),
  progress: z.number().min(0).max(100),
  model: z.string(),
  engine: z.string(),
  prompt: z.string(),
  seconds: z.number(),
  size: z.string(),
  seed: z.string(),
  audience: Audience,
  /** The clip that it was made from, and how. */
  made_from: z.object({ video_id: z.string(), how: Derivation }).nullable(),
  maker: z.string().nullable(),
  decisions: z.array(Decision),
  signals: z.array(Signal),
  /** What was seen and heard in the finished clip; null before it was looked at. */
  inspection: Inspection.nullable(),
  review: z
    .object({
      outcome: z.string(),
      category: z.string(),
      reason: z.string(),
      reviewer: z.string(),
      at: z.iso.datetime(),
    })
    .nullable(),
  /** Conditions under which a person released it: the platform shows the line, keeps the age and offers no remix. */
  limits: CaseLimits.nullable(),
  statement_id: z.string().nullable(),
  /** How it says that it was made with AI, as it was applied; null before it was marked. */
  label: AppliedLabel.nullable(),
  release: z
    .object({
      id: z.string(),
      released_at: z.iso.datetime(),
      sha256: z.string(),
      manifest_id: z.string(),
      watermark: z.object({ z: z.number(), frames: z.number() }),
      credentials: z.string(),
    })
    .nullable(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** Milliseconds spent in each step. */
  timings: z.record(z.string(), z.number()),
  events: z.array(ClipEvent),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export type ClipView = z.infer<typeof ClipView>;
