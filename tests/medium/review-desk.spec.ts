import type { DeskEvent, RoutingRule } from '#contracts';
import { DeskStream } from '#domain/review';
import { ReviewHarness, staff } from '../support/review.js';

const anna = staff('anna');
const ben = staff('ben');
const eve = staff('eve', ['senior']);

let review: ReviewHarness;
beforeAll(async () => (review = await ReviewHarness.open()), 60_000);
afterAll(() => review?.close());
afterEach(async () => {
  review.chance = 1;
  await review.db
    .$executeRaw`UPDATE review_cases SET state = 'closed', closed_at = now(), lease_holder = NULL WHERE state <> 'closed'`;
});

describe('taking the next case', () => {
  it('200 people at once get 200 different cases, the most pressing ones', async () => {
    await review.many(230);
    const taken = await Promise.all(Array.from({ length: 200 }, (_, i) => review.desk.leases.next(staff(`p${i}`))));
    expect(new Set(taken.map((grant) => grant!.case_id)).size).toBe(200);
    expect(await review.db.reviewCase.count({ where: { leaseHolder: { not: null } } })).toBe(200);
  }, 60_000);

  it('follows priority: severity, reach and the time that is left, also between clocks', async () => {
    const plain = await review.held('political', 0.6);
    const late = await review.held('political', 0.6);
    const severe = await review.held('graphic_violence', 0.6);
    await review.db.$executeRaw`UPDATE review_cases SET rank = rank + 4 WHERE id = ${late.row.id}`; // due a day earlier
    const order: string[] = [];
    for (const name of ['x', 'y', 'z']) order.push((await review.desk.leases.next(staff(name)))!.case_id);
    expect(order).toEqual([late.row.id, severe.row.id, plain.row.id]);
    const listed = await review.desk.lists.list(eve, { state: 'open', sort: 'priority', limit: 2 });
    expect(listed).toMatchObject({ has_more: true, total: 3 });
    const rest = await review.desk.lists.list(eve, { state: 'open', sort: 'priority', limit: 2, after: listed.next! });
    expect([...listed.data, ...rest.data].map(({ id }) => id)).toEqual(order);
  });

  it('gives nobody what their limits exclude, and nobody two at a time', async () => {
    const { row } = await review.held('sexual');
    for (const limits of [{ queues: ['que_senior'] }, { categories: ['hate' as const] }, { tenants: ['ten_other'] }])
      expect(await review.desk.leases.next(staff('limited', ['reviewer'], limits))).toBeNull();
    await expect(review.desk.leases.next(staff('auditor', ['auditor']))).rejects.toMatchObject({ code: 'not_allowed' });
    expect(await review.desk.leases.next(anna)).toMatchObject({ case_id: row.id });
    await review.held('sexual');
    await expect(review.desk.leases.next(anna)).rejects.toMatchObject({ code: 'lease_held' });
    const both = await Promise.allSettled([review.desk.leases.next(ben), review.desk.leases.next(ben)]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('a crashed browser gives its case back within a minute; one that beats keeps it', async () => {
    const { row } = await review.held();
    const { token } = (await review.desk.leases.next(anna))!;
    review.ahead += 40_000;
    const beat = await review.desk.leases.heartbeat(anna, row.id, { token, unblurred_ms: 700, watched: [[1, 2]] });
    expect(beat.viewers).toMatchObject([{ name: 'anna' }]);
    review.ahead += 40_000;
    expect(await review.desk.leases.next(ben)).toBeNull();
    expect(await review.desk.leases.sweep()).toBe(0);
    review.ahead += 6_000;
    expect(await review.desk.leases.sweep()).toBe(1);
    await expect(
      review.desk.leases.heartbeat(anna, row.id, { token, unblurred_ms: 0, watched: [] }),
    ).rejects.toMatchObject({ code: 'lease_lost' });
    expect(await review.desk.leases.next(ben)).toMatchObject({ case_id: row.id });
    review.ahead += 46_000; // without any sweep
    expect(await review.desk.leases.next(anna)).toMatchObject({ case_id: row.id });
  });

  it('counts what was seen unblurred by decision, person and day, and asks for a break', async () => {
    const { row } = await review.held();
    const tired = staff('tired');
    const { token } = (await review.desk.leases.next(tired))!;
    await review.desk.leases.heartbeat(tired, row.id, { token, unblurred_ms: 600_000, watched: [[0, 3]] });
    await review.desk.leases.heartbeat(tired, row.id, { token, unblurred_ms: 600_000, watched: [] });
    const body = {
      token,
      outcome: 'release',
      category: 'sexual',
      reason: 'Fine.',
      unblurred_ms: 600_000,
      watched: [[3, 4]],
    } as const;
    const { decision_id, exposure } = await review.desk.decisions.decide(tired, row.id, { ...body, watched: [[3, 4]] });
    expect(exposure).toEqual({ unblurred_s: 1800, budget_s: 1800, take_a_break: true });
    expect(await review.db.reviewDecision.findUniqueOrThrow({ where: { id: decision_id } })).toMatchObject({
      unblurredMs: 1_800_000,
      watched: [
        [0, 3],
        [3, 4],
      ],
    });
    const shift = await review.desk.shifts.shift(tired);
    expect(shift).toMatchObject({ decided_today: 1, exposure: { take_a_break: true }, holding: null });
    expect(shift.pending).toMatchObject([{ decision_id }]);
  });
});

describe('queues and routing', () => {
  const rule = (name: string, queue: string, when: RoutingRule['when']): RoutingRule => ({ name, queue, when });

  it('the first rule that fits decides, and a test says why', async () => {
    const words = await review.desk.queues.create(eve, {
      name: 'Politics',
      purpose: 'usual',
      second_share: 0,
      golden_share: 0,
      sample_share: 0,
    });
    const { version } = await review.desk.queues.routing(eve);
    const rules = [
      rule('Spanish', 'que_general', { languages: ['es'] }),
      rule('Children elsewhere', words.id, { categories: ['sexual_minors'] }),
      rule('Politics', words.id, { categories: ['political'], kinds: ['hold'], min_severity: 2 }),
    ];
    const saved = await review.desk.queues.putRouting(eve, { version, rules });
    await expect(review.desk.queues.putRouting(eve, { version, rules })).rejects.toMatchObject({
      code: 'routing_changed',
    });
    const { row } = await review.held('political', 0.6);
    expect(row.queueId).toBe(words.id);
    const test = await review.desk.queues.test(eve, { case_id: row.id });
    expect(test).toMatchObject({ queue: { name: 'Politics' }, rule: 'Politics' });
    expect(test.steps.map(({ fits }) => fits)).toEqual([false, false, true]);
    expect(await review.desk.queues.test(eve, { case_id: row.id, rules: [] })).toMatchObject({
      queue: { id: 'que_general' },
      rule: null,
    });

    const moved = await review.desk.queues.close(eve, words.id, 'que_general');
    expect(moved.moved).toBe(1);
    expect((await review.row(row.id)).queueId).toBe('que_general');
    const after = await review.desk.queues.routing(eve);
    expect(after.version).toBe(saved.version + 1);
    expect(after.rules.map(({ queue }) => queue)).toEqual(['que_general', 'que_general', 'que_general']);
    await expect(review.desk.queues.close(eve, words.id, 'que_general')).rejects.toMatchObject({
      code: 'queue_not_found',
    });
    for (const id of ['que_general', 'que_senior', 'que_child_safety'])
      await expect(review.desk.queues.close(eve, id, 'que_general')).rejects.toMatchObject({ code: 'queue_needed' });
    await expect(
      review.desk.queues.create(anna, {
        name: 'X',
        purpose: 'usual',
        second_share: 0,
        golden_share: 0,
        sample_share: 0,
      }),
    ).rejects.toMatchObject({ code: 'not_allowed' });
  });

  it('no case is left in a queue that closes while cases come in', async () => {
    const shares = { purpose: 'usual' as const, second_share: 0, golden_share: 0, sample_share: 0 };
    const busy = await review.desk.queues.create(eve, { name: 'Busy', ...shares });
    const { version } = await review.desk.queues.routing(eve);
    await review.desk.queues.putRouting(eve, { version, rules: [rule('All', busy.id, {})] });
    const opening = Array.from({ length: 8 }, () => review.held());
    const closing = review.desk.queues.close(eve, busy.id, 'que_general');
    await Promise.all([...opening, closing]);
    expect(await review.db.reviewCase.count({ where: { queueId: busy.id, state: { not: 'closed' } } })).toBe(0);
    expect(await review.db.reviewCase.count({ where: { queueId: 'que_general', state: 'open' } })).toBe(8);
  });

  it('released clips are sampled; what a reader refuses is withdrawn with a statement', async () => {
    const clip = await review.gate.drive((await review.gate.admit()).id);
    expect(clip.state).toBe('released');
    expect(await review.db.reviewCase.count({ where: { clipId: clip.id } })).toBe(0);
    const id = await review.db.$transaction((tx) =>
      review.desk.cases.open(tx, { kind: 'sample', clip, category: null, severity: 1 }),
    );
    await review.settle(anna, id, { outcome: 'refuse', category: 'harassment' });
    const after = await review.gate.clip(clip.id);
    expect(after.state).toBe('withdrawn');
    expect(await review.db.statement.findFirstOrThrow({ where: { clipId: clip.id } })).toMatchObject({
      automated: false,
    });
    expect(await review.row(id)).toMatchObject({ closedAs: 'refuse', conflict: null });
    // By its share: the gate tells of the release in its own transaction.
    await review.db.reviewSampling.create({ data: { tenantId: clip.tenantId, share: 1, by: 'test' } });
    review.chance = 0.5;
    await review.db.$transaction((tx) =>
      review.desk.cases.watch(tx, { ...clip, state: 'released' }, new Date(), 'logging'),
    );
    expect(await review.db.reviewCase.count({ where: { clipId: clip.id, state: 'open', kind: 'sample' } })).toBe(1);
  }, 60_000);

  it('withdrawn by its maker while a reader’s refusal settles: once, in either order', async () => {
    await review.forgetRefused();
    const clip = await review.gate.drive((await review.gate.admit()).id);
    const id = await review.db.$transaction((tx) =>
      review.desk.cases.open(tx, { kind: 'report', clip, category: 'harassment' }),
    );
    const again = await review.db.$transaction((tx) => review.desk.cases.open(tx, { kind: 'report', clip }));
    expect(again).toBe(id);
    expect(await review.row(id)).toMatchObject({
      reports: 2,
      reach: 1 + Math.log2(3),
      clock: '48h',
      queueId: 'que_general',
    });
    const decision = await review.decide(anna, id, { outcome: 'refuse', category: 'harassment' });
    const withdrawing = review.clips.withdraw(clip.tenantId, clip.id, { reason: 'maker' }, 'key:maker');
    await Promise.all([review.leave(decision), withdrawing]);
    expect((await review.gate.clip(clip.id)).state).toBe('withdrawn');
    expect(await review.db.withdrawal.count({ where: { clipId: clip.id } })).toBe(1);
    const { state } = await review.db.reviewDecision.findUniqueOrThrow({ where: { id: decision } });
    const { closedAs } = await review.row(id);
    expect([state, closedAs]).toEqual(state === 'settled' ? ['settled', 'refuse'] : ['overtaken', 'overtaken']);
  }, 60_000);

  it('single tenants and people have settings of their own', async () => {
    const boss = staff('boss', ['admin']);
    await expect(review.desk.settings.putSampling(boss, 'ten_none', 1)).rejects.toMatchObject({
      code: 'tenant_not_found',
    });
    const { tenantId } = review.gate.caller;
    await review.desk.settings.putSampling(boss, tenantId, 0.25);
    expect(await review.db.reviewSampling.findMany()).toMatchObject([{ tenantId, share: 0.25, by: 'staff:stf_boss' }]);
    expect(await review.desk.settings.putSampling(boss, tenantId, null)).toMatchObject({ share: null });
    expect(await review.db.reviewSampling.count()).toBe(0);
    await expect(review.desk.settings.putBudget(boss, 'stf_none', 10)).rejects.toMatchObject({
      code: 'staff_not_found',
    });
    await expect(review.desk.settings.putBudget(eve, 'stf_none', 10)).rejects.toMatchObject({ code: 'not_allowed' });
  });

  it('clips that nobody may remix are not remixed', async () => {
    const parent = await review.gate.drive((await review.gate.admit()).id);
    await review.db.clip.update({
      where: { id: parent.id },
      data: { limits: { label: null, age_gate: null, no_remix: true } },
    });
    await expect(review.gate.admit({}, { parent: await review.gate.clip(parent.id) })).rejects.toMatchObject({
      code: 'remix_not_allowed',
    });
  }, 60_000);
});

describe('clocks and events', () => {
  it('warning and breach are each told once', async () => {
    const { row } = await review.held('graphic_violence', 0.6);
    expect(row.dueAt.getTime() - row.openedAt.getTime()).toBe(3_600_000);
    const told = async () => {
      await review.desk.clocks.sweep();
      const events = await review.db.auditEvent.findMany({
        where: { subject: row.id, action: { startsWith: 'case.clock' } },
        orderBy: { id: 'asc' },
      });
      return events.map(({ action }) => action);
    };
    expect(await told()).toEqual([]);
    review.ahead += 46 * 60_000;
    await Promise.all([review.desk.clocks.sweep(), review.desk.clocks.sweep()]);
    expect(await told()).toEqual(['case.clock_warning']);
    review.ahead += 15 * 60_000;
    expect(await told()).toEqual(['case.clock_warning', 'case.clock_breached']);
    expect(await told()).toHaveLength(2);
    expect((await review.desk.views.view(eve, row.id)).clock.state).toBe('breached');
  });

  it('consoles hear ids, each only of what they may list', async () => {
    const stream = new DeskStream(review.gate.core.databaseUrl, () => undefined);
    const heard: Record<string, DeskEvent[]> = { anna: [], limited: [], kim: [] };
    await stream.listen(anna, (event) => void heard.anna!.push(event));
    await stream.listen(
      staff('limited', ['reviewer'], { queues: ['que_senior'] }),
      (event) => void heard.limited!.push(event),
    );
    await stream.listen(staff('kim', ['child_safety']), (event) => void heard.kim!.push(event));
    const { row } = await review.held('sexual');
    await review.decide(ben, row.id, { outcome: 'refuse', reason: 'A secret reason.' });
    await new Promise((done) => setTimeout(done, 500));
    await stream.close();
    expect(heard.anna).toContainEqual({ type: 'case.changed', case_id: row.id, queue_id: 'que_general' });
    expect([heard.limited, heard.kim]).toEqual([[], []]);
    expect(JSON.stringify(heard.anna)).not.toMatch(/refuse|ben|reason|video_/);
  });
});
