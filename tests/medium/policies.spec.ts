import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newId, sha256Hex, sleep, systemClock, type Clock } from '#kernel';
import type { PolicyVersionView, Signal, StaffRole } from '#contracts';
import { loadPolicy } from '#engines/policy';
import {
  openPolicies,
  PolicyBacktests,
  PolicyPublishing,
  PolicyShadows,
  PolicyVersions,
  type OpenedPolicies,
} from '#domain/policies';
import type { StaffCaller } from '#platform/auth';
import { json } from '#platform/database';
import { DEFAULT_POLICY, signal } from '../support/policy-signals.js';
import { GateHarness } from '../support/gate.js';

let gate: GateHarness;
let versions: PolicyVersions;
let publishing: PolicyPublishing;
let backtests: PolicyBacktests;
let shadows: PolicyShadows;
let number = 0;
/** Within this, every process follows what is live. */
const FOLLOWED_MS = 110;
const clock: Clock & { ahead: number } = { ahead: 0, now: () => new Date(Date.now() + clock.ahead) };

function person(...roles: StaffRole[]): StaffCaller {
  const id = newId('stf');
  return { id, name: id, roles, queues: null, categories: null, tenants: null, sessionId: 'ses', locale: 'en' };
}

const author = person('policy');
const [first, second, third] = [person('policy'), person('senior'), person('policy')];
const db = () => gate.core.database;

type Change = [string | RegExp, string];

/** The live policy under a new number, with changes. */
async function changed(...changes: Change[]): Promise<string> {
  const live = await db().policyRevision.findFirstOrThrow({ where: { state: 'live' } });
  let text = live.yaml.replace(/^version: .*$/m, `version: 2.0.${++number}`);
  for (const [from, to] of changes) {
    const next = text.replaceAll(from, to);
    if (next === text) throw new Error(`the policy has no ${String(from)}`);
    text = next;
  }
  return text;
}

const draft = async (yaml?: string) =>
  versions.draft(author, { yaml: yaml ?? (await changed()), note: 'A change for a test' });

async function approved(yaml?: string): Promise<PolicyVersionView> {
  const made = await draft(yaml);
  await versions.approve(first, made.id, { sha256: made.sha256, note: '' });
  return versions.approve(second, made.id, { sha256: made.sha256, note: '' });
}

async function published(yaml?: string): Promise<PolicyVersionView> {
  const { id } = await approved(yaml);
  await publishing.publish(author, id, {});
  await sleep(FOLLOWED_MS);
  return versions.get(author, id);
}

const code = (value: string) => ({ code: value }) as Record<string, unknown>;
/** Refuses at a lower score; nothing about children. */
const STRICTER: Change = ['adult: { hold: 0.5, refuse: 0.75 }', 'adult: { hold: 0.5, refuse: 0.7 }'];
/** Another threshold of the stage in what concerns children. */
const children = (adult: number, teen = 0.2): Change => [
  /child_safety: \{ adult: 0\.[0-3]\d*, teen: [\d.]+ \}/g,
  `child_safety: { adult: ${adult}, teen: ${teen} }`,
];

beforeAll(async () => {
  gate = await GateHarness.open();
  versions = new PolicyVersions(db(), clock, 'database');
  publishing = new PolicyPublishing(db(), clock, 'database');
  backtests = new PolicyBacktests(db(), clock);
  shadows = new PolicyShadows(db(), clock);
});
afterAll(() => gate.close());
afterEach(() => {
  clock.ahead = 0;
});

describe('what decides', () => {
  it('is the file at the first start; a changed file is a draft later, and nothing breaks when it is broken', async () => {
    const live = await db().policyPointer.findUniqueOrThrow({ where: { name: 'live' } });
    expect(live.sha256).toBe(sha256Hex(DEFAULT_POLICY));
    const path = join(gate.core.config.dataDir, 'changed.yaml');
    const text = await changed();
    await writeFile(path, text);
    const core = { ...gate.core, config: { ...gate.core.config, policyFile: path } };
    const { policies } = await openPolicies(core);
    expect((await policies.now()).ref.sha256).toBe(live.sha256);
    expect(await db().policyRevision.findFirst({ where: { sha256: sha256Hex(text) } })).toMatchObject({
      state: 'draft',
      origin: 'file',
    });
    await openPolicies(core); // a second start says nothing new
    expect(await db().policyRevision.count({ where: { sha256: sha256Hex(text) } })).toBe(1);
    await writeFile(path, 'id: [');
    expect((await (await openPolicies(core)).policies.now()).ref.sha256).toBe(live.sha256);
  });

  it('reaches another open process in a tenth of a second, for prompts and for clips', async () => {
    const other: OpenedPolicies = await openPolicies(gate.core);
    const now = new Date();
    const lean = [signal({ score: 0.72 })];
    expect((await other.policies.decide('prompt', 'adult', lean, now)).decision.outcome).toBe('hold');
    const version = await published(await changed(STRICTER));
    expect((await other.policies.decide('prompt', 'adult', lean, now)).decision).toMatchObject({
      outcome: 'refuse',
      policy: { version: version.version, sha256: version.sha256 },
    });
    expect(await db().policyRevision.count({ where: { state: 'live' } })).toBe(1);
    const clip = await gate.admit();
    expect(JSON.stringify(clip.decisions)).toContain(version.sha256);
    for (const { stored, repeated } of await gate.policies.replay(clip)) expect(repeated).toEqual(stored);
  });

  it('is read once for decisions that come together, and never goes on with what was in force when it cannot be', async () => {
    await sleep(FOLLOWED_MS);
    const { policies } = await openPolicies(gate.core);
    await db().$executeRawUnsafe('ALTER TABLE policy_pointers RENAME TO away');
    const decide = () => policies.decide('prompt', 'adult', [signal()], new Date());
    await expect(decide()).rejects.toThrow();
    await db().$executeRawUnsafe('ALTER TABLE away RENAME TO policy_pointers');
    const both = await Promise.all([decide(), decide()]);
    expect(both.map(({ decision }) => decision.outcome)).toEqual(['allow', 'allow']);
  });

  it('can be kept in a file, whatever the database says', async () => {
    const config = { ...gate.core.config, POLICY_SOURCE: 'file' as const };
    const before = await db().policyPointer.findUniqueOrThrow({ where: { name: 'live' } });
    const { policies } = await openPolicies({ ...gate.core, config });
    expect((await policies.now()).ref.sha256).toBe(sha256Hex(DEFAULT_POLICY));
    const fixed = new PolicyPublishing(db(), clock, 'file');
    const { id } = await approved();
    await expect(fixed.publish(author, id, {})).rejects.toMatchObject(code('policy_source_file'));
    expect(before.sha256).not.toBe(sha256Hex(DEFAULT_POLICY));
    expect((await db().policyPointer.findUniqueOrThrow({ where: { name: 'live' } })).sha256).toBe(
      sha256Hex(DEFAULT_POLICY),
    );
  });
});

describe('drafts and approvals', () => {
  it('tells every fault of a text with its line', async () => {
    const yaml = await changed(['severity: 5\n    child_safety: true', 'severity: 9\n    child_safety: 3']);
    const line = yaml.split('\n').findIndex((text) => text.includes('severity: 9')) + 1;
    await expect(draft(yaml)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'policy_invalid',
      details: {
        data: {
          faults: [
            { path: 'taxonomy.sexual_minors.severity', line, column: 5 },
            { path: 'taxonomy.sexual_minors.child_safety', line: line + 1, column: 5 },
          ],
        },
      },
    });
  });

  it('needs two others: authors cannot approve, one person counts once, and an edit begins anew', async () => {
    const made = await draft();
    await expect(versions.approve(author, made.id, { sha256: made.sha256, note: '' })).rejects.toMatchObject(
      code('policy_own_draft'),
    );
    await expect(publishing.publish(author, made.id, {})).rejects.toMatchObject(code('policy_not_approved'));
    const yes = () => versions.approve(first, made.id, { sha256: made.sha256, note: 'fine' });
    const twice = await Promise.allSettled([yes(), yes(), yes()]);
    expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(publishing.publish(author, made.id, {})).rejects.toMatchObject(code('policy_not_approved'));
    const edited = await versions.edit(third, made.id, { yaml: await changed(), edition: 0 });
    expect(edited).toMatchObject({ approvals: 0, edition: 1 });
    await expect(versions.edit(author, made.id, { yaml: await changed(), edition: 0 })).rejects.toMatchObject(
      code('policy_edited'),
    );
    await expect(versions.approve(first, made.id, { sha256: made.sha256, note: '' })).rejects.toMatchObject(
      code('policy_edited'),
    );
    // Whoever wrote in it is an author too.
    await expect(versions.approve(third, made.id, { sha256: edited.sha256, note: '' })).rejects.toMatchObject(
      code('policy_own_draft'),
    );
  });

  it('two who approve in the same moment both count', async () => {
    const made = await draft();
    await Promise.all([first, second].map((one) => versions.approve(one, made.id, { sha256: made.sha256, note: '' })));
    expect((await versions.get(author, made.id)).approvals).toBe(2);
  });

  it('the database itself refuses what nobody approved, and keeps the text', async () => {
    const made = await draft();
    const go = db().policyRevision.update({ where: { id: made.id }, data: { state: 'scheduled' } });
    await expect(go).rejects.toThrow(/approved by two/);
    const live = await db().policyRevision.findFirstOrThrow({ where: { state: 'live' } });
    const change = db().policyRevision.update({ where: { id: live.id }, data: { yaml: 'x' } });
    await expect(change).rejects.toThrow(/frozen/);
  });

  it('children are never protected less', async () => {
    const laxer = await changed(children(0.45, 0.25));
    const made = await draft(laxer);
    expect(made.laxer_for_children.length).toBeGreaterThan(0);
    await expect(versions.approve(first, made.id, { sha256: made.sha256, note: '' })).rejects.toMatchObject(
      code('policy_laxer_for_children'),
    );
  });
});

describe('publishing', () => {
  it('at a time, by a job that does it once; a process that dies before it ends changes nothing', async () => {
    const { id, sha256 } = await approved();
    const before = await db().policyPointer.findUniqueOrThrow({ where: { name: 'live' } });
    await publishing.publish(author, id, { at: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await db().outbox.count({ where: { job: 'policy.publish' } })).toBe(1);
    expect(await publishing.runDue(id)).toBe('nothing');
    clock.ahead = 3_700_000;
    // The last thing that happens is refused: nothing of it may stay.
    await db().$executeRawUnsafe(
      `ALTER TABLE audit_events ADD CONSTRAINT dies CHECK (action <> 'policy.published') NOT VALID`,
    );
    await expect(publishing.runDue(id)).rejects.toThrow();
    expect(await db().policyPointer.findUniqueOrThrow({ where: { name: 'live' } })).toEqual(before);
    expect((await versions.get(author, id)).state).toBe('scheduled');
    await db().$executeRawUnsafe('ALTER TABLE audit_events DROP CONSTRAINT dies');
    const both = await Promise.all([publishing.runDue(id), publishing.runDue(id)]);
    expect(both.sort()).toEqual(['nothing', 'published']);
    expect((await db().policyPointer.findUniqueOrThrow({ where: { name: 'live' } })).sha256).toBe(sha256);
    expect(await db().auditEvent.count({ where: { subject: id, action: 'policy.published' } })).toBe(1);
  });

  it('a scheduled version that may go live no more goes back to the drafts', async () => {
    const { id } = await approved();
    await publishing.publish(author, id, { at: new Date(Date.now() + 3_600_000).toISOString() });
    await published(await changed(children(0.3, 0.25)));
    clock.ahead = 3_700_000;
    expect(await publishing.runDue(id)).toBe('refused');
    expect((await versions.get(author, id)).state).toBe('draft');
  });

  it('a roll-back goes one step back at once, once, and never to less protection of children', async () => {
    const a = await published(await changed(children(0.28)));
    const b = await published(await changed(STRICTER));
    const back = () => publishing.rollBack(author, b.id, { reason: 'It holds too much.' });
    const both = await Promise.allSettled([back(), back()]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await sleep(FOLLOWED_MS);
    expect((await gate.policies.now()).ref.sha256).toBe(a.sha256);
    expect((await versions.get(author, b.id)).state).toBe('rolled_back');
    const tighter = await published(await changed(children(0.2)));
    await expect(publishing.rollBack(author, tighter.id, { reason: 'Too strict.' })).rejects.toMatchObject(
      code('policy_laxer_for_children'),
    );
  });

  it('needs the right to', async () => {
    const { id } = await approved();
    for (const work of [
      publishing.publish(person('senior'), id, {}),
      versions.draft(person('admin'), { note: 'none of mine' }),
      backtests.start(person('auditor'), id, { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }),
      publishing.rollBack({ ...author, tenants: ['ten_1'] }, id, { reason: 'for one tenant' }),
    ])
      await expect(work).rejects.toMatchObject(code('not_allowed'));
  });
});

describe('shadow mode', () => {
  const shadowOf = async (yaml: string) => {
    const made = await draft(yaml);
    await shadows.set(author, made.id, true);
    await sleep(FOLLOWED_MS);
    return made;
  };

  it('decides beside the live one, is counted, and changes nothing', async () => {
    // It asks for a detector that there is not: it would hold everything.
    const strict = await changed(['required: [text.linear]', 'required: [text.linear, text.never]']);
    const made = await shadowOf(strict);
    await expect(shadows.set(author, made.id, true)).rejects.toMatchObject(code('nothing_changed'));
    const clip = await gate.drive((await gate.admit()).id, 'marking');
    await gate.policySource.settled();
    expect(clip.state).toBe('marking');
    expect(JSON.stringify(clip.decisions)).not.toContain(made.sha256);
    const numbers = await shadows.numbers(author, made.id);
    expect(numbers).toMatchObject({ on: true, decisions: 2 });
    const held = numbers.cells.find(({ stage, shadow }) => stage === 'prompt' && shadow === 'hold');
    expect(held).toMatchObject({ live: 'allow', category: 'other', decisions: 1, samples: [{ clip_id: clip.id }] });
    await shadows.set(author, made.id, false);
    await sleep(FOLLOWED_MS);
    await gate.admit();
    await gate.policySource.settled();
    expect((await shadows.numbers(author, made.id)).decisions).toBe(2);
  });

  it('harms nothing when it cannot be read, throws, or cannot be kept', async () => {
    const made = await shadowOf(await changed());
    // A text that this process cannot read, such as one of a later version of the service.
    await db().policyVersion.create({ data: { sha256: 'f'.repeat(64), policyId: 'x', version: '1', yaml: 'id: [' } });
    await db().policyPointer.update({ where: { name: 'shadow' }, data: { sha256: 'f'.repeat(64) } });
    await sleep(FOLLOWED_MS);
    expect((await gate.admit()).state).toBe('queued');
    await db().policyPointer.update({ where: { name: 'shadow' }, data: { sha256: made.sha256 } });
    const source = gate.policySource;
    const now = source.now.bind(source);
    const broken = { ...loadPolicy(await changed()), stages: {} as never };
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
    await shadows.set(author, made.id, false);
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
    const base = await published(await changed(children(0.15, 0.15)));
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
    const made = await draft(laxer);
    const started = await backtests.start(author, made.id, PERIOD);
    expect(started).toMatchObject({ state: 'running', total: 5, done: 0 });
    await expect(backtests.start(author, made.id, PERIOD)).rejects.toMatchObject(code('backtest_running'));
    await Promise.all([backtests.run(started.id), backtests.run(started.id)]);
    const { result, ...whole } = await backtests.get(author, made.id);
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
    const made = await draft();
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
      inspection: undefined,
    }));
    await db().clip.createMany({
      data: rows.map((one, at) => ({ ...one, releaseId: `f${at.toString(16).padStart(15, '0')}` })),
    });
    const slices = new PolicyBacktests(db(), systemClock, 0); // a pause after every page
    const { id } = await slices.start(author, made.id, {
      from: '2021-01-01T00:00:00.000Z',
      to: '2021-01-02T00:00:00.000Z',
    });
    await slices.run(id);
    expect((await slices.get(author, made.id)).done).toBe(100);
    expect(await db().outbox.count({ where: { dedupeKey: `${id}-100` } })).toBe(1);
    await slices.run(id);
    await slices.run(id);
    const { state, done, result } = await slices.get(author, made.id);
    expect({ state, done, clips: result.clips + result.unreadable }).toEqual({ state: 'done', done: 250, clips: 250 });
  });
});
