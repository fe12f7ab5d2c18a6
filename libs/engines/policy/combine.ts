import { type Audience, type Category, type Decision, type Reason, type Stage } from '#contracts';
import { COVERAGES, type Combination, type Condition, type Measured, type Policy } from './types.js';

/** What combinations are tried on. */
export interface Findings {
  stage: Stage;
  audience: Audience;
  signals: Measured[];
  /** See DecideInput. */
  asked: Measured[];
  coverage: Decision['coverage'];
}

function names(prefix: string, detector: string): boolean {
  return detector === prefix || detector.startsWith(`${prefix}.`);
}

/** Strongest first, then such that equal signals in any order give the same one. */
function stronger(a: Measured, b: Measured): number {
  const mark = (signal: Measured) => (signal.synthetic ? '1' : '0') + signal.detector;
  return b.score - a.score || (mark(a) < mark(b) ? -1 : Number(mark(a) > mark(b)));
}

/** The strongest signal that meets a condition. `category`: the one that is being tried, null for any. */
function meets(condition: Condition, category: Category | null, findings: Findings): Measured | null {
  const { stage, audience, signals, asked } = findings;
  const wanted = condition.category ?? category;
  const among = stage === 'clip' && condition.source === 'prompt' ? asked : signals;
  const fits = (signal: Measured) =>
    signal.score >= condition.atLeast[audience] &&
    (wanted === null || signal.category === wanted) &&
    (!condition.detector || names(condition.detector, signal.detector)) &&
    (!condition.source || signal.source === condition.source) &&
    (!condition.mentions || (signal.reason ?? '').split(/[\s,]+/).includes(condition.mentions));
  let best: Measured | null = null;
  for (const signal of among) if (fits(signal) && (!best || stronger(signal, best) < 0)) best = signal;
  return best;
}

/** What meets each of the conditions, or null as soon as one is not met. */
function meetAll(rule: Combination, category: Category, findings: Findings): Measured[] | null {
  const found: Measured[] = [];
  for (const condition of rule.when) {
    const signal = meets(condition, rule.category === null ? category : null, findings);
    if (!signal) return null;
    found.push(signal);
  }
  return found;
}

function tryCategory(policy: Policy, rule: Combination, category: Category, findings: Findings): Reason[] {
  const seen = COVERAGES.indexOf(findings.coverage[category] ?? 'none');
  if (rule.coverageAtMost !== null && seen > COVERAGES.indexOf(rule.coverageAtMost)) return [];
  const found = meetAll(rule, category, findings) ?? [];
  const [first] = found;
  if (!first) return [];
  const { childSafety, severity, ...wording } = policy.taxonomy[category];
  const outcome = childSafety ? 'refuse' : rule.outcome;
  const synthetic = found.some((signal) => signal.synthetic);
  return [
    {
      outcome,
      rule: rule.id,
      category,
      severity,
      detector: first.detector,
      score: first.score,
      threshold: (rule.when[0] as Condition).atLeast[findings.audience],
      ...(synthetic && { synthetic }),
      text: wording[outcome],
    },
  ];
}

/** Reasons from the combinations of a policy that apply at a stage. */
export function combined(policy: Policy, findings: Findings): Reason[] {
  return policy.combinations
    .filter((rule) => rule.stages.includes(findings.stage))
    .flatMap((rule) =>
      (rule.category ? [rule.category] : rule.each).flatMap((category) =>
        tryCategory(policy, rule, category, findings),
      ),
    );
}
