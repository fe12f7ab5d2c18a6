import type { Database, Transaction } from '#platform/database';
import { consentKeys } from './leaves.js';

/**
 * Erases what the commitments of a clip's leaves stood for, those of earlier signed files included: the leaves stay as
 * they are, and nothing tells any more which values they are of. Doing it twice does no harm.
 * @param clip its release id, and the statements of reasons that it was refused with
 */
export async function forgetCommitments(
  database: Database,
  { releaseId, statementIds }: { releaseId: string; statementIds: readonly string[] },
): Promise<void> {
  const refusals = statementIds.map((id) => `decision:${id}`);
  await database.logSalt.deleteMany({
    where: { OR: [{ dedupeKey: { startsWith: `release:${releaseId}:` } }, { dedupeKey: { in: refusals } }] },
  });
}

/** Erases what the leaves of a person stood for, inside the caller's transaction. Doing it twice does no harm. */
export async function forgetConsent(tx: Transaction, personId: string): Promise<void> {
  await tx.logSalt.deleteMany({ where: { dedupeKey: { startsWith: consentKeys(personId) }, alg: 'person' } });
}
