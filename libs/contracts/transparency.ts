import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Kinds of entries of the public log. */
export const LEAF_TYPES = ['release', 'remix', 'withdraw', 'decision', 'key', 'report', 'consent', 'audit'] as const;

/** A value that the log is bound to without showing it: SHA-256(salt || value). Deleting the salt is its erasure. */
export const Commitment = z.object({ alg: z.string(), commit: sha256 });
export type Commitment = z.infer<typeof Commitment>;

/** A clip that left, or the remix of one. Everything in it is public. */
export const ReleaseLeaf = z.strictObject({
  v: z.literal(1),
  type: z.enum(['release', 'remix']),
  seq: z.number().int().min(0),
  time: z.iso.datetime(),
  releaseId: z.string().regex(/^[0-9a-f]{16}$/),
  /** `urn:c2pa:...` */
  manifestId: z.string(),
  manifestSha256: sha256,
  assetSha256: sha256,
  softBindings: z.array(Commitment),
  /** Manifest ids of the clips that it was made from. */
  parents: z.array(z.string()),
  signerCertSha256: sha256,
});

/** A release that no longer stands, or a leaf whose clip was never released. */
export const WithdrawLeaf = z.strictObject({
  v: z.literal(1),
  type: z.literal('withdraw'),
  seq: z.number().int().min(0),
  time: z.iso.datetime(),
  releaseId: z.string().regex(/^[0-9a-f]{16}$/),
  /** `urn:c2pa:...` of the release leaf that it takes back. */
  manifestId: z.string(),
  reason: z.enum(['maker', 'consent', 'policy', 'legal', 'not_released']),
});

/** That something was refused, so that counts cannot be rewritten. Who and what is a commitment. */
export const DecisionLeaf = z.strictObject({
  v: z.literal(1),
  type: z.literal('decision'),
  seq: z.number().int().min(0),
  time: z.iso.datetime(),
  subject: Commitment,
  outcome: z.enum(['refuse']),
  /** Taken by the policy alone, or by a person. */
  automated: z.boolean(),
  policyVersion: z.string(),
  reasonCodes: z.array(z.string()),
});

/** That a signing certificate came into use, was retired or revoked. */
export const KeyLeaf = z.strictObject({
  v: z.literal(1),
  type: z.literal('key'),
  seq: z.number().int().min(0),
  time: z.iso.datetime(),
  event: z.enum(['added', 'retired', 'revoked']),
  signerCertSha256: sha256,
  compromisedAt: z.iso.datetime().nullable(),
});

/** That a verification report was given out, by the hash of its canonical JSON. */
export const ReportLeaf = z.strictObject({
  v: z.literal(1),
  type: z.literal('report'),
  seq: z.number().int().min(0),
  time: z.iso.datetime(),
  reportSha256: sha256,
});

/** That somebody agreed to be a character, changed or ended it, or was erased. Who is a commitment, so that nobody is named. */
export const ConsentLeaf = z.strictObject({
  v: z.literal(1),
  type: z.literal('consent'),
  seq: z.number().int().min(0),
  time: z.iso.datetime(),
  event: z.enum(['enrolled', 'granted', 'revoked', 'erased']),
  /** Of the person's id; of an erasure, of the SHA-256 of its receipt (hex). */
  subject: Commitment,
});

/** Merkle root (RFC 6962) over the events of the record that a day closed with. */
export const AuditLeaf = z.strictObject({
  v: z.literal(1),
  type: z.literal('audit'),
  seq: z.number().int().min(0),
  time: z.iso.datetime(),
  /** The day (UTC) that ended. */
  day: z.iso.date(),
  events: z.number().int().min(0),
  /** Ids of its events are above `afterId`, up to `lastId`. */
  afterId: z.string().regex(/^\d+$/),
  lastId: z.string().regex(/^\d+$/),
  root: sha256,
});

/** One entry of the transparency log: canonical JSON (RFC 8785), at most 65 535 bytes. */
export const LogLeaf = z.discriminatedUnion('type', [
  ReleaseLeaf,
  WithdrawLeaf,
  DecisionLeaf,
  KeyLeaf,
  ReportLeaf,
  ConsentLeaf,
  AuditLeaf,
]);
export type LogLeaf = z.infer<typeof LogLeaf>;

type WithoutPlace<T> = T extends unknown ? Omit<T, 'v' | 'seq' | 'time'> : never;
/** A leaf before the sequencer gives it its place and time. */
export type NewLeaf = WithoutPlace<LogLeaf>;

/** Where the register of releases and the published log do not agree. Both lists are empty in a deployment in order. */
export const RegisterAgainstLog = z.object({
  object: z.literal('log.register'),
  releases: z.number().int(),
  /** Release ids that the published log does not have; at most 1,000. */
  without_leaf: z.array(z.string()),
  /** Places of published entries of releases that the register does not have and that were not taken back; at most 1,000. */
  without_release: z.array(z.number().int()),
});
export type RegisterAgainstLog = z.infer<typeof RegisterAgainstLog>;
