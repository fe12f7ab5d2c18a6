import { CATEGORIES, type Audience, type Category, type PolicyFault, type Stage } from '#contracts';
import { familyOf, type Combination, type Condition, type Policy } from '#engines/policy';
import { makerChanges, type MakerChange } from './maker-changes.js';

const STAGES: readonly Stage[] = ['prompt', 'clip'];
const AUDIENCES: readonly Audience[] = ['adult', 'teen'];
const UNABLE = ['ignore', 'hold', 'refuse'] as const;
/** From worst to best. */
const COVERAGE = ['none', 'low', 'medium', 'high'];

/** Null never acts, so it is laxer than any score. */
export const laxer = (from: number | null, to: number | null) => (to ?? Infinity) > (from ?? Infinity);

const within = (name: string, prefix: string) => name === prefix || name.startsWith(`${prefix}.`);

/** Names of detectors that either version speaks of, in order. */
export function familiesOf(live: Policy, next: Policy, stage: Stage): string[] {
  return [...new Set([live, next].flatMap((policy) => Object.keys(policy.stages[stage].families)))];
}

function thresholds(live: Policy, next: Policy, category: Category): PolicyFault[] {
  return STAGES.flatMap((stage) =>
    familiesOf(live, next, stage).flatMap((family) =>
      AUDIENCES.flatMap((audience) => {
        const before = familyOf(live.stages[stage].families, family).thresholds[category][audience];
        const after = familyOf(next.stages[stage].families, family).thresholds[category][audience];
        if (!laxer(before.refuse, after.refuse) && !laxer(before.hold, after.hold)) return [];
        const path = `stages.${stage}.families.${family}.child_safety.${audience}`;
        const words = `${stage}, ${family}, ${audience}`;
        return [fault(`${category} is refused from ${before.refuse ?? 'no score'} (${words}); not later.`, path)];
      }),
    ),
  );
}

/** True when whatever meets `before` meets `after` too. */
function implied(before: Condition, after: Condition, stage: Stage): boolean {
  // Of a finished clip, a condition on the prompt reads other findings than all others do.
  const elsewhere = stage === 'clip' && (before.source === 'prompt') !== (after.source === 'prompt');
  return (
    !elsewhere &&
    (after.detector === undefined || (before.detector !== undefined && within(before.detector, after.detector))) &&
    (after.category === undefined || after.category === before.category) &&
    (after.source === undefined || after.source === before.source) &&
    (after.mentions === undefined || after.mentions === before.mentions) &&
    AUDIENCES.every((audience) => after.atLeast[audience] <= before.atLeast[audience])
  );
}

function speaksOf(rule: Combination, category: Category): boolean {
  return rule.category === null ? rule.each.includes(category) : rule.category === category;
}

/** True when `after` acts wherever `before` does, on a stage and a category. */
function covers(before: Combination, after: Combination, stage: Stage, category: Category): boolean {
  const coverage = (rule: Combination) => (rule.coverageAtMost === null ? 3 : COVERAGE.indexOf(rule.coverageAtMost));
  // Where a rule tries one category after another, a condition without a category of its own means that category.
  const meant = (rule: Combination) =>
    rule.when.map((one) => (rule.category === null && one.category === undefined ? { ...one, category } : one));
  return (
    after.stages.includes(stage) &&
    speaksOf(after, category) &&
    coverage(after) >= coverage(before) &&
    meant(after).every((condition) => meant(before).some((known) => implied(known, condition, stage)))
  );
}

/** Rules about children: those in their categories, and those that are marked as theirs in any other. */
function combinations(live: Policy, next: Policy, category: Category): PolicyFault[] {
  const guarded = live.taxonomy[category].childSafety;
  const asMarked = (before: Combination, after: Combination) =>
    !before.childSafety || after.childSafety || next.taxonomy[category].childSafety;
  return live.combinations
    .filter((rule) => (guarded || rule.childSafety) && speaksOf(rule, category))
    .flatMap((rule) =>
      rule.stages
        .filter(
          (stage) => !next.combinations.some((other) => covers(rule, other, stage, category) && asMarked(rule, other)),
        )
        .map((stage) =>
          fault(`The rule ${rule.id} refuses ${category} (${stage}); it can only be made stricter.`, 'combinations'),
        ),
    );
}

const MINORS = { child: 'children', teen: 'teens' } as const;

/** What those under 18 may do themselves is not widened either. */
function makers(live: Policy, next: Policy): PolicyFault[] {
  return (['child', 'teen'] as const).flatMap((band) =>
    makerChanges(live.makers[band], next.makers[band])
      .filter(({ effect }) => effect === 'laxer')
      .map(({ what, from }) =>
        fault(`Of ${MINORS[band]}, ${what} is ${shownLimit(from)}; not more than that.`, `makers.${band}.${what}`),
      ),
  );
}

const shownLimit = (value: MakerChange['from']) => (value === '' ? 'empty' : String(value ?? 'without a limit'));

/** What cannot tell may hide anything: what then happens cannot be made milder. */
function unable(live: Policy, next: Policy): PolicyFault[] {
  return STAGES.flatMap((stage) => {
    const milder = familiesOf(live, next, stage).filter((family) => {
      const [before, after] = [live, next].map((policy) => familyOf(policy.stages[stage].families, family).unable);
      return UNABLE.indexOf(after!) < UNABLE.indexOf(before!);
    });
    const gone = live.stages[stage].required.filter(
      ({ detector, source }) =>
        !next.stages[stage].required.some(
          (one) => one.detector === detector && (one.source === undefined || one.source === source),
        ),
    );
    return [
      ...milder.map((family) =>
        fault(
          `What ${family} cannot tell (${stage}) may hide a child: what follows from it cannot be made milder.`,
          `stages.${stage}.families.${family}.unable`,
        ),
      ),
      ...gone.map(({ detector }) =>
        fault(`${detector} stays required (${stage}): it looks for children too.`, `stages.${stage}.required`),
      ),
    ];
  });
}

function fault(message: string, path: string): PolicyFault {
  return { message, path, line: null, column: null };
}

/**
 * Where a version would protect children less than the live one. Child-safety categories stay so, with their severity;
 * in them, for every detector and audience, thresholds and combined rules only get stricter, as do rules that are marked as
 * child safety; detectors stay required, and one that cannot tell leads to nothing milder; those under 18 may do no more than
 * before. Empty: it may go live.
 */
export function laxerForChildrenThan(live: Policy, next: Policy): PolicyFault[] {
  const guarded = CATEGORIES.filter((category) => live.taxonomy[category].childSafety);
  const kept = guarded.filter((category) => next.taxonomy[category].childSafety);
  return [
    ...guarded
      .filter((category) => !kept.includes(category))
      .map((category) => fault(`${category} stays a child-safety category.`, `taxonomy.${category}.child_safety`)),
    ...kept
      .filter((category) => next.taxonomy[category].severity < live.taxonomy[category].severity)
      .map((category) => fault(`The severity of ${category} cannot be lowered.`, `taxonomy.${category}.severity`)),
    ...kept.flatMap((category) => thresholds(live, next, category)),
    // A category that is given up is told above.
    ...CATEGORIES.filter((category) => kept.includes(category) || !guarded.includes(category)).flatMap((category) =>
      combinations(live, next, category),
    ),
    ...unable(live, next),
    ...makers(live, next),
  ];
}
