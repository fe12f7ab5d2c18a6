import { z } from 'zod';
import { CASE_OUTCOMES, CaseOutcome, CLOCK_KINDS } from './review.js';
import { Category } from './taxonomy.js';

/** Query of `GET /v1/desk/quality` and `GET /v1/desk/charts`. */
export const QualityQuery = z.object({
  days: z.coerce.number().int().min(1).max(366).default(30),
  tenant: z.string().max(80).optional(),
  queue: z.string().max(80).optional(),
});
export type QualityQuery = z.infer<typeof QualityQuery>;

/** How well people and detectors do, counted from what was settled in that time. */
export const QualityView = z.object({
  object: z.literal('quality'),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Of pairs of blind readings; kappa is Cohen's, null below two pairs or where chance explains everything. */
  agreement: z.object({
    pairs: z.number().int(),
    agreed: z.number().int(),
    kappa: z.number().nullable(),
    /** Pairs by what the first and the second reader said. */
    table: z.array(z.object({ first: CaseOutcome, second: CaseOutcome, pairs: z.number().int() })),
  }),
  reviewers: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      decisions: z.number().int(),
      median_s: z.number().nullable(),
      golden: z.object({ items: z.number().int(), right: z.number().int(), accuracy: z.number().nullable() }),
      second: z.object({ pairs: z.number().int(), agreed: z.number().int() }),
      overturned: z.number().int(),
      unblurred_s: z.number(),
    }),
  ),
  /** Against the final human outcome of the cases that the detector's reasons were part of. */
  detectors: z.array(
    z.object({
      detector: z.string(),
      category: Category,
      cases: z.number().int(),
      upheld: z.number().int(),
      precision: z.number().nullable(),
    }),
  ),
  /** Settled decisions that an appeal or arbiter changed. */
  overturned: z.object({ settled: z.number().int(), overturned: z.number().int(), share: z.number().nullable() }),
});
export type QualityView = z.infer<typeof QualityView>;

/** Numbers for charts, days and weeks in UTC. */
export const ChartsView = z.object({
  object: z.literal('charts'),
  /** Cases opened and closed by day. */
  volumes: z.array(z.object({ day: z.iso.date(), opened: z.number().int(), closed: z.number().int() })),
  decisions: z.array(z.object({ day: z.iso.date(), outcome: z.enum(CASE_OUTCOMES), count: z.number().int() })),
  clocks: z.array(
    z.object({
      kind: z.enum(CLOCK_KINDS),
      closed: z.number().int(),
      in_time: z.number().int(),
      /** Hours from opening to closing. */
      median_h: z.number().nullable(),
      open_breached: z.number().int(),
    }),
  ),
  /** Histogram of scores by week: ten bins from 0 to 1. */
  drift: z.array(
    z.object({
      detector: z.string(),
      category: Category,
      week: z.iso.date(),
      bins: z.array(z.number().int()).length(10),
      mean: z.number(),
    }),
  ),
  agreement: z.array(
    z.object({ week: z.iso.date(), pairs: z.number().int(), agreed: z.number().int(), kappa: z.number().nullable() }),
  ),
  exposure: z.array(z.object({ day: z.iso.date(), unblurred_s: z.number(), decisions: z.number().int() })),
});
export type ChartsView = z.infer<typeof ChartsView>;

/** Body of `POST /v1/desk/golden`: a closed case whose right answer is known. */
export const CreateGolden = z.strictObject({
  case_id: z.string().max(80),
  outcome: CaseOutcome.exclude(['escalate']),
  category: Category,
  why: z.string().trim().min(3).max(2000),
});
export type CreateGolden = z.infer<typeof CreateGolden>;

/** A golden item, for those who keep the set. */
export const GoldenView = z.object({
  id: z.string(),
  object: z.literal('golden'),
  /** The case that it was made from. */
  case_id: z.string(),
  outcome: CaseOutcome,
  category: Category,
  why: z.string(),
  shown: z.number().int(),
  right: z.number().int(),
  created_at: z.iso.datetime(),
  retired_at: z.iso.datetime().nullable(),
});
export type GoldenView = z.infer<typeof GoldenView>;

/** All golden items, the newest first. */
export const GoldenList = z.object({ object: z.literal('list'), data: z.array(GoldenView) });
export type GoldenList = z.infer<typeof GoldenList>;
