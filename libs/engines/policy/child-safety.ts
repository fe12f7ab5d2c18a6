import { type Decision } from '#contracts';
import { type Policy } from './types.js';

/**
 * True when a measured finding in a child-safety category is among the reasons: no single reviewer may release it,
 * and the operator's reporting duty has to be looked at. Detectors that were merely unable do not count.
 */
export function isChildSafety(policy: Policy, decision: Decision): boolean {
  return decision.reasons.some((reason) => reason.score !== null && policy.taxonomy[reason.category].childSafety);
}
