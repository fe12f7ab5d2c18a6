import {
  type Audience,
  CATEGORIES,
  type Category,
  type Coverage,
  type Decision,
  type Outcome,
  type Reason,
  type Signal,
  type Stage,
} from '#contracts';
import { combined } from './combine.js';
import { familyOf } from './family.js';
import { COVERAGES, type Measured, type DecideInput, type Policy, type StagePolicy } from './types.js';

const STRENGTH: Record<Outcome, number> = { refuse: 2, hold: 1, allow: 0 };

/** A score that is missing or no number at all is no measurement. */
function isMeasured(signal: Signal): signal is Measured {
  return signal.state === 'measured' && Number.isFinite(signal.score) && (signal.score as number) >= 0;
}

function measuredReasons(policy: Policy, stage: StagePolicy, audience: Audience, signals: Measured[]): Reason[] {
  return signals.flatMap(({ detector, category, score, synthetic }) => {
    const { hold, refuse } = familyOf(stage.families, detector).thresholds[category][audience];
    const outcome = refuse !== null && score >= refuse ? 'refuse' : score >= hold ? 'hold' : null;
    if (outcome === null) return [];
    const { severity, [outcome]: text } = policy.taxonomy[category];
    const threshold = outcome === 'refuse' ? refuse : hold;
    const rule = `${category}.${outcome}`;
    return [{ outcome, rule, category, severity, detector, score, threshold, ...(synthetic && { synthetic }), text }];
  });
}

/** One reason per detector, however many categories it could not judge. */
function unableReasons(policy: Policy, stage: StagePolicy, signals: Signal[]): Reason[] {
  const detectors = [...new Set(signals.map((signal) => signal.detector))];
  return detectors.flatMap((detector) => {
    const { unable } = familyOf(stage.families, detector);
    if (unable === 'ignore') return [];
    const own = signals.filter((signal) => signal.detector === detector);
    const category = own.every((signal) => signal.category === own[0]?.category)
      ? (own[0] as Signal).category
      : 'other';
    const synthetic = own.every((signal) => signal.synthetic === true);
    const note = own.find((signal) => signal.note)?.note;
    return [{ ...blind(policy, unable, `unable.${detector}`, detector, category, synthetic), ...(note && { note }) }];
  });
}

function blind(
  policy: Policy,
  outcome: 'hold' | 'refuse',
  rule: string,
  detector: string,
  category: Category = 'other',
  synthetic = false,
): Reason {
  const { severity } = policy.taxonomy[category];
  const text = policy.wording.unable;
  return {
    outcome,
    rule,
    category,
    severity,
    detector,
    score: null,
    threshold: null,
    ...(synthetic && { synthetic }),
    text,
  };
}

function missingReasons(policy: Policy, stage: StagePolicy, measured: Measured[]): Reason[] {
  return stage.required
    .filter(
      ({ detector, source }) =>
        !measured.some((signal) => signal.detector === detector && (!source || signal.source === source)),
    )
    .map(({ detector }) => {
      const { unable } = familyOf(stage.families, detector);
      return blind(policy, unable === 'refuse' ? 'refuse' : 'hold', `required.${detector}`, detector);
    });
}

/** Strongest first; total, so that the order of the signals cannot show. */
function compare(a: Reason, b: Reason): number {
  return (
    STRENGTH[b.outcome] - STRENGTH[a.outcome] ||
    Number(a.score === null) - Number(b.score === null) ||
    b.severity - a.severity ||
    (b.score ?? 0) - (a.score ?? 0) ||
    CATEGORIES.indexOf(a.category) - CATEGORIES.indexOf(b.category) ||
    order(a.rule, b.rule) ||
    order(a.detector, b.detector) ||
    Number(a.synthetic ?? false) - Number(b.synthetic ?? false)
  );
}

// Not localeCompare: the machine's locale must not change a decision.
const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Many frames may say the same thing: the strongest stands for its rule, detector and category. */
function strongest(reasons: Reason[]): Reason[] {
  const seen = new Set<string>();
  return reasons.sort(compare).filter(({ rule, detector, category, synthetic = false }) => {
    const key = JSON.stringify([rule, detector, category, synthetic]);
    return !seen.has(key) && seen.add(key);
  });
}

/** Words read in a clip say nothing of its pictures: there, only what looked at the frames counts. */
function coverageOf(stage: Stage, measured: Measured[]): Decision['coverage'] {
  const looked = stage === 'clip' ? measured.filter((signal) => signal.source === 'frames') : measured;
  const best = (category: Category) =>
    looked.reduce<Coverage>((found, signal) => {
      const better = COVERAGES.indexOf(signal.coverage) > COVERAGES.indexOf(found);
      return signal.category === category && better ? signal.coverage : found;
    }, 'none');
  return Object.fromEntries(CATEGORIES.map((category) => [category, best(category)]));
}

/**
 * Evaluates a policy over signals. Pure and deterministic: the order of `signals` does not matter, raising a score
 * never makes the outcome milder, and no signals at all hold. A detector that is required and missing or `unable`
 * never ends in `allow`. Shadow signals count for coverage only. Any audience but `adult` is treated as `teen`.
 *
 * Rules named in the reasons: `<category>.hold` and `<category>.refuse` (a threshold was reached), `unable.<detector>`
 * (it could not tell), `required.<detector>` (it did not report), and the ids of the document's combinations.
 */
export function decide(policy: Policy, input: DecideInput): Decision {
  const stage = policy.stages[input.stage];
  const audience: Audience = input.audience === 'adult' ? 'adult' : 'teen';
  const measured = input.signals.filter(isMeasured);
  const acting = measured.filter((signal) => !signal.shadow);
  const unable = input.signals.filter((signal) => !isMeasured(signal) && !signal.shadow);
  const asked = (input.asked ?? []).filter(isMeasured);
  const coverage = coverageOf(input.stage, measured);
  const reasons = strongest([
    ...measuredReasons(policy, stage, audience, acting),
    ...combined(policy, { stage: input.stage, audience, signals: acting, asked, coverage }),
    ...unableReasons(policy, stage, unable),
    ...missingReasons(policy, stage, acting),
  ]);
  const outcome = reasons[0]?.outcome ?? 'allow';
  const deciding = reasons.filter((reason) => reason.outcome === outcome);
  return {
    stage: input.stage,
    outcome,
    audience,
    policy: { ...policy.ref },
    reasons,
    categories: [...new Set(deciding.map((reason) => reason.category))],
    coverage,
  };
}
