import { z } from 'zod';
import { AgeBand } from './accounts.js';
import { Category, LocalText, Locale } from './taxonomy.js';

/** How a maker's age came to be known, weakest first: said, estimated (by a face or by behaviour), or verified. */
export const AGE_STATES = ['declared', 'estimated', 'verified'] as const;
export const AgeStateKind = z.enum(AGE_STATES);
export type AgeStateKind = z.infer<typeof AgeStateKind>;

const birthYear = z.number().int().min(1900).max(2100);
const years = z.number().int().min(0).max(120);

/** What is learnt of a maker's age: a birth year, or the ages in years between which the maker is today. */
export const AgeEvidence = z
  .strictObject({
    state: AgeStateKind,
    birth_year: birthYear.optional(),
    low: years.optional(),
    high: years.optional(),
    /** Who says so: a provider, a method. No documents, no names. */
    by: z.string().trim().min(1).max(120),
  })
  .refine(
    (age) =>
      (age.birth_year === undefined) !== (age.low === undefined) &&
      (age.low === undefined) === (age.high === undefined),
    'State either birth_year, or low and high.',
  )
  .refine((age) => age.low === undefined || age.low <= (age.high ?? 0), {
    path: ['low'],
    message: 'low is above high.',
  });
export type AgeEvidence = z.infer<typeof AgeEvidence>;

/** A country by its two letters of ISO 3166-1. */
export const Country = z
  .string()
  .regex(/^[A-Za-z]{2}$/, 'A country has two letters (ISO 3166-1), such as FR.')
  .transform((code) => code.toUpperCase());
export type Country = z.infer<typeof Country>;

/** Body of `PUT /v1/makers/{id}`. What is left out stays as it is. */
export const PutMaker = z.strictObject({
  /** Declared by the maker; null takes back a declared adulthood. */
  birth_year: birthYear.nullable().optional(),
  age: AgeEvidence.optional(),
  country: Country.nullable().optional(),
  /** Seconds of video that this maker may still generate; null is without a limit of its own. */
  credits: z.number().int().min(0).nullable().optional(),
});
export type PutMaker = z.infer<typeof PutMaker>;

/** One piece of evidence of a maker's age, as kept. */
export const AgeRecord = z.object({
  state: AgeStateKind,
  birth_year: z.number().int().nullable(),
  low: z.number().int().nullable(),
  high: z.number().int().nullable(),
  by: z.string(),
  at: z.iso.datetime(),
});
export type AgeRecord = z.infer<typeof AgeRecord>;

/** How much is known of an age: nothing, or the kind of the evidence that decides. */
export const AgeStanding = z.enum(['unknown', ...AGE_STATES]);
export type AgeStanding = z.infer<typeof AgeStanding>;

/** A maker as shown to its tenant. */
export const Maker = z.object({
  id: z.string(),
  object: z.literal('maker'),
  age_band: AgeBand,
  age_state: AgeStanding,
  /** All evidence, oldest first. */
  age_history: z.array(AgeRecord),
  country: z.string().nullable(),
  /** True when an invitation code was redeemed. */
  invited: z.boolean(),
  credits: z.number().int().nullable(),
  created_at: z.iso.datetime(),
});
export type Maker = z.infer<typeof Maker>;

const makerName = z.string().min(1).max(256);

/** Body of `PUT /v1/makers/{id}/contacts`: all makers that this one follows. */
export const PutContacts = z.strictObject({ follows: z.array(makerName).max(2000) });
export type PutContacts = z.infer<typeof PutContacts>;

/** Whom a maker follows, and who of them follows back. */
export const Contacts = z.object({
  object: z.literal('maker.contacts'),
  follows: z.array(z.string()),
  mutual: z.array(z.string()),
});
export type Contacts = z.infer<typeof Contacts>;

/** Body of `POST /v1/makers/{id}/redeem`. */
export const RedeemCode = z.strictObject({ code: z.string().trim().min(1).max(64) });
export type RedeemCode = z.infer<typeof RedeemCode>;

/** Time after which a free allowance starts anew: UTC days, weeks from Monday, calendar months. */
export const AllowancePeriod = z.enum(['day', 'week', 'month']);
export type AllowancePeriod = z.infer<typeof AllowancePeriod>;

/** Seconds of video that each maker may generate in a period. */
export const FreeAllowance = z.strictObject({ seconds: z.number().int().min(0).max(1_000_000), per: AllowancePeriod });
export type FreeAllowance = z.infer<typeof FreeAllowance>;

/** Body of `PUT /v1/access`: who may generate at all. What is left out goes back to "no rule". */
export const PutAccess = z.strictObject({
  invite_required: z.boolean().default(false),
  /** Empty: everywhere. */
  countries: z.array(Country).max(250).default([]),
  free_allowance: FreeAllowance.nullable().default(null),
});
export type PutAccess = z.infer<typeof PutAccess>;

/** The access rules of a tenant. */
export const AccessView = z.object({
  object: z.literal('access'),
  invite_required: z.boolean(),
  countries: z.array(z.string()),
  free_allowance: FreeAllowance.nullable(),
});
export type AccessView = z.infer<typeof AccessView>;

/** Body of `POST /v1/access/invites`. */
export const CreateInvite = z.strictObject({
  uses: z.number().int().min(1).max(100_000).default(1),
  expires_at: z.iso.datetime({ offset: true }).optional(),
});
export type CreateInvite = z.infer<typeof CreateInvite>;

/** An invitation code of the platform; `code` only in the answer that makes it. */
export const Invite = z.object({
  id: z.string(),
  object: z.literal('access.invite'),
  uses: z.number().int(),
  used: z.number().int(),
  expires_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  code: z.string().optional(),
});
export type Invite = z.infer<typeof Invite>;

/** invited: nobody took it up. accepted: the teen's side has to confirm the number. active, ended. */
export const GuardianLinkState = z.enum(['invited', 'accepted', 'active', 'ended']);
export type GuardianLinkState = z.infer<typeof GuardianLinkState>;

/** Why a link is over. */
export const GuardianLinkEnd = z.enum(['maker', 'guardian', 'expired', 'wrong_number', 'adult']);
export type GuardianLinkEnd = z.infer<typeof GuardianLinkEnd>;

/** Body of `POST /v1/makers/{id}/guardians`, asked by the platform for the teen. */
export const InviteGuardian = z.strictObject({ locale: Locale.default('en') });
export type InviteGuardian = z.infer<typeof InviteGuardian>;

/** A link as the platform sees it. */
export const GuardianLink = z.object({
  id: z.string(),
  object: z.literal('guardian.link'),
  maker: z.string(),
  state: GuardianLinkState,
  /** The name that the guardian gave, once accepted: what the teen sees before confirming. */
  guardian_name: z.string().nullable(),
  /** When an invitation or an unconfirmed acceptance lapses. */
  expires_at: z.iso.datetime().nullable(),
  /** Wrong numbers that may still be tried. */
  tries_left: z.number().int(),
  created_at: z.iso.datetime(),
  active_at: z.iso.datetime().nullable(),
  ended_at: z.iso.datetime().nullable(),
  ended_by: GuardianLinkEnd.nullable(),
});
export type GuardianLink = z.infer<typeof GuardianLink>;

/** A link with the address to send to the guardian; the secret stands in its fragment and nowhere else. */
export const GuardianInvitation = GuardianLink.extend({
  url: z.string(),
  /** The secret of the address alone, for platforms with a page of their own. */
  code: z.string(),
});
export type GuardianInvitation = z.infer<typeof GuardianInvitation>;

/** Body of `POST /v1/makers/{id}/guardians/{link}/confirm`: the number that the guardian sees. */
export const ConfirmGuardian = z.strictObject({ number: z.coerce.number().int().min(10).max(99) });
export type ConfirmGuardian = z.infer<typeof ConfirmGuardian>;

/** Body of `POST /v1/guardian/accept`. A session that is sent along (bearer) holds the new link as well. */
export const AcceptGuardianship = z.strictObject({
  token: z.string().min(1).max(200),
  /** How the teen knows the guardian. Not needed with an address that reopens a link. */
  name: z.string().trim().min(1).max(80).optional(),
});
export type AcceptGuardianship = z.infer<typeof AcceptGuardianship>;

/** A time of day, 24 hours. */
export const DayTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'A time of day looks like 21:30.');

/** True for the name of a time zone, such as Europe/Paris. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}

/** Hours without generation, in a time zone; `from` later than `to` goes over midnight. */
export const QuietHours = z
  .strictObject({
    from: DayTime,
    to: DayTime,
    time_zone: z.string().max(64).refine(isTimeZone, 'Not a time zone, such as Europe/Paris.'),
  })
  .refine((hours) => hours.from !== hours.to, { path: ['to'], message: 'from and to are the same time.' });
export type QuietHours = z.infer<typeof QuietHours>;

/** Body of `PUT /v1/guardian/links/{id}/limits`: the whole of what a guardian decides. */
export const GuardianLimits = z.strictObject({
  /** False: no likeness of a person in the teen's clips. */
  cameo: z.boolean(),
  /** False: the teen changes, edits and extends no clips. */
  remix: z.boolean(),
  /** Most clips a day; null is without a limit of the guardian's. The day is that of `quiet_hours`, else UTC. */
  daily_generations: z.number().int().min(0).max(1000).nullable(),
  quiet_hours: QuietHours.nullable(),
  /** Prompts that only lean towards these are refused, not looked at. */
  blocked_categories: z.array(Category).max(13),
});
export type GuardianLimits = z.infer<typeof GuardianLimits>;

/** Limits as they stand, with their version: 0 before a guardian ever set any. */
export const GuardianLimitsView = GuardianLimits.extend({
  object: z.literal('guardian.limits'),
  version: z.number().int(),
  updated_at: z.iso.datetime().nullable(),
});
export type GuardianLimitsView = z.infer<typeof GuardianLimitsView>;

/** A link as the guardian sees it. */
export const GuardianTeen = z.object({
  id: z.string(),
  object: z.literal('guardian.teen'),
  /** The platform's name for the teen, and the platform. */
  maker: z.string(),
  platform: z.string(),
  state: GuardianLinkState,
  /** While unconfirmed: two digits that the teen types on the platform. */
  number: z.number().int().nullable(),
  expires_at: z.iso.datetime().nullable(),
  active_at: z.iso.datetime().nullable(),
  ended_at: z.iso.datetime().nullable(),
  ended_by: GuardianLinkEnd.nullable(),
  /** Of an active link. */
  limits: GuardianLimitsView.nullable(),
  unseen_alerts: z.number().int(),
});
export type GuardianTeen = z.infer<typeof GuardianTeen>;

/** Answer of `POST /v1/guardian/accept`. */
export const AcceptedInvitation = z.object({
  object: z.literal('guardian.session'),
  /** Bearer secret of all further requests; null when the session that was sent along goes on. */
  secret: z.string().nullable(),
  link: GuardianTeen,
});
export type AcceptedInvitation = z.infer<typeof AcceptedInvitation>;

/** What happened that a guardian hears of. */
export const GUARDIAN_ALERTS = ['child_safety', 'self_harm', 'limit', 'cameo'] as const;
export const GuardianAlertKind = z.enum(GUARDIAN_ALERTS);
export type GuardianAlertKind = z.infer<typeof GuardianAlertKind>;

/** One alert. It never holds a prompt. */
export const GuardianAlert = z.object({
  id: z.string(),
  object: z.literal('guardian.alert'),
  link: z.string(),
  kind: GuardianAlertKind,
  /** Of a limit: the code of the refusal, such as `quiet_hours`. */
  code: z.string().nullable(),
  text: LocalText,
  /** How often it happened within the hour of the first time. */
  count: z.number().int(),
  at: z.iso.datetime(),
  last_at: z.iso.datetime(),
  seen_at: z.iso.datetime().nullable(),
});
export type GuardianAlert = z.infer<typeof GuardianAlert>;

/** Query of the summary. */
export const GuardianSummaryQuery = z.object({ days: z.coerce.number().int().min(1).max(90).default(14) });
export type GuardianSummaryQuery = z.infer<typeof GuardianSummaryQuery>;

/** What a teen made, in numbers: no prompts, no pictures. */
export const GuardianSummary = z.object({
  object: z.literal('guardian.summary'),
  maker: z.string(),
  time_zone: z.string(),
  /** Every day of the time asked for, oldest first. `refused` are refusals by the policy, `limited` by access rules and limits. */
  days: z.array(
    z.object({
      date: z.iso.date(),
      released: z.number().int(),
      in_progress: z.number().int(),
      held: z.number().int(),
      refused: z.number().int(),
      failed: z.number().int(),
      removed: z.number().int(),
      limited: z.number().int(),
    }),
  ),
  /** What holds and refusals were about, most frequent first. */
  categories: z.array(z.object({ category: Category, label: LocalText, count: z.number().int() })),
  /** Clips that were asked for with a person's likeness. */
  cameo_uses: z.number().int(),
  /** The last ten. */
  alerts: z.array(GuardianAlert),
});
export type GuardianSummary = z.infer<typeof GuardianSummary>;
