import { z } from 'zod';
import { Outcome } from './decision.js';
import { CaseLimits } from './limits.js';
import { Category } from './taxonomy.js';

/** Where a case came from. */
export const CASE_KINDS = ['hold', 'report', 'appeal', 'sample'] as const;
export const CaseKind = z.enum(CASE_KINDS);
export type CaseKind = z.infer<typeof CaseKind>;

/**
 * `open`: waits for a reader. `pending`: read, and the decision may still be undone. `closed`: settled, or overtaken by
 * something else that happened to the clip.
 */
export const CASE_STATES = ['open', 'pending', 'closed'] as const;
export const CaseState = z.enum(CASE_STATES);
export type CaseState = z.infer<typeof CaseState>;

/** Which reading a case waits for: the first, a blind second one, or an arbiter's who sees both. */
export const CaseStage = z.enum(['first', 'second', 'arbiter']);
export type CaseStage = z.infer<typeof CaseStage>;

/** How long there is for a case. */
export const CLOCK_KINDS = ['1h', '24h', '48h', '6mo'] as const;
export const ClockKind = z.enum(CLOCK_KINDS);
export type ClockKind = z.infer<typeof ClockKind>;

/** The clock of a case. A warning is due when three quarters of the time are over. */
export const CaseClock = z.object({
  kind: ClockKind,
  opened_at: z.iso.datetime(),
  warn_at: z.iso.datetime(),
  due_at: z.iso.datetime(),
  state: z.enum(['running', 'warning', 'breached', 'stopped']),
});
export type CaseClock = z.infer<typeof CaseClock>;

/** Why a case stands where it stands: `score` is the product of the others, as of now. */
export const CasePriority = z.object({
  score: z.number(),
  /** Of the policy, 1..5. */
  severity: z.number(),
  /** 1 and more: how many people it may reach (clips that the maker released lately, people who reported it). */
  reach: z.number(),
  /** 1..2: what the inspection saw besides its scores. */
  doubt: z.number(),
  /** 1/16 when the clock starts, 1 when it is due, more when it is late. */
  time_left: z.number(),
});
export type CasePriority = z.infer<typeof CasePriority>;

/** Somebody who holds a case. */
export const CaseLease = z.object({
  holder: z.object({ id: z.string(), name: z.string() }),
  until: z.iso.datetime(),
  mine: z.boolean(),
});
export type CaseLease = z.infer<typeof CaseLease>;

/** What every list of cases shows. */
export const CaseItem = z.object({
  id: z.string(),
  object: z.literal('case'),
  kind: CaseKind,
  state: CaseState,
  stage: CaseStage,
  queue: z.object({ id: z.string(), name: z.string() }),
  tenant: z.object({ id: z.string(), name: z.string() }),
  category: Category.nullable(),
  severity: z.number().int().min(1).max(5),
  language: z.string().nullable(),
  clock: CaseClock,
  priority: CasePriority,
  lease: CaseLease.nullable(),
  /** The beginning of the prompt. */
  title: z.string(),
  /** Seconds of video; null before there is any. */
  seconds: z.number().nullable(),
  opened_at: z.iso.datetime(),
  closed_at: z.iso.datetime().nullable(),
});
export type CaseItem = z.infer<typeof CaseItem>;

/** Query of `GET /v1/desk/cases`. */
export const ListCases = z.object({
  queue: z.string().max(80).optional(),
  state: CaseState.default('open'),
  stage: CaseStage.optional(),
  kind: CaseKind.optional(),
  category: Category.optional(),
  tenant: z.string().max(80).optional(),
  /** A case id, a clip id or words of the prompt. */
  q: z.string().trim().min(2).max(200).optional(),
  sort: z.enum(['priority', 'due', 'opened', 'closed']).default('priority'),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  /** `next` of the page before. */
  after: z.string().max(200).optional(),
});
export type ListCases = z.infer<typeof ListCases>;

/** A page of cases. */
export const CaseList = z.object({
  object: z.literal('list'),
  data: z.array(CaseItem),
  has_more: z.boolean(),
  next: z.string().nullable(),
  /** Of the whole list, as far as it was counted: at most 10 000. */
  total: z.number().int(),
});
export type CaseList = z.infer<typeof CaseList>;

/** What a reader can decide. */
export const CASE_OUTCOMES = ['release', 'release_limited', 'refuse', 'escalate', 'child_safety'] as const;
export const CaseOutcome = z.enum(CASE_OUTCOMES);
export type CaseOutcome = z.infer<typeof CaseOutcome>;

/** What a reader looked at. */
export const CaseWatch = z.object({
  /** Milliseconds of unblurred, moving or still, pictures since the last report. */
  unblurred_ms: z.number().int().min(0).max(600_000).default(0),
  /** Stretches of the clip that were played since then, in seconds. */
  watched: z
    .array(z.tuple([z.number().min(0), z.number().min(0)]))
    .max(200)
    .default([]),
});
export type CaseWatch = z.infer<typeof CaseWatch>;

/** Body of `POST /v1/desk/cases/{id}/decide`. */
export const DecideCase = z
  .strictObject({
    outcome: CaseOutcome,
    category: Category.describe('the policy category that the decision rests on'),
    reason: z.string().trim().min(3).max(2000),
    limits: CaseLimits.optional(),
    /** Of the lease. */
    token: z.string().max(80),
    ...CaseWatch.shape,
  })
  .refine(
    ({ outcome, limits }) =>
      outcome !== 'release_limited' || Boolean(limits && (limits.label || limits.age_gate || limits.no_remix)),
    { message: 'A release with limits names at least one limit.', path: ['limits'] },
  )
  .refine(({ outcome, limits }) => outcome === 'release_limited' || limits === undefined, {
    message: 'Only a release with limits has limits.',
    path: ['limits'],
  });
export type DecideCase = z.infer<typeof DecideCase>;

/** Answer to a decision: it may be undone until it leaves. */
export const DecisionReceipt = z.object({
  decision_id: z.string(),
  case_id: z.string(),
  leaves_at: z.iso.datetime(),
  /** The reader's exposure today, with this decision. */
  exposure: z.object({ unblurred_s: z.number(), budget_s: z.number(), take_a_break: z.boolean() }),
});
export type DecisionReceipt = z.infer<typeof DecisionReceipt>;

/** Answer to `POST /v1/desk/decisions/{id}/undo`: the case is the reader's again. */
export const UndoReceipt = z.object({
  case_id: z.string(),
  lease: z.object({ token: z.string(), until: z.iso.datetime() }),
});
export type UndoReceipt = z.infer<typeof UndoReceipt>;

/** Answer to taking a case. Heartbeats with its token, every 10 s, keep it. */
export const LeaseGrant = z.object({
  case_id: z.string(),
  token: z.string(),
  until: z.iso.datetime(),
  heartbeat_s: z.number(),
});
export type LeaseGrant = z.infer<typeof LeaseGrant>;

/** Body of `POST /v1/desk/cases/next`. */
export const TakeNext = z.strictObject({
  queue: z.string().max(80).optional(),
  view: z.boolean().default(false).describe('answer with the whole case as well, which is a look at it'),
});
export type TakeNext = z.infer<typeof TakeNext>;

/** Body of `POST /v1/desk/cases/{id}/heartbeat`. */
export const Heartbeat = z.strictObject({ token: z.string().max(80), ...CaseWatch.shape });
export type Heartbeat = z.infer<typeof Heartbeat>;

/** Answer to a heartbeat. */
export const HeartbeatReceipt = z.object({
  until: z.iso.datetime(),
  viewers: z.array(z.object({ id: z.string(), name: z.string() })),
  exposure: DecisionReceipt.shape.exposure,
});
export type HeartbeatReceipt = z.infer<typeof HeartbeatReceipt>;

/** Body of `POST /v1/desk/cases/{id}/return`. */
export const ReturnCase = z.strictObject({ token: z.string().max(80) });
export type ReturnCase = z.infer<typeof ReturnCase>;

/** Body of `POST /v1/desk/cases/{id}/note`. */
export const WriteNote = z.strictObject({ text: z.string().trim().min(1).max(2000) });
export type WriteNote = z.infer<typeof WriteNote>;

/** One line of why a case is here: which signal met which rule of which policy version. */
export const CaseWhy = z.object({
  /** The whole in one line. */
  line: z.object({ en: z.string(), fr: z.string() }),
  rules: z.array(
    z.object({
      rule: z.string(),
      outcome: Outcome,
      category: Category,
      severity: z.number().int(),
      detector: z.string(),
      score: z.number().nullable(),
      threshold: z.number().nullable(),
      synthetic: z.boolean(),
      text: z.object({ en: z.string(), fr: z.string() }),
    }),
  ),
  policy: z.object({ id: z.string(), version: z.string(), sha256: z.string() }).nullable(),
});
export type CaseWhy = z.infer<typeof CaseWhy>;
