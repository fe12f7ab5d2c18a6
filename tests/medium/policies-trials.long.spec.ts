import { newId, sleep, systemClock } from '#kernel';
import type { Signal } from '#contracts';
import { PolicyBacktests } from '#domain/policies';
import { loadPolicy } from '#engines/policy';
import { json } from '#platform/database';
import { signal } from '../support/policy-signals.js';
import type { GateHarness } from '../support/gate.js';
import { children, code, FOLLOWED_MS, PolicyDesk } from '../support/policies.js';

let desk: PolicyDesk;
let gate: GateHarness;
const db = () => desk.database;

beforeAll(async () => {
  desk = await PolicyDesk.open();
  ({ gate } = desk);
});
afterAll(() => gate?.close());

describe('shadow mode', () => {
  const shadowOf = async (yaml: string) => {
    const made = await desk.draft(yaml);
    await desk.shadows.set(desk.author, made.id, true);
    await sleep(FOLLOWED_MS);
    return made;
  };

  it('decides beside the live one, is counted, and changes nothing', async () => {
    // It asks for a detector that there is not: it would hold everything.
    const strict = await desk.changed(['required: [text.linear]', 'required: [text.linear, text.never]']);
    const made = await shadowOf(strict);
    await expect(desk.shadows.set(desk.author, made.id, true)).rejects.toMatchObject(code('nothing_changed'));
    const clip = await gate.drive((await gate.admit()).id, 'marking');
    await gate.policySource.settled();
    expect(clip.state).toBe('marking');
    expect(JSON.stringify(clip.decisions)).not.toContain(made.sha256);
    const numbers = await desk.shadows.numbers(desk.author, made.id);
    expect(numbers).toMatchObject({ on: true, decisions: 2 });
    const held = numbers.cells.find(({ stage, shadow }) => stage === 'prompt' && shadow === 'hold');
    expect(held).toMatchObject({ live: 'allow', category: 'other', decisions: 1, samples: [{ clip_id: clip.id }] });
    await desk.shadows.set(desk.author, made.id, false);
    await sleep(FOLLOWED_MS);
    await gate.admit();
    await gate.policySource.settled();
    expect((await desk.shadows.numbers(desk.author, made.id)).decisions).toBe(2);
  });

  it('harms nothing when it cannot be read, throws, or cannot be kept', async () => {
    const made = await shadowOf(await desk.changed());
    // A text that this process cannot read, such as one of a later version of the service.
    await db().policyVersion.create({ data: { sha256: 'f'.repeat(64), policyId: 'x', version: '1', yaml: 'id: [' } });
    await db().policyPointer.update({ where: { name: 'shadow' }, data: { sha256: 'f'.repeat(64) } });
    await sleep(FOLLOWED_MS);
    expect((await gate.admit()).state).toBe('queued');
    await db().policyPointer.update({ where: { name: 'shadow' }, data: { sha256: made.sha256 } });
    const source = gate.policySource;
    const now = source.now.bind(source);
    const broken = { ...loadPolicy(await desk.changed()), stages: {} as never };
    source.now = async () => ({ live: (await now()).live, shadow: broken });
    try {
      expect((await gate.admit()).state).toBe('queued');
    } finally {
      source.now = now;
    }
    await source.settled();
    const errors = await db().policyShadowOutcome.findMany({ where: { sha256: broken.ref.sha256 } });
    expect(errors).toMatchObject([{ live: 'allow', shadow: 'error' }]);
    await db().$executeRawUnsafe('ALTER TABLE policy_shadow_outcomes RENAME TO away');
    expect((await gate.admit()).state).toBe('queued');
    await source.settled();
    await db().$executeRawUnsafe('ALTER TABLE away RENAME TO policy_shadow_outcomes');
    await desk.shadows.set(desk.author, made.id, false);
  });
});

describe('back-test', () => {
  const PERIOD = { from: '2020-01-01T00:00:00.000Z', to: '2020-02-01T00:00:00.000Z' };

  /** A past clip with one decision about its words, and perhaps what a person decided. */
  async function past(day: number, found: Signal, person?: 'release' | 'refuse', audience: 'adult' | 'teen' = 'adult') {
    const createdAt = new Date(Date.UTC(2020, 0, day, 12));
    const record = await gate.policies.decide('prompt', audience, [found], createdAt);
    const made = await gate.admit();
    const review = person && {
      outcome: person,
      category: found.category,
      reason: 'seen',
      reviewer: 'x',
      at: PERIOD.from,
    };
    await db().clip.update({
      where: { id: made.id },
      data: { createdAt, decisions: json([record]), audience, ...(review && { review: json(review) }) },
    });
    return made.id;
  }

  it('counts what would change, puts first what a person refused and it would let out, and goes on after a crash', async () => {
    const base = await desk.published(await desk.changed(children(0.15, 0.15)));
    const laxer = base.yaml
      .replace(/^version: .*$/m, 'version: 3.0.0')
      .replaceAll('adult: { hold: 0.5, refuse: 0.75 }', 'adult: { hold: 0.6, refuse: 0.9 }');
    const same = await past(2, signal({ score: 0.1 }));
    const refusedByPerson = await past(3, signal({ score: 0.55 }), 'refuse');
    await past(4, signal({ score: 0.8 }));
    await past(5, signal({ score: 0.45 }), undefined, 'teen');
    const unreadable = await past(6, signal({ score: 0.1 }));
    await db().clip.update({ where: { id: unreadable }, data: { decisions: json([{ broken: true }]) } });
    await past(40, signal({ score: 0.8 })); // February
    const made = await desk.draft(laxer);
    const started = await desk.backtests.start(desk.author, made.id, PERIOD);
    expect(started).toMatchObject({ state: 'running', total: 5, done: 0 });
    await expect(desk.backtests.start(desk.author, made.id, PERIOD)).rejects.toMatchObject(code('backtest_running'));
    await Promise.all([desk.backtests.run(started.id), desk.backtests.run(started.id)]);
    const { result, ...whole } = await desk.backtests.get(desk.author, made.id);
    expect(whole).toMatchObject({ state: 'done', done: 5 });
    expect(result).toMatchObject({ clips: 4, changed: 2, unreadable: 1 });
    expect(result.cells[0]).toMatchObject({
      ...{ category: 'violence', audience: 'adult', decided: 'hold', would: 'release', clips: 1, people_refused: 1 },
      samples: [{ clip_id: refusedByPerson, decided_reason: { rule: 'violence.hold' }, would_reason: null }],
    });
    expect(result.against_people.would_release_refused).toMatchObject({
      clips: 1,
      samples: [{ clip_id: refusedByPerson }],
    });
    const cell = (decided: string, would: string) =>
      result.cells.find((one) => one.decided === decided && one.would === would);
    expect(cell('refuse', 'hold')).toMatchObject({ clips: 1, audience: 'adult' });
    expect(cell('hold', 'hold')).toMatchObject({ clips: 1, audience: 'teen' });
    expect(cell('release', 'release')).toMatchObject({ category: null, words_only: 1, samples: [{ clip_id: same }] });
  });

  it('goes on where it was left', async () => {
    const made = await desk.draft();
    const template = await db().clip.findFirstOrThrow({ where: { createdAt: { lt: new Date(PERIOD.to) } } });
    const rows = Array.from({ length: 250 }, (_, at) => ({
      ...template,
      ...{
        id: newId('video'),

        createdAt: new Date(Date.UTC(2021, 0, 1, 0, 0, at % 7)),
      },
      decisions: json(template.decisions),
      injected: json(template.injected),
      timings: json(template.timings),
      review: undefined,
      readBack: undefined,
      label: undefined,
      limits: undefined,
      inspection: undefined,
    }));
    await db().clip.createMany({
      data: rows.map((one, at) => ({ ...one, releaseId: `f${at.toString(16).padStart(15, '0')}` })),
    });
    const slices = new PolicyBacktests(db(), systemClock, 0); // a pause after every page
    const { id } = await slices.start(desk.author, made.id, {
      from: '2021-01-01T00:00:00.000Z',
      to: '2021-01-02T00:00:00.000Z',
    });
    await slices.run(id);
    expect((await slices.get(desk.author, made.id)).done).toBe(100);
    expect(await db().outbox.count({ where: { dedupeKey: `${id}-100` } })).toBe(1);
    await slices.run(id);
    await slices.run(id);
    const { state, done, result } = await slices.get(desk.author, made.id);
    expect({ state, done, clips: result.clips + result.unreadable }).toEqual({ state: 'done', done: 250, clips: 250 });
  });
});
