import { type Decision, type LocalText } from '#contracts';
import { type Policy, type StatementOptions } from './types.js';

/**
 * The statement of reasons (Digital Services Act, article 17).
 * @throws PolicyError `policy_no_statement` for a decision that allows
 */
export function statementText(_policy: Policy, _decision: Decision, _options: StatementOptions = {}): LocalText {
  throw new Error('to be written');
}
