import { z } from 'zod';

/** Conditions under which a clip is released. */
export const CaseLimits = z.strictObject({
  /** A line that tells viewers what they are about to see. */
  label: z.string().trim().min(3).max(120).nullable().default(null),
  /** Viewers have to be that old. */
  age_gate: z
    .union([z.literal(13), z.literal(16), z.literal(18)])
    .nullable()
    .default(null),
  /** Nobody may remix, edit or extend it. */
  no_remix: z.boolean().default(false),
});
export type CaseLimits = z.infer<typeof CaseLimits>;
