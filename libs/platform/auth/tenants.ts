import type { StaffAction } from '#contracts';
import type { Transaction } from '#platform/database';
import { notAllowed, reachOf, type Rights } from './rights.js';

/**
 * The tenants that a person may see this of; null is all of them.
 * @throws AuthError `not_allowed` when it is nowhere
 */
export function tenantsOf(staff: Rights, action: StaffAction): string[] | null {
  const reaches = reachOf(staff, action);
  if (!reaches.length) throw notAllowed(action);
  if (reaches.some(({ tenants }) => tenants === null)) return null;
  return [...new Set(reaches.flatMap(({ tenants }) => tenants ?? []))];
}

/** Names of tenants, by id. */
export async function tenantNames(tx: Transaction, ids: readonly string[]): Promise<(id: string) => TenantName> {
  const rows = await tx.tenant.findMany({ where: { id: { in: [...new Set(ids)] } }, select: { id: true, name: true } });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (id) => ({ id, name: names.get(id) ?? id });
}

/** A tenant as the desk shows it. */
export interface TenantName {
  id: string;
  name: string;
}
