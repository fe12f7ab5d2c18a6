import { sleep } from '#kernel';
import { CaseView, type DecideCase } from '#contracts';
import type { Clip, ReviewCaseRow } from '#platform/database';
import { ReviewHarness, staff } from '../support/review.js';

const anna = staff('anna');
const ben = staff('ben');
const eve = staff('eve', ['senior']);

let review: ReviewHarness;
beforeAll(async () => (review = await ReviewHarness.open()), 60_000);
afterAll(() => review?.close());

const reasonOf = (results: PromiseSettledResult<unknown>[]) =>
  results.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []));

describe('a case', () => {
  it('is opened in the transaction of the hold, with its parts', async () => {
    const { clip, row } = await review.held('sexual', 0.6);
    expect(row).toMatchObject({
      kind: 'hold',
      state: 'open',
      stage: 'first',
      queueId: 'que_general',
      category: 'sexual',
      needs: 1,
    });
    expect(row).toMatchObject({ severity: 3, clock: '24h', heldAt: 'prompt' });
    const view = CaseView.parse(await review.desk.views.view(anna, row.id));
    expect(view.priority.score).toBeCloseTo(
      view.priority.severity * view.priority.reach * view.priority.doubt * view.priority.time_left,
      2,
    );
    expect(view.why.line.en).toContain('vision.nsfw 60 %');
    expect(view.why.line.fr).toContain('règle');
    expect(view).toMatchObject({
      clip: { id: clip.id, held_at: 'prompt', has_video: false },
      readings: [],
      may: { take: true },
    });
    const audit = await review.db.auditEvent.findMany({ where: { subject: row.id } });
    expect(audit.map(({ action }) => action)).toEqual(['case.opened', 'case.viewed']);
  });

  it('is not opened when the hold is not written', async () => {
    const before = await review.db.reviewCase.count();
    const { clip } = await review.held();
    const other = review.db.$transaction(async (tx) => {
      await review.desk.cases.open(tx, { kind: 'sample', clip });
      throw new Error('no');
    });
    await expect(other).rejects.toThrow('no');
    expect(await review.db.reviewCase.count()).toBe(before + 1);
  });

  it('is never opened for what a list of known pictures refuses: nobody has to look at it again', async () => {
    const known = {
      detector: 'fingerprint.block',
      category: 'sexual',
      source: 'fingerprint',
      state: 'measured',
    } as const;
    const injected = [{ ...known, score: 1, coverage: 'high' as const, model: { name: 'bank', version: '1' } }];
    const clip = await review.gate.drive((await review.gate.admit({}, { injected })).id);
    expect(clip.state).toBe('refused');
    expect(await review.db.reviewCase.count({ where: { clipId: clip.id } })).toBe(0);
    expect(await review.desk.cases.openMissing()).toBe(0);
  }, 60_000);

  it('is made for clips that were held before there were cases', async () => {
    const { clip, row } = await review.held();
    await review.db.$executeRaw`DELETE FROM review_cases WHERE id = ${row.id}`;
    expect(await review.desk.cases.openMissing()).toBe(1);
    expect((await review.caseOf(clip)).id).not.toBe(row.id);
    expect(await review.desk.cases.openMissing()).toBe(0);
  });
});

describe('decisions', () => {
  it('leave after ten seconds, and the clip goes on in the same transaction', async () => {
    const { clip, row } = await review.held();
    const id = await review.decide(anna, row.id, {
      outcome: 'release_limited',
      limits: { label: 'Art', age_gate: 16, no_remix: true },
    });
    await expect(review.desk.settling.settle(id)).rejects.toMatchObject({ code: 'decision_early' });
    expect(await review.gate.clip(clip.id)).toMatchObject({ state: 'held', limits: null });
    const promised = await review.db.outbox.findFirstOrThrow({ where: { job: 'review.settle', dedupeKey: id } });
    expect(promised.notBefore.getTime()).toBeGreaterThan(Date.now() + 8000);
    expect(await review.leave(id)).toBe(true);
    const moved = await review.gate.clip(clip.id);
    expect(moved).toMatchObject({
      state: 'queued',
      limits: { age_gate: 16 },
      review: { outcome: 'release_limited', reviewer: `staff:${anna.id}` },
    });
    expect(await review.row(row.id)).toMatchObject({ state: 'closed', closedAs: 'release_limited' });
    expect(await review.desk.settling.settle(id)).toBe(false);
  });

  it('refuse with a statement of reasons that names a person’s category', async () => {
    const { clip, row } = await review.held();
    await review.settle(anna, row.id, { outcome: 'refuse', category: 'harassment' });
    const { state, statementId } = await review.gate.clip(clip.id);
    expect(state).toBe('refused');
    const statement = await review.db.statement.findUniqueOrThrow({ where: { id: statementId! } });
    expect(statement).toMatchObject({ automated: false, categories: ['harassment'] });
  });

  it('can be undone until they leave, and only by who took them', async () => {
    const { clip, row } = await review.held();
    const id = await review.decide(anna, row.id);
    await expect(review.desk.decisions.undo(ben, id)).rejects.toMatchObject({ code: 'decision_not_found' });
    const { lease } = await review.desk.decisions.undo(anna, id);
    await expect(review.desk.decisions.undo(anna, id)).rejects.toMatchObject({ code: 'decision_left' });
    expect(await review.row(row.id)).toMatchObject({ state: 'open', leaseHolder: anna.id });
    expect(await review.leave(id)).toBe(false);
    expect((await review.gate.clip(clip.id)).state).toBe('held');
    await review.desk.leases.giveBack(anna, row.id, lease.token);
    await review.settle(anna, row.id);
    expect((await review.gate.clip(clip.id)).state).toBe('queued');
  });

  it('undone and settled at once, a hundred times: one of the two, whole', async () => {
    // Both believe that it is their time: the clock of the process that settles is ahead.
    const { settling } = review.deskOf({ now: () => new Date(review.clock.now().getTime() + 11_000) });
    const won = { settled: 0, undone: 0 };
    let open: { clip: Clip; row: ReviewCaseRow; token?: string } | null = null;
    for (let i = 0; i < 100; i++) {
      open ??= await review.held();
      const { clip, row } = open;
      const token = open.token ?? (await review.desk.leases.take(anna, row.id)).token;
      const word = { outcome: 'refuse' as const, category: 'sexual' as const, reason: 'No.' };
      const { decision_id } = await review.desk.decisions.decide(anna, row.id, {
        ...{ ...word, token, unblurred_ms: 0, watched: [] },
      });
      // Neither is always first.
      const ahead = (i % 10) - 4;
      const [undo, settle] = await Promise.allSettled([
        sleep(Math.max(0, -ahead) * 3).then(() => review.desk.decisions.undo(anna, decision_id)),
        sleep(Math.max(0, ahead) * 3).then(() => settling.settle(decision_id)),
      ]);
      const { state } = await review.db.reviewDecision.findUniqueOrThrow({ where: { id: decision_id } });
      const ends = [state, (await review.gate.clip(clip.id)).state, (await review.row(row.id)).state];
      if (undo.status === 'fulfilled') {
        won.undone++;
        expect([settle, ...ends]).toEqual([{ status: 'fulfilled', value: false }, 'undone', 'held', 'open']);
        open.token = undo.value.lease.token;
      } else {
        won.settled++;
        expect(undo.reason).toMatchObject({ code: 'decision_left' });
        expect([settle, ...ends]).toEqual([{ status: 'fulfilled', value: true }, 'settled', 'refused', 'closed']);
        expect(await review.db.statement.count({ where: { clipId: clip.id } })).toBe(1);
        open = null;
      }
    }
    expect(Math.min(won.undone, won.settled)).toBeGreaterThan(0);
    if (open?.token) await review.desk.leases.giveBack(anna, open.row.id, open.token);
  }, 120_000);

  it('decided twice at once with the same lease: once', async () => {
    const { row } = await review.held();
    const { token } = await review.desk.leases.take(anna, row.id);
    const body: DecideCase = {
      token,
      outcome: 'refuse',
      category: 'sexual',
      reason: 'Twice.',
      unblurred_ms: 0,
      watched: [],
    };
    const results = await Promise.allSettled([1, 2, 3].map(() => review.desk.decisions.decide(anna, row.id, body)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(reasonOf(results)).toEqual(['lease_lost', 'lease_lost']);
  });

  it('that the clip overtook are marked, and the case says where it went', async () => {
    const { clip, row } = await review.held();
    const id = await review.decide(anna, row.id);
    await review.clips.remove(clip.tenantId, clip.id, 'key:maker');
    expect(await review.leave(id)).toBe(false);
    expect(await review.row(row.id)).toMatchObject({
      state: 'closed',
      closedAs: 'overtaken',
      conflict: { state: 'deleted' },
    });
    expect(await review.db.reviewDecision.findUniqueOrThrow({ where: { id } })).toMatchObject({ state: 'overtaken' });
    await expect(review.desk.decisions.undo(anna, id)).rejects.toMatchObject({ code: 'decision_left' });
    expect((await review.desk.views.view(anna, row.id)).conflict).toMatchObject({ state: 'deleted' });
  });

  it('settled while the maker deletes: both end, in either order', async () => {
    for (let i = 0; i < 6; i++) {
      const { clip, row } = await review.held();
      const id = await review.decide(anna, row.id, { outcome: 'refuse' });
      const results = await Promise.allSettled([
        review.leave(id),
        review.clips.remove(clip.tenantId, clip.id, 'key:maker'),
      ]);
      expect(reasonOf(results)).toEqual([]);
      expect((await review.gate.clip(clip.id)).state).toBe('deleted');
      const { closedAs } = await review.row(row.id);
      const { state } = await review.db.reviewDecision.findUniqueOrThrow({ where: { id } });
      expect([closedAs, state]).toEqual(closedAs === 'refuse' ? ['refuse', 'settled'] : ['overtaken', 'overtaken']);
    }
  });

  it('survive that the job was lost: the reconciler asks for them again', async () => {
    const { row } = await review.held();
    const id = await review.decide(anna, row.id);
    await review.db.outbox.deleteMany({ where: { dedupeKey: id } });
    review.ahead += 20_000;
    const asked: string[] = [];
    const queue = { add: async (_: string, { decisionId }: { decisionId: string }) => void asked.push(decisionId) };
    await review.desk.settling.reconcile(queue as never);
    expect(asked).toContain(id);
  });

  it('escalated go to the seniors with the reason, and no further', async () => {
    const { row } = await review.held();
    await review.settle(anna, row.id, { outcome: 'escalate', reason: 'I cannot tell.' });
    expect(await review.row(row.id)).toMatchObject({ state: 'open', queueId: 'que_senior', stage: 'first' });
    await expect(review.desk.leases.take(anna, row.id)).rejects.toMatchObject({ code: 'case_read_before' });
    const view = await review.desk.views.view(eve, row.id);
    expect(view.readings).toMatchObject([{ outcome: 'escalate', reason: 'I cannot tell.', reader: { name: 'anna' } }]);
    await expect(review.decide(eve, row.id, { outcome: 'escalate' })).rejects.toMatchObject({
      code: 'cannot_escalate',
    });
  });
});
