import type { Clock } from '#kernel';
import { CaseLimits, type CaseKind, type CaseOutcome, type Category } from '#contracts';
import { ClipError, StaleClipError, type Policies } from '#domain/gate';
import { recordAudit } from '#platform/audit';
import { CHILD_SAFETY } from '#platform/auth';
import {
  json,
  type Clip,
  type Database,
  type ReviewCaseRow,
  type ReviewDecisionRow,
  type Transaction,
} from '#platform/database';
import type { QueueClient } from '#platform/queue';
import { actorOf } from './decisions.js';
import { ReviewError } from './errors.js';
import { tellCase, tellDesk } from './events.js';
import { SEVERE } from './facts.js';
import { holdQueue, lockCase, NO_LEASE } from './rows.js';
import type { Settler } from './settlers.js';

/** Decisions that are overdue for longer than this are asked for again. */
const OVERDUE_MS = 3000;
const MOST_TRIES = 5;

type Loaded = ReviewDecisionRow & { case: ReviewCaseRow & { decisions: ReviewDecisionRow[] } };

/** What a decision leads to when it leaves. */
type Plan = 'escalate' | 'child_safety' | 'second' | 'arbiter' | 'final';

function agrees(one: Pick<ReviewDecisionRow, 'outcome'>, other: Pick<ReviewDecisionRow, 'outcome'>): boolean {
  return one.outcome === other.outcome;
}

/** The stricter of what two readers asked for. */
function stricter(some: readonly unknown[]): CaseLimits | null {
  const all = some.filter(Boolean).map((limits) => CaseLimits.parse(limits));
  if (!all.length) return null;
  const ages = all.flatMap(({ age_gate }) => age_gate ?? []);
  return {
    label: all.findLast(({ label }) => label)?.label ?? null,
    age_gate: ages.length ? (Math.max(...ages) as CaseLimits['age_gate']) : null,
    no_remix: all.some(({ no_remix }) => no_remix),
  };
}

/** Lets decisions leave: the next reading, or the end of the case together with the clip's move. */
export class Settling {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly policies: Pick<Policies, 'now'>,
    private readonly settlers: Readonly<Record<CaseKind, Settler>>,
  ) {}

  /**
   * Settles a decision whose time to be undone is over. Doing it twice is doing it once.
   * @returns false when there was nothing to do (any more)
   * @throws ReviewError `decision_early` before its time; what the gate throws, to be tried again
   */
  async settle(decisionId: string): Promise<boolean> {
    const decision = await this.load(decisionId);
    if (decision?.state !== 'pending') return false;
    if (decision.leavesAt > this.clock.now())
      throw new ReviewError('conflict', 'decision_early', 'This decision may still be undone.');
    const plan = await this.plan(decision);
    if (plan === 'final') return this.end(decision);
    return this.database.$transaction(async (tx) => this.goOn(tx, decision, plan));
  }

  /** Asks again for what the queue lost. @returns how many */
  async reconcile(queue: QueueClient): Promise<number> {
    const before = new Date(this.clock.now().getTime() - OVERDUE_MS);
    const overdue = await this.database.reviewDecision.findMany({
      where: { state: 'pending', leavesAt: { lt: before } },
      select: { id: true },
      take: 200,
    });
    for (const { id } of overdue) await queue.add('review.settle', { decisionId: id }, id);
    return overdue.length;
  }

  private load(id: string): Promise<Loaded | null> {
    return this.database.reviewDecision.findUnique({
      where: { id },
      include: { case: { include: { decisions: { where: { state: 'read' }, orderBy: { at: 'asc' } } } } },
    });
  }

  private async plan(decision: Loaded): Promise<Plan> {
    if (decision.outcome === 'escalate') return 'escalate';
    if (decision.outcome === 'child_safety') return decision.case.golden ? 'final' : 'child_safety';
    if (decision.stage === 'arbiter') return 'final';
    const [first] = decision.case.decisions;
    if (first) return agrees(first, decision) ? 'final' : 'arbiter';
    const { taxonomy } = await this.policies.now();
    const severe = taxonomy[decision.category as Category].severity >= SEVERE;
    return severe || decision.case.needs === 2 ? 'second' : 'final';
  }

  /** The case goes to another reader. */
  private async goOn(tx: Transaction, decision: Loaded, plan: Exclude<Plan, 'final'>): Promise<boolean> {
    const now = this.clock.now();
    const counts = plan === 'second' || plan === 'arbiter';
    // Queues before cases, as when one is closed: nobody waits in a circle.
    const queueId = counts ? null : await queueFor(tx, plan === 'escalate' ? 'senior' : 'child_safety');
    const row = await lockCase(tx, decision.caseId);
    const { count } = await tx.reviewDecision.updateMany({
      where: { id: decision.id, state: 'pending' },
      data: { state: counts ? 'read' : 'escalated', settledAt: now },
    });
    if (!count || row.state !== 'pending') return false;
    const change = counts ? { stage: plan, needs: 2 } : await this.handOver(tx, row, plan, queueId!);
    const open = await tx.reviewCase.update({ where: { id: row.id }, data: { ...change, state: 'open', ...NO_LEASE } });
    // No word of who or what: the next reader is blind.
    const action = {
      escalate: 'case.escalated',
      child_safety: 'case.child_safety',
      second: 'case.second',
      arbiter: 'case.arbiter',
    };
    await recordAudit(tx, { tenantId: row.tenantId, actor: 'review', action: action[plan], subject: row.id });
    await tellCase(tx, row);
    if (open.queueId !== row.queueId) await tellCase(tx, open);
    await tellDesk(tx, { event: { type: 'shift' }, to: decision.reader });
    return true;
  }

  /** Nothing is sealed yet: those trained for it have to look first, and what they refuse is. */
  private async handOver(tx: Transaction, row: ReviewCaseRow, plan: Plan, queueId: string) {
    if (plan === 'escalate') return { queueId };
    // Readings of before were made by people who are not trained for it.
    await tx.reviewDecision.updateMany({ where: { caseId: row.id, state: 'read' }, data: { state: 'escalated' } });
    return { queueId, category: CHILD_SAFETY[0]!, severity: 5, needs: 2, stage: 'first' };
  }

  /** The case ends, and the clip moves, both or neither. */
  private async end(decision: Loaded): Promise<boolean> {
    for (let tries = 1; ; tries++) {
      const clip = await this.database.clip.findUniqueOrThrow({ where: { id: decision.clipId } });
      const close = (tx: Transaction) => this.close(tx, decision);
      try {
        if (decision.case.golden) await this.database.$transaction(close);
        else await this.settlers[decision.case.kind as CaseKind](this.settlement(decision, clip), close);
        return true;
      } catch (e) {
        if (e instanceof SettledAlready) return false;
        if (e instanceof StaleClipError && tries < MOST_TRIES) continue;
        // A version of the policy that came meanwhile asks for two.
        if (e instanceof ClipError && e.code === 'second_reviewer_required' && decision.stage === 'first')
          return this.database.$transaction((tx) => this.goOn(tx, decision, 'second'));
        if (e instanceof ClipError && ['clip_not_held', 'video_not_found', 'video_not_released'].includes(e.code))
          return this.overtaken(decision);
        throw e;
      }
    }
  }

  private settlement(decision: Loaded, clip: Clip) {
    const agreeing = decision.case.decisions.filter((one) => agrees(one, decision));
    return {
      ...{ caseId: decision.caseId, kind: decision.case.kind as CaseKind, clip, reason: decision.reason },
      outcome: decision.outcome as 'release' | 'release_limited' | 'refuse',
      category: decision.category as Category,
      limits: stricter([...agreeing, decision].map(({ limits }) => limits)),
      by: actorOf(decision.reader),
      readers: [...decision.case.decisions, decision].map(({ reader }) => reader),
      reference: decision.case.reference,
    };
  }

  /** @throws SettledAlready when it was undone, or done, meanwhile */
  private async close(tx: Transaction, decision: Loaded): Promise<void> {
    const now = this.clock.now();
    const row = await lockCase(tx, decision.caseId);
    const { count } = await tx.reviewDecision.updateMany({
      where: { id: decision.id, state: 'pending' },
      data: { state: 'settled', settledAt: now },
    });
    if (!count || row.state !== 'pending') throw new SettledAlready();
    const earlier = { caseId: row.id, state: 'read' };
    const same = { outcome: decision.outcome };
    await tx.reviewDecision.updateMany({ where: { ...earlier, ...same }, data: { state: 'settled', settledAt: now } });
    await tx.reviewDecision.updateMany({ where: earlier, data: { state: 'overruled', settledAt: now } });
    const closed = await tx.reviewCase.update({
      where: { id: row.id },
      data: { state: 'closed', closedAt: now, closedAs: decision.outcome, ...NO_LEASE },
    });
    // Of a held clip each stage is a question of its own.
    if (row.kind !== 'hold') await overturn(tx, decision, now);
    const data = {
      outcome: decision.outcome,
      category: decision.category,
      decision: decision.id,
      stage: decision.stage,
    };
    const actor = actorOf(decision.reader);
    await recordAudit(tx, { tenantId: row.tenantId, actor, action: 'case.settled', subject: row.id, data });
    await tellCase(tx, closed);
    await tellDesk(tx, { event: { type: 'shift' }, to: decision.reader });
  }

  /** The clip moved by a way that nobody follows; usually its move has closed the case already. */
  private async overtaken(decision: Loaded): Promise<boolean> {
    return this.database.$transaction(async (tx) => {
      const now = this.clock.now();
      const row = await lockCase(tx, decision.caseId);
      if (row.state !== 'pending') return false;
      const { state } = await tx.clip.findUniqueOrThrow({ where: { id: row.clipId } });
      await tx.reviewDecision.updateMany({
        where: { caseId: row.id, state: { in: ['pending', 'read'] } },
        data: { state: 'overtaken', settledAt: now },
      });
      const conflict = json({ state, at: now.toISOString() });
      const data = { state: 'closed', closedAt: now, closedAs: 'overtaken', conflict };
      await tellCase(tx, await tx.reviewCase.update({ where: { id: row.id }, data }));
      const fact = {
        tenantId: row.tenantId,
        actor: 'review',
        action: 'case.overtaken',
        subject: row.id,
        data: { state },
      };
      await recordAudit(tx, fact);
      return true;
    });
  }
}

/** The open queue for what is handed over, kept open until the transaction ends. */
async function queueFor(tx: Transaction, purpose: 'senior' | 'child_safety'): Promise<string> {
  const queue = await tx.reviewQueue.findFirst({ where: { purpose, closedAt: null }, orderBy: { id: 'asc' } });
  if (!queue || !(await holdQueue(tx, queue.id))) throw new Error(`there is no open queue for ${purpose}`);
  return queue.id;
}

/** Somebody else was first; nothing is written. */
class SettledAlready extends Error {}

const PASSES: readonly CaseOutcome[] = ['release', 'release_limited'];

/** Earlier decisions about the clip that this one contradicts. */
async function overturn(tx: Transaction, decision: Loaded, now: Date): Promise<void> {
  const passes = PASSES.includes(decision.outcome as CaseOutcome);
  await tx.reviewDecision.updateMany({
    where: {
      ...{ clipId: decision.clipId, state: 'settled', overturnedAt: null, caseId: { not: decision.caseId } },
      case: { golden: false },
      outcome: passes ? 'refuse' : { in: [...PASSES] },
    },
    data: { overturnedAt: now },
  });
}
