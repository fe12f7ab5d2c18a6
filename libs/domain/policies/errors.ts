import type { PolicyFault } from '#contracts';
import { AppError } from '#kernel';

/** A version of the policy could not be changed, approved or published. */
export class PolicyVersionError extends AppError {}

/** There is no such version. */
export function noVersion(id: string): PolicyVersionError {
  return new PolicyVersionError(
    'not_found',
    'policy_not_found',
    `There is no version ${id.slice(0, 80)} of the policy.`,
  );
}

/** The version is not in a state in which this can be done. */
export function wrongState(state: string, wanted: string): PolicyVersionError {
  const message = `This version is ${state}; this can be done with one that is ${wanted}. Load it again.`;
  return new PolicyVersionError('conflict', 'policy_state', message);
}

/** The text has faults; each with its place. */
export function faulty(faults: PolicyFault[]): PolicyVersionError {
  const [first] = faults;
  const where = first?.line ? ` Line ${first.line}: ${first.message}` : ` ${first?.message}`;
  const message = `The policy has ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}.${where}`;
  return new PolicyVersionError('invalid', 'policy_invalid', message, { param: 'yaml', data: { faults } });
}

/** It would protect children less than the version that is live. */
export function laxerForChildren(faults: PolicyFault[]): PolicyVersionError {
  const message = `This version would protect children less than the live one, which is never allowed: ${faults[0]?.message}`;
  return new PolicyVersionError('conflict', 'policy_laxer_for_children', message, { data: { faults } });
}

/** Somebody changed it in between. */
export function editedMeanwhile(): PolicyVersionError {
  const message = 'Somebody changed this version meanwhile. Load it again and look at what changed.';
  return new PolicyVersionError('conflict', 'policy_edited', message);
}
