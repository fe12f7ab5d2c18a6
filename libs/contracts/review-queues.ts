import { z } from 'zod';
import { CaseKind, ClockKind } from './review.js';
import { Category } from './taxonomy.js';

/** `usual`, `senior` (where escalations go) or `child_safety`. */
export const QueuePurpose = z.enum(['usual', 'senior', 'child_safety']);
export type QueuePurpose = z.infer<typeof QueuePurpose>;

const shares = {
  /** Share of cases that two people read although one would do, 0..1. */
  second_share: z.number().min(0).max(1),
  /** Share of takes that are golden items, 0..1. */
  golden_share: z.number().min(0).max(1),
  /** Share of released clips that become cases here, 0..1. */
  sample_share: z.number().min(0).max(1),
};

/** Body of `POST /v1/desk/queues`. */
export const CreateQueue = z.strictObject({
  name: z.string().trim().min(1).max(60),
  purpose: QueuePurpose.default('usual'),
  second_share: shares.second_share.default(0.05),
  golden_share: shares.golden_share.default(0.02),
  sample_share: shares.sample_share.default(0),
});
export type CreateQueue = z.infer<typeof CreateQueue>;

/** Body of `PUT /v1/desk/queues/{id}`: what is left out stays. */
export const EditQueue = z.strictObject({
  name: CreateQueue.shape.name.optional(),
  second_share: shares.second_share.optional(),
  golden_share: shares.golden_share.optional(),
  sample_share: shares.sample_share.optional(),
});
export type EditQueue = z.infer<typeof EditQueue>;

/** Body of `POST /v1/desk/queues/{id}/close`. */
export const CloseQueue = z.strictObject({ move_to: z.string().max(80) });
export type CloseQueue = z.infer<typeof CloseQueue>;

/** A queue with its numbers of now. The three shares are null for those who may not edit queues. */
export const QueueView = z.object({
  id: z.string(),
  object: z.literal('queue'),
  name: z.string(),
  purpose: QueuePurpose,
  /** Cases that no rule speaks of land here; it cannot be closed. */
  is_default: z.boolean(),
  second_share: shares.second_share.nullable(),
  golden_share: shares.golden_share.nullable(),
  sample_share: shares.sample_share.nullable(),
  open: z.number().int(),
  leased: z.number().int(),
  oldest_at: z.iso.datetime().nullable(),
  next_due_at: z.iso.datetime().nullable(),
  breached: z.number().int(),
  created_at: z.iso.datetime(),
  closed_at: z.iso.datetime().nullable(),
});
export type QueueView = z.infer<typeof QueueView>;

/** All queues that this person may work in. */
export const QueueList = z.object({ object: z.literal('list'), data: z.array(QueueView) });
export type QueueList = z.infer<typeof QueueList>;

/** Answer to closing a queue. */
export const QueueClosed = z.object({ queue: QueueView, moved: z.number().int() });
export type QueueClosed = z.infer<typeof QueueClosed>;

/** Which cases a rule speaks of: every list that is there must have the case; an empty rule takes all. */
export const RuleConditions = z.strictObject({
  kinds: z.array(CaseKind).max(10).optional(),
  categories: z.array(Category).max(20).optional(),
  languages: z.array(z.string().min(2).max(10)).max(50).optional(),
  tenants: z.array(z.string().max(80)).max(200).optional(),
  min_severity: z.number().int().min(1).max(5).optional(),
});
export type RuleConditions = z.infer<typeof RuleConditions>;

/** One rule of the ordered list; the first that fits decides. */
export const RoutingRule = z.strictObject({
  id: z.string().max(80).optional(),
  name: z.string().trim().min(1).max(80),
  when: RuleConditions,
  queue: z.string().max(80),
});
export type RoutingRule = z.infer<typeof RoutingRule>;

/** Body of `PUT /v1/desk/routing`: the whole list. `version` is that of the list it was made from. */
export const PutRouting = z.strictObject({ version: z.number().int(), rules: z.array(RoutingRule).max(200) });
export type PutRouting = z.infer<typeof PutRouting>;

/** The rules in force. */
export const Routing = z.object({
  object: z.literal('routing'),
  version: z.number().int(),
  rules: z.array(RoutingRule.extend({ id: z.string() })),
  default_queue: z.string(),
});
export type Routing = z.infer<typeof Routing>;

/** Body of `POST /v1/desk/routing/test`. `rules` tries a list that is not in force. */
export const TestRouting = z.strictObject({
  case_id: z.string().max(80),
  rules: z.array(RoutingRule).max(200).optional(),
});
export type TestRouting = z.infer<typeof TestRouting>;

/** Where the case would go, and what each rule said up to the one that fits. */
export const RoutingTest = z.object({
  case: z.object({
    id: z.string(),
    kind: CaseKind,
    category: Category.nullable(),
    language: z.string().nullable(),
    tenant: z.string(),
    severity: z.number().int(),
  }),
  queue: z.object({ id: z.string(), name: z.string() }),
  /** The rule that fits; null when it is the default queue for want of one. */
  rule: z.string().nullable(),
  steps: z.array(z.object({ rule: z.string(), fits: z.boolean(), because: z.string() })),
});
export type RoutingTest = z.infer<typeof RoutingTest>;

/** `GET /v1/desk/shift`: how the day of one person stands. */
export const ShiftView = z.object({
  object: z.literal('shift'),
  queues: z.array(QueueView),
  /** The case that this person holds. */
  holding: z.object({ case_id: z.string(), until: z.iso.datetime() }).nullable(),
  /** Decisions that can still be undone. */
  pending: z.array(z.object({ decision_id: z.string(), case_id: z.string(), leaves_at: z.iso.datetime() })),
  decided_today: z.number().int(),
  median_decision_s: z.number().nullable(),
  exposure: z.object({ unblurred_s: z.number(), budget_s: z.number(), take_a_break: z.boolean() }),
  /** Share of golden items and second readings that agreed, last 30 days; null below five. */
  golden: z.object({ items: z.number().int(), agreed: z.number().nullable() }),
  second: z.object({ readings: z.number().int(), agreed: z.number().nullable() }),
  heartbeat_s: z.number(),
  lease_s: z.number(),
});
export type ShiftView = z.infer<typeof ShiftView>;

/** What the stream `GET /v1/desk/events` tells: ids and counts, never contents. */
export const DeskEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('case.changed'), case_id: z.string(), queue_id: z.string() }),
  z.object({ type: z.literal('queue.changed'), queue_id: z.string() }),
  z.object({ type: z.literal('lease.lost'), case_id: z.string() }),
  z.object({ type: z.literal('presence'), case_id: z.string(), viewers: z.number().int() }),
  z.object({
    type: z.literal('clock'),
    case_id: z.string(),
    queue_id: z.string(),
    clock: ClockKind,
    state: z.enum(['warning', 'breached']),
  }),
  z.object({ type: z.literal('shift') }),
  /** The connection to the source was lost for a while: read again what is shown. */
  z.object({ type: z.literal('resync') }),
]);
export type DeskEvent = z.infer<typeof DeskEvent>;

/** Body of `PUT /v1/desk/sampling/{tenant}`; null goes back to what the queue says. */
export const PutSampling = z.strictObject({ share: z.number().min(0).max(1).nullable() });
export type PutSampling = z.infer<typeof PutSampling>;

/** Share of a tenant's released clips that become cases; null is what the queue says. */
export const SamplingView = z.object({
  object: z.literal('sampling'),
  tenant: z.string(),
  share: z.number().nullable(),
});
export type SamplingView = z.infer<typeof SamplingView>;

/** Body of `PUT /v1/desk/exposure/{staff}`; null goes back to the usual budget. */
export const PutBudget = z.strictObject({ minutes: z.number().int().min(1).max(600).nullable() });
export type PutBudget = z.infer<typeof PutBudget>;

/** Minutes of unblurred video a day that are meant to be the most for a person. */
export const BudgetView = z.object({
  object: z.literal('exposure_budget'),
  staff: z.string(),
  minutes: z.number().int(),
  usual: z.boolean(),
});
export type BudgetView = z.infer<typeof BudgetView>;
