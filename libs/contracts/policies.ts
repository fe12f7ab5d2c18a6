import { z } from 'zod';
import { Outcome, Reason, Stage } from './decision.js';
import { Audience, Category, Locale } from './taxonomy.js';

/** An absolute time. */
const time = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Longest policy document, in characters. */
export const POLICY_TEXT_MAX = 200_000;

const yaml = z.string().min(1).max(POLICY_TEXT_MAX);
const note = z.string().trim().min(3).max(2000);

/**
 * draft: may be edited, tested and approved. scheduled: goes live at its time. live: decides now. past: was live.
 * rolled_back: was live and taken back. discarded: a draft that was given up.
 */
export const PolicyState = z.enum(['draft', 'scheduled', 'live', 'past', 'rolled_back', 'discarded']);
export type PolicyState = z.infer<typeof PolicyState>;

/** A fault of a policy document and where it is. */
export const PolicyFault = z.object({
  message: z.string(),
  /** Place in the document, e.g. `stages.prompt.families.text.linear.teen.hold`; empty for the whole. */
  path: z.string(),
  /** From 1; null where the fault has no place, such as something that is missing altogether. */
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
});
export type PolicyFault = z.infer<typeof PolicyFault>;

/** Somebody's yes to exactly one text. */
export const PolicyApproval = z.object({
  staff_id: z.string(),
  name: z.string(),
  at: time,
  note: z.string(),
});
export type PolicyApproval = z.infer<typeof PolicyApproval>;

/** A version in the list. */
export const PolicyVersionItem = z.object({
  id: z.string(),
  object: z.literal('policy.version'),
  state: PolicyState,
  /** As the document names itself. */
  policy_id: z.string(),
  version: z.string(),
  /** Of the text. */
  sha256,
  /** Where it comes from: written here, or the operator's file. */
  origin: z.enum(['desk', 'file']),
  /** Why it was made. */
  note: z.string(),
  /** Everybody who wrote in it; none of them can approve it. */
  authors: z.array(z.object({ id: z.string(), name: z.string() })),
  based_on: z.string().nullable(),
  /** Approvals of this very text, and how many it needs. */
  approvals: z.number().int(),
  approvals_needed: z.number().int(),
  /** It decides beside the live one now, without acting. */
  shadow: z.boolean(),
  publish_at: time.nullable(),
  published_at: time.nullable(),
  created_at: time,
  updated_at: time,
});
export type PolicyVersionItem = z.infer<typeof PolicyVersionItem>;

/** A version with its text. */
export const PolicyVersionView = PolicyVersionItem.extend({
  yaml: z.string(),
  given: z.array(PolicyApproval),
  /** Grows with every edit; `PUT` names the one that was edited. */
  edition: z.number().int(),
  /** Where it would be laxer for children than the live one: it cannot be approved or published while this is not empty. */
  laxer_for_children: z.array(PolicyFault),
  /** False once another version went live since this one was drafted. */
  based_on_live: z.boolean(),
  /** The version that a roll-back would bring back; null when there is none. Only on the live one. */
  rolls_back_to: z.string().nullable(),
});
export type PolicyVersionView = z.infer<typeof PolicyVersionView>;

/** All versions, newest first, and what decides. */
export const PolicyVersionList = z.object({
  object: z.literal('list'),
  data: z.array(PolicyVersionItem),
  has_more: z.boolean(),
  /** `file`: the operator keeps the policy in a file, and nothing can be published here. */
  source: z.enum(['database', 'file']),
});
export type PolicyVersionList = z.infer<typeof PolicyVersionList>;

/** Query of `GET /v1/desk/policies`. */
export const ListPolicies = z.strictObject({
  after: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type ListPolicies = z.infer<typeof ListPolicies>;

/** Body of `POST /v1/desk/policies`: a draft from any version, or from a text. */
export const DraftPolicy = z.strictObject({
  /** Version to start from; the live one when left out. */
  from: z.string().max(100).optional(),
  /** The text; that of `from` when left out. */
  yaml: yaml.optional(),
  note,
});
export type DraftPolicy = z.infer<typeof DraftPolicy>;

/** Body of `PUT /v1/desk/policies/{id}`. */
export const EditPolicy = z.strictObject({
  yaml,
  note: note.optional(),
  /** The edition that was read; another one in between is a conflict. */
  edition: z.number().int().min(0),
});
export type EditPolicy = z.infer<typeof EditPolicy>;

/** Whether a change makes the gate stricter or laxer, where that can be said. */
export const PolicyEffect = z.enum(['stricter', 'laxer', 'other']);
export type PolicyEffect = z.infer<typeof PolicyEffect>;

const scores = z.object({ adult: z.number(), teen: z.number() });
/** A combination as the diff shows it. */
const CombinationView = z.object({
  id: z.string(),
  stages: z.array(Stage),
  outcome: z.enum(['hold', 'refuse']),
  category: Category.nullable(),
  each: z.array(Category),
  coverage_at_most: z.string().nullable(),
  child_safety: z.boolean(),
  when: z.array(
    z.object({
      detector: z.string().nullable(),
      category: Category.nullable(),
      source: z.string().nullable(),
      mentions: z.string().nullable(),
      at_least: scores,
    }),
  ),
});

/** One difference between two versions. */
export const PolicyChange = z.discriminatedUnion('kind', [
  /** Score from which a family of detectors holds or refuses; null is never. */
  z.object({
    kind: z.literal('threshold'),
    stage: Stage,
    family: z.string(),
    audience: Audience,
    outcome: z.enum(['hold', 'refuse']),
    categories: z.array(Category),
    from: z.number().nullable(),
    to: z.number().nullable(),
    effect: PolicyEffect,
  }),
  /** A family that is named, or no longer; `default` speaks for those that are not. */
  z.object({ kind: z.literal('family'), stage: Stage, family: z.string(), change: z.enum(['added', 'removed']) }),
  /** What a detector that cannot tell leads to. */
  z.object({
    kind: z.literal('unable'),
    stage: Stage,
    family: z.string(),
    from: z.enum(['ignore', 'hold', 'refuse']),
    to: z.enum(['ignore', 'hold', 'refuse']),
    effect: PolicyEffect,
  }),
  /** A detector without which nothing is allowed. */
  z.object({
    kind: z.literal('required'),
    stage: Stage,
    detector: z.string(),
    source: z.string().nullable(),
    change: z.enum(['added', 'removed']),
    effect: PolicyEffect,
  }),
  z.object({
    kind: z.literal('combination'),
    id: z.string(),
    from: CombinationView.nullable(),
    to: CombinationView.nullable(),
    effect: PolicyEffect,
  }),
  z.object({
    kind: z.literal('category'),
    category: Category,
    what: z.enum(['severity', 'child_safety']),
    from: z.union([z.number(), z.boolean()]),
    to: z.union([z.number(), z.boolean()]),
    effect: PolicyEffect,
  }),
  z.object({
    kind: z.literal('wording'),
    /** Null for wording that belongs to no category. */
    category: Category.nullable(),
    /** label, prohibited, hold, refuse; or title, unable, appeal, redress. */
    what: z.string(),
    locale: Locale,
    from: z.string(),
    to: z.string(),
  }),
  /** What makers of an age may do; of `blocked_categories`, names joined by commas. */
  z.object({
    kind: z.literal('makers'),
    band: z.enum(['child', 'teen', 'adult']),
    what: z.enum([
      'generate',
      'remix',
      'cameo_use',
      'be_cameo',
      'daily_generations',
      'blocked_categories',
      'content_used_by',
    ]),
    /** Null is no limit. */
    from: z.union([z.boolean(), z.number(), z.string()]).nullable(),
    to: z.union([z.boolean(), z.number(), z.string()]).nullable(),
    effect: PolicyEffect,
  }),
  z.object({ kind: z.literal('effective'), from: z.string(), to: z.string() }),
]);
export type PolicyChange = z.infer<typeof PolicyChange>;

/** A line of the text; `keep` stands in both. */
export const TextLine = z.object({
  op: z.enum(['keep', 'add', 'remove']),
  /** Line numbers from 1. */
  from: z.number().int().nullable(),
  to: z.number().int().nullable(),
  text: z.string(),
});
export type TextLine = z.infer<typeof TextLine>;

/** What differs between two versions. */
export const PolicyDiff = z.object({
  object: z.literal('policy.diff'),
  against: z.string(),
  version: z.string(),
  changes: z.array(PolicyChange),
  /** Changed lines with three lines around them, in pieces. */
  text: z.array(z.array(TextLine)),
  /** Where children would be protected less than in `against`. */
  laxer_for_children: z.array(PolicyFault),
});
export type PolicyDiff = z.infer<typeof PolicyDiff>;

/** Query of the diff; against the live version when left out. */
export const DiffQuery = z.strictObject({ against: z.string().max(100).optional() });
export type DiffQuery = z.infer<typeof DiffQuery>;

/** Body of `POST /v1/desk/policies/{id}/backtest`: past clips by the time when they were asked for. */
export const StartBacktest = z
  .strictObject({ from: time, to: time })
  .refine(({ from, to }) => from < to, { message: 'The period ends before it begins.', path: ['to'] });
export type StartBacktest = z.infer<typeof StartBacktest>;

/** What becomes of a clip: it goes out, waits for a person, or does not go out. */
export const ClipFate = z.enum(['release', 'hold', 'refuse']);
export type ClipFate = z.infer<typeof ClipFate>;

/** A clip as an example. */
export const BacktestSample = z.object({
  clip_id: z.string(),
  category: Category.nullable(),
  audience: Audience,
  decided: ClipFate,
  would: ClipFate,
  /** What a person decided, if one did. */
  person: z.enum(['release', 'refuse']).nullable(),
  /** The first reason of each; null where there is none. */
  decided_reason: Reason.nullable(),
  would_reason: Reason.nullable(),
  /** Only its words were judged: it was stopped before there was a clip to look at. */
  words_only: z.boolean(),
});
export type BacktestSample = z.infer<typeof BacktestSample>;

/** Clips of one category and age band that were decided one way and would be decided one way. */
export const BacktestCell = z.object({
  /** Category of the first reason of the new version, else of the old one; null where neither has any. */
  category: Category.nullable(),
  audience: Audience,
  decided: ClipFate,
  would: ClipFate,
  clips: z.number().int(),
  /** Of them: would go on, but only their words were ever judged. */
  words_only: z.number().int(),
  /** Of them: a person let it out, a person refused it. */
  people_released: z.number().int(),
  people_refused: z.number().int(),
  /** At most five. */
  samples: z.array(BacktestSample),
});
export type BacktestCell = z.infer<typeof BacktestCell>;

/** Result of a back-test, whole or so far. */
export const BacktestResult = z.object({
  clips: z.number().int(),
  /** Decided differently. */
  changed: z.number().int(),
  /** Stored signals that could not be read; they count nowhere else. */
  unreadable: z.number().int(),
  cells: z.array(BacktestCell),
  /** Where it contradicts a person. The first list matters most: refused by a person, and this version would let it out. */
  against_people: z.object({
    would_release_refused: z.object({ clips: z.number().int(), samples: z.array(BacktestSample) }),
    would_refuse_released: z.object({ clips: z.number().int(), samples: z.array(BacktestSample) }),
  }),
});
export type BacktestResult = z.infer<typeof BacktestResult>;

/** A back-test and how far it is. */
export const Backtest = z.object({
  id: z.string(),
  object: z.literal('policy.backtest'),
  policy: z.string(),
  /** Of the text that was tested; another text since means: test again. */
  sha256,
  from: time,
  to: time,
  state: z.enum(['running', 'done', 'failed']),
  done: z.number().int(),
  total: z.number().int(),
  error: z.string().nullable(),
  started_by: z.string(),
  created_at: time,
  completed_at: time.nullable(),
  result: BacktestResult,
});
export type Backtest = z.infer<typeof Backtest>;

/** Body of `POST /v1/desk/policies/{id}/shadow`. */
export const SetShadow = z.strictObject({ on: z.boolean() });
export type SetShadow = z.infer<typeof SetShadow>;

/** Decisions that both versions took. */
export const ShadowCell = z.object({
  stage: Stage,
  audience: Audience,
  category: Category.nullable(),
  live: Outcome,
  /** `error`: it could not decide. */
  shadow: z.enum([...Outcome.options, 'error']),
  decisions: z.number().int(),
  /** At most five, newest first. */
  samples: z.array(
    z.object({
      clip_id: z.string(),
      at: time,
      live_reason: Reason.nullable(),
      shadow_reason: Reason.nullable(),
      person: z.enum(['release', 'refuse']).nullable(),
    }),
  ),
});
export type ShadowCell = z.infer<typeof ShadowCell>;

/** What a version decided beside the live one. */
export const ShadowNumbers = z.object({
  object: z.literal('policy.shadow'),
  policy: z.string(),
  sha256,
  on: z.boolean(),
  since: time.nullable(),
  decisions: z.number().int(),
  agreed: z.number().int(),
  errors: z.number().int(),
  /** Most frequent first; those that agree carry no samples. */
  cells: z.array(ShadowCell),
});
export type ShadowNumbers = z.infer<typeof ShadowNumbers>;

/** Body of `POST /v1/desk/policies/{id}/approve`: for exactly the text that was read. */
export const ApprovePolicy = z.strictObject({ sha256, note: z.string().trim().max(2000).default('') });
export type ApprovePolicy = z.infer<typeof ApprovePolicy>;

/** Body of `POST /v1/desk/policies/{id}/publish`; at once when `at` is left out. */
export const PublishPolicy = z.strictObject({ at: time.optional() });
export type PublishPolicy = z.infer<typeof PublishPolicy>;

/** Body of `POST /v1/desk/policies/{id}/rollback`, of the live version. */
export const RollBackPolicy = z.strictObject({ reason: note });
export type RollBackPolicy = z.infer<typeof RollBackPolicy>;
