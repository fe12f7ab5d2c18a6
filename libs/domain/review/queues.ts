import { newId, type Clock } from '#kernel';
import {
  RoutingRule,
  type CreateQueue,
  type EditQueue,
  type PutRouting,
  type QueueClosed,
  type QueueList,
  type QueueView,
  type Routing,
  type RoutingTest,
  type TestRouting,
} from '#contracts';
import { recordAudit } from '#platform/audit';
import { assertMay, mayDo, type StaffCaller } from '#platform/auth';
import { json, Prisma, type Database, type ReviewQueueRow, type Transaction } from '#platform/database';
import { z } from 'zod';
import { caseFilter, placeOf } from './access.js';
import { routingState } from './cases.js';
import { caseNotFound, queueNotFound, ReviewError } from './errors.js';
import { tellDesk } from './events.js';
import { routeCase, type Routed } from './routing.js';

/** Queues and the rules that fill them. */
export class Queues {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** The open queues that this person may look into, with their numbers of now. */
  async list(staff: StaffCaller): Promise<QueueList> {
    assertMay(staff, 'queue.read');
    const rows = await this.database.reviewQueue.findMany({
      where: { closedAt: null, ...(staff.queues && { id: { in: [...staff.queues] } }) },
      orderBy: [{ isDefault: 'desc' }, { name: 'asc' }],
    });
    return { object: 'list', data: await this.views(staff, rows) };
  }

  /** @throws ReviewError `queue_name_taken` */
  async create(staff: StaffCaller, body: CreateQueue): Promise<QueueView> {
    assertMay(staff, 'queue.edit');
    const row = await this.change(staff, 'queue.created', (tx) =>
      tx.reviewQueue.create({
        data: {
          ...{ id: newId('que'), name: body.name, purpose: body.purpose, createdAt: this.clock.now() },
          ...{ secondShare: body.second_share, goldenShare: body.golden_share, sampleShare: body.sample_share },
        },
      }),
    );
    return this.one(staff, row);
  }

  /** @throws ReviewError `queue_not_found`, `queue_name_taken` */
  async edit(staff: StaffCaller, id: string, body: EditQueue): Promise<QueueView> {
    assertMay(staff, 'queue.edit', { queueId: id });
    const row = await this.change(staff, 'queue.edited', async (tx) => {
      const { second_share: secondShare, golden_share: goldenShare, sample_share: sampleShare, name } = body;
      const data = { name, secondShare, goldenShare, sampleShare };
      const [changed] = await tx.reviewQueue.updateManyAndReturn({ where: { id, closedAt: null }, data });
      if (!changed) throw queueNotFound(id);
      return changed;
    });
    return this.one(staff, row);
  }

  /**
   * Closes a queue: its cases and the rules that lead to it go to another one in the same transaction. Nobody loses a lease.
   * @throws ReviewError `queue_not_found`, `queue_needed` for the default and for the last of its purpose
   */
  async close(staff: StaffCaller, id: string, moveTo: string): Promise<QueueClosed> {
    assertMay(staff, 'queue.edit', { queueId: id });
    const { row, moved } = await this.database.$transaction(async (tx) => {
      await lockRouting(tx);
      const open = await tx.reviewQueue.findMany({ where: { closedAt: null } });
      const queue = open.find((one) => one.id === id);
      if (!queue) throw queueNotFound(id);
      const others = open.filter((one) => one.id !== id && one.purpose === queue.purpose);
      if (queue.isDefault || !others.length) throw needed(queue);
      const target = others.find((one) => one.id === moveTo);
      if (!target)
        throw new ReviewError('invalid', 'queue_unfit', 'Its cases need an open queue of the same purpose.', {
          param: 'move_to',
        });
      const closed = await tx.reviewQueue.update({ where: { id }, data: { closedAt: this.clock.now() } });
      const { count } = await tx.reviewCase.updateMany({
        where: { queueId: id, state: { not: 'closed' } },
        data: { queueId: moveTo },
      });
      await this.redirect(tx, staff, id, moveTo);
      const actor = `staff:${staff.id}`;
      await recordAudit(tx, { actor, action: 'queue.closed', subject: id, data: { moved: count, to: moveTo } });
      for (const queue_id of [id, moveTo]) await tellDesk(tx, { event: { type: 'queue.changed', queue_id } });
      return { row: closed, moved: count };
    });
    return { queue: await this.one(staff, row), moved };
  }

  /** The rules in force. */
  async routing(staff: StaffCaller): Promise<Routing> {
    assertMay(staff, 'routing.read');
    return this.database.$transaction((tx) => routingView(tx));
  }

  /** Replaces the rules. @throws ReviewError `routing_changed` when somebody else did since; `queue_not_found` */
  async putRouting(staff: StaffCaller, body: PutRouting): Promise<Routing> {
    assertMay(staff, 'routing.edit');
    return this.database.$transaction(async (tx) => {
      await lockRouting(tx);
      const { version, queues } = await routingState(tx);
      if (version !== body.version)
        throw new ReviewError(
          'conflict',
          'routing_changed',
          'Somebody else changed the rules meanwhile. Read them again.',
        );
      const missing = body.rules.find((rule) => !queues.some(({ id }) => id === rule.queue));
      if (missing) throw queueNotFound(missing.queue);
      await this.write(tx, staff, version + 1, body.rules);
      return routingView(tx);
    });
  }

  /** Where a case would go, by the rules in force or by others. @throws ReviewError `case_not_found` */
  async test(staff: StaffCaller, body: TestRouting): Promise<RoutingTest> {
    assertMay(staff, 'routing.read');
    return this.database.$transaction(async (tx) => {
      const row = await tx.reviewCase.findUnique({ where: { id: body.case_id } });
      if (!row || !mayDo(staff, 'case.list', placeOf(row))) throw caseNotFound(body.case_id);
      const { rules, queues } = await routingState(tx);
      const one = row as typeof row & Pick<Routed, 'kind' | 'category'>;
      const { queueId, rule, steps } = routeCase(body.rules ?? rules, queues, one);
      const { id, kind, category, language, severity, tenantId: tenant } = one;
      const queue = { id: queueId, name: queues.find((some) => some.id === queueId)!.name };
      return { case: { id, kind, category, language, tenant, severity }, queue, rule, steps };
    });
  }

  private async redirect(tx: Transaction, staff: StaffCaller, from: string, to: string): Promise<void> {
    const { version, rules } = await routingState(tx);
    if (!rules.some(({ queue }) => queue === from)) return;
    const next = rules.map((rule) => (rule.queue === from ? { ...rule, queue: to } : rule));
    await this.write(tx, staff, version + 1, next);
  }

  private async write(tx: Transaction, staff: StaffCaller, version: number, rules: RoutingRule[]): Promise<void> {
    const named = rules.map((rule) => ({ ...rule, id: rule.id ?? newId('rul') }));
    const by = `staff:${staff.id}`;
    await tx.reviewRouting.create({ data: { version, rules: json(named), by, at: this.clock.now() } });
    await recordAudit(tx, {
      actor: by,
      action: 'routing.changed',
      subject: `routing@${version}`,
      data: { rules: rules.length },
    });
  }

  private async change(
    staff: StaffCaller,
    action: string,
    write: (tx: Transaction) => Promise<ReviewQueueRow>,
  ): Promise<ReviewQueueRow> {
    try {
      return await this.database.$transaction(async (tx) => {
        const row = await write(tx);
        const { name, secondShare, goldenShare, sampleShare } = row;
        const data = { name, secondShare, goldenShare, sampleShare };
        await recordAudit(tx, { actor: `staff:${staff.id}`, action, subject: row.id, data });
        await tellDesk(tx, { event: { type: 'queue.changed', queue_id: row.id } });
        return row;
      });
    } catch (e) {
      if ((e as { code?: unknown }).code !== 'P2002') throw e;
      throw new ReviewError('conflict', 'queue_name_taken', 'Another open queue has this name.', { param: 'name' });
    }
  }

  private async one(staff: StaffCaller, row: ReviewQueueRow): Promise<QueueView> {
    return (await this.views(staff, [row]))[0]!;
  }

  private async views(staff: StaffCaller, rows: readonly ReviewQueueRow[]): Promise<QueueView[]> {
    const now = this.clock.now();
    const numbers = await this.database.$queryRaw<Numbers[]>`
      SELECT c.queue_id AS id, count(*)::int AS open, (count(*) FILTER (WHERE c.lease_until > ${now}))::int AS leased,
        min(c.opened_at) AS oldest, min(c.due_at) AS due, (count(*) FILTER (WHERE c.due_at <= ${now}))::int AS breached
      FROM review_cases c WHERE c.state = 'open' AND c.queue_id = ANY(${rows.map(({ id }) => id)})
        AND ${openTo(staff)} GROUP BY 1`;
    const edits = mayDo(staff, 'queue.edit');
    return rows.map((row) => {
      const counted = numbers.find(({ id }) => id === row.id);
      return {
        id: row.id,
        object: 'queue',
        name: row.name,
        purpose: row.purpose as QueueView['purpose'],
        is_default: row.isDefault,
        second_share: edits ? row.secondShare : null,
        golden_share: edits ? row.goldenShare : null,
        sample_share: edits ? row.sampleShare : null,
        open: counted?.open ?? 0,
        leased: counted?.leased ?? 0,
        oldest_at: counted?.oldest.toISOString() ?? null,
        next_due_at: counted?.due.toISOString() ?? null,
        breached: counted?.breached ?? 0,
        created_at: row.createdAt.toISOString(),
        closed_at: row.closedAt?.toISOString() ?? null,
      };
    });
  }
}

interface Numbers {
  id: string;
  open: number;
  leased: number;
  oldest: Date;
  due: Date;
  breached: number;
}

/** People who run the place see numbers of all cases; readers those of the cases that are for them. */
function openTo(staff: StaffCaller): Prisma.Sql {
  return mayDo(staff, 'queue.edit') ? Prisma.sql`TRUE` : caseFilter(staff, 'case.list');
}

/** One change of queues and rules at a time. */
async function lockRouting(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('review:routing', 0))`;
}

async function routingView(tx: Transaction): Promise<Routing> {
  const { version, rules, queues } = await routingState(tx);
  const named = z.array(RoutingRule.extend({ id: z.string() })).parse(rules);
  return { object: 'routing', version, rules: named, default_queue: queues.find(({ isDefault }) => isDefault)!.id };
}

function needed(queue: ReviewQueueRow): ReviewError {
  const message = queue.isDefault
    ? 'The default queue takes what no rule speaks of: it cannot be closed.'
    : 'This is the last queue of its purpose: it cannot be closed.';
  return new ReviewError('conflict', 'queue_needed', message);
}
