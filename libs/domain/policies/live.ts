import type { Clock } from '#kernel';
import { loadPolicy, type Policy } from '#engines/policy';
import { recordAudit } from '#platform/audit';
import type { Database, PolicyRevision, Transaction } from '#platform/database';
import { editedMeanwhile, noVersion } from './errors.js';

/** Held while a version changes: publishing, approving and editing never meet. */
const LOCK = 7_203_118;

/** Takes the lock of all changes of the policy, until the transaction ends. */
export async function lockPolicies(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
}

/** Reads a version. @throws PolicyVersionError `policy_not_found` */
export async function versionById(database: Transaction | Database, id: string): Promise<PolicyRevision> {
  const row = await database.policyRevision.findUnique({ where: { id } });
  if (!row) throw noVersion(id);
  return row;
}

/** The version that is live. */
export async function liveVersion(database: Transaction | Database): Promise<PolicyRevision | null> {
  return database.policyRevision.findFirst({ where: { state: 'live' } });
}

/** The text that is live, loaded; of the operator's file it is the file that was loaded last. */
export async function livePolicy(database: Transaction | Database): Promise<Policy | null> {
  const row = await liveVersion(database);
  return row && loadPolicy(row.yaml);
}

/** Keeps a text for good, so that whatever it decides can be decided again. */
export async function keepText(tx: Transaction, row: Pick<PolicyRevision, 'sha256' | 'policyId' | 'version' | 'yaml'>) {
  const { sha256, policyId, version, yaml } = row;
  await tx.policyVersion.createMany({ data: [{ sha256, policyId, version, yaml }], skipDuplicates: true });
}

/** Ends the shadow mode of a version, if it is the one. @returns whether it was */
export async function endShadow(tx: Transaction, revisionId: string): Promise<boolean> {
  const { count } = await tx.policyPointer.deleteMany({ where: { name: 'shadow', revisionId } });
  return count > 0;
}

/** How a version goes live. */
export interface Switch {
  actor: string;
  action: 'policy.published' | 'policy.rolled_back';
  clock: Clock;
  data?: Record<string, unknown>;
}

/**
 * Makes a version the one that decides, in one transaction with all that goes with it: the version before, the pointer that
 * every process reads, the record. To be called under {@link lockPolicies}.
 */
export async function switchLive(tx: Transaction, next: PolicyRevision, how: Switch): Promise<PolicyRevision> {
  const now = how.clock.now();
  const before = await liveVersion(tx);
  const back = how.action === 'policy.rolled_back';
  if (before) {
    const state = back ? ('rolled_back' as const) : ('past' as const);
    await tx.policyRevision.update({ where: { id: before.id }, data: { state, updatedAt: now } });
  }
  await endShadow(tx, next.id);
  await keepText(tx, next);
  // What it replaced is told once: a roll-back from it goes there, however often it came back itself.
  const replaced = back ? {} : { replaced: before?.id ?? null, publishedAt: now };
  const { count } = await tx.policyRevision.updateMany({
    where: { id: next.id, state: next.state, sha256: next.sha256 },
    data: { state: 'live', publishAt: null, publishBy: null, updatedAt: now, ...replaced },
  });
  if (!count) throw editedMeanwhile();
  const pointer = { revisionId: next.id, sha256: next.sha256, since: now };
  await tx.policyPointer.upsert({ where: { name: 'live' }, create: { name: 'live', ...pointer }, update: pointer });
  const { policyId, version, sha256 } = next;
  await recordAudit(tx, {
    actor: how.actor,
    action: how.action,
    subject: next.id,
    fromState: next.state,
    toState: 'live',
    data: { policy: { id: policyId, version, sha256 }, before: before?.id ?? null, ...how.data },
  });
  return versionById(tx, next.id);
}
