import { newId, type Clock } from '#kernel';
import type { CreateGolden, GoldenList, GoldenView } from '#contracts';
import { recordAudit } from '#platform/audit';
import { assertMay, CHILD_SAFETY, type StaffCaller } from '#platform/auth';
import type { Database, Transaction } from '#platform/database';
import { caseNotFound, ReviewError } from './errors.js';

/** The set of cases whose right answer is known. Readers meet them without knowing. */
export class GoldenSet {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** All items, the newest first, with how often readers were right. */
  async list(staff: StaffCaller): Promise<GoldenList> {
    assertMay(staff, 'golden.edit');
    return { object: 'list', data: await this.views() };
  }

  /**
   * Makes an item of a closed case.
   * @throws ReviewError `case_not_found`, `golden_unfit`, `golden_there`
   */
  async create(staff: StaffCaller, body: CreateGolden): Promise<GoldenView> {
    assertMay(staff, 'golden.edit');
    const id = newId('gol');
    await this.database.$transaction(async (tx) => {
      await this.assertFits(tx, body);
      const row = await tx.reviewCase.findUniqueOrThrow({ where: { id: body.case_id } });
      const { outcome, category, why, case_id: caseId } = body;
      const by = `staff:${staff.id}`;
      const { clipId, tenantId } = row;
      await tx.reviewGolden.create({
        data: { id, caseId, clipId, tenantId, outcome, category, why, createdBy: by, createdAt: this.clock.now() },
      });
      await recordAudit(tx, { tenantId, actor: by, action: 'golden.created', subject: id });
    });
    return (await this.views(id))[0]!;
  }

  /** Takes an item out; its numbers stay. @throws ReviewError `golden_not_found` */
  async retire(staff: StaffCaller, id: string): Promise<GoldenView> {
    assertMay(staff, 'golden.edit');
    await this.database.$transaction(async (tx) => {
      const { count } = await tx.reviewGolden.updateMany({
        where: { id, retiredAt: null },
        data: { retiredAt: this.clock.now() },
      });
      if (!count)
        throw new ReviewError('not_found', 'golden_not_found', `There is no golden item ${id.slice(0, 80)} in use.`);
      await recordAudit(tx, { actor: `staff:${staff.id}`, action: 'golden.retired', subject: id });
    });
    return (await this.views(id))[0]!;
  }

  private async assertFits(tx: Transaction, { case_id, category }: CreateGolden): Promise<void> {
    const row = await tx.reviewCase.findUnique({ where: { id: case_id } });
    if (!row || row.golden) throw caseNotFound(case_id);
    const clip = await tx.clip.findUniqueOrThrow({ where: { id: row.clipId } });
    const gone = clip.state === 'deleted' || clip.state === 'withdrawn';
    const child = CHILD_SAFETY.includes(category) || CHILD_SAFETY.some((one) => one === row.category);
    if (row.kind !== 'hold' || row.state !== 'closed' || gone || child) {
      const message =
        'Only a closed hold whose clip still exists, and which does not concern children, can be a golden item.';
      throw new ReviewError('conflict', 'golden_unfit', message, { param: 'case_id' });
    }
    if (await tx.reviewGolden.findUnique({ where: { caseId: case_id } }))
      throw new ReviewError('conflict', 'golden_there', 'This case is a golden item already.', { param: 'case_id' });
  }

  private async views(id?: string): Promise<GoldenView[]> {
    const rows = await this.database.reviewGolden.findMany({
      where: id ? { id } : {},
      orderBy: { id: 'desc' },
      take: 500,
    });
    const counts = await this.database.$queryRaw<{ id: string; shown: number; right: number }[]>`
      SELECT g.id, count(d.id)::int AS shown, (count(*) FILTER (WHERE d.outcome = g.outcome))::int AS right
      FROM review_golden g JOIN review_golden_cases m ON m.golden_id = g.id
        JOIN review_decisions d ON d.case_id = m.case_id AND d.state IN ('read', 'settled', 'overruled')
      WHERE g.id = ANY(${rows.map((row) => row.id)}) GROUP BY 1`;
    return rows.map((row) => {
      const counted = counts.find((one) => one.id === row.id);
      return {
        ...{ id: row.id, object: 'golden', case_id: row.caseId, why: row.why },
        outcome: row.outcome as GoldenView['outcome'],
        category: row.category as GoldenView['category'],
        shown: counted?.shown ?? 0,
        right: counted?.right ?? 0,
        created_at: row.createdAt.toISOString(),
        retired_at: row.retiredAt?.toISOString() ?? null,
      };
    });
  }
}
