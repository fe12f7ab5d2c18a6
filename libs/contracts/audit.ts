import { z } from 'zod';

const time = z.iso.datetime();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const day = z.iso.date();
const name = z.string().trim().min(1).max(200).optional();

/**
 * One event of the record, as it is shown, exported and hashed: its canonical JSON (RFC 8785) is the leaf of its day's
 * Merkle tree.
 */
export const AuditEventView = z.object({
  /** Grows with every event. A text, for it may have more digits than a JSON number holds. */
  id: z.string().regex(/^\d+$/),
  at: time,
  tenant_id: z.string().nullable(),
  /** Who: `key:<id>`, `staff:<id>`, `worker`, `policy:<id>@<version>`, `operator`. */
  actor: z.string(),
  /** What, as `noun.verb`. */
  action: z.string(),
  /** To what: an id. */
  subject: z.string(),
  from_state: z.string().nullable(),
  to_state: z.string().nullable(),
  data: z.record(z.string(), z.unknown()),
  correlation_id: z.string().nullable(),
});
export type AuditEventView = z.infer<typeof AuditEventView>;

/** What to look for; all of it has to fit. */
export const AuditFilter = z.strictObject({
  actor: name,
  action: name,
  subject: name,
  tenant: name,
  from: time.optional(),
  to: time.optional(),
});
export type AuditFilter = z.infer<typeof AuditFilter>;

/** Query of `GET /v1/desk/audit`, newest first; `after` is the id of the last event of the page before. */
export const SearchAudit = AuditFilter.extend({
  after: z
    .string()
    .regex(/^\d{1,19}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type SearchAudit = z.infer<typeof SearchAudit>;

/** A page of events. */
export const AuditPage = z.object({
  object: z.literal('list'),
  data: z.array(AuditEventView),
  has_more: z.boolean(),
});
export type AuditPage = z.infer<typeof AuditPage>;

/**
 * Last line of an export (NDJSON, one event a line, oldest first). A file without it was cut off. `sha256` is over all
 * bytes before this line.
 */
export const AuditExportEnd = z.object({
  object: z.literal('audit.export'),
  events: z.number().int(),
  sha256,
  filter: AuditFilter,
  exported_at: time,
});
export type AuditExportEnd = z.infer<typeof AuditExportEnd>;

/** A closed day: the root over its events stands in the public log. */
export const AuditDay = z.object({
  object: z.literal('audit.day'),
  /** The day (UTC) that ended when it was closed. */
  day,
  /** Its events are those with a greater id than `after_id`, up to `last_id`. */
  after_id: z.string(),
  last_id: z.string(),
  events: z.number().int(),
  /** Merkle root (RFC 6962) over the events in the order of their ids. */
  root: sha256,
  closed_at: time,
  /** Place of its entry in the public log; null while it is on the way. */
  log_index: z.number().int().nullable(),
});
export type AuditDay = z.infer<typeof AuditDay>;

/** What is wrong with a day, or that nothing is. */
export const AuditDayCheck = z.object({
  object: z.literal('audit.day_check'),
  day,
  state: z.enum(['sound', 'altered', 'not_logged', 'log_differs', 'missing']),
  events: z.number().int(),
  root: sha256,
  message: z.string(),
});
export type AuditDayCheck = z.infer<typeof AuditDayCheck>;

/** All closed days, newest first. */
export const AuditDays = z.object({ object: z.literal('list'), data: z.array(AuditDay), has_more: z.boolean() });
export type AuditDays = z.infer<typeof AuditDays>;

/** Query of `GET /v1/desk/audit/days`; `before` is the last day of the page before. */
export const ListAuditDays = z.strictObject({
  before: day.optional(),
  limit: z.coerce.number().int().min(1).max(400).default(60),
});
export type ListAuditDays = z.infer<typeof ListAuditDays>;
