import { readFile } from 'node:fs/promises';
import { jest } from '@jest/globals';
import { sha256Hex } from '#kernel';
import { reconcileCases, sealCase, type SafetyCases, type SafetyStore } from '#domain/child-safety';
import { Clips, EvidenceStills, HeldClips, type PromptRefusedError } from '#domain/gate';
import type { Clip } from '#platform/database';
import { caseParts, finding, storeOf, young } from '../support/cases.js';
import { CLIP, GateHarness, synthetic } from '../support/gate.js';

let gate: GateHarness;
let cases: SafetyCases;
let reader: { tenantId: string; keyId: string };
const prompt = 'A grey stone on a table, nothing else, 77';

beforeAll(async () => {
  gate = await GateHarness.open();
  cases = caseParts(gate, 'off').cases;
  reader = { tenantId: gate.caller.tenantId, keyId: 'key_reader' };
});
afterAll(() => gate.close());

const db = () => gate.core.database;
const caseOf = (clipId: string) => db().safetyCase.findUniqueOrThrow({ where: { clipId }, include: { files: true } });
const looks = (subject: string) =>
  db().auditEvent.findMany({ where: { subject, action: 'child_safety.viewed' }, orderBy: { id: 'asc' } });
async function refused(injected = young()): Promise<Clip> {
  const clip = await gate.drive((await gate.admit({ prompt }, { injected })).id);
  expect(clip.state).toBe('refused');
  return clip;
}
async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

describe('a clip that is refused for the safety of children', () => {
  let clip: Clip;
  let before: Clip;
  let id: string;

  beforeAll(async () => {
    const { tenantId } = gate.caller;
    const endpoint = {
      id: 'whe_1',
      tenantId,
      url: 'http://127.0.0.1:1',
      secret: 'x',
      eventTypes: ['child_safety.case'],
    };
    await db().webhookEndpoint.create({ data: endpoint });
    const admitted = await gate.admit({ prompt, user: 'maker-7' }, { injected: young() });
    before = await gate.drive(admitted.id, 'inspecting');
    clip = await gate.drive(admitted.id);
    id = (await caseOf(clip.id)).id;
  });

  it('is out of reach at once: no file, no word, no still, in no list of reviewers', async () => {
    expect(clip).toMatchObject({
      ...{ state: 'refused', prompt: '[sealed]', effectivePrompt: '[sealed]', inspection: null },
      ...{ sourceSha256: null, stillsSha256: null, thumbnailSha256: null },
    });
    const { tenantId } = gate.caller;
    const stills = new EvidenceStills(db(), gate.core.blobs);
    for (const look of [
      gate.content.open(tenantId, clip.id, 'video'),
      stills.open(tenantId, clip.id, 'still_1', 'blurred', 'key:x'),
    ]) {
      await expect(look).rejects.toMatchObject({ kind: 'forbidden', code: 'clip_sealed' });
    }
    const held = new HeldClips(db(), gate.moves, gate.policies, gate.core.clock);
    expect((await held.list(tenantId)).map((one) => one.id)).not.toContain(clip.id);
    const seen = await new Clips(db(), gate.moves, gate.core.blobs).inspect(tenantId, clip.id);
    expect(seen).toMatchObject({ prompt: '[sealed]', inspection: null, state: 'refused' });
    expect(JSON.stringify(seen)).not.toContain('grey stone');
    expect(seen.decisions.at(-1)?.reasons[0]).toMatchObject({ rule: 'apparent_minor_with_harm', category: 'violence' });
  });

  it('stands as a case whose evidence is not in the database in the clear', async () => {
    const row = await caseOf(clip.id);
    expect(row).toMatchObject({ state: 'open', stage: 'clip', rules: ['apparent_minor_with_harm'], synthetic: false });
    expect(row.preserveUntil.getTime() - row.openedAt.getTime()).toBeGreaterThan(364.9 * 86_400_000);
    expect(JSON.stringify(row)).not.toContain('grey stone');
    const opened = await db().auditEvent.findMany({ where: { subject: id } });
    expect(opened.map(({ action }) => action)).toContain('child_safety.opened');
    expect(JSON.stringify(opened.map(({ data }) => data))).not.toContain('grey stone');
    const [told] = await db().webhookDelivery.findMany({ where: { type: 'child_safety.case' } });
    expect(JSON.parse(told!.body)).toMatchObject({ type: 'child_safety.case', data: { id } });
    expect(Object.keys((JSON.parse(told!.body) as { data: object }).data)).toEqual(['id']);
  });

  it('survives a crash at any point between refusal and sealing', async () => {
    const job = await db().outbox.findFirstOrThrow({ where: { job: 'child_safety.seal' } });
    expect(job.payload).toEqual({ caseId: id });
    const source = before.sourceSha256!;
    expect(await gate.core.blobs.stat(source)).not.toBeNull();
    await expect(cases.file(reader, id, 'source')).rejects.toMatchObject({ code: 'evidence_not_ready' });

    const store = storeOf(gate);
    const died = () => Promise.reject(new Error('killed'));
    const broken = (change: object) => ({
      ...store,
      blobs: Object.assign(Object.create(gate.core.blobs) as object, change) as SafetyStore['blobs'],
    });
    await expect(sealCase(broken({ put: died }), id)).rejects.toThrow('killed');
    await expect(sealCase(broken({ delete: died }), id)).rejects.toThrow('killed');
    // The queue lost the job: it is asked for again.
    const asked: unknown[] = [];
    const queue = { add: (...args: unknown[]) => Promise.resolve(void asked.push(args)) };
    await reconcileCases(db(), queue as never, { now: () => new Date(Date.now() + 60_000) });
    expect(asked).toContainEqual(['child_safety.seal', { caseId: id }, `${id}-seal`]);

    await Promise.all([sealCase(store, id), sealCase(store, id)]);
    const row = await caseOf(clip.id);
    expect(row.sealedAt).not.toBeNull();
    expect(row.files.map(({ name }) => name).sort()).toEqual(['source', 'stills']);
    expect(await gate.core.blobs.stat(source)).toBeNull();
    expect(await db().fileHold.count({ where: { holder: id } })).toBe(0);
    for (const file of row.files) expect(await gate.core.blobs.stat(file.sealedSha256!)).not.toBeNull();
  });

  it('shows its evidence to those who may see it, and never without a record', async () => {
    const evidence = await cases.evidence(reader, id);
    expect(evidence).toMatchObject({ prompt, effective_prompt: prompt, maker: 'maker-7', clip_id: clip.id });
    expect(evidence.files.map(({ name }) => name)).toEqual(['source', 'stills']);
    expect(evidence.files[0]!.sha256).toBe(before.sourceSha256);
    const still = evidence.inspection!.stills[0]!.id;
    const [blurred, clear] = [
      await cases.still(reader, id, still, 'blurred'),
      await cases.still(reader, id, still, 'clear'),
    ];
    expect(Buffer.from(blurred).equals(Buffer.from(clear))).toBe(false);
    expect((await caseOf(clip.id)).files[0]!.viewedAt).toBeNull();
    const video = await bytesOf(await cases.file(reader, id, 'source'));
    expect(sha256Hex(video)).toBe(sha256Hex(await readFile(CLIP)));
    expect((await caseOf(clip.id)).files.find(({ name }) => name === 'source')!.viewedAt).not.toBeNull();
    expect((await looks(id)).map(({ actor, data }) => [actor, (data as { what: string }).what])).toEqual([
      ['key:key_reader', 'facts'],
      ['key:key_reader', 'stills'],
      ['key:key_reader', 'stills'],
      ['key:key_reader', 'source'],
    ]);
  });

  it('is nobody else’s', async () => {
    const other = { tenantId: 'ten_other', keyId: 'key_other' };
    const { reports } = caseParts(gate, 'test');
    const body = { outcome: 'dismiss' as const, incident_type: 'Child Sex Tourism' as const, reason: 'why' };
    for (const call of [
      () => cases.get(other, id),
      () => cases.evidence(other, id),
      () => cases.file(other, id, 'source'),
      () => cases.still(other, id, 'still_1', 'blurred'),
      () => cases.decide(other, id, body),
      () => cases.preserve(other, id, { until: '2099-01-01T00:00:00Z', reason: 'why' }),
      () => reports.draft(other, id),
      () => reports.send(other, id),
    ])
      await expect(call()).rejects.toMatchObject({ kind: 'not_found', code: 'case_not_found' });
    expect((await cases.list(other, { limit: 20 })).data).toEqual([]);
    expect(await looks(id)).toHaveLength(4);
  });

  it('stays refused and under seal when a person dismisses it, and when its maker deletes it', async () => {
    const dismiss = {
      outcome: 'dismiss' as const,
      incident_type: 'Child Sex Tourism' as const,
      reason: 'An adult, 31.',
    };
    expect(await cases.decide(reader, id, dismiss)).toMatchObject({ state: 'dismissed', decision: { class: null } });
    expect(JSON.stringify(await caseOf(clip.id))).not.toContain('An adult');
    expect(await gate.clip(clip.id)).toMatchObject({ state: 'refused', sourceSha256: null, prompt: '[sealed]' });
    const clips = new Clips(db(), gate.moves, gate.core.blobs);
    await clips.remove(gate.caller.tenantId, clip.id, 'key:maker');
    await clips.erase(clip.id);
    expect(sha256Hex(await bytesOf(await cases.file(reader, id, 'source')))).toBe(before.sourceSha256);
  });
});

describe('what opens a case', () => {
  it('a request whose words or picture are refused so: text alone is a case, and its picture is evidence', async () => {
    const bytes = Buffer.from('not really a picture, as far as the gate knows');
    async function* once() {
      yield bytes;
    }
    const { sha256 } = await gate.core.blobs.put(once());
    const signals = [finding('made.up', 'sexual_minors', 0.9)];
    const context = { reference: { sha256, signals, faces: [] } };
    const e = (await gate.admit({ prompt }, context as never).catch((thrown: unknown) => thrown)) as PromptRefusedError;
    expect(e.code).toBe('moderation_blocked');
    const row = await caseOf(e.clipId);
    expect(row).toMatchObject({ stage: 'prompt', rules: ['sexual_minors.refuse'] });
    expect(await gate.clip(e.clipId)).toMatchObject({ prompt: '[sealed]', referenceSha256: null });
    await sealCase(storeOf(gate), row.id);
    expect(await gate.core.blobs.stat(sha256)).toBeNull();
    expect((await bytesOf(await cases.file(reader, row.id, 'reference'))).equals(bytes)).toBe(true);
  });

  it('a reviewer who refuses a held clip so', async () => {
    const clip = await gate.drive((await gate.admit({ prompt }, { injected: [synthetic(0.6)] })).id);
    expect(clip.state).toBe('held');
    const held = new HeldClips(db(), gate.moves, gate.policies, gate.core.clock);
    const review = { outcome: 'refuse' as const, category: 'sexual_minors' as const, reason: 'seen by a person' };
    await held.decide(gate.caller.tenantId, clip.id, review, 'key:reviewer');
    expect(await caseOf(clip.id)).toMatchObject({ stage: 'review', rules: ['review.sexual_minors'], synthetic: false });
    expect(await gate.clip(clip.id)).toMatchObject({ sourceSha256: null, prompt: '[sealed]' });
  });

  it('a rehearsal is marked as one, and injected signals never hide real ones', async () => {
    expect(await caseOf((await refused(young(true))).id)).toMatchObject({ synthetic: true });
    const both = [...young(), ...young(true).map((one) => ({ ...one, score: 0.99 }))];
    expect(await caseOf((await refused(both)).id)).toMatchObject({ synthetic: false });
  });

  it('no refusal that does not concern children', async () => {
    const clip = await gate.drive((await gate.admit({ prompt }, { injected: [synthetic(0.95)] })).id);
    expect(clip).toMatchObject({ state: 'refused', prompt, sealedAt: null });
    expect(clip.sourceSha256).not.toBeNull();
    expect(await db().safetyCase.count({ where: { clipId: clip.id } })).toBe(0);
  });

  it('or the refusal fails with it: nothing is refused half', async () => {
    const clip = await gate.drive((await gate.admit({ prompt }, { injected: young() })).id, 'inspecting');
    const create = jest.spyOn(gate.core.subjectKeys, 'create').mockRejectedValue(new Error('no disk'));
    await expect(gate.step(clip.id, false)).rejects.toThrow('no disk');
    create.mockRestore();
    expect(await gate.clip(clip.id)).toMatchObject({ state: 'inspecting', sealedAt: null });
    expect((await gate.drive(clip.id)).state).toBe('refused');
    expect(await caseOf(clip.id)).toMatchObject({ state: 'open' });
  });
});
