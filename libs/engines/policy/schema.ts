import { z } from 'zod';
import { CATEGORIES, Category, Coverage, type Locale, Signal, Stage } from '#contracts';
import { MakersDocument } from './makers.js';

const score = z.number().min(0.01).max(1);
const detector = z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/, 'not the name of a detector');
const sentence = z.string().trim().min(3, 'wording is missing');
const source = Signal.shape.source;

/** The same sentence in every language. */
const Wording = z.strictObject({ en: sentence, fr: sentence } satisfies Record<Locale, typeof sentence>);

const Limits = z.strictObject({ hold: score, refuse: score.nullable() });
const Both = z.strictObject({ adult: Limits, teen: Limits });
const BothScores = z.strictObject({ adult: score, teen: score });
const Unable = z.enum(['ignore', 'hold', 'refuse']);

const TaxonomyEntry = z.strictObject({
  severity: z.number().int().min(1).max(5),
  child_safety: z.boolean().default(false),
  label: Wording,
  prohibited: Wording,
  hold: Wording,
  refuse: Wording,
});

const Family = z.strictObject({
  adult: Limits,
  teen: Limits,
  unable: Unable.optional(),
  child_safety: BothScores.optional(),
  categories: z.partialRecord(Category, Both).default({}),
});

const StageEntry = z.strictObject({
  required: z.array(z.union([detector, z.strictObject({ detector, source: source.optional() })])).min(1),
  unable: Unable.exclude(['ignore']),
  child_safety: BothScores,
  families: z
    .record(detector, Family)
    .refine((families) => 'default' in families, 'a family named default is needed for detectors not named here'),
});

const CombinationEntry = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9_]*$/, 'not a rule name in snake_case'),
  stages: z.array(Stage).min(1),
  when: z
    .array(
      z.strictObject({
        detector: detector.optional(),
        category: Category.optional(),
        source: source.optional(),
        mentions: z
          .string()
          .regex(/^[a-z][a-z0-9_]*$/, 'not a word in snake_case')
          .optional(),
        at_least: BothScores,
      }),
    )
    .min(1),
  outcome: z.enum(['hold', 'refuse']),
  coverage_at_most: Coverage.optional(),
  category: Category.optional(),
  each: z.array(Category).min(1).optional(),
  child_safety: z.boolean().default(false),
});

/** The policy document as written, before defaults are applied and cross-checks are made. */
export const PolicyDocument = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'not an identifier'),
  version: z.string().regex(/^\d+\.\d+\.\d+$/, 'not a version like 1.0.0'),
  effective: z.iso.date(),
  title: Wording,
  wording: z.strictObject({ unable: Wording, appeal: Wording, redress: Wording }),
  taxonomy: z.strictObject(
    Object.fromEntries(CATEGORIES.map((category) => [category, TaxonomyEntry])) as Record<
      Category,
      typeof TaxonomyEntry
    >,
  ),
  stages: z.strictObject({ prompt: StageEntry, clip: StageEntry } satisfies Record<Stage, typeof StageEntry>),
  combinations: z.array(CombinationEntry).default([]),
  makers: MakersDocument.optional(),
});
export type PolicyDocument = z.infer<typeof PolicyDocument>;
export type FamilyDocument = z.infer<typeof Family>;
export type StageDocument = z.infer<typeof StageEntry>;
