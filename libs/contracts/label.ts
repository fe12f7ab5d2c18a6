import { z } from 'zod';

/** Markets with rules of their own for visible labels; each stands for a set of kinds. */
export const LABEL_MARKETS = ['eu', 'us-ca', 'world', 'none'] as const;
export const LabelMarket = z.enum(LABEL_MARKETS);
export type LabelMarket = z.infer<typeof LabelMarket>;

/**
 * How a clip says to its viewers that it was made with AI. `eu`: the letters AI (French: IA) with the word
 * "generated", in a corner, for the whole clip. `name`: a name that moves between places, so that no crop removes it.
 * `california`: a line of text that says so and names who made it. `none`: nothing; it stands alone.
 */
export const LABEL_KINDS = ['eu', 'name', 'california', 'none'] as const;
export const LabelKind = z.enum(LABEL_KINDS);
export type LabelKind = z.infer<typeof LabelKind>;

/** Letters that the built-in typeface has: Latin, Greek, Cyrillic, digits and punctuation. */
const NAME = /^[ -~\u00a0-\u024f\u0370-\u03ff\u0400-\u045f\u1e00-\u1eff\u2013\u2014\u2018\u2019\u201c\u201d]+$/;

const settings = {
  /** Corner of the `eu` icon; the `california` line goes to the corner opposite to it. */
  position: z.enum(['top-right', 'top-left', 'bottom-right', 'bottom-left']).default('top-right'),
  language: z.enum(['en', 'fr']).default('en'),
  /** `burned`: drawn into the pictures. `overlay`: the pictures stay as they are, and a text track comes beside them. */
  delivery: z.enum(['burned', 'overlay']).default('burned'),
  /** Who is named as the maker, at most 32 characters; the product when absent. */
  name: z
    .string()
    .trim()
    .min(1)
    .max(32)
    .regex(NAME, 'The name may have Latin, Greek and Cyrillic letters, digits and punctuation.')
    .optional(),
};

/** How the clips of a tenant are labelled. */
export const LabelProfile = z.object({
  kinds: z
    .array(LabelKind)
    .min(1)
    .max(3)
    .refine((kinds) => new Set(kinds).size === kinds.length, 'Each kind may be named once.')
    .refine((kinds) => kinds.length === 1 || !kinds.includes('none'), 'none stands alone.'),
  ...settings,
});
export type LabelProfile = z.infer<typeof LabelProfile>;

/** What each market stands for. */
export const MARKET_KINDS: Readonly<Record<LabelMarket, LabelKind[]>> = {
  eu: ['eu'],
  'us-ca': ['california'],
  world: ['eu', 'name', 'california'],
  none: ['none'],
};

/** Body of `PUT /v1/label`: a market or a list of kinds, and how they are shown. */
export const PutLabel = z
  .strictObject({ market: LabelMarket.optional(), kinds: LabelProfile.shape.kinds.optional(), ...settings })
  .refine(({ market, kinds }) => (market === undefined) !== (kinds === undefined), 'Name either a market or kinds.')
  .transform(({ market, kinds, ...rest }) => ({ ...rest, kinds: kinds ?? MARKET_KINDS[market ?? 'eu'] }));
export type PutLabel = z.infer<typeof PutLabel>;

/** The label profile in force for a tenant. */
export const LabelView = z.object({
  object: z.literal('label'),
  ...LabelProfile.shape,
  /** True when the tenant chose none and the setting of this service is in force. */
  default: z.boolean(),
});
export type LabelView = z.infer<typeof LabelView>;

/** One part of a label: what it says, when and where. */
export const LabelCue = z.object({
  kind: LabelKind,
  text: z.string(),
  /** Seconds from the first frame. */
  from_s: z.number(),
  to_s: z.number(),
  /** Fractions of the frame, from its top left corner. */
  box: z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() }),
});
export type LabelCue = z.infer<typeof LabelCue>;

/** The label of one clip as it was applied. */
export const AppliedLabel = z.object({
  kinds: z.array(LabelKind),
  delivery: LabelProfile.shape.delivery,
  language: LabelProfile.shape.language,
  cues: z.array(LabelCue),
});
export type AppliedLabel = z.infer<typeof AppliedLabel>;
