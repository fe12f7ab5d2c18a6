import type { Clock } from '#kernel';
import type { BudgetView, SamplingView } from '#contracts';
import { recordAudit } from '#platform/audit';
import { assertMay, type StaffCaller } from '#platform/auth';
import type { Database } from '#platform/database';
import { ReviewError } from './errors.js';

/** What is set for single tenants and single people. */
export class ReviewSettings {
  /** @param minutes usual budget of unblurred video a day */
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly minutes: number,
  ) {}

  /** Share of a tenant's released clips that become cases. @throws ReviewError `tenant_not_found`; AuthError */
  async putSampling(staff: StaffCaller, tenantId: string, share: number | null): Promise<SamplingView> {
    assertMay(staff, 'queue.edit', { tenantId });
    await this.database.$transaction(async (tx) => {
      if (!(await tx.tenant.findUnique({ where: { id: tenantId } })))
        throw new ReviewError('not_found', 'tenant_not_found', `There is no tenant ${tenantId.slice(0, 80)}.`);
      const by = `staff:${staff.id}`;
      const data = { share: share ?? 0, by, at: this.clock.now() };
      if (share === null) await tx.reviewSampling.deleteMany({ where: { tenantId } });
      else await tx.reviewSampling.upsert({ where: { tenantId }, create: { tenantId, ...data }, update: data });
      await recordAudit(tx, { tenantId, actor: by, action: 'sampling.changed', subject: tenantId, data: { share } });
    });
    return { object: 'sampling', tenant: tenantId, share };
  }

  /** A person's own budget of unblurred video. @throws ReviewError `staff_not_found`; AuthError */
  async putBudget(staff: StaffCaller, staffId: string, minutes: number | null): Promise<BudgetView> {
    assertMay(staff, 'staff.edit');
    await this.database.$transaction(async (tx) => {
      if (!(await tx.staff.findUnique({ where: { id: staffId } })))
        throw new ReviewError('not_found', 'staff_not_found', `There is no member of staff ${staffId.slice(0, 80)}.`);
      if (minutes === null) await tx.reviewBudget.deleteMany({ where: { staffId } });
      else await tx.reviewBudget.upsert({ where: { staffId }, create: { staffId, minutes }, update: { minutes } });
      const data = { minutes };
      await recordAudit(tx, { actor: `staff:${staff.id}`, action: 'exposure_budget.changed', subject: staffId, data });
    });
    return { object: 'exposure_budget', staff: staffId, minutes: minutes ?? this.minutes, usual: minutes === null };
  }
}
