import { Inspection } from '#contracts';
import { DecisionRecord } from '#domain/gate';
import type { SubjectKeys } from '#platform/keys';
import { z } from 'zod';
import { evidenceDestroyed } from './errors.js';

/** What is sealed with a case besides its files. */
export const Facts = z.object({
  prompt: z.string(),
  effectivePrompt: z.string(),
  /** The tenant's own name for the person who asked. */
  maker: z.string().nullable(),
  model: z.string(),
  requestedAt: z.iso.datetime(),
  record: DecisionRecord.nullable(),
  /** What a reviewer wrote, where a reviewer refused the clip. */
  reviewed: z.string().nullable(),
  inspection: Inspection.nullable(),
  /** What was delivered before it was ended, and when; null where nothing was. */
  released: z.object({ sha256: z.string(), at: z.iso.datetime() }).nullable().default(null),
});
export type Facts = z.infer<typeof Facts>;

/** What the facts of a case are bound to. */
export const factsContext = (caseId: string) => `case:${caseId}:facts`;
/** What the reason of a decision is bound to. */
export const reasonContext = (caseId: string) => `case:${caseId}:reason`;
/** What the key of a file is bound to. */
export const fileContext = (caseId: string, name: string, sha256: string) => `case:${caseId}:${name}:${sha256}`;

/** The key of a case. @throws SafetyError `evidence_destroyed` */
export async function caseKey(keys: SubjectKeys, caseId: string) {
  const key = await keys.open(caseId);
  if (!key) throw evidenceDestroyed();
  return key;
}

/** Opens the facts of a case. @throws SafetyError `evidence_destroyed`; KeyError when they were altered */
export async function openFacts(keys: SubjectKeys, row: { id: string; factsSealed: string | null }): Promise<Facts> {
  if (row.factsSealed === null) throw evidenceDestroyed();
  const key = await caseKey(keys, row.id);
  return Facts.parse(JSON.parse(key.open(row.factsSealed, factsContext(row.id)).toString('utf8')));
}
