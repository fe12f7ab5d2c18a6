import type { StaffAction } from '#contracts';
import { assertMay, tenantsOf, type Caller, type StaffCaller } from '#platform/auth';
import type { Database, Prisma } from '#platform/database';
import { actorFor, type EntryRow } from './view.js';

/** A key of a platform that asks. */
export type RegisterKey = Pick<Caller, 'tenantId' | 'keyId' | 'scopes'>;
/** Who asks: a key of a platform, or somebody of the staff. */
export type RegisterUser = RegisterKey | StaffCaller;

/** Whom the entry names as one of the people who take part in it. */
export const idOf = (user: RegisterUser): string => ('keyId' in user ? user.keyId : user.id);

/** Who asks, as in the audit record. */
export const actorOf = (user: RegisterUser): string => actorFor(idOf(user));

/** The operator's tenant is the one that was made first. */
export async function isOperator(database: Database, { tenantId }: Pick<RegisterKey, 'tenantId'>): Promise<boolean> {
  const first = await database.tenant.findFirst({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] });
  return first?.id === tenantId;
}

/**
 * Entries that the caller may see. Of keys: the tenant's own, and those for every tenant for the operator alone. Of staff: those of
 * the tenants that they are limited to; those for every tenant only without such a limit. @throws AuthError `not_allowed`
 */
export async function visibleTo(database: Database, user: RegisterUser): Promise<Prisma.ProtectedEntryWhereInput> {
  if (!('keyId' in user)) {
    const tenants = tenantsOf(user, 'register.read');
    return tenants ? { tenantId: { in: tenants } } : {};
  }
  const own = { tenantId: user.tenantId };
  return (await isOperator(database, user)) ? { OR: [own, { tenantId: null }] } : own;
}

/** Asked of what was found by {@link visibleTo}. @throws AuthError `not_allowed` */
export function assertUser(user: RegisterUser, action: StaffAction, { tenantId }: Pick<EntryRow, 'tenantId'>): void {
  // Of keys the route asks for the scope.
  if (!('keyId' in user)) assertMay(user, action, { tenantId });
}
