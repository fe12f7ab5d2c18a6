import { type Decision } from '#contracts';
import { type DecideInput, type Policy } from './types.js';

/**
 * Evaluates a policy over signals. Pure and deterministic: the order of `signals` does not matter, raising a score
 * never makes the outcome milder, and no signals at all hold. A detector that is required and missing or `unable`
 * never ends in `allow`.
 */
export function decide(_policy: Policy, _input: DecideInput): Decision {
  throw new Error('to be written');
}
