import { z } from 'zod';
import { LocalText } from './taxonomy.js';

/** A clip or picture that another one was made from, as its credentials state it. */
export const Ingredient = z.object({
  /** Attacker-controlled text. */
  title: z.string(),
  relationship: z.enum(['parentOf', 'componentOf', 'inputTo']),
  /** `urn:c2pa:...` of its own manifest, where it had one. */
  manifestId: z.string().nullable(),
  signer: z.string().nullable(),
  /** `ours`: its own manifest was examined here and is ours, trusted time and register included, and no fault was recorded
   * when it was taken in. `other`: somebody else's, signature and statements hold. `broken`: its own credentials do not
   * hold, or failed when it was taken in. `none`: it had none. Whether its pictures fitted them only its taker knew. */
  state: z.enum(['ours', 'other', 'broken', 'none']),
  /** Release id in its soft binding, when it is ours. */
  softBinding: z.string().nullable(),
  /** Manifest id of the clip that was made from it: the examined one, or another ingredient. */
  usedBy: z.string().optional(),
});
export type Ingredient = z.infer<typeof Ingredient>;

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
  /**
   * SHA-256 of what the active manifest's signature covers (COSE `Sig_structure`: protected header and claim), 64 hex
   * digits; null when the signature does not hold. With the manifest id it is the identity of the credentials. Padding and
   * time stamp lie outside of it, and so does the signature itself, which for ECDSA anybody can write in a second way; the
   * SHA-256 of the file changes with each of them.
   */
  signatureSha256: z.string().nullable().default(null),
  /** SHA-256 of the DER of the signing certificate; null when the signature does not hold. */
  signerCertificateSha256: z.string().nullable().default(null),
  /**
   * Whom the signed statement is trusted by, whether or not pictures and time fit it. `ours`: a registered leaf of ours
   * signed it (or someone with its stolen key: see `revocation`). `list`: under a root of the public lists. `nobody`: an
   * unknown signer, or a statement that was changed. Null when there was nothing to examine.
   */
  trustedBy: z.enum(['ours', 'list', 'nobody']).nullable().default(null),
  /** What the clip says that it was made from and what that was made from, the nearest first, at most 64. */
  ingredients: z.array(Ingredient).default([]),
  /** Address of a remote manifest that the file names; never fetched. At most 2000 characters, attacker-controlled. */
  remoteManifest: z.string().nullable().default(null),
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

/** Which seconds of one track are a release of ours. Times are seconds of the submitted file. */
export const Segment = z.object({
  track: z.enum(['picture', 'sound']),
  startS: z.number(),
  endS: z.number(),
  /** `ours`: a mark or a fingerprint says so. `other`: looked at, and neither does. `unable`: could not be looked at. */
  state: z.enum(['ours', 'other', 'unable']),
  releaseId: z.string().nullable(),
  /** Second of the release at which this segment begins, where fingerprints say it. */
  releaseStartS: z.number().nullable(),
  by: z.array(z.enum(['watermark', 'fingerprint'])),
});
export type Segment = z.infer<typeof Segment>;

/** What comparing a track with the fingerprints of all releases gave. */
export const FingerprintFinding = z.object({
  /** `near`: enough of it lies within the threshold. `not_run`: there was no such track, or nothing to compare with. */
  state: z.enum(['near', 'none', 'not_run', 'unable']),
  algorithm: z.string(),
  releaseId: z.string().nullable(),
  /** Share of the submitted track that lies within the threshold of the release, 0 to 1. */
  share: z.number().nullable(),
  /** Median distance of the seconds that match, in bits (picture) or share of bits (sound). */
  distance: z.number().nullable(),
  /** Largest distance that counts as near. */
  threshold: z.number(),
  /** Seconds or blocks that were compared. */
  compared: z.number().int(),
  detail: z.string().optional(),
});
export type FingerprintFinding = z.infer<typeof FingerprintFinding>;

/** What the transparency log says of the release that was found. */
export const LogFinding = z.object({
  state: z.enum(['included', 'missing', 'withdrawn', 'not_run', 'unable']),
  origin: z.string().nullable(),
  index: z.number().int().nullable(),
  /** Size of the checkpoint that the proof leads to. */
  size: z.number().int().nullable(),
  withdrawnAt: z.iso.datetime().nullable(),
  /** Names of the witnesses that signed the checkpoint. */
  witnesses: z.array(z.string()),
  detail: z.string().optional(),
});
export type LogFinding = z.infer<typeof LogFinding>;

/** A clip in the history of the one that was examined. Says nothing of any person. */
export const LineageNode = z.object({
  /** Release id where it is ours, else the manifest id or the title. */
  id: z.string(),
  kind: z.enum(['release', 'foreign', 'submitted']),
  title: z.string(),
  at: z.iso.datetime().nullable(),
  withdrawn: z.boolean(),
});
export type LineageNode = z.infer<typeof LineageNode>;

/** The history as a graph: arrows lead from what was used to what was made of it. */
export const Lineage = z.object({
  nodes: z.array(LineageNode),
  edges: z.array(
    z.object({
      from: z.string(),
      to: z.string(),
      relation: z.enum(['copy', 'remix', 'edit', 'extension', 'ingredient']),
    }),
  ),
});
export type Lineage = z.infer<typeof Lineage>;

/** A measured or computed rate of error, for the report (Daubert: known or potential rate). */
export const ErrorRate = z.object({
  /** Stable name, such as `watermark_false_match` or `watermark_miss_h264_crf30`. */
  id: z.string(),
  text: LocalText,
  /** `measured`: trials were made. `arithmetic`: follows from the construction. */
  kind: z.enum(['measured', 'arithmetic']),
  events: z.number().int().nullable(),
  trials: z.number().int().nullable(),
  /** Clopper-Pearson 95 % interval where measured; the bound alone where arithmetic. */
  lower: z.number(),
  upper: z.number(),
  /** Set and command that gave it. */
  source: z.string(),
});
export type ErrorRate = z.infer<typeof ErrorRate>;

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
  'derived',
  'identifier_on_other_pictures',
  'resembles',
  'credentials_do_not_match_content',
  'credentials_on_other_content',
  'conflicting',
  'contains_ours',
  'signed_by_other',
  'credentials_damaged',
  'no_evidence',
  'unable',
]);
export type VerdictCode = z.infer<typeof VerdictCode>;

/** A thing that was done to the submitted file, for the chain of custody. */
export const CustodyEvent = z.object({
  at: z.iso.datetime(),
  what: z.enum(['received', 'fetched', 'hashed', 'examined', 'reported', 'deleted']),
  actor: z.string(),
  sha256: z.string().nullable(),
});
export type CustodyEvent = z.infer<typeof CustodyEvent>;

/** What the container says of itself, after it was opened. */
export const ContainerSummary = z.object({
  format: z.string(),
  durationS: z.number(),
  width: z.number().int(),
  height: z.number().int(),
  fps: z.number(),
  videoCodec: z.string(),
  audioCodec: z.string().nullable(),
});
export type ContainerSummary = z.infer<typeof ContainerSummary>;

/** Answer of `POST /v1/verify` and of `imprimatur verify`. Carries nothing about the person who asked. */
export const VerifyReport = z.object({
  object: z.literal('verification'),
  /** `ver_...`; unguessable, because whoever knows it may fetch the report while it is kept. */
  id: z.string(),
  at: z.iso.datetime(),
  file: z.object({
    /** As the sender called it. Attacker-controlled text. */
    name: z.string().nullable(),
    sha256: z.string(),
    sha512: z.string(),
    bytes: z.number().int(),
    container: ContainerSummary.nullable(),
  }),
  verdict: z.object({
    /** Row of the table in docs/verification-method.md, 1 to 14; null for damaged credentials alone. */
    row: z.number().int().min(1).max(14).nullable(),
    code: VerdictCode,
    text: LocalText,
    /** In plain words, one reason each: what led to this sentence and what it does not say. */
    why: z.array(LocalText),
    /** The release that the sentence is about. */
    release: z.object({ id: z.string(), releasedAt: z.iso.datetime() }).nullable(),
    withdrawnAt: z.iso.datetime().nullable(),
    /** True for the rows that two people must look at before anybody relies on them. */
    needsReview: z.boolean(),
  }),
  credentials: CredentialsFinding,
  watermark: WatermarkFinding,
  fingerprint: z.object({ picture: FingerprintFinding, sound: FingerprintFinding }),
  registry: RegistryFinding,
  log: LogFinding,
  segments: z.array(Segment),
  lineage: Lineage,
  /** Stable names of checks: credentials, watermark, registry, log, picture_fingerprint, sound_fingerprint, revocation, container. */
  checked: z.array(z.string()),
  not_checked: z.array(z.string()),
  failed: z.array(z.string()),
  error_rates: z.array(ErrorRate),
  limits: z.array(LocalText),
  custody: z.array(CustodyEvent),
  tool: z.object({
    name: z.string(),
    version: z.string(),
    /** Libraries and models that took part, with versions. */
    parts: z.array(z.object({ name: z.string(), version: z.string() })),
    /** SHA-256 of the settings that matter to a verdict. */
    configSha256: z.string(),
    /** Trust anchors that were in force. */
    trust: z.object({ sha256: z.string(), anchors: z.number().int() }),
  }),
});
export type VerifyReport = z.infer<typeof VerifyReport>;

/** How far an examination is. */
export const Verification = z.object({
  object: z.literal('verification.job'),
  id: z.string(),
  status: z.enum(['queued', 'examining', 'completed', 'failed']),
  /** 0 to 100. */
  progress: z.number().min(0).max(100),
  created_at: z.iso.datetime(),
  /** The report and its files are deleted then. */
  expires_at: z.iso.datetime(),
  /** There as soon as the examination has ended, while `status` is still `examining`: its files follow. It does not change. */
  report: VerifyReport.nullable(),
  /** Paths of the report's files, each null where it was not made; null until `status` is `completed`. */
  files: z
    .object({ json: z.string().nullable(), pdf: z.string().nullable(), bundle: z.string().nullable() })
    .nullable(),
  /** What was done to the file so far. The report has it as far as "reported"; here "deleted" follows. */
  custody: z.array(CustodyEvent),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type Verification = z.infer<typeof Verification>;

/** Body of `POST /v1/verify` when an address is given in place of a file. */
export const VerifyUrl = z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(2000) });
export type VerifyUrl = z.infer<typeof VerifyUrl>;

/** Answer of `DELETE /v1/verify/{id}`. */
export const VerificationDeleted = z.object({
  id: z.string(),
  object: z.literal('verification.job'),
  deleted: z.literal(true),
});
export type VerificationDeleted = z.infer<typeof VerificationDeleted>;

/** Answer of `POST /v1/verify/{id}/feedback`. */
export const VerifyFeedbackTaken = z.object({ object: z.literal('verification.feedback'), taken: z.literal(true) });
export type VerifyFeedbackTaken = z.infer<typeof VerifyFeedbackTaken>;

/** Body of `POST /v1/verify/{id}/feedback`. Names nobody. */
export const VerifyFeedback = z.strictObject({
  helpful: z.boolean(),
  comment: z.string().max(2000).optional(),
});
export type VerifyFeedback = z.infer<typeof VerifyFeedback>;
