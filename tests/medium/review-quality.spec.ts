import { Charts, Quality } from '#domain/quality';
import type { QualityQuery } from '#contracts';
import { ReviewHarness, staff } from '../support/review.js';

const eve = staff('eve', ['senior']);
const query: QualityQuery = { days: 30 };

let review: ReviewHarness;
let quality: Quality;
let charts: Charts;

/** A closed case of a clip that was held for one finding, with its readings. */
async function closed(
  id: string,
  finding: { detector: string; score: number },
  readings: { reader: string; stage: string; outcome: string; state: string }[],
  closedAs: string,
  more: { golden?: boolean; late?: boolean } = {},
): Promise<void> {
  const { database } = review.gate.core;
  const { tenantId } = review.gate.caller;
  const at = new Date(Date.UTC(2026, 10, 25, 12));
  const opened = new Date(at.getTime() - 2 * 3_600_000);
  const { detector, score } = finding;
  const reason = {
    outcome: 'hold',
    rule: 'r',
    category: 'hate',
    severity: 4,
    detector,
    score,
    threshold: 0.5,
    text: { en: '', fr: '' },
  };
  const signal = { detector, category: 'hate', score, state: 'measured' };
  const decisions = JSON.stringify([
    { at: at.toISOString(), decision: { stage: 'clip', reasons: [reason] }, signals: [signal] },
  ]);
  await database.$executeRaw`
    INSERT INTO clips (id, tenant_id, state, model, engine, prompt, effective_prompt, seconds, size, seed, audience, release_id, decisions, created_at)
    VALUES (${id}, ${tenantId}, 'refused', 'm', 'e', 'p', 'p', 4, '1x1', 's', 'adult', ${id}, ${decisions}::jsonb, ${at})`;
  const due = more.late ? opened : at;
  await database.$executeRaw`
    INSERT INTO review_cases (id, clip_id, shown_as, tenant_id, kind, state, queue_id, category, severity, held_at, asked_at, title, rank, clock,
      opened_at, warn_at, due_at, closed_at, closed_as, golden)
    VALUES (${id}, ${id}, ${id}, ${tenantId}, 'hold', 'closed', 'que_general', 'hate', 4, 'clip', ${opened}, 't', 0, '1h',
      ${opened}, ${due}, ${due}, ${at}, ${closedAs}, ${more.golden ?? false})`;
  for (const { reader, stage, outcome, state } of readings)
    await database.$executeRaw`
      INSERT INTO review_decisions (id, case_id, clip_id, tenant_id, queue_id, reader, reader_name, stage, outcome, category, reason, state, at,
        leaves_at, took_ms, unblurred_ms)
      VALUES (${`${id}-${reader}`}, ${id}, ${id}, ${tenantId}, 'que_general', ${reader}, ${reader.toUpperCase()}, ${stage}, ${outcome}, 'hate', 'x', ${state},
        ${at}, ${at}, 4000, 1500)`;
}

const pair = (first: string, second: string, arbiter?: string) => {
  const last = arbiter ?? second;
  const state = (outcome: string) => (outcome === last ? 'settled' : 'overruled');
  return [
    { reader: 'anna', stage: 'first', outcome: first, state: state(first) },
    { reader: 'ben', stage: 'second', outcome: second, state: state(second) },
    ...(arbiter ? [{ reader: 'eve', stage: 'arbiter', outcome: arbiter, state: 'settled' }] : []),
  ];
};

beforeAll(async () => {
  review = await ReviewHarness.open();
  const clock = { now: () => new Date(Date.UTC(2026, 10, 28, 12)) };
  quality = new Quality(review.db, clock);
  charts = new Charts(review.db, clock);
  const sure = { detector: 'vision.sure', score: 1 };
  const poor = { detector: 'vision.poor', score: 0.55 };
  // Cohen's textbook table by a fifth: 4 and 3 agreements, 1 and 2 disagreements give a kappa of 0.4.
  for (let i = 0; i < 4; i++) await closed(`both-release-${i}`, poor, pair('release', 'release'), 'release');
  for (let i = 0; i < 3; i++)
    await closed(`both-refuse-${i}`, sure, pair('refuse', 'refuse'), 'refuse', { late: i === 0 });
  await closed('first-released', sure, pair('release', 'refuse', 'refuse'), 'refuse');
  for (let i = 0; i < 2; i++) await closed(`first-refused-${i}`, poor, pair('refuse', 'release', 'refuse'), 'refuse');
  const read = (reader: string, outcome: string) => [{ reader, stage: 'first', outcome, state: 'settled' }];
  await closed('golden-1', sure, read('anna', 'refuse'), 'refuse', { golden: true });
  await closed('golden-2', sure, read('ben', 'release'), 'release', { golden: true });
  await review.db.reviewGolden.create({
    data: {
      id: 'gol',
      caseId: 'both-refuse-0',
      clipId: 'both-refuse-0',
      tenantId: review.gate.caller.tenantId,
      outcome: 'refuse',
      category: 'hate',
      why: 'w',
      createdBy: 't',
    },
  });
  await review.db.reviewGoldenCase.createMany({
    data: [1, 2].map((n) => ({ caseId: `golden-${n}`, goldenId: 'gol' })),
  });
}, 60_000);

afterAll(() => review?.close());

it('counts agreement as the textbook does', async () => {
  const { agreement } = await quality.quality(eve, query);
  expect(agreement).toMatchObject({ pairs: 10, agreed: 7, kappa: 0.4 });
  expect(agreement.table).toContainEqual({ first: 'refuse', second: 'release', pairs: 2 });
});

it('counts people: golden items, second readings, overruled decisions, exposure', async () => {
  const { reviewers, overturned } = await quality.quality(eve, query);
  expect(reviewers).toMatchObject([
    {
      id: 'anna',
      name: 'ANNA',
      decisions: 11,
      median_s: 4,
      golden: { items: 1, right: 1, accuracy: 1 },
      second: { pairs: 10, agreed: 7 },
      overturned: 1,
      unblurred_s: 17,
    },
    { id: 'ben', decisions: 11, golden: { items: 1, right: 0, accuracy: 0 }, overturned: 2 },
    { id: 'eve', decisions: 3, golden: { items: 0, accuracy: null }, second: { pairs: 0 }, overturned: 0 },
  ]);
  expect(overturned).toEqual({ settled: 23, overturned: 3, share: 0.13 });
});

it('counts detectors against what people made of it', async () => {
  const { detectors } = await quality.quality(eve, query);
  expect(detectors).toEqual([
    { detector: 'vision.poor', category: 'hate', cases: 6, upheld: 2, precision: 0.333 },
    { detector: 'vision.sure', category: 'hate', cases: 4, upheld: 4, precision: 1 },
  ]);
});

it('draws volumes, clocks, drift by week and exposure', async () => {
  const { volumes, clocks, drift, agreement, exposure, decisions } = await charts.charts(eve, query);
  expect(volumes).toEqual([{ day: '2026-11-25', opened: 12, closed: 12 }]);
  expect(clocks).toEqual([{ kind: '1h', closed: 12, in_time: 11, median_h: 2, open_breached: 0 }]);
  const bins = (n: number, at: number) => Array.from({ length: 10 }, (_, i) => (i === at ? n : 0));
  expect(drift).toEqual([
    { detector: 'vision.poor', category: 'hate', week: '2026-11-23', bins: bins(6, 5), mean: 0.55 },
    { detector: 'vision.sure', category: 'hate', week: '2026-11-23', bins: bins(6, 9), mean: 1 },
  ]);
  expect(agreement).toEqual([{ week: '2026-11-23', pairs: 10, agreed: 7, kappa: 0.4 }]);
  expect(exposure).toEqual([{ day: '2026-11-25', unblurred_s: 38, decisions: 25 }]);
  expect(decisions).toContainEqual({ day: '2026-11-25', outcome: 'refuse', count: 13 });
});

it('shows numbers of other tenants to nobody who is limited, and none at all to readers', async () => {
  const limited = staff('limited', ['senior'], { tenants: ['ten_other'] });
  expect((await quality.quality(limited, query)).agreement).toMatchObject({ pairs: 0, kappa: null });
  expect((await charts.charts(limited, { ...query, tenant: review.gate.caller.tenantId })).drift).toEqual([]);
  await expect(quality.quality(staff('anna'), query)).rejects.toMatchObject({ code: 'not_allowed' });
});
