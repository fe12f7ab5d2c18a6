import { AppError, newId, type Clock } from '#kernel';
import type { AgeBand, Audience } from '#contracts';
import type { Database, Transaction } from '#platform/database';

/** The maker or the tenant may not generate: too young, or nothing left. */
export class QuotaError extends AppError {
  constructor(kind: 'forbidden' | 'invalid', code: string, message: string) {
    super(kind, code, message);
  }
}

/**
 * Age band from a birth year alone: the youngest age that the year allows counts.
 * @param birthYear as the tenant stated it, or null
 */
export function ageBand(birthYear: number | null, now: Date): AgeBand {
  if (birthYear === null) return 'unknown';
  const age = now.getUTCFullYear() - birthYear - 1; // the birthday may still be ahead
  if (age < 13) return 'under13';
  return age < 18 ? 'teen' : 'adult';
}

/** Policy audience of an age band. @throws QuotaError `maker_too_young` under 13 */
export function audienceOf(band: AgeBand): Audience {
  if (band === 'under13')
    throw new QuotaError('forbidden', 'maker_too_young', 'Makers under 13 cannot generate clips.');
  return band === 'adult' ? 'adult' : 'teen';
}

/** The tenant's end users, their age bands and what they may still generate. */
export class Makers {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Finds or makes the maker that the tenant calls `externalId`. */
  async ensure(tenantId: string, externalId: string) {
    const where = { tenantId_externalId: { tenantId, externalId } };
    return (
      (await this.database.maker.findUnique({ where })) ??
      this.database.maker.upsert({ where, update: {}, create: { id: newId('mak'), tenantId, externalId } })
    );
  }

  /** Changes what is known of a maker. */
  async put(tenantId: string, externalId: string, change: { birthYear?: number | null; credits?: number | null }) {
    await this.ensure(tenantId, externalId);
    return this.database.maker.update({ where: { tenantId_externalId: { tenantId, externalId } }, data: change });
  }

  /** The maker that the tenant calls `externalId`, or null. */
  find(tenantId: string, externalId: string) {
    return this.database.maker.findUnique({ where: { tenantId_externalId: { tenantId, externalId } } });
  }

  /** Age band today. */
  band(birthYear: number | null): AgeBand {
    return ageBand(birthYear, this.clock.now());
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
