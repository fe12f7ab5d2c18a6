import { z } from 'zod';

/** Harm categories that a policy speaks of. `other` holds what is unsafe but fits none of the named ones. */
export const CATEGORIES = [
  'sexual',
  'sexual_minors',
  'violence',
  'graphic_violence',
  'hate',
  'harassment',
  'self_harm',
  'illicit',
  'political',
  'likeness',
  'copyright',
  'extremism',
  'other',
] as const;

/** One harm category. */
export const Category = z.enum(CATEGORIES);
export type Category = z.infer<typeof Category>;

/** How well a detector covers a category. Shown with every decision; `none` never reads as "clean". */
export const Coverage = z.enum(['none', 'low', 'medium', 'high']);
export type Coverage = z.infer<typeof Coverage>;

/** Who makes the clip, as far as the policy is concerned. An unknown age is treated as `teen`. */
export const Audience = z.enum(['teen', 'adult']);
export type Audience = z.infer<typeof Audience>;

/** Language of a sentence shown to a person. */
export const Locale = z.enum(['en', 'fr']);
export type Locale = z.infer<typeof Locale>;

/** The same sentence in every language that the product speaks. */
export const LocalText = z.object({ en: z.string(), fr: z.string() });
export type LocalText = z.infer<typeof LocalText>;
