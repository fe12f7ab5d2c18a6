import { type SignatureEvidence } from './evidence.js';
import { releaseIdOf, SOFT_BINDING_ALG } from './soft-binding.js';
import { type RegisteredLeaf, type TrustSettings } from './types.js';

/**
 * How a signature stands with us. `stranger`: not under our root, or it does not hold. `unregistered`: under our root, by a
 * leaf that is not in the register. The others are by a registered leaf: `unstamped` without a trusted time, `revoked`
 * after its compromise (or at an unknown time), `outside` of the time in which it was in use.
 */
export type Standing = 'ours' | 'unstamped' | 'revoked' | 'outside' | 'unregistered' | 'stranger';

/** The clocks of the register and of the time-stamping authority may differ by this much. */
const CLOCK_TOLERANCE_MS = 300_000;

function inUse({ from, until }: RegisteredLeaf, at: Date): boolean {
  const [start, end] = [from ?? null, until ?? null].map((text) => (text === null ? null : Date.parse(text)));
  // A date that cannot be read compares as false.
  return (
    (start === null || at.getTime() >= start! - CLOCK_TOLERANCE_MS) &&
    (end === null || at.getTime() <= end! + CLOCK_TOLERANCE_MS)
  );
}

/** Judges a signature by our register, at the trusted time. */
export function standingOf(evidence: SignatureEvidence): Standing {
  const { leaf, trustedTime } = evidence;
  if (!evidence.signed || !evidence.anchoredOurs) return 'stranger';
  if (!leaf) return 'unregistered';
  const compromised = leaf.compromisedAt ?? null;
  if (compromised !== null && !(trustedTime && trustedTime < new Date(compromised))) return 'revoked';
  if (!trustedTime) return 'unstamped';
  return inUse(leaf, trustedTime) ? 'ours' : 'outside';
}

/** The one release id that a manifest's soft bindings carry; null for none, several or a malformed one. */
export function softBindingIn(evidence: SignatureEvidence, trust: TrustSettings): string | null {
  const algorithms = trust.ours.softBindingAlgs ?? [SOFT_BINDING_ALG];
  const values = evidence.softBindings.filter(({ alg }) => algorithms.includes(alg)).flatMap((one) => one.values);
  const [id, ...others] = new Set(values.map(releaseIdOf));
  return others.length === 0 ? (id ?? null) : null;
}
