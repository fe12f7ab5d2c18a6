import { Scope, type ApiKey, type CreateDeskKey, type DeskKey, type DeskTenant } from '#contracts';
import { assertMay, FEW_EYES, mayDo, type ApiKeys, type StaffCaller } from '#platform/auth';
import type { Database } from '#platform/database';
import { namesOf, PlatformError, tenantFor, tenantsFor } from './reach.js';

type KeyRow = Awaited<ReturnType<ApiKeys['list']>>[number];

const MOST_KEYS = 1000;
const RIGHTS = { read: 'key.read', edit: 'key.edit' } as const;

/** A key as people see it. @param key the key itself, in the one answer that shows it */
export function apiKeyView(row: KeyRow, key?: string): ApiKey {
  return {
    id: row.id,
    object: 'api_key',
    name: row.name,
    prefix: row.prefix,
    scopes: row.scopes.map((scope) => Scope.parse(scope)),
    trusted_flagger: row.trustedFlagger,
    created_at: row.createdAt.toISOString(),
    last_used_at: row.lastUsedAt?.toISOString() ?? null,
    revoked_at: row.revokedAt?.toISOString() ?? null,
    ...(key && { key }),
  };
}

/** API keys of platforms, for staff. */
export class StaffKeys {
  constructor(
    private readonly database: Database,
    private readonly keys: ApiKeys,
  ) {}

  /** Platforms whose keys a person may see, by name. @throws AuthError */
  async tenants(staff: StaffCaller): Promise<DeskTenant[]> {
    const tenants = tenantsFor(staff, 'key.read');
    const rows = await this.database.tenant.findMany({
      where: { disabledAt: null, ...(tenants && { id: { in: tenants } }) },
      select: { id: true, name: true },
      orderBy: [{ name: 'asc' }, { id: 'asc' }],
      take: MOST_KEYS,
    });
    return rows.map((row) => ({ ...row, object: 'tenant' }));
  }

  /** Keys that a person may see, newest first. @throws AuthError */
  async list(staff: StaffCaller): Promise<DeskKey[]> {
    const tenants = tenantsFor(staff, 'key.read');
    const rows = await this.database.apiKey.findMany({
      where: tenants ? { tenantId: { in: tenants } } : {},
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: MOST_KEYS,
    });
    const name = await namesOf(
      this.database,
      rows.map(({ tenantId }) => tenantId),
    );
    return rows.map((row) => ({ ...apiKeyView(row), tenant: name(row.tenantId) }));
  }

  /**
   * Makes a key; the answer is the only one that shows it.
   * @throws PlatformError `tenant_not_found`, `scope_not_here`; AuthError
   */
  async create(staff: StaffCaller, { tenant: id, name, scopes, trusted_flagger }: CreateDeskKey): Promise<DeskKey> {
    const tenant = await tenantFor(this.database, staff, id, RIGHTS);
    const few = scopes.find((scope) => FEW_EYES.has(scope));
    if (few) {
      const message = `A key with the scope "${few}" is made by the operator, or with a key that has the scope itself.`;
      throw new PlatformError('forbidden', 'scope_not_here', message, { param: 'scopes' });
    }
    const more = { trustedFlagger: trusted_flagger };
    const { row, key } = await this.keys.create(tenant.id, name, [...new Set(scopes)], `staff:${staff.id}`, more);
    return { ...apiKeyView(row, key), tenant };
  }

  /** Ends a key, at once. @throws PlatformError `key_not_found`, `key_revoked`; AuthError */
  async revoke(staff: StaffCaller, id: string): Promise<DeskKey> {
    const found = await this.database.apiKey.findUnique({ where: { id } });
    if (!found || !mayDo(staff, 'key.read', { tenantId: found.tenantId }))
      throw new PlatformError('not_found', 'key_not_found', `There is no key ${id.slice(0, 80)}.`);
    assertMay(staff, 'key.edit', { tenantId: found.tenantId });
    if ((await this.keys.revoke(found.tenantId, id, `staff:${staff.id}`)) !== 'revoked')
      throw new PlatformError('conflict', 'key_revoked', 'This key was revoked before.');
    const [row, name] = await Promise.all([
      this.database.apiKey.findUniqueOrThrow({ where: { id } }),
      namesOf(this.database, [found.tenantId]),
    ]);
    return { ...apiKeyView(row), tenant: name(row.tenantId) };
  }
}
