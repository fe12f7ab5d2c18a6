import { CATEGORIES, DsaBatch, DSA_COLUMNS, ReportReceipt, type CreateReport } from '#contracts';
import { writeStatement, readDecisions } from '#domain/gate';
import type { Clip } from '#platform/database';
import { ReviewHarness, staff } from '../support/review.js';

const DAY_MS = 24 * 3_600_000;
const anna = staff('anna');
const eve = staff('eve', ['senior']);
const kim = staff('kim', ['child_safety']);
const lea = staff('lea', ['child_safety']);
const auditor = staff('max', ['auditor']);

let review: ReviewHarness;
let clip: Clip;
let sender: { tenantId: string; keyId: string; trustedFlagger: boolean };
beforeAll(async () => {
  review = await ReviewHarness.open();
  const { tenantId, keyId } = review.gate.caller;
  sender = { tenantId, keyId, trustedFlagger: false };
  clip = await review.gate.drive((await review.gate.admit({ user: 'mia' })).id);
}, 120_000);
afterEach(() => review.forgetRefused());
afterAll(() => review?.close());

const released = async () => review.gate.drive((await review.gate.admit({ user: 'mia' })).id);
const text = { kind: 'terms', category: 'violence', reason: 'It frightens me.', good_faith: false } as const;
const report = (one: Pick<Clip, 'id'>, more: Partial<CreateReport> = {}, from: typeof sender | null = sender) =>
  review.notices.reports.create(from, { ...text, clip: one.id, ...more });
const caseOf = async (id: string) =>
  review.row((await review.db.userReport.findUniqueOrThrow({ where: { id } })).caseId);

/** A strict reader of RFC 4180: whatever is not in it is an error. */
function readCsv(csv: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (let at = 0; at < csv.length;) {
    const quoted = /"((?:[^"]|"")*)"/y;
    const plain = /[^",\r\n]*/y;
    const pattern = csv[at] === '"' ? quoted : plain;
    pattern.lastIndex = at;
    const found = pattern.exec(csv);
    if (!found) throw new Error(`no field at ${at}`);
    row.push(pattern === quoted ? found[1]!.replaceAll('""', '"') : found[0]);
    at += found[0].length;
    if (csv[at] === ',') {
      at += 1;
      continue;
    }
    if (!csv.startsWith('\r\n', at)) throw new Error(`no end of line at ${at}`);
    rows.push(row);
    row = [];
    at += 2;
  }
  if (row.length) throw new Error('the last line has no end');
  return rows;
}

async function all(lines: AsyncIterable<string>): Promise<string> {
  let whole = '';
  for await (const line of lines) whole += line;
  return whole;
}

describe('statements of reasons', () => {
  it('of every category leave as the lines of the bulk file, and come back from a strict reader', async () => {
    const last = readDecisions(clip.decisions).at(-1)!.decision;
    const { current } = review.gate.policies;
    const ids: string[] = [];
    for (const category of CATEGORIES) {
      const { id } = await review.db.$transaction((tx) =>
        writeStatement(tx, clip, current, last, { reviewedAs: category, measure: 'withdraw', source: 'review' }),
      );
      ids.push(id);
    }
    const [header, ...rows] = readCsv(await all(await review.notices.statements.csv(auditor, {})));
    expect(header).toEqual([...DSA_COLUMNS]);
    expect(rows.map((row) => row.length)).toEqual(rows.map(() => DSA_COLUMNS.length));
    const cell = (row: string[], column: (typeof DSA_COLUMNS)[number]) => row[DSA_COLUMNS.indexOf(column)]!;
    expect(rows.map((row) => cell(row, 'platform_uid')).toSorted()).toEqual(ids.toSorted());
    for (const row of rows) {
      const { dsa } = await review.db.statement.findUniqueOrThrow({ where: { id: cell(row, 'platform_uid') } });
      const stored = dsa as Record<string, unknown>;
      for (const column of DSA_COLUMNS.filter((one) => one in stored)) {
        const value = stored[column];
        expect(Array.isArray(value) ? (JSON.parse(cell(row, column)) as unknown) : cell(row, column)).toEqual(value);
      }
    }
    expect(JSON.stringify(rows)).not.toContain('snowy forest');
  });

  it('leave in batches that fit the rules of the database, by days', async () => {
    const today = new Date().toISOString().slice(0, 10);
    const batches: DsaBatch[] = [];
    for await (const batch of review.notices.statements.exportBatches({ from: today, to: today })) batches.push(batch);
    expect(batches.flatMap(({ statements }) => statements)).toHaveLength(CATEGORIES.length);
    expect(batches.every((batch) => DsaBatch.safeParse(batch).success)).toBe(true);
    const none = review.notices.statements.exportBatches({ from: '2020-01-01', to: '2020-01-02' });
    expect(await none.next()).toMatchObject({ done: true });
    const twice = { statements: [batches[0]!.statements[0], batches[0]!.statements[0]] };
    expect(DsaBatch.safeParse(twice).success).toBe(false);
  });

  it('are listed in pages, for those who may see the tenant, and stay as they were written', async () => {
    const first = await review.notices.statements.list(anna, { limit: 5 });
    const second = await review.notices.statements.list(anna, { limit: 100, after: first.next! });
    expect([first.data.length, first.data.length + second.data.length]).toEqual([5, CATEGORIES.length]);
    const hate = await review.notices.statements.list(anna, { category: 'hate', maker: 'mia', limit: 5 });
    expect(hate.data).toMatchObject([{ maker: 'mia', categories: ['hate'], decision: 'withdraw', automated: false }]);
    const elsewhere = staff('x', ['reviewer'], { tenants: ['ten_other'] });
    expect((await review.notices.statements.list(elsewhere, { limit: 5 })).data).toEqual([]);
    await expect(review.notices.statements.list(staff('y', ['admin']), { limit: 5 })).rejects.toMatchObject({
      code: 'not_allowed',
    });
    await expect(
      review.db.statement.update({ where: { id: first.data[0]!.id }, data: { automated: true } }),
    ).rejects.toThrow(/append-only/);
  });

  it('are announced to the platform in the transaction that writes them', async () => {
    await review.db.webhookEndpoint.create({
      data: {
        ...{ id: 'we_1', tenantId: sender.tenantId, url: 'https://example.com/', secret: 'sealed' },
        eventTypes: ['statement.created', 'report.decided'],
      },
    });
    const { row } = await review.held('sexual', 0.6, 'mia');
    const limits = { label: 'Art', age_gate: null, no_remix: true };
    await review.settle(anna, row.id, { outcome: 'release_limited', limits });
    const { statementId } = await review.gate.clip(row.clipId);
    const stated = await review.clips.statement(sender.tenantId, statementId!);
    expect(stated).toMatchObject({
      decision: 'limit',
      limits,
      source: 'own',
      appeal_until: expect.any(String) as string,
    });
    expect(stated.text.fr).toContain('publication avec des limites');
    const told = await review.db.webhookDelivery.findMany({ where: { type: 'statement.created' } });
    expect(told.map(({ body }) => (JSON.parse(body) as { data: { id: string } }).data.id)).toEqual([statementId]);
  });
});

describe('a report', () => {
  // Later reports of the same release have a case of their own.
  afterEach(() =>
    review.db.reviewCase.updateMany({
      where: { clipId: clip.id, state: { not: 'closed' } },
      data: { state: 'closed', closedAs: 'overtaken', closedAt: new Date(), leaseHolder: null },
    }),
  );

  it('leads to a case within a day, whose outcome its reporter is told', async () => {
    const one = await released();
    const sent = ReportReceipt.parse(await report(one, { user: 'pim' }));
    const about = await caseOf(sent.id);
    expect(about).toMatchObject({ kind: 'report', clock: '24h', category: 'violence', reports: 1, clipId: one.id });
    expect(sent).toMatchObject({ state: 'open', outcome: null, due_at: about.dueAt.toISOString() });
    await review.settle(anna, about.id, { outcome: 'refuse', category: 'violence' });
    const told = await review.notices.reports.receipt(null, sent.id, sent.token);
    expect(told).toMatchObject({ state: 'decided', outcome: 'removed' });
    expect(told.redress?.en).toContain('out-of-court');
    const { statementId } = await review.gate.clip(one.id);
    expect(await review.clips.statement(sender.tenantId, statementId!)).toMatchObject({
      ...{ decision: 'withdraw', source: 'report', automated: false },
      text: { en: expect.stringContaining('after a report by a user') as string },
    });
    const delivered = await review.db.webhookDelivery.findMany({ where: { type: 'report.decided' } });
    expect(delivered).toHaveLength(1);
    // It cannot be put up again.
    expect(
      await review.db.hashEntry.count({ where: { clipId: one.id, removedAt: null, bank: { kind: 'reupload' } } }),
    ).toBeGreaterThan(0);
    await expect(report(one)).rejects.toMatchObject({ code: 'release_ended' });
  });

  it('joins the ones before, and counts by how its reporter’s earlier ones ended', async () => {
    const one = clip;
    const first = await report(one, { user: 'qua' });
    const reach = (await caseOf(first.id)).reach;
    const second = await report(one, { user: 'rob' });
    const both = await caseOf(second.id);
    expect(both).toMatchObject({ id: (await caseOf(first.id)).id, reports: 2 });
    expect(both.reach).toBeGreaterThan(reach);
    await expect(report(one, { user: 'qua' })).rejects.toMatchObject({
      code: 'already_reported',
      details: { data: { report_id: first.id } },
    });
    await review.settle(anna, both.id, { outcome: 'release', category: 'violence' });
    expect(await review.notices.reports.receipt(sender.tenantId, first.id)).toMatchObject({ outcome: 'kept' });
    const weightOf = async (user: string) => {
      const { id } = await report(one, { user });
      return (await review.db.userReport.findUniqueOrThrow({ where: { id } })).weight.toFixed(2);
    };
    // One that was upheld, none yet, one that was not.
    expect([await weightOf('pim'), await weightOf('new'), await weightOf('qua')]).toEqual(['1.33', '1.00', '0.67']);
  });

  it('of a trusted flagger weighs more, and the statement says so', async () => {
    const one = await released();
    const { id } = await report(one, { user: 'org' }, { ...sender, trustedFlagger: true });
    expect((await review.db.userReport.findUniqueOrThrow({ where: { id } })).weight).toBe(4);
    await review.settle(anna, (await caseOf(id)).id, { outcome: 'refuse', category: 'violence' });
    const { statementId } = await review.gate.clip(one.id);
    const { dsa } = await review.db.statement.findUniqueOrThrow({ where: { id: statementId! } });
    expect(dsa).toMatchObject({ source_type: 'SOURCE_TRUSTED_FLAGGER', automated_detection: 'No' });
  });

  it('of intimate pictures has 48 hours, and who signed it is sealed', async () => {
    const one = clip;
    const contact = { name: 'Noor Example', email: 'noor@example.org' };
    const more = { kind: 'ncii', category: 'likeness', good_faith: true, contact } as const;
    const { id } = await report(one, { ...more, clip: `https://example.com/watch/${one.releaseId}?x=1` }, null);
    const about = await caseOf(id);
    expect(about).toMatchObject({ clock: '48h', category: 'likeness', needs: 2 });
    expect(about.dueAt.getTime() - about.openedAt.getTime()).toBe(2 * DAY_MS);
    const row = await review.db.userReport.findUniqueOrThrow({ where: { id } });
    expect(JSON.stringify(row)).not.toMatch(/Noor|noor@/);
    const audit = await review.db.auditEvent.findMany({ where: { subject: id } });
    expect(audit).toMatchObject([{ action: 'report.received', actor: 'public' }]);
    expect(
      JSON.stringify(audit, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    ).not.toMatch(/Noor|frightens/);
  });

  it('that says worse than the one before takes the case to those who are trained for it', async () => {
    const one = clip;
    const { id } = await report(one, { user: 'sol' });
    const { token } = await review.desk.leases.take(anna, (await caseOf(id)).id);
    await report(one, { user: 'tea', kind: 'illegal', category: 'sexual_minors', good_faith: true } as never);
    const about = await caseOf(id);
    expect(about).toMatchObject({ category: 'sexual_minors', severity: 5, needs: 2, leaseHolder: null });
    await expect(
      review.desk.leases.heartbeat(anna, about.id, { token, unblurred_ms: 0, watched: [] }),
    ).rejects.toMatchObject({
      code: 'lease_lost',
    });
    await expect(review.desk.views.view(eve, about.id)).rejects.toMatchObject({ code: 'case_not_found' });
    const body = { outcome: 'release', category: 'sexual_minors' } as const;
    await review.settle(kim, about.id, body);
    await review.settle(lea, about.id, body);
    expect(await review.row(about.id)).toMatchObject({ state: 'closed', closedAs: 'release' });
  });

  it('is told when its release ended for another reason', async () => {
    const one = await released();
    const { id } = await report(one, { user: 'uli' });
    await review.clips.withdraw(sender.tenantId, one.id, { reason: 'maker' }, 'key:maker');
    expect(await review.notices.reports.receipt(sender.tenantId, id)).toMatchObject({ outcome: 'overtaken' });
  });

  it.each([
    ['what nobody knows', async () => report({ id: `video_${'0'.repeat(32)}` }), 'release_not_found'],
    ['no id at all', async () => report({ id: 'https://example.com/' }), 'release_not_found'],
    ['what is not released', async () => report(await review.gate.admit(), {}, null), 'release_not_found'],
    ['another tenant’s release', () => report(clip, {}, { ...sender, tenantId: 'ten_x' }), 'release_not_found'],
    ['a user without a platform', () => report(clip, { user: 'me' }, null), 'user_not_allowed'],
  ])('of %s is refused', async (_, send, code) => {
    await expect(send()).rejects.toMatchObject({ code });
  });

  it('is read by its platform and by its token alone', async () => {
    const { id, token } = await report(clip, { user: 'vera' });
    const receipts = review.notices.reports;
    await expect(receipts.receipt(sender.tenantId, id)).resolves.toMatchObject({ id });
    await expect(receipts.receipt(null, id, token)).resolves.toMatchObject({ id });
    for (const wrong of [receipts.receipt('ten_x', id), receipts.receipt(null, id), receipts.receipt(null, id, 'x')])
      await expect(wrong).rejects.toMatchObject({ code: 'report_not_found' });
  });
});

describe('makers', () => {
  it('are found by name and standing, with the latest statement first, in pages', async () => {
    for (const user of ['aa_1', 'aa_2', 'aa_3']) await review.gate.admit({ user });
    const list = (query: object) => review.notices.makers.list(eve, { limit: 2, ...query });
    const first = await list({ q: 'aa_' });
    const second = await list({ q: 'aa_', after: first.next });
    expect([...first.data, ...second.data].map(({ name }) => name).toSorted()).toEqual(['aa_1', 'aa_2', 'aa_3']);
    expect((await list({})).data[0]).toMatchObject({
      name: 'mia',
      standing: 'open',
      clips: { total: expect.any(Number) as number },
    });
    expect((await list({ standing: 'banned' })).data).toEqual([]);
    expect((await list({ q: 'aa%' })).data).toEqual([]);
  });
});
