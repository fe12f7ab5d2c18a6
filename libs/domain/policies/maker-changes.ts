import type { PolicyChange } from '#contracts';
import type { MakerRules } from '#engines/policy';

/** A difference in what makers of one age may do. */
export type MakerChange = Omit<Extract<PolicyChange, { kind: 'makers' }>, 'kind' | 'band'>;

const FREEDOMS = { generate: 'generate', remix: 'remix', cameo_use: 'cameoUse', be_cameo: 'beCameo' } as const;
/** From narrow to wide. */
const WIDENING = ['self', 'mutuals', 'everyone'];

/** What differs between the rules for makers of one age, with whether they may do more or less. */
export function makerChanges(before: MakerRules, after: MakerRules): MakerChange[] {
  const changes: MakerChange[] = [];
  const tell = (what: MakerChange['what'], from: MakerChange['from'], to: MakerChange['to'], wider: boolean) => {
    if (from !== to) changes.push({ what, from, to, effect: wider ? 'laxer' : 'stricter' });
  };
  for (const [what, key] of Object.entries(FREEDOMS) as [keyof typeof FREEDOMS, (typeof FREEDOMS)['generate']][])
    tell(what, before[key], after[key], after[key]);
  const most = (rules: MakerRules) => rules.dailyGenerations ?? Infinity;
  tell('daily_generations', before.dailyGenerations, after.dailyGenerations, most(after) > most(before));
  const names = (rules: MakerRules) => [...rules.blockedCategories].sort();
  const gone = names(before).some((category) => !after.blockedCategories.includes(category));
  tell('blocked_categories', names(before).join(', '), names(after).join(', '), gone);
  const width = (rules: MakerRules) => WIDENING.indexOf(rules.contentUsedBy);
  tell('content_used_by', before.contentUsedBy, after.contentUsedBy, width(after) > width(before));
  return changes;
}
