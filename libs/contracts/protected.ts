import { z } from 'zod';

/** Why somebody stands in the register of people who never enrolled. */
export const ProtectedKind = z.enum(['public_figure', 'estate', 'victim', 'child', 'opted_out']);
export type ProtectedKind = z.infer<typeof ProtectedKind>;

/**
 * submitted: nobody looked yet. first_approved: one of two people agreed; a child or victim is recognised from then on.
 * active: recognised. rejected: not taken. ended: erased.
 */
export const ProtectedState = z.enum(['submitted', 'first_approved', 'active', 'rejected', 'ended']);
export type ProtectedState = z.infer<typeof ProtectedState>;

/** Whether the entry's picture gave a face that can be recognised, or why not. */
export const FaceTaken = z.enum([
  'no_image',
  'taken',
  'no_face',
  'several_faces',
  'too_small',
  'unsure',
  'turned_away',
  'blurred',
  'cut_off',
  'unable',
]);
export type FaceTaken = z.infer<typeof FaceTaken>;

const Name = z.string().trim().min(2).max(200);

/** Body of `POST /v1/register`; a picture comes beside it as the form's file `image`. */
export const SubmitProtected = z.strictObject({
  kind: ProtectedKind,
  /** Names that the person is known by; in a form, one field `names` each. */
  names: z.array(Name).max(20).default([]),
  /** Why the person may stand here, in words: who asks, and what shows it. Kept sealed. */
  proof: z.string().trim().min(10).max(10_000),
  /** For every tenant; only the operator of the service may ask for it. */
  shared: z.boolean().default(false),
});
export type SubmitProtected = z.infer<typeof SubmitProtected>;

/** Query of `GET /v1/register`. */
export const ListProtected = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(100).optional(),
  state: ProtectedState.optional(),
  kind: ProtectedKind.optional(),
});
export type ListProtected = z.infer<typeof ListProtected>;

/** Body of `POST /v1/register/{id}/review`. */
export const ReviewProtected = z.strictObject({
  outcome: z.enum(['approve', 'reject']),
  reason: z.string().trim().min(3).max(2000),
});
export type ReviewProtected = z.infer<typeof ReviewProtected>;

/** An entry of the register in a list: it names nobody. */
export const ProtectedEntry = z.object({
  id: z.string(),
  object: z.literal('register.entry'),
  kind: ProtectedKind,
  state: ProtectedState,
  /** Holds for every tenant. */
  shared: z.boolean(),
  /** Whether prompts and frames are compared with it now. */
  recognised: z.boolean(),
  /** Number of names. */
  names_count: z.number().int(),
  face: FaceTaken,
  submitted_by: z.string(),
  reviews: z.array(z.object({ by: z.string(), at: z.iso.datetime(), outcome: z.enum(['approve', 'reject']) })),
  /** Who asked for the end of an entry that protects somebody; another key has to confirm it. */
  end_asked_by: z.string().nullable(),
  end_asked_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
  /** When the picture that was sent is destroyed; null when there is none any more. */
  image_until: z.iso.datetime().nullable(),
  ended_at: z.iso.datetime().nullable(),
});
export type ProtectedEntry = z.infer<typeof ProtectedEntry>;

/** One entry with what reviewers decide on. Looking at it is put on record. Null once it is erased. */
export const ProtectedEntryDetail = ProtectedEntry.extend({
  names: z.array(z.string()).nullable(),
  proof: z.string().nullable(),
  reasons: z.array(z.string()).nullable(),
});
export type ProtectedEntryDetail = z.infer<typeof ProtectedEntryDetail>;

/** A page of the register, newest first. */
export const ProtectedList = z.object({
  object: z.literal('list'),
  data: z.array(ProtectedEntry),
  has_more: z.boolean(),
});
export type ProtectedList = z.infer<typeof ProtectedList>;

/** An entry as staff see it. */
export const DeskProtectedEntry = ProtectedEntry.extend({
  /** Null: it holds for every tenant. */
  tenant: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** This person took part in it already: somebody else reviews it. */
  mine: z.boolean(),
});
export type DeskProtectedEntry = z.infer<typeof DeskProtectedEntry>;

/** One entry with what reviewers decide on. Looking at it is put on record. */
export const DeskProtectedDetail = DeskProtectedEntry.extend({
  names: ProtectedEntryDetail.shape.names,
  proof: ProtectedEntryDetail.shape.proof,
  reasons: ProtectedEntryDetail.shape.reasons,
});
export type DeskProtectedDetail = z.infer<typeof DeskProtectedDetail>;

/** Query of `GET /v1/desk/register`. `waiting`: those that wait for a first or a second review. */
export const ListDeskProtected = ListProtected.extend({
  state: z.enum([...ProtectedState.options, 'waiting']).optional(),
  tenant: z.string().max(100).optional(),
});
export type ListDeskProtected = z.infer<typeof ListDeskProtected>;

/** A page of the register, newest first. */
export const DeskProtectedList = ProtectedList.extend({ data: z.array(DeskProtectedEntry) });
export type DeskProtectedList = z.infer<typeof DeskProtectedList>;
