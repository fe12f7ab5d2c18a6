import { randomBytes } from 'node:crypto';
import { AllowancePeriod, type AccessView, type CreateInvite, type Invite, type PutAccess } from '#contracts';
import { newId, sha256Hex, type Clock } from '#kernel';
import { recordAudit } from '#platform/audit';
import type { Makers, RateLimits } from '#platform/auth';
import type { AccessInvite, AccessRule, Database, Transaction } from '#platform/database';
import { GuardianshipError } from './errors.js';

/** Without letters and digits that are taken for one another. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const REDEEMS_A_MINUTE = 10;

/** A code of twelve characters, 58 random bits, in groups of four. */
function newCode(): string {
  let code = '';
  // Bytes above the largest multiple of the alphabet would favour its first letters.
  const usable = 256 - (256 % ALPHABET.length);
  while (code.length < 12)
    for (const byte of randomBytes(16)) if (byte < usable) code += ALPHABET[byte % ALPHABET.length];
  return code.slice(0, 12).replace(/(.{4})(?=.)/g, '$1-');
}

/** Codes are typed: case, blanks and dashes do not count. */
function hashOf(code: string): string {
  return sha256Hex(code.toUpperCase().replace(/[^A-Z0-9]/g, ''));
}

function viewOf(row: AccessRule | null): AccessView {
  const per = AllowancePeriod.safeParse(row?.allowancePer).data;
  const seconds = row?.allowanceSeconds;
  return {
    object: 'access',
    invite_required: row?.inviteRequired ?? false,
    countries: row?.countries ?? [],
    free_allowance: per && typeof seconds === 'number' ? { seconds, per } : null,
  };
}

function inviteView(row: AccessInvite, code?: string): Invite {
  return {
    id: row.id,
    object: 'access.invite',
    uses: row.uses,
    used: row.used,
    expires_at: row.expiresAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    ...(code && { code }),
  };
}

/** The access rules of a tenant, as they stand inside a transaction. */
export async function accessOf(tx: Transaction, tenantId: string): Promise<AccessView> {
  return viewOf(await tx.accessRule.findUnique({ where: { tenantId } }));
}

/** Who may generate at a platform: invitation codes, countries, free allowance. */
export class AccessSettings {
  constructor(
    private readonly database: Database,
    private readonly makers: Makers,
    private readonly clock: Clock,
    private readonly limits: RateLimits,
  ) {}

  /** The rules in force. */
  get(tenantId: string): Promise<AccessView> {
    return accessOf(this.database, tenantId);
  }

  /** Replaces the rules; they count from the next request on. */
  async put(tenantId: string, wanted: PutAccess, actor: string): Promise<AccessView> {
    const row = {
      inviteRequired: wanted.invite_required,
      countries: [...new Set(wanted.countries)].sort(),
      allowanceSeconds: wanted.free_allowance?.seconds ?? null,
      allowancePer: wanted.free_allowance?.per ?? null,
      updatedAt: this.clock.now(),
    };
    return this.database.$transaction(async (tx) => {
      const saved = await tx.accessRule.upsert({ where: { tenantId }, update: row, create: { tenantId, ...row } });
      await recordAudit(tx, { tenantId, actor, action: 'access.changed', subject: tenantId, data: { ...wanted } });
      return viewOf(saved);
    });
  }

  /** Makes a code; the answer is the only one that shows it. */
  async createInvite(tenantId: string, { uses, expires_at }: CreateInvite, actor: string): Promise<Invite> {
    const code = newCode();
    const expiresAt = expires_at ? new Date(expires_at) : null;
    const row = { id: newId('inv'), tenantId, codeHash: hashOf(code), uses, expiresAt, createdAt: this.clock.now() };
    return this.database.$transaction(async (tx) => {
      await recordAudit(tx, { tenantId, actor, action: 'access.invite_created', subject: row.id, data: { uses } });
      return inviteView(await tx.accessInvite.create({ data: row }), code);
    });
  }

  /** A tenant's codes without the codes themselves, newest first. */
  async invites(tenantId: string): Promise<Invite[]> {
    const rows = await this.database.accessInvite.findMany({
      where: { tenantId },
      orderBy: { id: 'desc' },
      take: 500,
    });
    return rows.map((row) => inviteView(row));
  }

  /**
   * Redeems a code for a maker. Who has redeemed one already stays as they are, and no use is taken.
   * @throws GuardianshipError `invite_not_found`, `invite_expired`, `invite_used_up`
   */
  async redeem(tenantId: string, externalId: string, code: string, actor: string): Promise<void> {
    await this.limits.take(`redeem:${tenantId}:${externalId}`, REDEEMS_A_MINUTE);
    const now = this.clock.now();
    const invite = await this.database.accessInvite.findUnique({ where: { codeHash: hashOf(code) } });
    if (invite?.tenantId !== tenantId)
      throw new GuardianshipError('not_found', 'invite_not_found', 'This code is not known. Check it.', {
        param: 'code',
      });
    if (invite.expiresAt && invite.expiresAt <= now)
      throw new GuardianshipError('gone', 'invite_expired', 'This code has expired. Ask for a new one.');
    const { id: makerId } = await this.makers.ensure(tenantId, externalId);
    await this.database.$transaction(async (tx) => {
      const redemption = { makerId, inviteId: invite.id, tenantId, at: now };
      const { count } = await tx.accessRedemption.createMany({ data: [redemption], skipDuplicates: true });
      if (count === 0) return;
      // The check and the use are one statement: the last use is given once.
      const used =
        await tx.$executeRaw`UPDATE access_invites SET used = used + 1 WHERE id = ${invite.id} AND used < uses`;
      if (used === 0) throw new GuardianshipError('gone', 'invite_used_up', 'This code was used by others already.');
      await recordAudit(tx, {
        tenantId,
        actor,
        action: 'access.redeemed',
        subject: makerId,
        data: { invite: invite.id },
      });
    });
  }
}
