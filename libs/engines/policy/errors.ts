import { AppError } from '#kernel';

/**
 * A policy document, or a use of one, that cannot be accepted.
 * Codes: `policy_unreadable` (not YAML), `policy_invalid` (shape, wording, thresholds), `policy_no_statement`
 * (an allowing decision has no statement of reasons).
 */
export class PolicyError extends AppError {
  constructor(
    code: 'policy_unreadable' | 'policy_invalid' | 'policy_no_statement',
    message: string,
    /** Place of the fault in the document, e.g. `stages.prompt.families.text.teen.hold`; empty for the whole. */
    readonly path: string = '',
    /** The same, step by step: names of detectors hold dots. */
    readonly steps: readonly (string | number)[] = [],
  ) {
    super('invalid', code, path ? `${message} (at ${path})` : message, { data: { path } });
  }
}
