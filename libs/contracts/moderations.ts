import { z } from 'zod';

/** The thirteen categories of the OpenAI Moderations API, in its own order. */
export const MODERATION_CATEGORIES = [
  'harassment',
  'harassment/threatening',
  'sexual',
  'hate',
  'hate/threatening',
  'illicit',
  'illicit/violent',
  'self-harm/intent',
  'self-harm/instructions',
  'self-harm',
  'sexual/minors',
  'violence',
  'violence/graphic',
] as const;

/** One category of the Moderations API. */
export const ModerationCategory = z.enum(MODERATION_CATEGORIES);
export type ModerationCategory = z.infer<typeof ModerationCategory>;

const text = z.string().max(32_000);

/** Body of `POST /v1/moderations`. */
export const CreateModeration = z.object({
  input: z.union([
    text,
    z.array(text).min(1).max(32),
    z
      .array(
        z.discriminatedUnion('type', [
          z.object({ type: z.literal('text'), text }),
          z.object({ type: z.literal('image_url'), image_url: z.object({ url: z.string().max(28_000_000) }) }),
        ]),
      )
      .min(1)
      .max(32),
  ]),
  model: z.string().max(100).optional(),
});
export type CreateModeration = z.infer<typeof CreateModeration>;

/** One result of the Moderations API: all thirteen keys are always present. */
export const ModerationResult = z.object({
  flagged: z.boolean(),
  categories: z.record(ModerationCategory, z.boolean()),
  category_scores: z.record(ModerationCategory, z.number().min(0).max(1)),
  category_applied_input_types: z.record(ModerationCategory, z.array(z.enum(['text', 'image']))),
});
export type ModerationResult = z.infer<typeof ModerationResult>;

/** Answer of `POST /v1/moderations`. */
export const Moderation = z.object({ id: z.string(), model: z.string(), results: z.array(ModerationResult) });
export type Moderation = z.infer<typeof Moderation>;
