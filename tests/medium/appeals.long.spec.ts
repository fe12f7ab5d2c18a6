import { buffer } from 'node:stream/consumers';
import { AppealView, type DecideCase } from '#contracts';
import { PromptRefusedError } from '#domain/gate';
import { Accounts } from '#domain/notices';
import type { StaffCaller } from '#platform/auth';
import { json, type Clip } from '#platform/database';
import { synthetic } from '../support/gate.js';
import { picture, ReviewHarness, staff } from '../support/review.js';

const DAY_MS = 24 * 3_600_000;
const [anna, ben, carl, dora] = ['anna', 'ben', 'carl', 'dora'].map((name) => staff(name)) as [
  StaffCaller,
  StaffCaller,
  StaffCaller,
  StaffCaller,
];
const eve = staff('eve', ['senior']);
const wrong = { outcome: 'refuse', category: 'violence', reason: 'It looks violent.' } as const;
const right = { outcome: 'release', category: 'violence', reason: 'It is a fox.' } as const;

let review: ReviewHarness;
let tenant: { tenantId: string; keyId: string };
beforeAll(async () => {
  review = await ReviewHarness.open();
  tenant = review.gate.caller;
}, 60_000);
afterEach(() => review.forgetRefused());
afterAll(() => review?.close());

const state = async ({ id }: Pick<Clip, 'id'>) => (await review.gate.clip(id)).state;
const statementOf = async ({ id }: Pick<Clip, 'id'>) => (await review.gate.clip(id)).statementId!;
const appeal = (statement_id: string, user?: string) =>
  review.notices.appeals.create(tenant, { statement_id, reason: 'This is wrong.', ...(user && { user }) });
const caseId = async (id: string) => (await review.db.appeal.findUniqueOrThrow({ where: { id } })).caseId;

/** Bytes of a clip as they are served. */
async function served({ id }: Pick<Clip, 'id'>): Promise<number> {
  const { stream } = await review.gate.content.open(tenant.tenantId, id, 'video');
  return (await buffer(stream)).length;
}

/** Decides an appeal with as many readers as it needs. */
async function decide(id: string, body: Partial<DecideCase>, readers = [carl, dora]): Promise<AppealView> {
  const about = await caseId(id);
  for (const reader of readers) {
    if ((await review.row(about)).state === 'closed') break;
    await review.settle(reader, about, body);
  }
  return AppealView.parse(await review.notices.appeals.get(tenant.tenantId, id));
}

/** A finished clip that two readers refused. */
async function refusedByPeople(maker: string): Promise<Clip> {
  const held = await review.gate.drive((await review.gate.admit({ user: maker }, { injected: [synthetic(0.6)] })).id);
  expect(held.state).toBe('held');
  const { id } = await review.caseOf(held);
  await review.settle(anna, id, wrong);
  if ((await review.row(id)).state !== 'closed') await review.settle(ben, id, wrong);
  expect(await state(held)).toBe('refused');
  return review.gate.clip(held.id);
}

describe('an appeal that is right', () => {
  it('undoes a refusal: the clip is released through the whole pipeline, and nothing of it is held against anybody', async () => {
    const clip = await refusedByPeople('mia');
    const maker = await review.db.maker.findFirstOrThrow({ where: { externalId: 'mia' } });
    const entries = () => review.db.hashEntry.count({ where: { clipId: clip.id, removedAt: null } });
    expect(await entries()).toBeGreaterThan(0);
    expect((await review.notices.makers.of(eve, maker.id)).points).toBe(1);
    const { id, statement_id } = await appeal(await statementOf(clip), 'mia');
    const ended = await decide(id, right);
    expect(ended).toMatchObject({ outcome: 'overturned', restored: 'marking', reason: 'It is a fox.' });
    expect(ended.text?.en).toMatch(/out-of-court/);
    expect(ended.text?.fr).toMatch(/règlement extrajudiciaire/);
    expect(await state(clip)).toBe('marking');
    expect(await entries()).toBe(0);
    const after = await review.notices.makers.of(eve, maker.id);
    expect(after).toMatchObject({ points: 0, strikes: [{ statement_id, state: 'overturned' }] });
    expect((await review.gate.drive(clip.id)).state).toBe('released');
    expect(await served(clip)).toBeGreaterThan(1000);
    const own = await review.clips.statement(tenant.tenantId, statement_id);
    expect(own.overturned).toMatchObject({ appeal_id: id, restored: 'marking' });
  });

  it('stops again for what nobody saw before it was let go on', async () => {
    const clip = await refusedByPeople('mona');
    await decide((await appeal(await statementOf(clip))).id, right);
    const injected = json([synthetic(0.65)]);
    await review.db.clip.update({ where: { id: clip.id }, data: { injected } });
    expect((await review.gate.drive(clip.id)).state).toBe('held');
  });

  it('undoes a refusal by machines alone, which exclude nobody', async () => {
    const clip = await review.gate.drive((await review.gate.admit({}, { injected: [synthetic(0.99)] })).id);
    expect(clip.state).toBe('refused');
    const { id } = await appeal(await statementOf(clip));
    expect(await review.row(await caseId(id))).toMatchObject({
      kind: 'appeal',
      clock: '48h',
      excluded: [],
      fresh: true,
    });
    expect(await decide(id, right, [anna, ben])).toMatchObject({ restored: 'marking' });
  });

  it('undoes the refusal of a request: it is made, and costs nothing', async () => {
    const refused = (await review.gate
      .admit({ prompt: 'Hardcore porn, explicit sex scene, naked woman, xxx', user: 'noa' })
      .catch((e: unknown) => e)) as PromptRefusedError;
    expect(refused).toBeInstanceOf(PromptRefusedError);
    const { id } = await appeal(await statementOf({ id: refused.clipId }), 'noa');
    expect(await decide(id, { ...right, category: 'sexual' })).toMatchObject({ restored: 'queued' });
    expect(await review.gate.clip(refused.clipId)).toMatchObject({ state: 'queued', statementId: null, heldAt: null });
    expect(await review.db.creditEntry.count({ where: { clipId: refused.clipId } })).toBe(0);
    expect((await review.gate.step(refused.clipId)).state).toBe('inspecting');
  });

  it('undoes a withdrawal: what it was made from is kept for that, and released anew under another id', async () => {
    const clip = await review.gate.drive((await review.gate.admit({ user: 'ola' })).id, undefined);
    await review.notices.reports.create(
      { ...tenant, trustedFlagger: false },
      {
        clip: clip.id,
        kind: 'terms',
        category: 'violence',
        reason: 'It frightens me.',
        good_faith: false,
        user: 'pim',
      },
    );
    await review.settle(anna, (await review.caseOf(clip)).id, wrong);
    expect(await state(clip)).toBe('withdrawn');
    await review.clips.erase(clip.id);
    const { blobs } = review.gate.core;
    expect(await blobs.stat(clip.signedSha256!)).toBeNull();
    expect(await blobs.stat(clip.sourceSha256!)).not.toBeNull();
    const { id } = await appeal(await statementOf(clip), 'ola');
    await expect(review.desk.leases.take(anna, await caseId(id))).rejects.toMatchObject({ code: 'case_read_before' });
    expect(await decide(id, right)).toMatchObject({ restored: 'remade' });
    const reversal = await review.db.statementReversal.findFirstOrThrow({ where: { appealId: id } });
    const anew = await review.gate.drive(reversal.restoredClipId!);
    expect(anew).toMatchObject({ state: 'released', prompt: clip.prompt, makerId: clip.makerId });
    expect(anew.releaseId).not.toBe(clip.releaseId);
    expect(await state(clip)).toBe('withdrawn');
    expect(await served(anew)).toBeGreaterThan(1000);
  });

  it('says so when the files are gone, and gives the credits back once', async () => {
    await review.db.tenant.update({ where: { id: tenant.tenantId }, data: { credits: 100 } });
    const clip = await refusedByPeople('quy');
    const statementId = await statementOf(clip);
    await review.clips.remove(tenant.tenantId, clip.id, 'key:maker');
    await review.clips.erase(clip.id);
    const { id } = await appeal(statementId, 'quy');
    const ended = await decide(id, right);
    expect(ended).toMatchObject({ outcome: 'overturned', restored: 'gone' });
    expect(ended.text?.en).toContain('may be asked for anew');
    expect((await review.db.tenant.findUniqueOrThrow({ where: { id: tenant.tenantId } })).credits).toBe(100);
    await review.db.tenant.update({ where: { id: tenant.tenantId }, data: { credits: null } });
  });

  it('may come to a release with limits, which is stated and can be contested itself', async () => {
    const clip = await refusedByPeople('rob');
    const { id } = await appeal(await statementOf(clip));
    const limits = { label: null, age_gate: 16 as const, no_remix: false };
    await decide(id, { ...right, outcome: 'release_limited', limits });
    const limited = await review.clips.statement(tenant.tenantId, await statementOf(clip));
    expect(limited).toMatchObject({ decision: 'limit', limits: { age_gate: 16 }, overturned: null });
    expect((await review.gate.drive(clip.id)).state).toBe('released');
    const second = await appeal(limited.id);
    expect(await decide(second.id, right, [dora, eve, staff('fay')].slice(2))).toMatchObject({ restored: 'unlimited' });
    expect(await review.gate.clip(clip.id)).toMatchObject({ state: 'released', limits: null });
  });
});

describe('an appeal that is not', () => {
  it('leaves everything, gives reasons, and names what else can be done', async () => {
    const clip = await refusedByPeople('sam');
    const { id } = await appeal(await statementOf(clip), 'sam');
    const ended = await decide(id, wrong);
    expect(ended).toMatchObject({ outcome: 'upheld', restored: null, reason: 'It looks violent.' });
    expect(ended.text?.en).toMatch(/the decision stands[^]*out-of-court/);
    expect(await state(clip)).toBe('refused');
    expect(await review.db.statementReversal.count({ where: { appealId: id } })).toBe(0);
  });

  it('ends the keeping of what was withdrawn', async () => {
    const clip = await review.gate.drive((await review.gate.admit()).id);
    const report = { clip: clip.releaseId, kind: 'terms' as const, category: 'violence' as const, reason: 'No.' };
    await review.notices.reports.create(null, { ...report, good_faith: false });
    await review.settle(anna, (await review.caseOf(clip)).id, wrong);
    const { id } = await appeal(await statementOf(clip));
    await decide(id, wrong);
    review.ahead += 1;
    await review.clips.erase(clip.id);
    expect(await review.gate.clip(clip.id)).toMatchObject({ sourceSha256: null, inspection: null });
    // Other clips of the same engine are the same bytes; only what this one names is gone.
    expect((await review.gate.clip(clip.id)).signedSha256).toBeNull();
  });
});

describe('who decides', () => {
  it('is never who decided before, however many take at once', async () => {
    const clip = await refusedByPeople('tom');
    const { id } = await appeal(await statementOf(clip));
    const about = await caseId(id);
    expect((await review.row(about)).excluded.toSorted()).toEqual([anna.id, ben.id]);
    await review.db.reviewCase.updateMany({
      where: { state: 'open', id: { not: about } },
      data: { state: 'closed', closedAt: new Date() },
    });
    const readers = [anna, ben, anna, ben, carl, anna, ben, dora];
    const taken = await Promise.allSettled(
      readers.map((reader, i) => (i % 2 ? review.desk.leases.next(reader) : review.desk.leases.take(reader, about))),
    );
    expect((await review.row(about)).leaseHolder).toMatch(/carl|dora/);
    const grants = taken.flatMap((one, i) => (one.status === 'fulfilled' && one.value ? [readers[i]!.name] : []));
    expect(grants).toHaveLength(1);
    expect(['carl', 'dora']).toContain(grants[0]);
    await decide(id, right, grants[0] === 'carl' ? [carl, dora] : [dora, carl]);
  });

  it('shows the desk what is contested, how and until when', async () => {
    const clip = await refusedByPeople('uma');
    const { id } = await appeal(await statementOf(clip), 'uma');
    const { data } = await review.notices.appeals.list(carl, { state: 'open', limit: 100 });
    expect(data.find((one) => one.id === id)).toMatchObject({
      ...{ said: 'This is wrong.', category: 'violence', clock: { kind: '48h', state: 'running' } },
      statement: { maker: 'uma', decision: 'refuse', automated: false },
    });
    await decide(id, wrong);
    expect(
      (await review.notices.appeals.list(carl, { state: 'open', limit: 100 })).data.map((one) => one.id),
    ).not.toContain(id);
    expect((await review.notices.appeals.list(carl, { state: 'decided', limit: 1 })).data).toMatchObject([{ id }]);
    const elsewhere = { state: 'decided' as const, limit: 10 };
    expect(
      (await review.notices.appeals.list(staff('x', ['reviewer'], { tenants: ['ten_other'] }), elsewhere)).data,
    ).toEqual([]);
  });
});

describe('an appeal', () => {
  it('is taken once, also when two are sent at the same moment', async () => {
    const statementId = await statementOf(await refusedByPeople('vic'));
    const sent = await Promise.allSettled([1, 2, 3].map(() => appeal(statementId)));
    expect(sent.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const codes = sent.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code: string }).code] : []));
    expect(codes).toEqual(['already_appealed', 'already_appealed']);
    expect(await review.db.reviewCase.count({ where: { kind: 'appeal', state: 'open' } })).toBe(1);
    await expect(appeal(statementId)).rejects.toMatchObject({ code: 'already_appealed' });
  });

  it('is the business of the tenant and of the person concerned', async () => {
    const statementId = await statementOf(await refusedByPeople('wim'));
    const other = { tenantId: 'ten_other', keyId: 'key_x' };
    const body = { statement_id: statementId, reason: 'Not mine.' };
    await expect(review.notices.appeals.create(other, body)).rejects.toMatchObject({ code: 'statement_not_found' });
    await expect(appeal(statementId, 'somebody')).rejects.toMatchObject({ code: 'not_your_statement' });
    const { id } = await appeal(statementId, 'wim');
    await expect(review.notices.appeals.get('ten_other', id)).rejects.toMatchObject({ code: 'appeal_not_found' });
  });

  it('comes too late after six months', async () => {
    const statementId = await statementOf(await refusedByPeople('xia'));
    const { ahead } = review;
    review.ahead += 185 * DAY_MS;
    await expect(appeal(statementId)).rejects.toMatchObject({ code: 'appeal_too_late', kind: 'gone' });
    review.ahead = ahead;
    await expect(appeal(statementId)).resolves.toMatchObject({ state: 'open' });
  });

  it('that waits too long is told of by the clocks of review', async () => {
    const { id } = await appeal(await statementOf(await refusedByPeople('yan')));
    const { ahead } = review;
    review.ahead += 3 * DAY_MS;
    await review.desk.clocks.sweep();
    review.ahead = ahead;
    const told = await review.db.auditEvent.findMany({ where: { subject: await caseId(id) }, orderBy: { id: 'asc' } });
    expect(told.map(({ action }) => action)).toEqual(['case.opened', 'case.clock_warning', 'case.clock_breached']);
  });
});

describe('a measure against an account', () => {
  const maker = async (name: string) => (await review.db.maker.findFirstOrThrow({ where: { externalId: name } })).id;
  const suspend = (id: string, days = 7, by = eve) =>
    review.notices.accounts.act(by, id, {
      ...{ kind: 'suspend', reason: 'Again and again.', category: 'violence' },
      until: new Date(review.clock.now().getTime() + days * DAY_MS).toISOString(),
    });

  it('rests on a decision that stands', async () => {
    await review.gate.admit({ user: 'zoe' });
    await expect(suspend(await maker('zoe'))).rejects.toMatchObject({ code: 'no_ground' });
  });

  it('is for those who may, and fits what is in force', async () => {
    await refusedByPeople('abe');
    const id = await maker('abe');
    await expect(suspend(id, 7, anna)).rejects.toMatchObject({ code: 'not_allowed' });
    await expect(suspend(id, 400)).rejects.toMatchObject({ code: 'until_out_of_range' });
    const elsewhere = staff('fox', ['senior'], { tenants: ['ten_other'] });
    await expect(suspend(id, 7, elsewhere)).rejects.toMatchObject({ code: 'maker_not_found' });
    const act = (kind: 'lift' | 'ban') =>
      review.notices.accounts.act(eve, id, {
        kind,
        reason: 'So it is.',
        ...(kind === 'ban' && { category: 'violence' }),
      });
    await expect(act('lift')).rejects.toMatchObject({ code: 'nothing_to_lift' });
    await act('ban');
    await expect(suspend(id)).rejects.toMatchObject({ code: 'account_banned' });
    await expect(review.gate.admit({ user: 'abe' })).rejects.toMatchObject({ code: 'account_banned' });
    await act('lift');
    await expect(review.gate.admit({ user: 'abe' })).resolves.toMatchObject({ state: 'queued' });
    const { actions, standing } = await review.notices.makers.of(eve, id);
    expect([standing, ...actions.map(({ kind }) => kind)]).toEqual(['open', 'lift', 'ban']);
    const told = await review.db.auditEvent.findMany({ where: { subject: id }, orderBy: { id: 'asc' } });
    expect(told.map(({ action }) => action)).toEqual(['account.ban', 'account.lift']);
  });

  it('is enforced until its end, stated, and lifted by an appeal that its author cannot decide', async () => {
    await refusedByPeople('bea');
    const id = await maker('bea');
    await suspend(id);
    await expect(review.gate.admit({ user: 'bea' })).rejects.toMatchObject({ code: 'account_suspended' });
    await expect(review.gate.admit({ user: 'zoe' })).resolves.toMatchObject({ state: 'queued' });
    const [action] = (await review.notices.makers.of(eve, id)).actions;
    const [until, statement_id] = [action!.until!, action!.statement_id!];
    const later = { now: () => new Date(new Date(until).getTime() + 1) };
    const accounts = new Accounts(review.db, later, review.gate.policies);
    await expect(accounts.assertOpen(id)).resolves.toBeUndefined();
    const stated = await review.clips.statement(tenant.tenantId, statement_id);
    expect(stated).toMatchObject({ decision: 'suspend', maker: 'bea', ends_at: until, automated: false });
    expect(stated.text.fr).toContain('compte suspendu jusqu’au');
    const sent = await appeal(statement_id, 'bea');
    await expect(review.desk.leases.take(eve, await caseId(sent.id))).rejects.toMatchObject({
      code: 'case_read_before',
    });
    expect(await decide(sent.id, right)).toMatchObject({ restored: 'account' });
    await expect(review.gate.admit({ user: 'bea' })).resolves.toMatchObject({ state: 'queued' });
    expect(await review.notices.accounts.status(tenant.tenantId, 'bea')).toMatchObject({ standing: 'open' });
  });

  it('falls with the decision that it rests on', async () => {
    const { id } = await appeal(await statementOf(await refusedByPeople('cleo')), 'cleo');
    await suspend(await maker('cleo'));
    await decide(id, right);
    await expect(review.gate.admit({ user: 'cleo' })).resolves.toMatchObject({ state: 'queued' });
    expect(await review.db.statementReversal.count({ where: { appealId: id, restored: 'account' } })).toBe(1);
  });
});

it('keeps an unreleased reference picture out of a restored request when it is gone', async () => {
  const reference = picture('sexual', 0.99);
  const refused = (await review.gate.admit({}, { reference }).catch((e: unknown) => e)) as PromptRefusedError;
  const { id } = await appeal(await statementOf({ id: refused.clipId }));
  expect(await decide(id, { ...right, category: 'sexual' })).toMatchObject({ restored: 'gone' });
  expect(await state({ id: refused.clipId })).toBe('refused');
});
