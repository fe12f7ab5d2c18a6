import { AppError, newId } from '#kernel';
import type { Database, Transaction } from '#platform/database';

/** The maker or the tenant may not generate: nothing left, or too much on its way. */
export class QuotaError extends AppError {
  constructor(kind: 'forbidden' | 'invalid', code: string, message: string) {
    super(kind, code, message);
  }
}

/** The tenant's end users. What they may do is decided by `#domain/guardianship`. */
export class Makers {
  constructor(private readonly database: Database) {}

  /** Finds or makes the maker that the tenant calls `externalId`, however many ask at once. */
  async ensure(tenantId: string, externalId: string) {
    const known = await this.find(tenantId, externalId);
    if (known) return known;
    await this.database.maker.createMany({ data: [{ id: newId('mak'), tenantId, externalId }], skipDuplicates: true });
    return this.database.maker.findUniqueOrThrow({ where: { tenantId_externalId: { tenantId, externalId } } });
  }

  /** The maker that the tenant calls `externalId`, or null. */
  find(tenantId: string, externalId: string) {
    return this.database.maker.findUnique({ where: { tenantId_externalId: { tenantId, externalId } } });
  }
}

/**
 * Spends generation seconds of the tenant and of the maker, inside the transaction that admits the clip.
 * @throws QuotaError `insufficient_credits` when either has too few left
 */
export async function spendCredits(
  tx: Transaction,
  clip: { id: string; tenantId: string; makerId: string | null; seconds: number },
): Promise<void> {
  const short = (who: string) =>
    new QuotaError(
      'invalid',
      'insufficient_credits',
      `The ${who} has fewer than ${clip.seconds} seconds of generation left.`,
    );
  // One statement each: the check and the spending cannot be separated by another request.
  const tenants = await tx.$executeRaw`
    UPDATE tenants SET credits = credits - ${clip.seconds} WHERE id = ${clip.tenantId} AND (credits IS NULL OR credits >= ${clip.seconds})`;
  if (tenants === 0) throw short('tenant');
  if (clip.makerId) {
    const makers = await tx.$executeRaw`
      UPDATE makers SET credits = credits - ${clip.seconds} WHERE id = ${clip.makerId} AND (credits IS NULL OR credits >= ${clip.seconds})`;
    if (makers === 0) throw short('maker');
  }
  await tx.creditEntry.create({
    data: {
      tenantId: clip.tenantId,
      makerId: clip.makerId,
      clipId: clip.id,
      seconds: -clip.seconds,
      reason: 'generation',
    },
  });
}

/** Gives back what a clip cost, once, when it never came out. A clip that was never charged gets nothing. */
export async function refundCredits(tx: Transaction, clipId: string): Promise<void> {
  const spent = await tx.creditEntry.findUnique({ where: { clipId_reason: { clipId, reason: 'generation' } } });
  const back = await tx.creditEntry.findUnique({ where: { clipId_reason: { clipId, reason: 'refund' } } });
  if (!spent || back) return;
  const seconds = -spent.seconds;
  await tx.creditEntry.create({
    data: { tenantId: spent.tenantId, makerId: spent.makerId, clipId, seconds, reason: 'refund' },
  });
  await tx.tenant.updateMany({
    where: { id: spent.tenantId, credits: { not: null } },
    data: { credits: { increment: seconds } },
  });
  if (spent.makerId) {
    await tx.maker.updateMany({
      where: { id: spent.makerId, credits: { not: null } },
      data: { credits: { increment: seconds } },
    });
  }
}
