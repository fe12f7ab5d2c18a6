import { newId } from '#kernel';
import type { Category, Decision, LocalText, StatementOfReasons } from '#contracts';
import { statementText, type Policy } from '#engines/policy';
import { promiseRefusal } from '#domain/transparency';
import type { Statement, Transaction } from '#platform/database';

/** Writes the statement of reasons for a refusal and promises its leaf in the public log, in the transaction of the refusal. @returns its id and text */
export async function writeStatement(
  tx: Transaction,
  clip: { id: string; tenantId: string },
  policy: Policy,
  decision: Decision,
  reviewedAs?: Category,
): Promise<{ id: string; text: LocalText }> {
  const id = newId('sor');
  const text = statementText(policy, decision, reviewedAs ? { reviewedAs } : {});
  const automated = reviewedAs === undefined;
  const categories = reviewedAs ? [reviewedAs] : decision.categories;
  const policyVersion = decision.policy.version;
  await tx.statement.create({
    data: {
      id,
      clipId: clip.id,
      tenantId: clip.tenantId,
      decision: 'refuse',
      automated,
      categories,
      policyId: decision.policy.id,
      policyVersion,
      textEn: text.en,
      textFr: text.fr,
    },
  });
  await promiseRefusal(tx, { statementId: id, clipId: clip.id, policyVersion, reasonCodes: categories, automated });
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
