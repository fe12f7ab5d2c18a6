import { readFile } from 'node:fs/promises';
import { messageOf, newId, type Clock } from '#kernel';
import { loadPolicy, type Policy } from '#engines/policy';
import { Policies } from '#domain/gate';
import { recordAudit } from '#platform/audit';
import type { Core } from '#platform/core';
import type { Database, Transaction } from '#platform/database';
import { laxerForChildrenThan } from './floor.js';
import { keepText, livePolicy, lockPolicies, switchLive } from './live.js';
import { PolicyPointers } from './source.js';

/** The policy of a process, ready to decide. */
export interface OpenedPolicies {
  policies: Policies;
  source: PolicyPointers;
}

interface PolicyText {
  yaml: string;
  policy: Policy;
}

async function addVersion(tx: Transaction, { yaml, policy }: PolicyText, state: 'draft' | 'past', now: Date) {
  const { id: policyId, version, sha256 } = policy.ref;
  return tx.policyRevision.create({
    data: {
      ...{ id: newId('pol', now.getTime()), state, policyId, version, yaml, sha256, origin: 'file' },
      ...{ note: 'From the policy file.', authors: [], createdAt: now, updatedAt: now },
    },
  });
}

/** Makes the file live. Only the operator does so: at the first start, or where the file is what decides. */
async function publishFile(tx: Transaction, file: PolicyText, clock: Clock): Promise<void> {
  const { sha256 } = file.policy.ref;
  const pointer = await tx.policyPointer.findUnique({ where: { name: 'live' } });
  if (pointer?.sha256 === sha256) return;
  const known = await tx.policyRevision.findFirst({
    where: { sha256, state: { in: ['past', 'rolled_back'] } },
    orderBy: { id: 'desc' },
  });
  // Not by way of a draft: those go live with the yes of two alone.
  const next = known ?? (await addVersion(tx, file, 'past', clock.now()));
  await switchLive(tx, next, { actor: 'operator', action: 'policy.published', clock, data: { from: 'file' } });
}

/** A file that nobody has seen yet waits as a draft. @returns whether it was new */
async function draftFile(tx: Transaction, file: PolicyText, clock: Clock): Promise<boolean> {
  if (await tx.policyRevision.count({ where: { sha256: file.policy.ref.sha256 } })) return false;
  const { id } = await addVersion(tx, file, 'draft', clock.now());
  const data = { policy: file.policy.ref, from: 'file' };
  await recordAudit(tx, { actor: 'operator', action: 'policy.drafted', subject: id, toState: 'draft', data });
  return true;
}

async function readPolicy(path: string): Promise<PolicyText> {
  const yaml = await readFile(path, 'utf8');
  return { yaml, policy: loadPolicy(yaml) };
}

type Parts = Pick<Core, 'database' | 'metrics' | 'clock' | 'logger'> & {
  config: Pick<Core['config'], 'policyFile' | 'POLICY_SOURCE'>;
};

async function settleFile(database: Database, file: PolicyText, decides: boolean, { clock, logger }: Parts) {
  const drafted = await database.$transaction(async (tx) => {
    await lockPolicies(tx);
    await keepText(tx, { ...refOf(file), yaml: file.yaml });
    const first = (await tx.policyPointer.count({ where: { name: 'live' } })) === 0;
    if (!first && !decides) return draftFile(tx, file, clock);
    const before = first ? null : await livePolicy(tx);
    // The operator's own word counts; it is not to go unnoticed.
    const laxer = before ? laxerForChildrenThan(before, file.policy) : [];
    if (laxer.length) logger.warn({ faults: laxer }, 'the policy file protects children less than what was live');
    await publishFile(tx, file, clock);
    return false;
  });
  if (drafted) logger.warn({ policy: file.policy.ref }, 'the policy file has changed: it is a draft now, not in force');
}

const refOf = ({ policy: { ref } }: PolicyText) => ({ policyId: ref.id, version: ref.version, sha256: ref.sha256 });

/**
 * The policy as the settings have it. `POLICY_SOURCE=database`: the first start publishes the file, later the database
 * decides, and a file that has changed becomes a draft. `POLICY_SOURCE=file`: each process decides with the file as it
 * was when the process started.
 * @throws PolicyError naming the fault in the document, where the document is needed
 */
export async function openPolicies(parts: Parts): Promise<OpenedPolicies> {
  const { database, metrics, config, logger } = parts;
  const decides = config.POLICY_SOURCE === 'file';
  const live = decides ? null : await livePolicy(database);
  let file: PolicyText | null = null;
  try {
    file = await readPolicy(config.policyFile);
  } catch (e) {
    if (!live) throw e;
    logger.error({ reason: messageOf(e) }, 'the policy file cannot be read; what is live stays so');
  }
  if (file) await settleFile(database, file, decides, parts);
  const first = decides ? file!.policy : ((await livePolicy(database)) ?? file!.policy);
  const warn = (facts: object, message: string) => logger.warn(facts, message);
  const source = new PolicyPointers(database, warn, first, decides ? first : null);
  return { policies: new Policies(database, metrics, source), source };
}
