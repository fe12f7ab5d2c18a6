import { z } from 'zod';
import { DsaStatement } from './dsa.js';
import { CaseLimits } from './limits.js';
import { CaseClock } from './review.js';
import { Category, LocalText } from './taxonomy.js';

const time = z.iso.datetime();
const day = z.iso.date();

/** What a statement of reasons restricts: a request or clip, a release, or an account. A `hold` is never stated. */
export const MEASURES = ['refuse', 'limit', 'withdraw', 'suspend', 'ban'] as const;
export const Measure = z.enum(MEASURES);
export type Measure = z.infer<typeof Measure>;

/**
 * What led to a decision: machines of the service (`own`), its people on their own initiative (`review`), a user’s report, a notice
 * that something is illegal, a trusted flagger.
 */
export const StatementSource = z.enum(['own', 'review', 'report', 'notice', 'trusted_flagger']);
export type StatementSource = z.infer<typeof StatementSource>;

/** Why somebody’s clip or account was restricted, in words that can be understood and appealed against. */
export const StatementOfReasons = z.object({
  id: z.string(),
  object: z.literal('statement_of_reasons'),
  /** Of a measure against an account: the latest clip that it rests on. */
  clip_id: z.string(),
  /** The platform’s own name for the person concerned; null when it named none. */
  maker: z.string().nullable(),
  created_at: time,
  decision: Measure,
  automated: z.boolean(),
  source: StatementSource,
  categories: z.array(z.string()),
  policy: z.object({ id: z.string(), version: z.string() }),
  text: LocalText,
  /** Of a release with limits. */
  limits: CaseLimits.nullable(),
  /** When the measure ends by itself; null is without an end. */
  ends_at: time.nullable(),
  /** Appeals are taken until then. */
  appeal_until: time,
  /** Set when it no longer stands. */
  overturned: z.object({ at: time, appeal_id: z.string().nullable(), restored: z.string() }).nullable(),
});
export type StatementOfReasons = z.infer<typeof StatementOfReasons>;

/** A statement as the desk sees it. */
export const DeskStatement = StatementOfReasons.extend({
  tenant: z.object({ id: z.string(), name: z.string() }),
  appeal_id: z.string().nullable(),
  dsa: DsaStatement,
});
export type DeskStatement = z.infer<typeof DeskStatement>;

/** Query of `GET /v1/desk/statements` and `.csv`. Days are in UTC; both are included. */
export const ListStatements = z.object({
  from: day.optional(),
  to: day.optional(),
  tenant: z.string().max(80).optional(),
  category: Category.optional(),
  decision: Measure.optional(),
  automated: z.enum(['true', 'false']).optional(),
  maker: z.string().max(256).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  after: z.string().max(100).optional(),
});
export type ListStatements = z.infer<typeof ListStatements>;

const page = <T extends z.ZodType>(item: T) =>
  z.object({ object: z.literal('list'), data: z.array(item), has_more: z.boolean(), next: z.string().nullable() });

/** A page of statements, the newest first. */
export const StatementList = page(DeskStatement);
export type StatementList = z.infer<typeof StatementList>;

/**
 * What a report says of a release: that it breaks the rules, that it is illegal (a notice under article 16 of the DSA), or that it
 * shows somebody intimately without their consent (a request under the TAKE IT DOWN Act: 48 hours).
 */
export const ReportKind = z.enum(['terms', 'illegal', 'ncii']);
export type ReportKind = z.infer<typeof ReportKind>;

/** Body of `POST /v1/reports`. */
export const CreateReport = z
  .strictObject({
    clip: z
      .string()
      .trim()
      .min(8)
      .max(2000)
      .describe('id of the video or of its release (16 hex digits), or an address that holds one of them'),
    kind: ReportKind.default('terms'),
    category: Category,
    reason: z.string().trim().min(3).max(2000).describe('what is wrong, in the reporter’s words'),
    user: z
      .string()
      .trim()
      .min(1)
      .max(256)
      .optional()
      .describe('the platform’s own name for the reporter; only with an API key'),
    contact: z
      .strictObject({
        name: z.string().trim().min(1).max(200),
        email: z.string().trim().toLowerCase().max(254).pipe(z.email()),
      })
      .optional()
      .describe('who signs; needed for `ncii`, and for `illegal` unless it concerns the protection of children'),
    good_faith: z
      .boolean()
      .default(false)
      .describe('that the reporter believes in good faith that this is accurate; needed for `illegal` and `ncii`'),
  })
  .refine(({ kind, good_faith }) => kind === 'terms' || good_faith, {
    message: 'A notice needs the statement that it is made in good faith.',
    path: ['good_faith'],
  })
  .refine(
    ({ kind, contact, category }) =>
      kind === 'terms' || Boolean(contact) || (kind === 'illegal' && category === 'sexual_minors'),
    { message: 'A notice needs the name and e-mail address of who signs it.', path: ['contact'] },
  );
export type CreateReport = z.infer<typeof CreateReport>;

/** What became of a report. `overtaken`: the release ended for another reason. */
export const ReportOutcome = z.enum(['removed', 'limited', 'kept', 'overtaken']);
export type ReportOutcome = z.infer<typeof ReportOutcome>;

/** Receipt of a report. `token` only in the answer that creates it: whoever has no API key reads the outcome with it. */
export const ReportReceipt = z.object({
  id: z.string(),
  object: z.literal('report'),
  clip_id: z.string(),
  kind: ReportKind,
  category: Category,
  received_at: time,
  due_at: time,
  state: z.enum(['open', 'decided']),
  outcome: ReportOutcome.nullable(),
  decided_at: time.nullable(),
  /** What else the reporter can do, once it is decided. */
  redress: LocalText.nullable(),
  token: z.string().optional(),
});
export type ReportReceipt = z.infer<typeof ReportReceipt>;

/** Query of `GET /v1/reports/{id}` without an API key. */
export const ReportQuery = z.object({ token: z.string().max(100).optional() });

/** Body of `POST /v1/appeals`, sent by the platform for the person concerned. */
export const CreateAppeal = z.strictObject({
  statement_id: z.string().max(100),
  reason: z.string().trim().min(3).max(2000).describe('why the decision is wrong, in the person’s words'),
  user: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .optional()
    .describe('the platform’s own name for the person; must be the one that the statement concerns'),
});
export type CreateAppeal = z.infer<typeof CreateAppeal>;

/**
 * What an overturned decision came to: the clip waits to be made (`queued`), goes on to its marks (`marking`), a withdrawn clip
 * is released anew under the id `clip_id` (`remade`), the limits are gone (`unlimited`), the account is open again (`account`),
 * or the files are gone and the clip can only be asked for anew (`gone`).
 */
export const Restored = z.enum(['queued', 'marking', 'remade', 'unlimited', 'account', 'gone']);
export type Restored = z.infer<typeof Restored>;

/** An appeal as the platform sees it. */
export const AppealView = z.object({
  id: z.string(),
  object: z.literal('appeal'),
  statement_id: z.string(),
  clip_id: z.string(),
  state: z.enum(['open', 'decided']),
  created_at: time,
  due_at: time,
  outcome: z.enum(['upheld', 'overturned']).nullable(),
  decided_at: time.nullable(),
  /** The person who decided gives reasons. */
  reason: z.string().nullable(),
  restored: Restored.nullable(),
  /** The answer to the person concerned, with what else they can do. */
  text: LocalText.nullable(),
});
export type AppealView = z.infer<typeof AppealView>;

/** An appeal as the desk sees it. */
export const DeskAppeal = AppealView.extend({
  tenant: z.object({ id: z.string(), name: z.string() }),
  case_id: z.string(),
  category: Category.nullable(),
  severity: z.number().int(),
  said: z.string(),
  statement: StatementOfReasons,
  clock: CaseClock,
});
export type DeskAppeal = z.infer<typeof DeskAppeal>;

/** Query of `GET /v1/desk/appeals`. */
export const ListAppeals = z.object({
  state: z.enum(['open', 'decided']).default('open'),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  after: z.string().max(100).optional(),
});
export type ListAppeals = z.infer<typeof ListAppeals>;

/** A page of appeals: open ones by due time, decided ones by time. */
export const AppealList = page(DeskAppeal);
export type AppealList = z.infer<typeof AppealList>;

/** One strike: what a statement counts for, and until when. */
export const Strike = z.object({
  statement_id: z.string(),
  category: Category.nullable(),
  severity: z.number().int(),
  points: z.number(),
  at: time,
  expires_at: time,
  state: z.enum(['active', 'expired', 'overturned']),
});
export type Strike = z.infer<typeof Strike>;

/** Something that was done about an account. */
export const AccountAction = z.object({
  id: z.string(),
  object: z.literal('account_action'),
  kind: z.enum(['warn', 'suspend', 'ban', 'lift']),
  at: time,
  by: z.string(),
  reason: z.string(),
  until: time.nullable(),
  statement_id: z.string().nullable(),
  /** The action that this one ended. */
  lifts: z.string().nullable(),
  /** In force now. */
  active: z.boolean(),
});
export type AccountAction = z.infer<typeof AccountAction>;

/** Body of `POST /v1/desk/makers/{id}/actions`. */
export const ActOnAccount = z
  .strictObject({
    kind: z.enum(['warn', 'suspend', 'ban', 'lift']),
    reason: z.string().trim().min(3).max(2000),
    category: Category.optional().describe('the policy category that a suspension or ban rests on'),
    until: time.optional().describe('end of a suspension'),
  })
  .refine(({ kind, until }) => (kind === 'suspend') === (until !== undefined), {
    message: 'A suspension, and only a suspension, has an end.',
    path: ['until'],
  })
  .refine(({ kind, category }) => ['suspend', 'ban'].includes(kind) === (category !== undefined), {
    message: 'A suspension or ban names the category that it rests on; nothing else does.',
    path: ['category'],
  });
export type ActOnAccount = z.infer<typeof ActOnAccount>;

/** How an account stands. */
export const MakerStanding = z.enum(['open', 'suspended', 'banned']);
export type MakerStanding = z.infer<typeof MakerStanding>;

/** Answer of `GET /v1/makers/{id}/standing`: how an account stands, for its platform. */
export const AccountStatus = z.object({
  object: z.literal('account_status'),
  maker: z.string(),
  standing: MakerStanding,
  until: time.nullable(),
  statement_id: z.string().nullable(),
  actions: z.array(AccountAction),
});
export type AccountStatus = z.infer<typeof AccountStatus>;

/** A maker in the desk’s list. */
export const MakerItem = z.object({
  /** Ours; the platform’s own name is `name`. */
  id: z.string(),
  object: z.literal('maker.account'),
  name: z.string(),
  tenant: z.object({ id: z.string(), name: z.string() }),
  since: time,
  standing: MakerStanding,
  until: time.nullable(),
  points: z.number(),
  clips: z.object({ total: z.number().int(), released: z.number().int(), refused: z.number().int() }),
  last_statement_at: time.nullable(),
});
export type MakerItem = z.infer<typeof MakerItem>;

/** A maker with everything that was decided about them. */
export const MakerAccount = MakerItem.extend({
  /** What the points come to; a person decides. */
  suggested: z.enum(['none', 'warn', 'suspend', 'ban']),
  strikes: z.array(Strike),
  actions: z.array(AccountAction),
  statements: z.array(StatementOfReasons),
  appeals: z.object({ total: z.number().int(), overturned: z.number().int() }),
  reports: z.object({ against: z.number().int(), upheld: z.number().int() }),
});
export type MakerAccount = z.infer<typeof MakerAccount>;

/** Query of `GET /v1/desk/makers`. */
export const ListMakers = z.object({
  q: z.string().trim().min(1).max(256).optional().describe('our id, or the beginning of the platform’s name'),
  standing: MakerStanding.optional(),
  tenant: z.string().max(80).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  after: z.string().max(100).optional(),
});
export type ListMakers = z.infer<typeof ListMakers>;

/** A page of makers: those with the latest statement first. */
export const MakerList = page(MakerItem);
export type MakerList = z.infer<typeof MakerList>;
