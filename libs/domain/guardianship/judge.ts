import type { AccessView, AgeBand, Category, Signal } from '#contracts';
import type { AccessAsked } from '#domain/gate';
import { categoriesHeld, type MakerRules, type Policy } from '#engines/policy';
import { audienceOf } from './age.js';
import { AccessError, GuardianshipError, type LimitOwner } from './errors.js';
import { isQuiet, quietUntil } from './hours.js';
import type { AllLimits } from './limits.js';

/** All that is known of who asks. */
export interface Facts {
  asked: AccessAsked;
  makerId: string | null;
  country: string | null;
  band: AgeBand;
  rules: MakerRules;
  access: AccessView;
  invited: boolean;
  limits: AllLimits;
  /** False when the clip to change holds the work of somebody who does not let this maker use it. */
  mayUseParent: boolean;
}

function platformRules({ makerId, country, access, invited }: Facts): void {
  const { invite_required: inviteRequired, countries, free_allowance: allowance } = access;
  if (!makerId) {
    if (!inviteRequired && !countries.length && !allowance) return;
    const message = 'This platform has access rules: say who asks, with user or the header X-Imprimatur-Maker.';
    throw new GuardianshipError('invalid', 'maker_required', message, { param: 'user' });
  }
  if (countries.length && !country)
    throw new AccessError(
      'country_unknown',
      'The country of this maker is not known, and not all are open.',
      'platform',
    );
  if (countries.length && !countries.includes(country ?? ''))
    throw new AccessError('country_not_allowed', 'Generation is not open in the country of this maker.', 'platform');
  if (inviteRequired && !invited)
    throw new AccessError('invite_required', 'An invitation code has to be redeemed for this maker first.', 'platform');
}

/** Refuses the use of a person's likeness. @throws AccessError `cameo_not_allowed` */
export function judgeCameo({ rules, limits }: Pick<Facts, 'rules' | 'limits'>): void {
  const message = 'This maker may not use the likeness of a person.';
  if (!rules.cameoUse) throw new AccessError('cameo_not_allowed', message, 'policy');
  if (!limits.cameo) throw new AccessError('cameo_not_allowed', message, 'guardian');
}

/** Everything but the counters and the words. @throws AccessError, GuardianshipError `maker_required` */
export function judge(facts: Facts, now: Date): void {
  const { asked, rules, limits, mayUseParent } = facts;
  if (!rules.generate) throw new AccessError('maker_too_young', 'Makers under 13 cannot generate clips.', 'policy');
  platformRules(facts);
  const quiet = limits.quiet.filter((hours) => isQuiet(hours, now));
  if (quiet.length) {
    const until = quietUntil(limits.quiet, now);
    const message = 'These are quiet hours: a guardian chose that no clips are made now.';
    throw new AccessError('quiet_hours', message, 'guardian', now, until);
  }
  if (asked.parent) {
    const message = 'This maker may not change, edit or extend clips.';
    if (!rules.remix) throw new AccessError('remix_not_allowed', message, 'policy');
    if (!limits.remix) throw new AccessError('remix_not_allowed', message, 'guardian');
    if (!mayUseParent) {
      const shared = 'This clip holds the work of somebody whose clips only they and their mutual contacts may use.';
      throw new AccessError('content_not_shared', shared, 'policy');
    }
  }
  if (asked.cameo) judgeCameo(facts);
}

/** Refuses words that lean towards a blocked category. @throws AccessError `category_blocked` */
export function judgeWords(
  facts: Pick<Facts, 'band' | 'rules' | 'limits'>,
  signals: readonly Signal[],
  policy: Policy,
): void {
  const held = categoriesHeld(policy, { stage: 'prompt', audience: audienceOf(facts.band), signals });
  const owners: [LimitOwner, readonly Category[]][] = [
    ['policy', facts.rules.blockedCategories],
    ['guardian', facts.limits.blocked],
  ];
  for (const [owner, blocked] of owners) {
    if (!blocked.some((category) => held.has(category))) continue;
    throw new AccessError(
      'category_blocked',
      'The prompt leans towards a subject that is blocked for this maker.',
      owner,
    );
  }
}
