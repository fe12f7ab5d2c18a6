import { z } from 'zod';
import { LocalText } from './taxonomy.js';

/** What reading a file's content credentials (C2PA) gave. */
export const CredentialsFinding = z.object({
  /**
   * `ours`: valid, chained to our anchor, leaf known. `other_trusted` / `unknown_signer`: valid, signed by someone else.
   * `mismatch`: the content changed after signing. `damaged`: present but cannot be read as valid. `none`: no manifest.
   * `unable`: the check itself failed.
   */
  state: z.enum(['ours', 'other_trusted', 'unknown_signer', 'mismatch', 'damaged', 'none', 'unable']),
  /** Active manifest label, `urn:c2pa:...`. */
  manifestId: z.string().nullable(),
  /** Subject of the signing certificate, as stated there. Attacker-controlled text: escape it. */
  signer: z.string().nullable(),
  /** Trusted time of signing (RFC 3161), where one was validated. */
  signedAt: z.iso.datetime().nullable(),
  /** Release id carried by the soft binding assertion. */
  softBinding: z.string().nullable(),
  /** Validation status codes of the C2PA specification. */
  codes: z.array(z.string()),
  revocation: z.enum(['checked', 'not_checked', 'revoked']),
  detail: z.string().optional(),
});
export type CredentialsFinding = z.infer<typeof CredentialsFinding>;

/** What reading the invisible mark gave. */
export const WatermarkFinding = z.object({
  state: z.enum(['found', 'none', 'unable']),
  /** 16 hex digits. */
  releaseId: z.string().nullable(),
  /** Decision statistic; accepted at or above `threshold`. */
  z: z.number().nullable(),
  threshold: z.number(),
  /** Upper bound of the chance that an unmarked clip is accepted, all searches counted. */
  falsePositiveBound: z.number(),
  framesUsed: z.number().int(),
  geometry: z.object({ scale: z.number(), rotationDeg: z.number(), flipped: z.boolean() }).nullable(),
  detail: z.string().optional(),
});
export type WatermarkFinding = z.infer<typeof WatermarkFinding>;

/** What the register of releases says. */
export const RegistryFinding = z.object({
  state: z.enum(['same_bytes', 'known', 'withdrawn', 'unknown', 'unable']),
  releaseId: z.string().nullable(),
  releasedAt: z.iso.datetime().nullable(),
  /** How the release was found. */
  by: z.enum(['sha256', 'manifest', 'watermark']).nullable(),
  detail: z.string().optional(),
});
export type RegistryFinding = z.infer<typeof RegistryFinding>;

/** Which careful sentence applies. Codes are stable. */
export const VerdictCode = z.enum([
  'released_exact',
  'released_repackaged',
  'signed_but_not_registered',
  'identifier_found',
  'credentials_do_not_match_content',
  'credentials_on_other_content',
  'conflicting',
  'signed_by_other',
  'credentials_damaged',
  'no_evidence',
  'unable',
]);
export type VerdictCode = z.infer<typeof VerdictCode>;

/** Answer of `POST /v1/verify` and of `imprimatur verify`. Carries nothing about the person who asked. */
export const VerifyReport = z.object({
  object: z.literal('verification'),
  at: z.iso.datetime(),
  file: z.object({ sha256: z.string(), bytes: z.number().int() }),
  verdict: z.object({ code: VerdictCode, text: LocalText }),
  credentials: CredentialsFinding,
  watermark: WatermarkFinding,
  registry: RegistryFinding,
  checked: z.array(z.string()),
  not_checked: z.array(z.string()),
  failed: z.array(z.string()),
  tool: z.object({ name: z.string(), version: z.string() }),
});
export type VerifyReport = z.infer<typeof VerifyReport>;
