import type { CaseKind } from '#contracts';
import { recordAudit } from '#platform/audit';
import { json, type Clip, type Transaction } from '#platform/database';
import { tellCase } from './events.js';
import { NO_LEASE } from './rows.js';

/**
 * Closes the cases of a clip that moved without them: a decision that was on its way is marked `overtaken`, and the case says
 * where the clip went. Cases that the move itself settles are closed by then.
 */
export async function overtakeCases(tx: Transaction, clip: Clip, kinds: readonly CaseKind[], now: Date): Promise<void> {
  const rows = await tx.reviewCase.findMany({
    where: { clipId: clip.id, kind: { in: [...kinds] }, state: { not: 'closed' }, golden: false },
    orderBy: { id: 'asc' },
  });
  // What lies under golden items is erased, or sealed, with the clip.
  const gone = clip.state === 'deleted' || clip.state === 'withdrawn' || clip.sealedAt !== null;
  const golden = gone
    ? await tx.reviewCase.findMany({ where: { clipId: clip.id, golden: true, state: { not: 'closed' } } })
    : [];
  for (const { id } of [...rows, ...golden]) {
    const conflict = json({ state: clip.state, at: now.toISOString() });
    const closed = await tx.reviewCase.updateManyAndReturn({
      where: { id, state: { not: 'closed' } },
      data: { state: 'closed', closedAt: now, closedAs: 'overtaken', conflict, ...NO_LEASE },
    });
    if (!closed.length) continue;
    await tx.reviewDecision.updateMany({
      where: { caseId: id, state: { in: ['pending', 'read'] } },
      data: { state: 'overtaken', settledAt: now },
    });
    const data = { clip: clip.id, state: clip.state };
    await recordAudit(tx, { tenantId: clip.tenantId, actor: 'review', action: 'case.overtaken', subject: id, data });
    await tellCase(tx, closed[0]!);
  }
}
