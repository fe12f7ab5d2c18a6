import { newId } from '#kernel';
import type { Category, Decision, LocalText, StatementOfReasons } from '#contracts';
import { statementText, type Policy } from '#engines/policy';
import type { Statement, Transaction } from '#platform/database';

/** Writes the statement of reasons for a refusal, in the transaction of the refusal. @returns its id and text */
export async function writeStatement(
  tx: Transaction,
  clip: { id: string; tenantId: string },
  policy: Policy,
  decision: Decision,
  reviewedAs?: Category,
): Promise<{ id: string; text: LocalText }> {
  const id = newId('sor');
  const text = statementText(policy, decision, reviewedAs ? { reviewedAs } : {});
  await tx.statement.create({
    data: {
      id,
      clipId: clip.id,
      tenantId: clip.tenantId,
      decision: 'refuse',
      automated: reviewedAs === undefined,
      categories: reviewedAs ? [reviewedAs] : decision.categories,
      policyId: decision.policy.id,
      policyVersion: decision.policy.version,
      textEn: text.en,
      textFr: text.fr,
    },
  });
  return { id, text };
}

/** A statement as its maker's platform sees it. */
export function statementView(row: Statement): StatementOfReasons {
  return {
    id: row.id,
    object: 'statement_of_reasons',
    clip_id: row.clipId,
    created_at: row.createdAt.toISOString(),
    decision: 'refuse',
    automated: row.automated,
    categories: row.categories,
    policy: { id: row.policyId, version: row.policyVersion },
    text: { en: row.textEn, fr: row.textFr },
  };
}
