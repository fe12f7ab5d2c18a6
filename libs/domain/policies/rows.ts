import type { PolicyFault, PolicyVersionItem, PolicyVersionView } from '#contracts';
import { loadPolicy } from '#engines/policy';
import type { Database, PolicyApproval, PolicyRevision, Transaction } from '#platform/database';
import { laxerForChildrenThan } from './floor.js';

/** People, other than whoever wrote it, who have to say yes to a text. */
export const APPROVALS_NEEDED = 2;

/** A version with what was said of it. */
export type WholeVersion = PolicyRevision & { approvals: PolicyApproval[] };

/** Approvals that count: of this very text, by people who wrote nothing of it. */
export function countingApprovals({ approvals, sha256, authors }: WholeVersion): PolicyApproval[] {
  return approvals.filter((one) => one.sha256 === sha256 && !authors.includes(one.staffId));
}

/** Names of staff by id; of those who are no more, the id. */
export async function namesOf(database: Database | Transaction, ids: string[]): Promise<(id: string) => string> {
  const rows = ids.length
    ? await database.staff.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } })
    : [];
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (id) => names.get(id) ?? id;
}

const when = (date: Date | null) => date?.toISOString() ?? null;

/** A version in the list. */
export function versionItem(
  row: WholeVersion,
  name: (id: string) => string,
  shadow: { revisionId: string } | null,
): PolicyVersionItem {
  return {
    id: row.id,
    object: 'policy.version',
    state: row.state,
    policy_id: row.policyId,
    version: row.version,
    sha256: row.sha256,
    origin: row.origin === 'file' ? 'file' : 'desk',
    note: row.note,
    authors: row.authors.map((id) => ({ id, name: name(id) })),
    based_on: row.basedOn,
    approvals: countingApprovals(row).length,
    approvals_needed: APPROVALS_NEEDED,
    shadow: shadow?.revisionId === row.id,
    publish_at: when(row.publishAt),
    published_at: when(row.publishedAt),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** Everybody whose name a version shows. */
export function peopleOf(rows: readonly WholeVersion[]): string[] {
  return [...new Set(rows.flatMap((row) => [...row.authors, ...row.approvals.map(({ staffId }) => staffId)]))];
}

/** Where a version would protect children less than the live one; of what is or was live nothing is asked. */
export function floorFaults(row: PolicyRevision, live: PolicyRevision | null): PolicyFault[] {
  if (!live || !['draft', 'scheduled'].includes(row.state)) return [];
  return laxerForChildrenThan(loadPolicy(live.yaml), loadPolicy(row.yaml));
}

/** A version with its text. */
export async function versionView(
  database: Database | Transaction,
  row: WholeVersion,
  live: PolicyRevision | null,
): Promise<PolicyVersionView> {
  const name = await namesOf(database, peopleOf([row]));
  const shadow = await database.policyPointer.findUnique({ where: { name: 'shadow' } });
  return {
    ...versionItem(row, name, shadow),
    yaml: row.yaml,
    given: countingApprovals(row).map(({ staffId, at, note }) => ({
      ...{ staff_id: staffId, name: name(staffId), at: at.toISOString(), note },
    })),
    edition: row.edition,
    laxer_for_children: floorFaults(row, live),
    based_on_live: live !== null && (row.basedOn === live.id || row.id === live.id),
    rolls_back_to: row.state === 'live' ? row.replaced : null,
  };
}
