import { z } from 'zod';
import { NoticeRef } from './enrolment.js';
import { LivenessLocale, LivenessText } from './liveness.js';
import { Signature } from './reports.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const time = z.iso.datetime();

/** Who may use a likeness. `mutuals`: makers that follow the person's own account and that it follows. */
export const GRANT_AUDIENCES = ['only_me', 'approved', 'mutuals', 'everyone'] as const;
export const GrantAudience = z.enum(GRANT_AUDIENCES);
export type GrantAudience = z.infer<typeof GrantAudience>;

/** Kinds of content that a person can rule out. */
export const GRANT_CONTENT = ['violence', 'politics', 'swimwear', 'sexual'] as const;
export const GrantContent = z.enum(GRANT_CONTENT);
export type GrantContent = z.infer<typeof GrantContent>;

/** What a likeness may not be used for. */
export const GrantLimits = z.strictObject({
  no: z
    .array(GrantContent)
    .max(GRANT_CONTENT.length)
    .default([...GRANT_CONTENT]),
  /** In the person's own words, one thing a line. */
  never: z.array(z.string().trim().min(1).max(200)).max(20).default([]),
});
export type GrantLimits = z.infer<typeof GrantLimits>;

/** Body of `PUT /v1/consent/me/grant`. What is left out becomes as narrow as it can be. */
export const PutGrant = z.strictObject({
  audience: GrantAudience.default('only_me'),
  limits: GrantLimits.default({ no: [...GRANT_CONTENT], never: [] }),
  /** ISO 3166-1 alpha-2 countries of makers that may use it; empty is everywhere. */
  places: z
    .array(z.string().regex(/^[A-Z]{2}$/, 'A country has two capital letters, as in ISO 3166-1.'))
    .max(250)
    .default([]),
  until: time.nullable().default(null),
});
export type PutGrant = z.infer<typeof PutGrant>;

/** A grant. The one that counts has no `ended_at`. */
export const Grant = z.object({
  id: z.string(),
  object: z.literal('consent.grant'),
  audience: GrantAudience,
  limits: GrantLimits,
  places: z.array(z.string()),
  until: time.nullable(),
  created_at: time,
  ended_at: time.nullable(),
});
export type Grant = z.infer<typeof Grant>;

/** enrolled; revoked: no new clips, being erased; erased: no key, no data. */
export const PersonState = z.enum(['enrolled', 'revoked', 'erased']);
export type PersonState = z.infer<typeof PersonState>;

/** A person as its tenant sees it. No name: that is under the person's own key. */
export const Person = z.object({
  id: z.string(),
  object: z.literal('consent.person'),
  state: PersonState,
  user: z.string().nullable(),
  handle: z.string().nullable(),
  grant: Grant.nullable(),
  notice: NoticeRef.extend({ released_at: time }),
  keep_until: time,
  created_at: time,
  revoked_at: time.nullable(),
  erased_at: time.nullable(),
  /** Id of the receipt, from revocation on; it can be read once the key is gone. */
  receipt: z.string().nullable(),
});
export type Person = z.infer<typeof Person>;

/** Query of `GET /v1/consent/persons`. */
export const ListPersons = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(100).optional(),
  state: PersonState.optional(),
});
export type ListPersons = z.infer<typeof ListPersons>;

/** Page of persons, newest first. */
export const PersonList = z.object({ object: z.literal('list'), data: z.array(Person), has_more: z.boolean() });
export type PersonList = z.infer<typeof PersonList>;

/** Answer of `POST /v1/consent/persons/{id}/links`: a new address of the person's own page; the one before ends. */
export const PersonLink = z.object({ object: z.literal('consent.link'), url: z.string() });
export type PersonLink = z.infer<typeof PersonLink>;

/** Body of both `revoke` routes. */
export const RevokeConsent = z.strictObject({
  /** `all` also withdraws every released clip; drafts are stopped in either case. */
  withdraw: z.enum(['none', 'all']).default('none'),
});
export type RevokeConsent = z.infer<typeof RevokeConsent>;

/** How a use came about: named by the request, inherited from the clip that it is made from, or recognised in the frames. */
export const UseHow = z.enum(['asked', 'inherited', 'seen']);
export type UseHow = z.infer<typeof UseHow>;

/** What became of a clip with a person's likeness. */
export const UseState = z.enum(['draft', 'held', 'released', 'withdrawn', 'refused', 'failed', 'deleted']);
export type UseState = z.infer<typeof UseState>;

/** A clip made with a person's likeness, drafts too. */
export const Use = z.object({
  clip_id: z.string(),
  object: z.literal('consent.use'),
  state: UseState,
  how: UseHow,
  grant_id: z.string(),
  /** When it was asked for. */
  at: time,
  /** The tenant's name for the maker; null when it named none. */
  by: z.string().nullable(),
  released_at: time.nullable(),
  withdrawn_at: time.nullable(),
  /** Whether its bytes are still given out. */
  available: z.boolean(),
  /** Whether `withdraw` would change anything. */
  can_withdraw: z.boolean(),
  /** Ids of pictures that can be looked at. */
  stills: z.array(z.string()),
});
export type Use = z.infer<typeof Use>;

/** Query of `GET /v1/consent/me/uses`. */
export const ListUses = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  after: z.string().max(100).optional(),
});
export type ListUses = z.infer<typeof ListUses>;

/** Page of uses, newest first. */
export const UseList = z.object({ object: z.literal('list'), data: z.array(Use), has_more: z.boolean() });
export type UseList = z.infer<typeof UseList>;

/** Query of `GET /v1/consent/me/uses/{clipId}/still`; the first one unless named. */
export const UseStill = z.object({ still: z.string().max(100).optional() });
export type UseStill = z.infer<typeof UseStill>;

/** Answer of both `revoke` routes. The revocation holds from now on; the rest is being done. */
export const Revocation = z.object({
  id: z.string(),
  object: z.literal('consent.revocation'),
  state: z.enum(['revoked', 'erased']),
  revoked_at: time,
  withdraw: z.enum(['none', 'all']),
  /** Clips that it concerns, at most 1,000, newest first. */
  affected: z.array(z.object({ clip_id: z.string(), state: UseState, withdraws: z.boolean() })),
  /** Id for `GET /v1/consent/receipts/{id}`, which answers once the key is destroyed. */
  receipt: z.string(),
});
export type Revocation = z.infer<typeof Revocation>;

/** `GET /v1/consent/me` (bearer: the secret of the person's own address). */
export const Me = z.object({
  id: z.string(),
  object: z.literal('consent.me'),
  state: PersonState,
  platform: z.string(),
  locale: LivenessLocale,
  handle: z.string().nullable(),
  /** Null once the key is gone. */
  name: z.string().nullable(),
  grant: Grant.nullable(),
  /** The tenant's names of whoever may use it under `approved`. */
  approved: z.array(z.string()),
  /** Kept under the person's key. */
  kept: z.object({ face: z.boolean(), voice: z.boolean(), portrait: z.boolean() }),
  notice: NoticeRef.extend({ released_at: time, text: LivenessText.nullable() }),
  keep_until: time,
  created_at: time,
  revoked_at: time.nullable(),
  counts: z.object({
    uses: z.number().int(),
    drafts: z.number().int(),
    released: z.number().int(),
    withdrawn: z.number().int(),
  }),
  receipt: z.string().nullable(),
});
export type Me = z.infer<typeof Me>;

/** Body of `PUT /v1/consent/me/approved`: the whole list. */
export const PutApproved = z.strictObject({ users: z.array(z.string().min(1).max(256)).max(500) });
export type PutApproved = z.infer<typeof PutApproved>;

/** Answer of `PUT /v1/consent/me/approved`. */
export const Approved = z.object({ object: z.literal('consent.approved'), users: z.array(z.string()) });
export type Approved = z.infer<typeof Approved>;

/** What a receipt says. It holds no personal data. */
export const ErasureStatement = z.strictObject({
  version: z.literal(1),
  /** `era_...` */
  id: z.string(),
  person_id: z.string(),
  enrolled_at: time,
  revoked_at: time,
  /** By then the key was destroyed. */
  erased_at: time,
  /** The person or the platform ended it, or the time kept was over. */
  reason: z.enum(['revoked', 'expired']),
  withdraw: z.enum(['none', 'all']),
  /** What can no longer be read by anybody, copies of the database included. */
  destroyed: z.array(z.enum(['key', 'face_template', 'voice_template', 'profile', 'portrait', 'names'])),
  notice_sha256: sha256,
});
export type ErasureStatement = z.infer<typeof ErasureStatement>;

/**
 * `GET /v1/consent/receipts/{id}`, public. The signature is of the key that signs reports and covers the text
 * `imprimatur receipt v1\n<SHA-256 of the canonical JSON (RFC 8785) of receipt, hex>\n`.
 */
export const ErasureReceipt = z.strictObject({ receipt: ErasureStatement, signature: Signature });
export type ErasureReceipt = z.infer<typeof ErasureReceipt>;

/** `GET /v1/consent/me/export`: everything that is kept about a person. */
export const ConsentExport = z.object({
  object: z.literal('consent.export'),
  made_at: time,
  person: Person,
  profile: z.object({
    name: z.string(),
    character_name: z.string().nullable(),
    birth_date: z.string(),
    attested: z.array(z.string()),
    attested_at: time,
  }),
  notice: NoticeRef.extend({ released_at: time }),
  approved: z.array(z.string()),
  grants: z.array(Grant),
  uses: z.array(Use.omit({ stills: true, can_withdraw: true })),
  /** Of the record of events. */
  events: z.array(z.object({ at: time, action: z.string(), by: z.string() })),
  /** As `model` makes and reads them; base64. */
  templates: z.array(
    z.object({ what: z.enum(['face', 'voice']), model: z.string(), base64: z.string(), created_at: time }),
  ),
  portrait: z.object({ mime: z.string(), base64: z.string() }).nullable(),
});
export type ConsentExport = z.infer<typeof ConsentExport>;

/** Fields beside the file `video` of `POST /v1/videos/characters`, as the OpenAI SDK sends them. */
export const CreateCharacter = z.strictObject({
  name: z.string().trim().min(1).max(80),
  user: z.string().max(256).optional(),
});
export type CreateCharacter = z.infer<typeof CreateCharacter>;

/** A character of the Videos API: a person who agreed. Times are Unix seconds. */
export const Character = z.object({
  id: z.string(),
  object: z.literal('character'),
  name: z.string().nullable(),
  created_at: z.number().int(),
  handle: z.string().nullable(),
});
export type Character = z.infer<typeof Character>;

/** Answer of `DELETE /v1/videos/characters/{id}`, which is the revocation. */
export const CharacterDeleted = z.object({
  id: z.string(),
  object: z.literal('character.deleted'),
  deleted: z.literal(true),
});
export type CharacterDeleted = z.infer<typeof CharacterDeleted>;
