import { LabelProfile, MARKET_KINDS, type LabelMarket, type LabelView } from '#contracts';
import { recordAudit } from '#platform/audit';
import { json, Prisma, type Database } from '#platform/database';

/** How each tenant's clips say that they were made with AI. */
export class LabelProfiles {
  private readonly usual: LabelProfile;

  /** @param market what is in force for tenants that chose nothing */
  constructor(
    private readonly database: Database,
    market: LabelMarket,
  ) {
    this.usual = LabelProfile.parse({ kinds: MARKET_KINDS[market] });
  }

  /** The profile in force. @throws ZodError for a stored profile that cannot be read: nothing is then published */
  async of(tenantId: string): Promise<LabelView> {
    const { label } = await this.database.tenant.findUniqueOrThrow({ where: { id: tenantId } });
    const profile = label === null ? this.usual : LabelProfile.parse(label);
    return { object: 'label', ...profile, default: label === null };
  }

  /** Chooses a profile, or goes back to the default with null. Clips that are marked later get it. */
  async put(tenantId: string, profile: LabelProfile | null, actor: string): Promise<LabelView> {
    await this.database.$transaction(async (tx) => {
      await tx.tenant.update({ where: { id: tenantId }, data: { label: profile ? json(profile) : Prisma.DbNull } });
      const data = { kinds: profile?.kinds ?? null, delivery: profile?.delivery ?? null };
      await recordAudit(tx, { tenantId, actor, action: 'label.changed', subject: tenantId, data });
    });
    return this.of(tenantId);
  }
}
