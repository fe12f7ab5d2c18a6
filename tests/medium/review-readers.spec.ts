import type { CaseView } from '#contracts';
import { blindSubjects } from '#domain/review';
import { ReviewHarness, staff } from '../support/review.js';

const anna = staff('anna');
const ben = staff('ben');
const carl = staff('carl', ['reviewer', 'auditor']);
const eve = staff('eve', ['senior']);
const kim = staff('kim', ['child_safety']);
const lou = staff('lou', ['child_safety']);

let review: ReviewHarness;
beforeAll(async () => (review = await ReviewHarness.open()), 60_000);
afterAll(() => review?.close());

const REASON = 'Only the first reader knows this sentence.';

/** Everything that a person can get hold of about a case. */
async function allThat(who: typeof anna, caseId: string): Promise<string> {
  const view = await review.desk.views.view(who, caseId);
  const list = await review.desk.lists.list(who, { state: 'open', sort: 'priority', limit: 100 });
  const shift = await review.desk.shifts.shift(who);
  return JSON.stringify([view, list.data.filter(({ id }) => id === caseId), shift]);
}

describe('severe cases', () => {
  it('are read twice, the second time blind', async () => {
    const { clip, row } = await review.held('graphic_violence', 0.6);
    expect(row).toMatchObject({ needs: 2, clock: '1h', severity: 4 });
    await review.settle(anna, row.id, { outcome: 'refuse', category: 'graphic_violence', reason: REASON });
    expect((await review.gate.clip(clip.id)).state).toBe('held');
    expect(await review.row(row.id)).toMatchObject({ state: 'open', stage: 'second' });
    await review.desk.views.note(anna, row.id, REASON);
    const seen = await allThat(ben, row.id);
    for (const secret of ['anna', 'refuse"', REASON, 'rev_'])
      expect(seen.replaceAll(/"outcomes":\[[^\]]*\]/g, '')).not.toContain(secret);
    await expect(review.desk.leases.take(anna, row.id)).rejects.toMatchObject({ code: 'case_read_before' });
    // Who may also read the audit record is told what to leave out of it.
    const events = await review.db.auditEvent.findMany({ where: { subject: row.id, actor: 'review' } });
    expect(JSON.stringify(events.map(({ data, action }) => [data, action]))).not.toMatch(/refuse|anna|rev_/);
    const hidden = await blindSubjects(review.db, carl);
    expect(hidden).toContain(row.id);
    const reading = await review.db.auditEvent.findFirstOrThrow({
      where: { action: 'case.read', actor: `staff:${anna.id}` },
      orderBy: { id: 'desc' },
    });
    expect(hidden).toContain(reading.subject);

    await review.settle(ben, row.id, { outcome: 'refuse', category: 'graphic_violence', reason: 'Gore.' });
    expect((await review.gate.clip(clip.id)).state).toBe('refused');
    const after: CaseView = await review.desk.views.view(ben, row.id);
    expect(after.readings.map(({ reader, state }) => [reader.name, state])).toEqual([
      ['anna', 'settled'],
      ['ben', 'settled'],
    ]);
    expect(after.notes).toHaveLength(1);
  });

  it('go to an arbiter when the readers disagree: a senior, and neither of the two', async () => {
    const { clip, row } = await review.held('hate', 0.6);
    await review.settle(eve, row.id, { outcome: 'refuse', category: 'hate', reason: 'Hate.' });
    await review.settle(ben, row.id, { outcome: 'release', category: 'hate', reason: 'A quotation.' });
    expect(await review.row(row.id)).toMatchObject({ state: 'open', stage: 'arbiter' });
    expect((await review.gate.clip(clip.id)).state).toBe('held');
    await expect(review.desk.leases.take(eve, row.id)).rejects.toMatchObject({ code: 'case_read_before' });
    await expect(review.desk.leases.take(anna, row.id)).rejects.toMatchObject({ code: 'not_allowed' });
    expect(JSON.stringify((await review.desk.views.view(anna, row.id)).readings)).toBe('[]');
    const judge = staff('judge', ['senior']);
    expect((await review.desk.views.view(judge, row.id)).readings).toHaveLength(2);
    await review.settle(judge, row.id, { outcome: 'release', category: 'hate', reason: 'News.' });
    expect((await review.gate.clip(clip.id)).state).toBe('queued');
    const decisions = await review.db.reviewDecision.findMany({ where: { caseId: row.id }, orderBy: { at: 'asc' } });
    expect(decisions.map(({ state }) => state)).toEqual(['overruled', 'settled', 'settled']);
  });

  it('need a second reader too when it is the reader who calls them severe, and by chance', async () => {
    const { row } = await review.held('sexual');
    await review.settle(anna, row.id, { outcome: 'refuse', category: 'self_harm' });
    expect((await review.row(row.id)).stage).toBe('second');
    await review.desk.queues.edit(eve, 'que_general', { second_share: 0.05 });
    review.chance = 0.01;
    const chosen = await review.held('sexual');
    review.chance = 1;
    expect(chosen.row.needs).toBe(2);
  });

  it('limits of two readers are joined to the stricter', async () => {
    const { clip, row } = await review.held('graphic_violence', 0.6);
    const outcome = 'release_limited' as const;
    await review.settle(anna, row.id, {
      outcome,
      category: 'graphic_violence',
      limits: { label: 'War', age_gate: 16, no_remix: false },
    });
    await review.settle(ben, row.id, {
      outcome,
      category: 'graphic_violence',
      limits: { label: null, age_gate: 18, no_remix: true },
    });
    expect((await review.gate.clip(clip.id)).limits).toEqual({ label: 'War', age_gate: 18, no_remix: true });
  });

  it('concerning children go to those trained for it, and two of them decide', async () => {
    const { clip, row } = await review.held('sexual');
    await review.settle(anna, row.id, { outcome: 'child_safety', category: 'sexual_minors', reason: 'Please look.' });
    const moved = await review.row(row.id);
    expect(moved).toMatchObject({
      state: 'open',
      stage: 'first',
      queueId: 'que_child_safety',
      category: 'sexual_minors',
      needs: 2,
    });
    await expect(review.desk.views.view(ben, row.id)).rejects.toMatchObject({ code: 'case_not_found' });
    expect(
      (await review.desk.lists.list(ben, { state: 'open', sort: 'due', limit: 100 })).data.map(({ id }) => id),
    ).not.toContain(row.id);
    await review.settle(kim, row.id, { outcome: 'refuse', category: 'sexual_minors' });
    expect((await review.gate.clip(clip.id)).state).toBe('held');
    await review.settle(lou, row.id, { outcome: 'refuse', category: 'sexual_minors' });
    expect((await review.gate.clip(clip.id)).state).toBe('refused');
  });
});

describe('readers with a key of the platform', () => {
  const decision = { outcome: 'release', category: 'sexual', reason: 'A statue.' } as const;

  it('decide through the same cases', async () => {
    const { clip, row } = await review.held();
    const keys = review.desk.keyReaders;
    const results = await Promise.allSettled(
      ['key:1', 'key:2'].map((key) => keys.decide(clip.tenantId, clip.id, decision, key)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toMatchObject([{ value: true }]);
    expect(await review.gate.clip(clip.id)).toMatchObject({ state: 'queued', review: { outcome: 'release' } });
    expect(await review.row(row.id)).toMatchObject({ state: 'closed', closedAs: 'release' });
    await expect(keys.decide(clip.tenantId, clip.id, decision, 'key:3')).rejects.toMatchObject({
      code: 'clip_not_held',
    });
    await expect(keys.decide('ten_other', clip.id, decision, 'key:3')).rejects.toMatchObject({
      code: 'video_not_found',
    });
  });

  it('are two for severe cases, and leave alone what somebody looks at', async () => {
    const { clip, row } = await review.held('graphic_violence', 0.6);
    const keys = review.desk.keyReaders;
    expect(await keys.decide(clip.tenantId, clip.id, decision, 'key:1')).toBe(false);
    expect((await review.gate.clip(clip.id)).state).toBe('held');
    await expect(keys.decide(clip.tenantId, clip.id, decision, 'key:1')).rejects.toMatchObject({
      code: 'case_read_before',
    });
    const { token } = await review.desk.leases.take(ben, row.id);
    await expect(keys.decide(clip.tenantId, clip.id, decision, 'key:2')).rejects.toMatchObject({ code: 'case_taken' });
    await review.desk.leases.giveBack(ben, row.id, token);
    expect(await keys.decide(clip.tenantId, clip.id, decision, 'key:2')).toBe(true);
    expect((await review.gate.clip(clip.id)).state).toBe('queued');
  });
});

describe('golden items', () => {
  const shape = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.slice(0, 1).map(shape);
    if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value;
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one)]));
  };

  it('look like any other case, settle nothing, and tell who was right', async () => {
    const { clip, row } = await review.held('sexual');
    await review.settle(anna, row.id, { outcome: 'refuse' });
    const made = await review.desk.golden.create(eve, {
      case_id: row.id,
      outcome: 'refuse',
      category: 'sexual',
      why: 'Known.',
    });
    await expect(
      review.desk.golden.create(eve, { case_id: row.id, outcome: 'refuse', category: 'sexual', why: 'Again.' }),
    ).rejects.toMatchObject({ code: 'golden_there' });
    const twin = await review.held('sexual');
    await review.db.reviewCase.updateMany({
      where: { state: 'open', id: { not: twin.row.id } },
      data: { state: 'closed', closedAt: new Date() },
    });

    review.chance = 0; // always
    const { case_id: goldenId, token } = await review.desk.leases.next(ben).then((grant) => grant!);
    review.chance = 1;
    expect(goldenId).not.toBe(twin.row.id);
    expect(await review.row(goldenId)).toMatchObject({ golden: true, clipId: clip.id, queueId: twin.row.queueId });
    const golden = await review.desk.views.view(ben, goldenId);
    await review.desk.leases.giveBack(ben, goldenId, token);
    await review.desk.leases.take(ben, twin.row.id);
    const real = await review.desk.views.view(ben, twin.row.id);
    await review.desk.leases.giveBack(ben, twin.row.id, (await review.row(twin.row.id)).leaseToken!);
    expect(shape({ ...golden, lease: null })).toEqual(shape({ ...real, lease: null }));
    expect(golden.clip.id).toMatch(/^video_[0-9a-f]{32}$/);
    expect(golden.id).toHaveLength(real.id.length);
    const words = JSON.stringify([golden, await review.desk.lists.items([goldenId], ben)]);
    for (const secret of ['golden', clip.id, 'refused', made.id]) expect(words).not.toContain(secret);
    const audit = async (id: string) =>
      (await review.db.auditEvent.findMany({ where: { subject: id }, orderBy: { id: 'asc' } })).map(
        ({ action, actor, data }) => shape({ action, actor, data }),
      );
    expect(await audit(goldenId)).toEqual(await audit(twin.row.id));

    const before = await review.gate.clip(clip.id);
    await review.settle(ben, goldenId, { outcome: 'release' });
    expect(await review.gate.clip(clip.id)).toEqual(before);
    expect(await review.row(goldenId)).toMatchObject({ state: 'closed', closedAs: 'release' });
    const { data } = await review.desk.golden.list(eve);
    expect(data.find(({ id }) => id === made.id)).toMatchObject({ shown: 1, right: 0 });
    await expect(review.desk.golden.list(anna)).rejects.toMatchObject({ code: 'not_allowed' });
    // Neither who decided the clip in earnest nor who met it already gets it again.
    review.chance = 0;
    for (const who of [anna, ben]) {
      const grant = await review.desk.leases.next(who);
      expect((await review.row(grant!.case_id)).golden).toBe(false);
      await review.desk.leases.giveBack(who, grant!.case_id, grant!.token);
    }
    review.chance = 1;
  });
});
