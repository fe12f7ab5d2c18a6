import { z } from 'zod';
import { Inspection } from './inspection.js';

/** Industry classification of a file (A: prepubescent, B: pubescent; 1: sex act, 2: lascivious). A person chooses it. */
export const IndustryClass = z.enum(['A1', 'A2', 'B1', 'B2']);
export type IndustryClass = z.infer<typeof IndustryClass>;

/** Kinds of incidents, in the words of the CyberTipline reporting API. */
export const INCIDENT_TYPES = [
  'Child Pornography (possession, manufacture, and distribution)',
  'Child Sex Trafficking',
  'Child Sex Tourism',
  'Child Sexual Molestation',
  'Misleading Domain Name',
  'Misleading Words or Digital Images on the Internet',
  'Online Enticement of Children for Sexual Acts',
  'Unsolicited Obscene Material Sent to a Child',
] as const;

/** One kind of incident. */
export const IncidentType = z.enum(INCIDENT_TYPES);
export type IncidentType = z.infer<typeof IncidentType>;

/**
 * open: nobody decided. dismissed: nothing to report; nothing is released by it. to_report: decided, not sent.
 * sending: on its way, or an attempt broke off. reported: the receiver gave a receipt. rehearsed: sent in test mode,
 * which sends nothing.
 */
export const SafetyCaseState = z.enum(['open', 'dismissed', 'to_report', 'sending', 'reported', 'rehearsed']);
export type SafetyCaseState = z.infer<typeof SafetyCaseState>;

/** How the year of preservation stands. due: within 30 days. overdue: a person must decide before anything is destroyed. */
export const PreservationState = z.enum(['running', 'due', 'overdue', 'destroyed']);
export type PreservationState = z.infer<typeof PreservationState>;

/** Where reports go. `off`: nowhere. `test`: nowhere, with everything else as in production. */
export const ReportingMode = z.enum(['off', 'test', 'production']);
export type ReportingMode = z.infer<typeof ReportingMode>;

/** Where a case was stopped: at the words asked for, in the finished clip, by a reviewer before its release, or by one after it. */
export const SafetyStage = z.enum(['prompt', 'clip', 'review', 'release']);
export type SafetyStage = z.infer<typeof SafetyStage>;

/** A child-safety case in a list: no words and no pictures. */
export const SafetyCase = z.object({
  id: z.string(),
  object: z.literal('child_safety.case'),
  state: SafetyCaseState,
  clip_id: z.string(),
  stage: SafetyStage,
  /** Names of the policy's rules that opened it. */
  rules: z.array(z.string()),
  /** True when only injected signals opened it: it can be rehearsed and never reported. */
  synthetic: z.boolean(),
  /** False while its files wait to be sealed; they are out of reach already. */
  sealed: z.boolean(),
  opened_at: z.iso.datetime(),
  preserve_until: z.iso.datetime(),
  preservation: PreservationState,
  decision: z
    .object({
      outcome: z.enum(['report', 'dismiss']),
      class: IndustryClass.nullable(),
      incident_type: IncidentType.nullable(),
      by: z.string(),
      at: z.iso.datetime(),
    })
    .nullable(),
  /** What the receiver answered; in test mode, that nothing was sent. */
  receipt: z
    .object({
      mode: ReportingMode,
      report_id: z.string().nullable(),
      by: z.string(),
      at: z.iso.datetime(),
      report_sha256: z.string(),
    })
    .nullable(),
  /** Why the last attempt to send broke off. */
  last_error: z.string().nullable(),
});
export type SafetyCase = z.infer<typeof SafetyCase>;

/** A page of cases, newest first, and where reports would go now. */
export const SafetyCaseList = z.object({
  object: z.literal('list'),
  data: z.array(SafetyCase),
  has_more: z.boolean(),
  reporting: ReportingMode,
});
export type SafetyCaseList = z.infer<typeof SafetyCaseList>;

/** Query of `GET /v1/child-safety/cases`. */
export const ListSafetyCases = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  after: z.string().max(100).optional(),
  state: SafetyCaseState.optional(),
  preservation: z.enum(['due', 'overdue']).optional(),
});
export type ListSafetyCases = z.infer<typeof ListSafetyCases>;

/** Which sealed file: the clip as the engine made it, a picture that came with the request, or the stills. */
export const EvidenceFileName = z.enum(['source', 'reference', 'stills']);
export type EvidenceFileName = z.infer<typeof EvidenceFileName>;

/** What was sealed when the case was opened, as it is opened again for a person. Every look is put on record. */
export const Evidence = z.object({
  id: z.string(),
  object: z.literal('child_safety.evidence'),
  clip_id: z.string(),
  prompt: z.string(),
  effective_prompt: z.string(),
  /** The tenant's own name for the person who asked. */
  maker: z.string().nullable(),
  model: z.string(),
  requested_at: z.iso.datetime(),
  decision: z.unknown(),
  signals: z.array(z.unknown()),
  inspection: Inspection.nullable(),
  files: z.array(z.object({ name: EvidenceFileName, sha256: z.string(), bytes: z.number().int().nullable() })),
});
export type Evidence = z.infer<typeof Evidence>;

/** Body of `POST /v1/child-safety/cases/{id}/decision`. */
export const DecideSafetyCase = z.strictObject({
  outcome: z.enum(['report', 'dismiss']),
  /** Of the clip's file; needed to report a case that has one. */
  class: IndustryClass.optional(),
  incident_type: IncidentType.default(INCIDENT_TYPES[0]),
  reason: z.string().trim().min(3).max(2000).describe('why, in the reviewer’s words; kept sealed with the case'),
  /** Goes into the report as it is written. */
  additional_info: z.string().trim().min(1).max(3000).optional(),
  /** Why the receiver should look at once; goes into the report. */
  escalate: z.string().trim().min(1).max(3000).optional(),
  /** Whoever decides says that they watched all of the clip; the report says so then. It has to be on record that they opened it. */
  watched_all: z.boolean().optional(),
});
export type DecideSafetyCase = z.infer<typeof DecideSafetyCase>;

/** Body of `POST /v1/child-safety/cases/{id}/missing`: a file of the evidence is lost, and the case is sealed without it. */
export const MissingFile = z.strictObject({
  file: EvidenceFileName,
  reason: z.string().trim().min(3).max(500),
});
export type MissingFile = z.infer<typeof MissingFile>;

/** Body of `POST /v1/child-safety/cases/{id}/preserve`: a later end of preservation. */
export const PreserveCase = z.strictObject({
  until: z.iso.datetime(),
  reason: z.string().trim().min(3).max(500),
});
export type PreserveCase = z.infer<typeof PreserveCase>;

/** A case as staff see it. */
export const DeskSafetyCase = SafetyCase.extend({
  tenant: z.object({ id: z.string(), name: z.string() }),
  /** While this session has the seal open: until when. */
  seal_open_until: z.iso.datetime().nullable(),
});
export type DeskSafetyCase = z.infer<typeof DeskSafetyCase>;

/** Query of `GET /v1/desk/child-safety/cases`. */
export const ListDeskSafetyCases = ListSafetyCases.extend({ tenant: z.string().max(100).optional() });
export type ListDeskSafetyCases = z.infer<typeof ListDeskSafetyCases>;

/** A page of cases, newest first, of all platforms that a person may see. */
export const DeskSafetyCaseList = SafetyCaseList.extend({ data: z.array(DeskSafetyCase) });
export type DeskSafetyCaseList = z.infer<typeof DeskSafetyCaseList>;

/** Body of `POST /v1/desk/child-safety/cases/{id}/open`: opens the seal for this session, for half an hour. */
export const OpenSeal = z.strictObject({
  reason: z.string().trim().min(3).max(500).describe('why it has to be looked at; kept sealed with the case'),
});
export type OpenSeal = z.infer<typeof OpenSeal>;
