import type { DeskTenant, StaffAction } from '#contracts';
import { AppError } from '#kernel';
import { assertMay, mayDo, notAllowed, reachOf, type StaffCaller } from '#platform/auth';
import type { Database } from '#platform/database';

/** There is no such platform, or nothing was there to change. */
export class PlatformError extends AppError {}

/**
 * Tenants that a person may do this for; null is all of them.
 * @throws AuthError `not_allowed` when it is nowhere
 */
export function tenantsFor(staff: StaffCaller, action: StaffAction): string[] | null {
  const reaches = reachOf(staff, action);
  if (!reaches.length) throw notAllowed(action);
  if (reaches.some(({ tenants }) => tenants === null)) return null;
  return [...new Set(reaches.flatMap(({ tenants }) => tenants ?? []))];
}

/** Names of tenants, by id. */
export async function namesOf(database: Database, ids: readonly string[]) {
  const where = { id: { in: [...new Set(ids)] } };
  const rows = await database.tenant.findMany({ where, select: { id: true, name: true } });
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (id: string) => ({ id, name: names.get(id) ?? id });
}

/**
 * A tenant that exists and that the person may read of and do this for. What they may not see is not there.
 * @throws PlatformError `tenant_not_found`; AuthError
 */
export async function tenantFor(
  database: Database,
  staff: StaffCaller,
  id: string,
  { read, edit }: { read: StaffAction; edit: StaffAction },
): Promise<Omit<DeskTenant, 'object'>> {
  const row = mayDo(staff, read, { tenantId: id })
    ? await database.tenant.findUnique({ where: { id }, select: { id: true, name: true } })
    : null;
  if (!row) {
    const message = `There is no platform ${id.slice(0, 80)}.`;
    throw new PlatformError('not_found', 'tenant_not_found', message, { param: 'tenant' });
  }
  assertMay(staff, edit, { tenantId: id });
  return row;
}
