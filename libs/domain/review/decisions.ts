import { newId, type Clock } from '#kernel';
import type {
  CaseLimits,
  CaseOutcome,
  CaseStage,
  Category,
  DecideCase,
  DecisionReceipt,
  UndoReceipt,
} from '#contracts';
import { recordAudit } from '#platform/audit';
import { assertMay, type StaffCaller } from '#platform/auth';
import { json, type Database, type ReviewCaseRow, type ReviewDecisionRow, type Transaction } from '#platform/database';
import { promiseJob } from '#platform/queue';
import { placeOf, READING } from './access.js';
import { ReviewError } from './errors.js';
import { tellCase, tellDesk } from './events.js';
import type { Exposure } from './exposure.js';
import { leaseTo, type Leases } from './leases.js';
import { lockCase, NO_LEASE, PATIENT, UNDO_MS } from './rows.js';
import { dropViewer } from './viewers.js';

/** A reading as it is written down. */
export interface Reading {
  reader: { id: string; name: string };
  outcome: CaseOutcome;
  category: Category;
  reason: string;
  limits?: CaseLimits | undefined;
  leavesAt: Date;
  tookMs: number;
  unblurredMs: number;
  watched: unknown;
}

/**
 * Writes a reading and promises that it is settled when its time to be undone is over. The audit record names reader and reading,
 * not the case: whoever reads the case next must not learn of it. What was decided is put on record when the case is settled.
 */
export async function writeReading(tx: Transaction, row: ReviewCaseRow, reading: Reading, now: Date): Promise<string> {
  const id = newId('rev', now.getTime());
  const { outcome, category, reason, limits, leavesAt, tookMs, unblurredMs } = reading;
  await tx.reviewDecision.create({
    data: {
      ...{ id, caseId: row.id, clipId: row.clipId, tenantId: row.tenantId, queueId: row.queueId, stage: row.stage },
      ...{ reader: reading.reader.id, readerName: reading.reader.name, outcome, category, reason },
      ...{ at: now, leavesAt, tookMs, unblurredMs, watched: json(reading.watched) },
      ...(limits && { limits: json(limits) }),
    },
  });
  const pending = await tx.reviewCase.update({ where: { id: row.id }, data: { state: 'pending', ...NO_LEASE } });
  await recordAudit(tx, {
    tenantId: row.tenantId,
    actor: actorOf(reading.reader.id),
    action: 'case.read',
    subject: id,
  });
  await promiseJob(tx, { job: 'review.settle', payload: { decisionId: id }, dedupeKey: id, notBefore: leavesAt });
  await tellCase(tx, pending);
  return id;
}

/** How a reader is called in the audit record and by the gate. */
export function actorOf(reader: string): string {
  return reader.startsWith('key:') ? reader : `staff:${reader}`;
}

/** What readers decide, and taking it back. */
export class Decisions {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly leases: Leases,
    private readonly exposure: Exposure,
  ) {}

  /**
   * Decides the case that this person holds. Nothing leaves for ten seconds.
   * @throws ReviewError `lease_lost`, `cannot_escalate`; AuthError
   */
  async decide(staff: StaffCaller, caseId: string, body: DecideCase): Promise<DecisionReceipt> {
    return this.database.$transaction(async (tx) => {
      const now = this.clock.now();
      const row = await this.leases.held(tx, staff, caseId, body.token);
      assertMay(staff, 'case.decide', placeOf(row));
      assertMay(staff, READING[row.stage as CaseStage], placeOf(row));
      if (row.kind === 'appeal') assertMay(staff, 'appeal.decide', placeOf(row));
      if (body.outcome === 'escalate') await assertEscalates(tx, row);
      const leavesAt = new Date(now.getTime() + UNDO_MS);
      const id = await writeReading(
        tx,
        row,
        {
          ...{
            reader: staff,
            outcome: body.outcome,
            category: body.category,
            reason: body.reason,
            limits: body.limits,
          },
          ...{ leavesAt, tookMs: now.getTime() - row.leaseAt!.getTime() },
          unblurredMs: row.leaseUnblurred + body.unblurred_ms,
          watched: [...(row.leaseWatched as unknown[]), ...body.watched],
        },
        now,
      );
      const exposure = await this.exposure.add(tx, staff.id, now, body.unblurred_ms, 1);
      await dropViewer(tx, caseId, staff.id);
      await tellDesk(tx, { event: { type: 'shift' }, to: staff.id });
      return { decision_id: id, case_id: caseId, leaves_at: leavesAt.toISOString(), exposure };
    }, PATIENT);
  }

  /**
   * Takes a decision back before it leaves; the case is the reader's again.
   * @throws ReviewError `decision_not_found`, `decision_left`, `lease_held`
   */
  async undo(staff: StaffCaller, decisionId: string): Promise<UndoReceipt> {
    return this.database.$transaction(async (tx) => {
      const now = this.clock.now();
      const known = await tx.reviewDecision.findFirst({ where: { id: decisionId, reader: staff.id } });
      if (!known) throw new ReviewError('not_found', 'decision_not_found', 'You took no such decision.');
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`lease:${staff.id}`}, 0))`;
      // Always the case before its decisions, so that nobody waits for anybody in a circle.
      const row = await lockCase(tx, known.caseId);
      const { count } = await tx.reviewDecision.updateMany({
        where: { id: decisionId, state: 'pending', leavesAt: { gt: now } },
        data: { state: 'undone', settledAt: now },
      });
      if (!count || row.state !== 'pending') throw decisionLeft(known);
      const other = await tx.reviewCase.findFirst({ where: { leaseHolder: staff.id } });
      // The one that was taken meanwhile goes back.
      if (other) await tellCase(tx, await tx.reviewCase.update({ where: { id: other.id }, data: NO_LEASE }));
      const open = await tx.reviewCase.update({ where: { id: row.id }, data: { state: 'open' } });
      const seen = { unblurred_ms: known.unblurredMs, watched: known.watched as [number, number][] };
      const lease = await leaseTo(tx, open.id, staff, now, seen);
      await this.exposure.add(tx, staff.id, now, 0, -1);
      const actor = actorOf(staff.id);
      await recordAudit(tx, { tenantId: row.tenantId, actor, action: 'case.undone', subject: decisionId });
      await tellDesk(tx, { event: { type: 'shift' }, to: staff.id });
      return { case_id: row.id, lease };
    }, PATIENT);
  }
}

function decisionLeft({ state }: ReviewDecisionRow): ReviewError {
  const message =
    state === 'overtaken'
      ? 'The clip moved before this decision could leave: there is nothing to undo.'
      : 'It is too late to undo this decision: it has left.';
  return new ReviewError('conflict', 'decision_left', message);
}

async function assertEscalates(tx: Transaction, row: ReviewCaseRow): Promise<void> {
  const { purpose } = await tx.reviewQueue.findUniqueOrThrow({ where: { id: row.queueId } });
  if (purpose === 'usual' && row.stage !== 'arbiter') return;
  throw new ReviewError('conflict', 'cannot_escalate', 'There is nobody above to escalate this case to: decide it.');
}
