import { z } from 'zod';
import { Category } from '#contracts';

/** What the makers of one age band may do. */
const Rules = z.strictObject({
  generate: z.boolean(),
  /** Change, edit and extend clips. */
  remix: z.boolean(),
  /** Ask for clips with a person's likeness. */
  cameo_use: z.boolean(),
  /** Be enrolled as a likeness. */
  be_cameo: z.boolean(),
  /** Most clips a day; null is no limit. */
  daily_generations: z.number().int().min(0).nullable(),
  /** Prompts that reach the threshold of a hold here are refused. */
  blocked_categories: z.array(Category),
  /** Whose remixes, edits and extensions may use their clips. */
  content_used_by: z.enum(['self', 'mutuals', 'everyone']),
});

/** The section `makers` as written. */
export const MakersDocument = z.strictObject({ child: Rules, teen: Rules, adult: Rules });
type MakersDocument = z.infer<typeof MakersDocument>;

/** Whose remixes, edits and extensions may use a maker's clips. */
export type ContentUsers = z.infer<typeof Rules>['content_used_by'];

/** What the makers of one age band may do. */
export interface MakerRules {
  generate: boolean;
  /** Change, edit and extend clips. */
  remix: boolean;
  /** Ask for clips with a person's likeness. */
  cameoUse: boolean;
  /** Be enrolled as a likeness. */
  beCameo: boolean;
  /** Most clips a day; null is no limit. */
  dailyGenerations: number | null;
  /** Prompts that reach the threshold of a hold in these are refused. */
  blockedCategories: readonly Category[];
  contentUsedBy: ContentUsers;
}

/** Rules by band; an unknown age counts as teen. */
export type MakersPolicy = Readonly<Record<'child' | 'teen' | 'adult', MakerRules>>;

/** Of policies that say nothing of makers: children make nothing, nobody under 18 meets a likeness. */
const USUAL: MakersDocument = {
  child: {
    generate: false,
    remix: false,
    cameo_use: false,
    be_cameo: false,
    daily_generations: 0,
    blocked_categories: [],
    content_used_by: 'self',
  },
  teen: {
    generate: true,
    remix: true,
    cameo_use: false,
    be_cameo: false,
    daily_generations: null,
    blocked_categories: [],
    content_used_by: 'mutuals',
  },
  adult: {
    generate: true,
    remix: true,
    cameo_use: true,
    be_cameo: true,
    daily_generations: null,
    blocked_categories: [],
    content_used_by: 'everyone',
  },
};

const WIDENING = ['self', 'mutuals', 'everyone'] as const;
const FREEDOMS = ['generate', 'remix', 'cameo_use', 'be_cameo'] as const;

/**
 * Reads the section and checks what no policy may change: children make nothing, nobody under 18 is a likeness, and a
 * younger band is never treated laxer than an older one.
 * @param fault called with the place and the sentence of the first fault; does not return
 */
export function readMakers(
  document: MakersDocument | undefined,
  fault: (path: readonly string[], message: string) => never,
): MakersPolicy {
  const bands = document ?? USUAL;
  for (const name of FREEDOMS) {
    if (bands.child[name]) fault(['makers', 'child', name], 'Children under 13 make nothing and appear in nothing.');
    if (bands.teen[name] && !bands.adult[name]) fault(['makers', 'teen', name], 'Teens may more than adults.');
  }
  if (bands.teen.be_cameo) fault(['makers', 'teen', 'be_cameo'], 'Nobody under 18 can be a likeness.');
  const most = (band: 'teen' | 'adult') => bands[band].daily_generations ?? Infinity;
  if (most('teen') > most('adult')) fault(['makers', 'teen', 'daily_generations'], 'Teens may more than adults.');
  for (const category of bands.adult.blocked_categories)
    if (!bands.teen.blocked_categories.includes(category))
      fault(['makers', 'teen', 'blocked_categories'], `${category} is blocked for adults, so for teens too.`);
  const width = (band: 'child' | 'teen' | 'adult') => WIDENING.indexOf(bands[band].content_used_by);
  if (width('child') > 0) fault(['makers', 'child', 'content_used_by'], 'What a child made is used by nobody else.');
  if (width('teen') > 1) fault(['makers', 'teen', 'content_used_by'], 'What a teen made is used by mutuals at most.');
  if (width('teen') > width('adult')) fault(['makers', 'teen', 'content_used_by'], 'Teens are treated laxer.');
  const rules = (band: 'child' | 'teen' | 'adult'): MakerRules => ({
    generate: bands[band].generate,
    remix: bands[band].remix,
    cameoUse: bands[band].cameo_use,
    beCameo: bands[band].be_cameo,
    dailyGenerations: bands[band].daily_generations,
    blockedCategories: bands[band].blocked_categories,
    contentUsedBy: bands[band].content_used_by,
  });
  return { child: rules('child'), teen: rules('teen'), adult: rules('adult') };
}
