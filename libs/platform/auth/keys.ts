import { randomBytes } from 'node:crypto';
import { AppError, constantTimeEqual, newId, sha256Hex, type Clock } from '#kernel';
import { Scope } from '#contracts';
import { recordAudit } from '#platform/audit';
import type { Database } from '#platform/database';

/** Who is calling, after their key was checked. */
export interface Caller {
  tenantId: string;
  keyId: string;
  scopes: readonly Scope[];
  /** Its reports are those of a trusted flagger. */
  trustedFlagger: boolean;
  /** Requests a minute that the tenant may make. */
  ratePerMinute: number;
  makerRatePerMinute: number;
  maxActiveClips: number;
}

/** The key is missing, wrong or revoked, or may not do this. */
export class AuthError extends AppError {
  constructor(kind: 'unauthorized' | 'forbidden', code: string, message: string) {
    super(kind, code, message);
  }
}

/** How long a found key is believed before the database is asked again: the longest a revoked key lives on. */
const CACHE_MS = 5000;
const USED_EVERY_MS = 60_000;

/** Whoever may make keys must not let themselves see evidence, or end somebody's protection: only who may already. */
export const FEW_EYES: ReadonlySet<Scope> = new Set(['child_safety', 'register']);

/** A new API key: 256 random bits. */
export function newApiKey(): string {
  return `imp_${randomBytes(32).toString('base64url')}`;
}

/** API keys: made, checked, revoked. Only the SHA-256 of a key is kept; a key has 256 random bits. */
export class ApiKeys {
  private readonly cache = new Map<string, { caller: Caller; until: number }>();
  private readonly used = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Makes a tenant. */
  async createTenant(name: string): Promise<string> {
    const id = newId('ten');
    await this.database.$transaction(async (tx) => {
      await tx.tenant.create({ data: { id, name } });
      await recordAudit(tx, { tenantId: id, actor: 'operator', action: 'tenant.created', subject: id });
    });
    return id;
  }

  /** Makes a key. The key itself is in the answer and nowhere else. @param more.key one of {@link newApiKey}, made before */
  async create(
    tenantId: string,
    name: string,
    scopes: Scope[],
    actor: string,
    { key = newApiKey(), trustedFlagger = false }: { key?: string; trustedFlagger?: boolean } = {},
  ) {
    const row = await this.database.$transaction(async (tx) => {
      const hash = sha256Hex(key);
      const data = { id: newId('key'), tenantId, name, scopes, trustedFlagger, prefix: key.slice(0, 10), hash };
      await recordAudit(tx, {
        tenantId,
        actor,
        action: 'key.created',
        subject: data.id,
        data: { name, scopes, trustedFlagger },
      });
      return tx.apiKey.create({ data });
    });
    return { row, key };
  }

  /** A tenant's keys, newest first. */
  list(tenantId: string) {
    return this.database.apiKey.findMany({ where: { tenantId }, orderBy: { createdAt: 'desc' }, take: 500 });
  }

  /** Revokes a key; it stops working within {@link CACHE_MS} on every process. */
  async revoke(tenantId: string, id: string, actor: string): Promise<'revoked' | 'before' | 'none'> {
    const revoked = await this.database.$transaction(async (tx) => {
      const { count } = await tx.apiKey.updateMany({
        where: { id, tenantId, revokedAt: null },
        data: { revokedAt: this.clock.now() },
      });
      if (count) await recordAudit(tx, { tenantId, actor, action: 'key.revoked', subject: id });
      if (count) return 'revoked';
      return (await tx.apiKey.count({ where: { id, tenantId } })) > 0 ? 'before' : 'none';
    });
    this.cache.clear();
    return revoked;
  }

  /**
   * Finds the caller behind an Authorization header.
   * @throws AuthError `invalid_api_key` for anything but a live key
   */
  async authenticate(header: string | undefined): Promise<Caller> {
    const key = /^Bearer\s+(\S+)$/i.exec(header ?? '')?.[1];
    if (!key)
      throw new AuthError('unauthorized', 'missing_api_key', 'Send your API key as "Authorization: Bearer <key>".');
    const hash = sha256Hex(key);
    const now = this.clock.now().getTime();
    const cached = this.cache.get(hash);
    if (cached && cached.until > now) return cached.caller;
    const caller = await this.find(hash);
    if (this.cache.size > 10_000) this.cache.clear();
    this.cache.set(hash, { caller, until: now + CACHE_MS });
    await this.noteUse(caller.keyId, now);
    return caller;
  }

  private async find(hash: string): Promise<Caller> {
    const row = await this.database.apiKey.findUnique({ where: { hash } });
    const wrong = () =>
      new AuthError('unauthorized', 'invalid_api_key', 'This API key is not valid. Check it, or make a new one.');
    if (!row || !constantTimeEqual(row.hash, hash) || row.revokedAt) throw wrong();
    const tenant = await this.database.tenant.findUnique({ where: { id: row.tenantId } });
    if (!tenant || tenant.disabledAt) throw wrong();
    return {
      tenantId: tenant.id,
      keyId: row.id,
      scopes: row.scopes.map((scope) => Scope.parse(scope)),
      trustedFlagger: row.trustedFlagger,
      ratePerMinute: tenant.ratePerMinute,
      makerRatePerMinute: tenant.makerRatePerMinute,
      maxActiveClips: tenant.maxActiveClips,
    };
  }

  private async noteUse(keyId: string, now: number): Promise<void> {
    if (now - (this.used.get(keyId) ?? 0) < USED_EVERY_MS) return;
    this.used.set(keyId, now);
    await this.database.apiKey.update({ where: { id: keyId }, data: { lastUsedAt: new Date(now) } });
  }
}

/**
 * Few eyes: evidence of child safety cases and the protected register open only to keys that were made for them, not to
 * every administrator's.
 * @throws AuthError `missing_scope` when the caller's key does not have the right
 */
export function requireScope(caller: Caller, scope: Scope): void {
  const implied = !FEW_EYES.has(scope) && caller.scopes.includes('admin');
  if (caller.scopes.includes(scope) || implied) return;
  throw new AuthError(
    'forbidden',
    'missing_scope',
    `This API key does not have the scope "${scope}". Make one that has it.`,
  );
}
