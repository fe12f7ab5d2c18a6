import { z } from 'zod';
import { VerifyReport } from './verification.js';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** An Ed25519 signature. What it covers is said where it stands. */
export const Signature = z.strictObject({
  alg: z.literal('Ed25519'),
  /** SubjectPublicKeyInfo, DER, base64. */
  publicKey: z.base64().max(200),
  /** 64 bytes, base64. */
  value: z.base64().max(200),
});
export type Signature = z.infer<typeof Signature>;

/**
 * `report.json`: a report with what holds it in place. The report is hashed as canonical JSON (RFC 8785). The signature
 * covers the text `imprimatur report v1\n<SHA-256, hex>\n`; the time stamp covers the SHA-256.
 */
export const SignedReport = z.strictObject({
  report: VerifyReport,
  signature: Signature,
  /** RFC 3161 TimeStampToken, DER, base64. */
  timeStamp: z.base64().max(100_000),
});
export type SignedReport = z.infer<typeof SignedReport>;

const RegisteredRelease = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  releasedAt: z.iso.datetime(),
  withdrawnAt: z.iso.datetime().nullable(),
  signatureSha256: z.string().nullable().optional(),
});

/** `signals.json`: what the register answered, so that the row can be recomputed where no register can be asked. */
export const BundleSignals = z.strictObject({
  /** Null when the register could not be asked. */
  registered: z
    .strictObject({
      bytes: RegisteredRelease.nullable(),
      manifest: RegisteredRelease.nullable(),
      watermark: RegisteredRelease.nullable(),
      named: z.array(RegisteredRelease).max(10_000),
    })
    .nullable(),
});
export type BundleSignals = z.infer<typeof BundleSignals>;

/** `index.json`: every other file of a bundle. The signature covers `imprimatur bundle v1\n<SHA-256 of index>\n`. */
export const SignedIndex = z.strictObject({
  index: z.strictObject({
    v: z.literal(1),
    reportSha256: sha256,
    files: z
      .array(z.strictObject({ name: z.string().max(100), bytes: z.number().int().min(0), sha256 }))
      .min(1)
      .max(32),
  }),
  signature: Signature,
});
export type SignedIndex = z.infer<typeof SignedIndex>;
