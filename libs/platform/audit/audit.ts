import { json, type Transaction } from '#platform/database';

/** One fact for the append-only record. */
export interface AuditFact {
  tenantId?: string | null;
  /** Who did it: `key:<id>`, `worker`, `policy:<id>@<version>`, `operator`. */
  actor: string;
  /** What was done, as `noun.verb`: `clip.transition`, `key.created`. */
  action: string;
  /** What it was done to: an id. */
  subject: string;
  fromState?: string | null;
  toState?: string | null;
  /** Facts for people who look later; no prompts, no secrets. */
  data?: Record<string, unknown>;
  correlationId?: string | null;
}

/** Records a fact inside the caller's transaction. The table refuses changes afterwards. */
export async function recordAudit(tx: Transaction, fact: AuditFact): Promise<void> {
  await tx.auditEvent.create({ data: { ...fact, data: json(fact.data ?? {}) } });
}
