import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256Hex, sleep } from '#kernel';
import { openPolicies, PolicyPublishing, type OpenedPolicies } from '#domain/policies';
import { DEFAULT_POLICY, signal } from '../support/policy-signals.js';
import type { GateHarness } from '../support/gate.js';
import { children, code, FOLLOWED_MS, person, PolicyDesk, STRICTER } from '../support/policies.js';

let desk: PolicyDesk;
let gate: GateHarness;
const db = () => desk.database;
const third = person('policy');

beforeAll(async () => {
  desk = await PolicyDesk.open();
  ({ gate } = desk);
});
afterAll(() => gate?.close());
afterEach(() => {
  desk.clock.ahead = 0;
});

describe('what decides', () => {
  it('is the file at the first start; a changed file is a draft later, and nothing breaks when it is broken', async () => {
    const live = await db().policyPointer.findUniqueOrThrow({ where: { name: 'live' } });
    expect(live.sha256).toBe(sha256Hex(DEFAULT_POLICY));
    const path = join(gate.core.config.dataDir, 'changed.yaml');
    const text = await desk.changed();
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

  it('reaches another open process in a tenth of a desk.second, for prompts and for clips', async () => {
    const other: OpenedPolicies = await openPolicies(gate.core);
    const now = new Date();
    const lean = [signal({ score: 0.72 })];
    expect((await other.policies.decide('prompt', 'adult', lean, now)).decision.outcome).toBe('hold');
    const version = await desk.published(await desk.changed(STRICTER));
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
    const fixed = new PolicyPublishing(db(), desk.clock, 'file');
    const { id } = await desk.approved();
    await expect(fixed.publish(desk.author, id, {})).rejects.toMatchObject(code('policy_source_file'));
    expect(before.sha256).not.toBe(sha256Hex(DEFAULT_POLICY));
    expect((await db().policyPointer.findUniqueOrThrow({ where: { name: 'live' } })).sha256).toBe(
      sha256Hex(DEFAULT_POLICY),
    );
  });
});

describe('drafts and approvals', () => {
  it('tells every fault of a text with its line', async () => {
    const yaml = await desk.changed(['severity: 5\n    child_safety: true', 'severity: 9\n    child_safety: 3']);
    const line = yaml.split('\n').findIndex((text) => text.includes('severity: 9')) + 1;
    await expect(desk.draft(yaml)).rejects.toMatchObject({
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
    const made = await desk.draft();
    await expect(desk.versions.approve(desk.author, made.id, { sha256: made.sha256, note: '' })).rejects.toMatchObject(
      code('policy_own_draft'),
    );
    await expect(desk.publishing.publish(desk.author, made.id, {})).rejects.toMatchObject(code('policy_not_approved'));
    const yes = () => desk.versions.approve(desk.first, made.id, { sha256: made.sha256, note: 'fine' });
    const twice = await Promise.allSettled([yes(), yes(), yes()]);
    expect(twice.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(desk.publishing.publish(desk.author, made.id, {})).rejects.toMatchObject(code('policy_not_approved'));
    const edited = await desk.versions.edit(third, made.id, { yaml: await desk.changed(), edition: 0 });
    expect(edited).toMatchObject({ approvals: 0, edition: 1 });
    await expect(
      desk.versions.edit(desk.author, made.id, { yaml: await desk.changed(), edition: 0 }),
    ).rejects.toMatchObject(code('policy_edited'));
    await expect(desk.versions.approve(desk.first, made.id, { sha256: made.sha256, note: '' })).rejects.toMatchObject(
      code('policy_edited'),
    );
    // Whoever wrote in it is an author too.
    await expect(desk.versions.approve(third, made.id, { sha256: edited.sha256, note: '' })).rejects.toMatchObject(
      code('policy_own_draft'),
    );
  });

  it('two who approve in the same moment both count', async () => {
    const made = await desk.draft();
    await Promise.all(
      [desk.first, desk.second].map((one) => desk.versions.approve(one, made.id, { sha256: made.sha256, note: '' })),
    );
    expect((await desk.versions.get(desk.author, made.id)).approvals).toBe(2);
  });

  it('the database itself refuses what nobody approved, and keeps the text', async () => {
    const made = await desk.draft();
    const go = db().policyRevision.update({ where: { id: made.id }, data: { state: 'scheduled' } });
    await expect(go).rejects.toThrow(/approved by two/);
    const live = await db().policyRevision.findFirstOrThrow({ where: { state: 'live' } });
    const change = db().policyRevision.update({ where: { id: live.id }, data: { yaml: 'x' } });
    await expect(change).rejects.toThrow(/frozen/);
  });

  it('children are never protected less', async () => {
    const laxer = await desk.changed(children(0.45, 0.25));
    const made = await desk.draft(laxer);
    expect(made.laxer_for_children.length).toBeGreaterThan(0);
    await expect(desk.versions.approve(desk.first, made.id, { sha256: made.sha256, note: '' })).rejects.toMatchObject(
      code('policy_laxer_for_children'),
    );
  });
});

describe('publishing', () => {
  it('at a time, by a job that does it once; a process that dies before it ends changes nothing', async () => {
    const { id, sha256 } = await desk.approved();
    const before = await db().policyPointer.findUniqueOrThrow({ where: { name: 'live' } });
    await desk.publishing.publish(desk.author, id, { at: new Date(Date.now() + 3_600_000).toISOString() });
    expect(await db().outbox.count({ where: { job: 'policy.publish' } })).toBe(1);
    expect(await desk.publishing.runDue(id)).toBe('nothing');
    desk.clock.ahead = 3_700_000;
    // The last thing that happens is refused: nothing of it may stay.
    await db().$executeRawUnsafe(
      `ALTER TABLE audit_events ADD CONSTRAINT dies CHECK (action <> 'policy.published') NOT VALID`,
    );
    await expect(desk.publishing.runDue(id)).rejects.toThrow();
    expect(await db().policyPointer.findUniqueOrThrow({ where: { name: 'live' } })).toEqual(before);
    expect((await desk.versions.get(desk.author, id)).state).toBe('scheduled');
    await db().$executeRawUnsafe('ALTER TABLE audit_events DROP CONSTRAINT dies');
    const both = await Promise.all([desk.publishing.runDue(id), desk.publishing.runDue(id)]);
    expect(both.sort()).toEqual(['nothing', 'published']);
    expect((await db().policyPointer.findUniqueOrThrow({ where: { name: 'live' } })).sha256).toBe(sha256);
    expect(await db().auditEvent.count({ where: { subject: id, action: 'policy.published' } })).toBe(1);
  });

  it('a scheduled version that may go live no more goes back to the drafts', async () => {
    const { id } = await desk.approved();
    await desk.publishing.publish(desk.author, id, { at: new Date(Date.now() + 3_600_000).toISOString() });
    await desk.published(await desk.changed(children(0.3, 0.25)));
    desk.clock.ahead = 3_700_000;
    expect(await desk.publishing.runDue(id)).toBe('refused');
    expect((await desk.versions.get(desk.author, id)).state).toBe('draft');
  });

  it('a roll-back goes one step back at once, once, and never to less protection of children', async () => {
    const a = await desk.published(await desk.changed(children(0.28)));
    const b = await desk.published(await desk.changed(STRICTER));
    const back = () => desk.publishing.rollBack(desk.author, b.id, { reason: 'It holds too much.' });
    const both = await Promise.allSettled([back(), back()]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await sleep(FOLLOWED_MS);
    expect((await gate.policies.now()).ref.sha256).toBe(a.sha256);
    expect((await desk.versions.get(desk.author, b.id)).state).toBe('rolled_back');
    const tighter = await desk.published(await desk.changed(children(0.2)));
    await expect(desk.publishing.rollBack(desk.author, tighter.id, { reason: 'Too strict.' })).rejects.toMatchObject(
      code('policy_laxer_for_children'),
    );
  });

  it('needs the right to', async () => {
    const { id } = await desk.approved();
    for (const work of [
      desk.publishing.publish(person('senior'), id, {}),
      desk.versions.draft(person('admin'), { note: 'none of mine' }),
      desk.backtests.start(person('auditor'), id, { from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z' }),
      desk.publishing.rollBack({ ...desk.author, tenants: ['ten_1'] }, id, { reason: 'for one tenant' }),
    ])
      await expect(work).rejects.toMatchObject(code('not_allowed'));
  });
});
