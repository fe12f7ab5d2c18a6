import {
  CATEGORIES,
  type Audience,
  type Category,
  type Locale,
  type LocalText,
  type PolicyChange,
  type PolicyEffect,
  type Stage,
} from '#contracts';
import { canonicalJson } from '#kernel';
import { familyOf, type Combination, type Policy } from '#engines/policy';
import { familiesOf } from './floor.js';
import { makerChanges } from './maker-changes.js';

const STAGES: readonly Stage[] = ['prompt', 'clip'];
const AUDIENCES: readonly Audience[] = ['adult', 'teen'];
const LOCALES: readonly Locale[] = ['en', 'fr'];
const UNABLE = ['ignore', 'hold', 'refuse'];

/** Of scores: a lower one acts earlier. Null never acts. */
function effectOf(from: number | null, to: number | null): PolicyEffect {
  return (to ?? Infinity) < (from ?? Infinity) ? 'stricter' : 'laxer';
}

/** Categories that change in the same way are told together. */
function thresholds(from: Policy, to: Policy, stage: Stage, family: string): PolicyChange[] {
  const before = familyOf(from.stages[stage].families, family).thresholds;
  const after = familyOf(to.stages[stage].families, family).thresholds;
  return AUDIENCES.flatMap((audience) =>
    (['hold', 'refuse'] as const).flatMap((outcome) => {
      const groups = new Map<string, { from: number | null; to: number | null; categories: Category[] }>();
      for (const category of CATEGORIES) {
        const pair = { from: before[category][audience][outcome], to: after[category][audience][outcome] };
        if (pair.from === pair.to) continue;
        const key = `${pair.from} ${pair.to}`;
        const group = groups.get(key) ?? { ...pair, categories: [] };
        group.categories.push(category);
        groups.set(key, group);
      }
      return [...groups.values()].map((group): PolicyChange => {
        const effect = effectOf(group.from, group.to);
        return { kind: 'threshold', stage, family, audience, outcome, ...group, effect };
      });
    }),
  );
}

function families(from: Policy, to: Policy, stage: Stage): PolicyChange[] {
  return familiesOf(from, to, stage).flatMap((family) => {
    const [was, is] = [from, to].map((policy) => Object.hasOwn(policy.stages[stage].families, family));
    const [before, after] = [from, to].map((policy) => familyOf(policy.stages[stage].families, family).unable);
    const named: PolicyChange[] =
      was === is ? [] : [{ kind: 'family', stage, family, change: is ? 'added' : 'removed' }];
    const effect: PolicyEffect = UNABLE.indexOf(after!) > UNABLE.indexOf(before!) ? 'stricter' : 'laxer';
    const unable: PolicyChange[] =
      before === after ? [] : [{ kind: 'unable', stage, family, from: before!, to: after!, effect }];
    return [...named, ...thresholds(from, to, stage, family), ...unable];
  });
}

function required(from: Policy, to: Policy, stage: Stage): PolicyChange[] {
  const only = (a: Policy, b: Policy) =>
    a.stages[stage].required.filter(
      (one) => !b.stages[stage].required.some((other) => canonicalJson(other) === canonicalJson(one)),
    );
  const told = (change: 'added' | 'removed', effect: PolicyEffect) => (one: { detector: string; source?: string }) =>
    ({ kind: 'required', stage, detector: one.detector, source: one.source ?? null, change, effect }) as const;
  return [...only(to, from).map(told('added', 'stricter')), ...only(from, to).map(told('removed', 'laxer'))];
}

type Shown = Extract<PolicyChange, { kind: 'combination' }>['from'];

function shown(rule: Combination | undefined): Shown {
  if (!rule) return null;
  return {
    id: rule.id,
    stages: [...rule.stages],
    outcome: rule.outcome,
    category: rule.category,
    each: rule.category === null ? [...rule.each] : [],
    coverage_at_most: rule.coverageAtMost,
    child_safety: rule.childSafety,
    when: rule.when.map(({ detector, category, source, mentions, atLeast }) => ({
      detector: detector ?? null,
      category: category ?? null,
      source: source ?? null,
      mentions: mentions ?? null,
      at_least: { ...atLeast },
    })),
  };
}

/** Told only where nothing but scores or the outcome moved, and all in one direction. */
function combinationEffect(from: Shown, to: Shown): PolicyEffect {
  if (!from || !to) return to ? 'stricter' : 'laxer';
  const rest = (rule: NonNullable<Shown>) =>
    canonicalJson({
      ...rule,
      outcome: null,
      child_safety: null,
      when: rule.when.map((one) => ({ ...one, at_least: null })),
    });
  if (rest(from) !== rest(to)) return 'other';
  const moves = [
    Math.sign((to.outcome === 'refuse' ? 1 : 0) - (from.outcome === 'refuse' ? 1 : 0)),
    Number(to.child_safety) - Number(from.child_safety),
    ...from.when.flatMap((one, at) =>
      AUDIENCES.map((audience) => Math.sign(one.at_least[audience] - to.when[at]!.at_least[audience])),
    ),
  ];
  if (moves.every((move) => move >= 0)) return 'stricter';
  return moves.every((move) => move <= 0) ? 'laxer' : 'other';
}

function combinations(from: Policy, to: Policy): PolicyChange[] {
  const ids = [...new Set([from, to].flatMap((policy) => policy.combinations.map(({ id }) => id)))];
  return ids.flatMap((id): PolicyChange[] => {
    const [before, after] = [from, to].map((policy) => shown(policy.combinations.find((rule) => rule.id === id)));
    if (canonicalJson(before) === canonicalJson(after)) return [];
    const effect = combinationEffect(before!, after!);
    return [{ kind: 'combination', id, from: before!, to: after!, effect }];
  });
}

function wording(category: Category | null, what: string, from: LocalText, to: LocalText): PolicyChange[] {
  return LOCALES.filter((locale) => from[locale] !== to[locale]).map((locale) => ({
    ...{ kind: 'wording' as const, category, what, locale },
    ...{ from: from[locale], to: to[locale] },
  }));
}

function taxonomy(from: Policy, to: Policy): PolicyChange[] {
  return CATEGORIES.flatMap((category): PolicyChange[] => {
    const [before, after] = [from.taxonomy[category], to.taxonomy[category]];
    const severity: PolicyChange[] =
      before.severity === after.severity
        ? []
        : [
            {
              kind: 'category',
              category,
              what: 'severity',
              from: before.severity,
              to: after.severity,
              effect: 'other',
            },
          ];
    const children: PolicyChange[] =
      before.childSafety === after.childSafety
        ? []
        : [
            {
              ...{ kind: 'category', category, what: 'child_safety', from: before.childSafety, to: after.childSafety },
              effect: after.childSafety ? 'stricter' : 'laxer',
            },
          ];
    const words = (['label', 'prohibited', 'hold', 'refuse'] as const).flatMap((what) =>
      wording(category, what, before[what], after[what]),
    );
    return [...severity, ...children, ...words];
  });
}

/** What differs between two versions, in what they mean: a family that is not named counts as what speaks for it. */
export function policyChanges(from: Policy, to: Policy): PolicyChange[] {
  return [
    ...STAGES.flatMap((stage) => [...families(from, to, stage), ...required(from, to, stage)]),
    ...combinations(from, to),
    ...taxonomy(from, to),
    ...wording(null, 'title', from.title, to.title),
    ...(['unable', 'appeal', 'redress'] as const).flatMap((what) =>
      wording(null, what, from.wording[what], to.wording[what]),
    ),
    ...(['child', 'teen', 'adult'] as const).flatMap((band) =>
      makerChanges(from.makers[band], to.makers[band]).map((change) => ({ kind: 'makers' as const, band, ...change })),
    ),
    ...(from.effective === to.effective
      ? []
      : [{ kind: 'effective' as const, from: from.effective, to: to.effective }]),
  ];
}
