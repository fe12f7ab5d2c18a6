import { type Decision, type Reason } from '#contracts';
import { type Policy } from './types.js';

/**
 * Reasons that concern the safety of children: a measured finding in a child-safety category, or a combination that the
 * document marks so. Detectors that were merely unable do not count.
 */
export function childSafetyReasons(policy: Policy, decision: Decision): Reason[] {
  const marked = new Set(policy.combinations.filter(({ childSafety }) => childSafety).map(({ id }) => id));
  return decision.reasons.filter(
    ({ score, category, rule }) => score !== null && (policy.taxonomy[category].childSafety || marked.has(rule)),
  );
}

/**
 * True when a measured finding that concerns children is among the reasons: no single reviewer may release it, and the
 * operator's reporting duty has to be looked at.
 */
export function isChildSafety(policy: Policy, decision: Decision): boolean {
  return childSafetyReasons(policy, decision).length > 0;
}
