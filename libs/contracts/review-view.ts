import { z } from 'zod';
import { Grant, PersonState } from './consent.js';
import { BankMatch, FaceSighting, ScreenText, SpeechFinding } from './inspection.js';
import { CaseLimits } from './limits.js';
import { CaseItem, CaseOutcome, CaseStage, CaseWhy, LeaseGrant } from './review.js';
import { Signal, Still } from './signals.js';
import { Audience, Category } from './taxonomy.js';

/** One detector on the time line. */
export const ScoreBar = z.object({
  detector: z.string(),
  category: Category,
  /** What was looked at: frames, sound, ... */
  source: z.string(),
  state: z.enum(['measured', 'unable']),
  score: z.number().nullable(),
  threshold: z.number().nullable(),
  synthetic: z.boolean(),
  /** `[seconds, score]`; empty where the finding has no place in time. */
  series: z.array(z.tuple([z.number(), z.number()])),
});
export type ScoreBar = z.infer<typeof ScoreBar>;

/** A second worth looking at first: what the keys 1 to 9 jump to. */
export const FlaggedMoment = z.object({
  at_s: z.number(),
  detector: z.string(),
  category: Category,
  score: z.number(),
  still: z.string().nullable(),
});
export type FlaggedMoment = z.infer<typeof FlaggedMoment>;

/** A reading of a case, as far as this reader may see it. */
export const CaseReading = z.object({
  id: z.string(),
  stage: CaseStage,
  reader: z.object({ id: z.string(), name: z.string() }),
  mine: z.boolean(),
  outcome: CaseOutcome,
  category: Category,
  reason: z.string(),
  limits: CaseLimits.nullable(),
  /** pending: may be undone. read: waits for another reader. overtaken: the clip moved before it could be settled. */
  state: z.enum(['pending', 'read', 'settled', 'undone', 'overtaken', 'overruled', 'escalated']),
  at: z.iso.datetime(),
  leaves_at: z.iso.datetime(),
  unblurred_ms: z.number().int(),
});
export type CaseReading = z.infer<typeof CaseReading>;

/** What a reader wrote beside a case. Hidden from a blind second reader like the reading itself. */
export const CaseNote = z.object({
  id: z.string(),
  by: z.object({ id: z.string(), name: z.string() }),
  text: z.string(),
  at: z.iso.datetime(),
});
export type CaseNote = z.infer<typeof CaseNote>;

/** Who may be shown in the clip, and by whose leave. */
export const CaseLikeness = z.object({
  id: z.string(),
  /** As the platform shows them: a handle, or what a character is called. */
  name: z.string(),
  how: z.enum(['asked', 'inherited', 'seen']),
  /** Under which it was admitted; it may have ended since. */
  grant: Grant.pick({ id: true, audience: true, limits: true, places: true, until: true }).nullable(),
  /** Of the person; `ended`: enrolled, and the grant counts no more. */
  state: z.enum([...PersonState.options, 'ended']),
});
export type CaseLikeness = z.infer<typeof CaseLikeness>;

/** What makes a clip traceable, as far as it went. */
export const CaseProvenance = z.object({
  engine: z.string(),
  model: z.string(),
  made_from: z.object({ clip_id: z.string(), how: z.string() }).nullable(),
  release_id: z.string().nullable(),
  /** State of each layer; `waiting` before the clip was marked. */
  watermark: z.enum(['waiting', 'read_back', 'failed']),
  credentials: z.enum(['waiting', 'read_back', 'failed']),
  log: z.enum(['waiting', 'logged', 'failed']),
  log_index: z.number().int().nullable(),
});
export type CaseProvenance = z.infer<typeof CaseProvenance>;

/** Who asked for the clip, under the platform's own name, and how it went before. */
export const CaseMaker = z.object({
  id: z.string(),
  audience: Audience,
  since: z.iso.datetime(),
  clips: z.object({
    total: z.number().int(),
    released: z.number().int(),
    refused: z.number().int(),
    held: z.number().int(),
  }),
  /** Latest first, without the clip at hand. */
  latest: z.array(
    z.object({
      at: z.iso.datetime(),
      state: z.string(),
      categories: z.array(z.string()),
      by: z.enum(['policy', 'reviewer', 'none']),
    }),
  ),
});
export type CaseMaker = z.infer<typeof CaseMaker>;

/** Everything that a reader sees of a case. */
export const CaseView = CaseItem.extend({
  object: z.literal('case.view'),
  clip: z.object({
    id: z.string(),
    /** prompt, clip or marks: what stopped it. */
    held_at: z.string().nullable(),
    size: z.string(),
    seconds: z.number(),
    /** There is a film to play at `/v1/desk/cases/{id}/clip`. */
    has_video: z.boolean(),
    created_at: z.iso.datetime(),
  }),
  why: CaseWhy,
  /** What a report or appeal says; null of other kinds. */
  statement: z.object({ by: z.string(), text: z.string(), reports: z.number().int() }).nullable(),
  prompt: z.string(),
  /** The words of the whole chain of remixes. */
  effective_prompt: z.string(),
  signals: z.array(Signal),
  bars: z.array(ScoreBar),
  flagged: z.array(FlaggedMoment),
  stills: z.array(Still),
  texts: z.array(ScreenText),
  speech: SpeechFinding.nullable(),
  faces: z.array(FaceSighting),
  matches: z.array(BankMatch),
  maker: CaseMaker.nullable(),
  likeness: z.array(CaseLikeness),
  provenance: CaseProvenance,
  viewers: z.array(z.object({ id: z.string(), name: z.string() })),
  readings: z.array(CaseReading),
  notes: z.array(CaseNote),
  /** Something moved the clip before a decision could leave: what and when. */
  conflict: z.object({ state: z.string(), at: z.iso.datetime() }).nullable(),
  /** What this reader may do here. */
  may: z.object({
    take: z.boolean(),
    decide: z.boolean(),
    outcomes: z.array(CaseOutcome),
    watch: z.boolean(),
    note: z.boolean(),
    /** Why it cannot be taken, as a code; null when it can. */
    why_not: z.enum(['closed', 'pending', 'leased', 'read_before', 'not_allowed', 'arbiter_only']).nullable(),
  }),
});
export type CaseView = z.infer<typeof CaseView>;

/** Answer of `POST /v1/desk/cases/next`: the lease, and the case where it was asked for. */
export const TakenCase = LeaseGrant.extend({ view: CaseView.optional() });
export type TakenCase = z.infer<typeof TakenCase>;

/** Query of `GET /v1/desk/cases/ahead`. */
export const PeekNext = z.object({ queue: z.string().max(80).optional() });
export type PeekNext = z.infer<typeof PeekNext>;

/** The case that would come next, as of now: nobody holds it, and others may take it first. */
export const CaseAhead = z.object({
  object: z.literal('case.ahead'),
  case_id: z.string(),
  /** Ids of its stills, so that the blurred ones can be fetched early. */
  stills: z.array(z.string()),
});
export type CaseAhead = z.infer<typeof CaseAhead>;
