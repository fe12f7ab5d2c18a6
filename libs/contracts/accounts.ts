import { z } from 'zod';

/** What an API key may do. `admin` implies all of them but `child_safety`, which is given by name alone. */
export const SCOPES = [
  'videos:read',
  'videos:write',
  'moderations',
  'review',
  'webhooks',
  'consent',
  'register',
  'child_safety',
  'admin',
] as const;

/** One right of an API key. */
export const Scope = z.enum(SCOPES);
export type Scope = z.infer<typeof Scope>;

/** Age band of a maker, from the strongest evidence. `unknown` is treated as teen. */
export const AgeBand = z.enum(['unknown', 'under13', 'teen', 'adult']);
export type AgeBand = z.infer<typeof AgeBand>;

/** Body of `POST /v1/keys`. */
export const CreateKey = z.strictObject({
  name: z.string().min(1).max(100),
  scopes: z.array(Scope).min(1),
  /** Reports that come with it are those of a trusted flagger (DSA, article 22): they come first. */
  trusted_flagger: z.boolean().default(false),
});
export type CreateKey = z.infer<typeof CreateKey>;

/** An API key as shown to its tenant; `key` only in the answer that creates it. */
export const ApiKey = z.object({
  id: z.string(),
  object: z.literal('api_key'),
  name: z.string(),
  prefix: z.string(),
  scopes: z.array(Scope),
  trusted_flagger: z.boolean(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
  revoked_at: z.iso.datetime().nullable(),
  key: z.string().optional(),
});
export type ApiKey = z.infer<typeof ApiKey>;
