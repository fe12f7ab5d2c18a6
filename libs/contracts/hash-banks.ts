import { z } from 'zod';
import { Category } from './taxonomy.js';

/**
 * What a bank is for. `block`: what is in it may not appear. `reupload`: clips refused here, which cannot be tried
 * again. `own_releases`: clips released here; matches are information, never a reason.
 */
export const BankKind = z.enum(['block', 'reupload', 'own_releases']);
export type BankKind = z.infer<typeof BankKind>;

/** How a hash was taken: of a picture, of a second of a clip, or of a whole file. */
export const HashAlgorithm = z.enum(['pdq', 'vpdq', 'md5', 'sha1']);
export type HashAlgorithm = z.infer<typeof HashAlgorithm>;

/** Body of `POST /v1/hash_banks`. */
export const CreateHashBank = z.strictObject({
  name: z.string().trim().min(1).max(100),
  kind: BankKind.default('block'),
  /** Category of what its entries show; without one it is `other`. */
  category: Category.nullable().default(null),
  /** For every tenant; only with the scope `admin`. */
  shared: z.boolean().default(false),
});
export type CreateHashBank = z.infer<typeof CreateHashBank>;

/** Body of `POST /v1/hash_banks/{id}`. */
export const RenameHashBank = z.strictObject({ name: z.string().trim().min(1).max(100) });

/** A bank as shown to a tenant that it counts for. */
export const HashBank = z.object({
  id: z.string(),
  object: z.literal('hash_bank'),
  name: z.string(),
  kind: BankKind,
  category: Category.nullable(),
  shared: z.boolean(),
  /** Filled by the service itself. */
  automatic: z.boolean(),
  /** Entries that are not removed. */
  hashes: z.number().int(),
  created_at: z.iso.datetime(),
});
export type HashBank = z.infer<typeof HashBank>;

/** One hash to add, in the JSON body of `POST /v1/hash_banks/{id}/hashes`. */
export const NewHash = z.strictObject({
  hash: z.string().max(200),
  /** By default `pdq`. */
  type: HashAlgorithm.default('pdq'),
  quality: z.number().int().min(0).max(100).nullable().default(null),
  label: z.string().max(500).nullable().default(null),
  /** Second of the clip that it was taken from. */
  at_s: z.number().min(0).max(1e6).nullable().default(null),
});
export type NewHash = z.infer<typeof NewHash>;

/** Hashes in one JSON body. Longer lists are sent as text or as a file. */
export const MOST_JSON_HASHES = 10_000;

/** JSON body of `POST /v1/hash_banks/{id}/hashes`: a list, or an object with one. */
export const AddHashes = z
  .union([z.array(NewHash), z.strictObject({ hashes: z.array(NewHash) }).transform(({ hashes }) => hashes)])
  .refine((hashes) => hashes.length > 0, 'Send at least one hash.')
  .refine((hashes) => hashes.length <= MOST_JSON_HASHES, `Send at most ${MOST_JSON_HASHES} hashes, or a file.`);

/** What came of a list. */
export const HashImport = z.object({
  object: z.literal('hash_import'),
  bank: z.string(),
  /** Entries that are new, or back after a removal. */
  added: z.number().int(),
  /** Entries that were there already. */
  known: z.number().int(),
  /** Entries of a quality under 50, which are kept and never matched. */
  low_quality: z.number().int(),
  /** Hashes of kinds that are not compared here, such as PhotoDNA. */
  skipped: z.number().int(),
});
export type HashImport = z.infer<typeof HashImport>;

/** One entry of a bank. */
export const HashEntry = z.object({
  id: z.string(),
  object: z.literal('hash_entry'),
  algorithm: HashAlgorithm,
  hash: z.string(),
  quality: z.number().int().nullable(),
  label: z.string().nullable(),
  /** Clip that it was taken from; null when it came from outside. */
  clip: z.string().nullable(),
  at_s: z.number().nullable(),
  added_by: z.string(),
  added_at: z.iso.datetime(),
});
export type HashEntry = z.infer<typeof HashEntry>;

/** Query of `GET /v1/hash_banks/{id}/hashes`. */
export const ListHashes = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  /** Id of the last entry of the page before. */
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'after must be the id of an entry.')
    .optional(),
});
export type ListHashes = z.infer<typeof ListHashes>;

/** Body of `POST /v1/hash_banks/match`: PDQ hashes as text, taken to be seconds of one clip. */
export const MatchHashes = z.strictObject({ hashes: z.array(z.string().max(200)).min(1).max(600) });

/** Answer of `POST /v1/hash_banks/match`. */
export const HashMatches = z.object({
  object: z.literal('list'),
  data: z.array(
    z.object({
      bank: z.object({ id: z.string(), name: z.string(), kind: BankKind, category: Category.nullable() }),
      /** Place in the request, from 0. */
      index: z.number().int(),
      hash: z.string(),
      /** Null, as the label is, for an entry of a shared bank when the key lacks `admin`. */
      bank_hash: z.string().nullable(),
      /** Bits of 256 that differ, 0..31. */
      distance: z.number().int(),
      label: z.string().nullable(),
    }),
  ),
});
export type HashMatches = z.infer<typeof HashMatches>;
