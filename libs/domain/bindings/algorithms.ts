import type { SupportedAlgorithms } from '#contracts';
import { SOFT_BINDING_ALG } from '#engines/credentials';
import { PRINT_BINDING_ALG } from '#engines/fingerprint';
import { BindingError } from './errors.js';

/** Every algorithm whose bindings lead to a manifest here. */
export const ALGORITHMS = {
  watermarks: [{ alg: SOFT_BINDING_ALG }],
  fingerprints: [{ alg: PRINT_BINDING_ALG }],
} as const satisfies SupportedAlgorithms;

/** What an algorithm makes: a mark in the pictures, or a print of them. */
export type BindingKind = 'watermark' | 'fingerprint';

/** @throws BindingError `algorithm_not_supported`, naming the request's field */
export function kindOf(alg: string, param: 'alg' | 'hintAlg'): BindingKind {
  if (alg === SOFT_BINDING_ALG) return 'watermark';
  if (alg === PRINT_BINDING_ALG) return 'fingerprint';
  throw new BindingError(
    'invalid',
    'algorithm_not_supported',
    `Manifests are found by ${SOFT_BINDING_ALG} and ${PRINT_BINDING_ALG} here; ask another service for other algorithms.`,
    { param },
  );
}
