import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot, sha256Hex } from '#kernel';
import { reconcileCases, sealCase, sweepCases, type SafetyCases } from '#domain/child-safety';
import { Clips, EvidenceStills, HeldClips, type PromptRefusedError } from '#domain/gate';
import type { Clip } from '#platform/database';
import { caseParts, finding, startReceiver, storeOf, young } from '../support/cases.js';
import { CLIP, GateHarness, synthetic } from '../support/gate.js';
import { at, faultsOf, readXml } from '../support/xml.js';

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
    const broken = (change: object) => ({ ...store, blobs: Object.assign(Object.create(gate.core.blobs), change) });
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
    const create = gate.core.subjectKeys.create;
    gate.core.subjectKeys.create = () => Promise.reject(new Error('no disk'));
    await expect(gate.step(clip.id, false)).rejects.toThrow('no disk');
    gate.core.subjectKeys.create = create;
    expect(await gate.clip(clip.id)).toMatchObject({ state: 'inspecting', sealedAt: null });
    expect((await gate.drive(clip.id)).state).toBe('refused');
    expect(await caseOf(clip.id)).toMatchObject({ state: 'open' });
  });
});

describe('reporting', () => {
  const report = {
    ...{ outcome: 'report' as const, class: 'B2' as const, reason: 'a made-up reason' },
    ...{ incident_type: 'Child Pornography (possession, manufacture, and distribution)' as const },
    ...{ additional_info: 'A note & <more>' },
  };
  async function decided(injected = young()): Promise<string> {
    const { id } = await caseOf((await refused(injected)).id);
    await sealCase(storeOf(gate), id);
    await cases.decide(reader, id, report);
    return id;
  }

  it('needs a class for a clip, and a decision by a person before anything is sent', async () => {
    const { id } = await caseOf((await refused()).id);
    const { class: _class, ...without } = report;
    await expect(cases.decide(reader, id, without)).rejects.toMatchObject({
      code: 'class_needed',
      details: { param: 'class' },
    });
    await expect(caseParts(gate, 'test').reports.send(reader, id)).rejects.toMatchObject({
      code: 'case_not_to_report',
    });
    await cases.decide(reader, id, report);
    await expect(caseParts(gate, 'test').reports.send(reader, id)).rejects.toMatchObject({
      code: 'evidence_not_ready',
    });
    const two = await Promise.allSettled([cases.decide(reader, id, report), cases.decide(reader, id, report)]);
    expect(two.some(({ status }) => status === 'fulfilled')).toBe(true);
  });

  it('drafts the report in the form that the receiver asks for', async () => {
    const id = await decided();
    const { reports } = caseParts(gate, 'off');
    const xml = readXml(await reports.draft(reader, id));
    expect(faultsOf(xml)).toEqual([]);
    expect(at(xml, 'additionalInfo').text).toContain(prompt);
    expect(at(xml, 'additionalInfo').text).toContain('A note & <more>');
    const file = readXml(await reports.draftFile(reader, id, 'source'));
    expect(faultsOf(file)).toEqual([]);
    expect(at(file, 'fileAnnotations').children.map(({ name }) => name)).toEqual(['generativeAi']);
    expect(at(file, 'industryClassification').text).toBe('B2');
    expect(at(file, 'fileViewedByEsp').text).toBe('false');
    expect((await looks(id)).map(({ data }) => data)).toEqual([{ what: 'report' }, { what: 'report.source' }]);
  });

  it('is off unless it is switched on', async () => {
    const id = await decided();
    await expect(caseParts(gate, 'off').reports.send(reader, id)).rejects.toMatchObject({ code: 'reporting_off' });
    expect(await cases.get(reader, id)).toMatchObject({ state: 'to_report', receipt: null });
  });

  it('in test mode does everything but send: nothing comes to a server that listens', async () => {
    const receiver = await startReceiver();
    const id = await decided();
    const { reports } = caseParts(gate, 'test', receiver.url);
    const done = await reports.send(reader, id);
    expect(done).toMatchObject({
      state: 'rehearsed',
      receipt: { mode: 'test', report_id: null, by: 'key:key_reader' },
    });
    await expect(reports.send(reader, id)).rejects.toMatchObject({ code: 'case_not_to_report' });
    expect([receiver.connections(), receiver.received]).toEqual([0, []]);
    await receiver.stop();
  });

  it('has one file alone that can reach the network, and only production loads it', async () => {
    const room = join(projectRoot, 'libs/domain/child-safety');
    const sources = (await readdir(room)).filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'));
    const using = async (pattern: RegExp) => {
      const found = await Promise.all(
        sources.map(async (name) => pattern.test(await readFile(join(room, name), 'utf8'))),
      );
      return sources.filter((_, i) => found[i]);
    };
    expect(await using(/#platform\/http|['"](node:)?(https?|http2|net|tls|dgram|dns|undici)['"]|\bfetch\(/)).toEqual([
      'cybertipline.ts',
    ]);
    expect(await using(/^import (?!type)[^;]*cybertipline\.js|^export .*cybertipline\.js/m)).toEqual([]);
    expect(await using(/import\('\.\/cybertipline\.js'\)/)).toEqual(['reports.ts']);
    const text = await readFile(join(room, 'reports.ts'), 'utf8');
    expect(text.match(/import\('\.\/cybertipline\.js'\)/g)).toHaveLength(1);
    expect(text.indexOf("if (mode === 'test') return this.rehearse(")).toBeLessThan(
      text.indexOf('this.reportNow(reader, row'),
    );
  });

  it('in production opens, uploads, describes and finishes, and keeps the receipt', async () => {
    const receiver = await startReceiver();
    const id = await decided();
    const { reports } = caseParts(gate, 'production', receiver.url);
    const early = (await cases.get(reader, id)).preserve_until;
    const done = await reports.send(reader, id);
    expect(done).toMatchObject({ state: 'reported', receipt: { mode: 'production', report_id: '4564654' } });
    expect(done.preserve_until >= early).toBe(true);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/submit', '/upload', '/fileinfo', '/finish']);
    const [submit, upload, info, finish] = receiver.received;
    expect(new Set(receiver.received.map(({ authorization }) => authorization))).toEqual(
      new Set([`Basic ${Buffer.from('esp:secret').toString('base64')}`]),
    );
    expect(submit!.type).toBe('text/xml; charset=utf-8');
    expect(faultsOf(readXml(submit!.body.toString('utf8')))).toEqual([]);
    expect(sha256Hex(submit!.body)).toBe(done.receipt!.report_sha256);
    expect(upload!.body.includes(await readFile(CLIP))).toBe(true);
    const details = readXml(info!.body.toString('utf8'));
    expect(faultsOf(details)).toEqual([]);
    expect(at(details, 'reportId').text).toBe('4564654');
    expect(finish!.body.toString()).toBe('id=4564654');
    await expect(reports.send(reader, id)).rejects.toMatchObject({ code: 'case_not_to_report' });
    expect(receiver.received).toHaveLength(4);
    await receiver.stop();
  });

  it('takes back what it could not finish, and can be sent again; two who press at once send once', async () => {
    const receiver = await startReceiver({ '/fileinfo': '4100' });
    const id = await decided();
    const { reports } = caseParts(gate, 'production', receiver.url);
    await expect(reports.send(reader, id)).rejects.toMatchObject({ code: 'report_not_taken' });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/submit', '/upload', '/fileinfo', '/retract']);
    expect(await cases.get(reader, id)).toMatchObject({
      state: 'to_report',
      last_error: expect.stringContaining('4100'),
    });
    delete receiver.codes['/fileinfo'];
    receiver.received.length = 0;
    const two = await Promise.allSettled([reports.send(reader, id), reports.send(reader, id)]);
    expect(two.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(receiver.received.filter(({ path }) => path === '/finish')).toHaveLength(1);
    await receiver.stop();
  });

  it('after a crash on the way finds out whether the report arrived, and never reports twice', async () => {
    const receiver = await startReceiver({ '/retract': '5102' });
    const id = await decided();
    const sendingAt = new Date(Date.now() - 16 * 60_000);
    await db().safetyCase.update({ where: { id }, data: { state: 'sending', sendingAt, reportId: '99' } });
    const done = await caseParts(gate, 'production', receiver.url).reports.send(reader, id);
    expect(done).toMatchObject({ state: 'reported', receipt: { report_id: '99' } });
    expect(receiver.received.map(({ path, body }) => [path, body.toString()])).toEqual([['/retract', 'id=99']]);
    await receiver.stop();
  });

  it('never reports a rehearsal', async () => {
    const receiver = await startReceiver();
    const id = await decided(young(true));
    const { reports } = caseParts(gate, 'production', receiver.url);
    await expect(reports.send(reader, id)).rejects.toMatchObject({ code: 'case_is_rehearsal' });
    expect(receiver.connections()).toBe(0);
    await receiver.stop();
  });
});

describe('the year of preservation', () => {
  const YEAR = 366 * 86_400_000;
  const dismiss = { outcome: 'dismiss' as const, incident_type: 'Child Sex Tourism' as const, reason: 'why not' };

  /** A case that was opened so many milliseconds ago. */
  async function openedAgo(ms: number): Promise<string> {
    gate.now = () => new Date(Date.now() - ms);
    try {
      const { id } = await caseOf((await refused()).id);
      await sealCase(storeOf(gate), id);
      return id;
    } finally {
      gate.now = () => new Date();
    }
  }

  it('is only made longer, by people and by the database', async () => {
    const id = await openedAgo(0);
    const { preserve_until } = await cases.get(reader, id);
    await expect(cases.preserve(reader, id, { until: preserve_until, reason: 'why' })).rejects.toMatchObject({
      code: 'preservation_shorter',
    });
    const longer = await cases.preserve(reader, id, { until: '2099-01-01T00:00:00.000Z', reason: 'court order' });
    expect(longer).toMatchObject({ preserve_until: '2099-01-01T00:00:00.000Z', preservation: 'running' });
    const sql = db();
    await expect(sql.$executeRaw`UPDATE safety_cases SET preserve_until = now() WHERE id = ${id}`).rejects.toThrow(
      /longer/,
    );
    await expect(sql.$executeRaw`UPDATE safety_cases SET destroying_at = now() WHERE id = ${id}`).rejects.toThrow(
      /preserved/,
    );
    await expect(sql.$executeRaw`UPDATE safety_cases SET facts_sealed = NULL WHERE id = ${id}`).rejects.toThrow(
      /preserved/,
    );
    await expect(sql.$executeRaw`DELETE FROM safety_files`).rejects.toThrow(/append-only/);
    await expect(sql.$executeRaw`DELETE FROM safety_cases`).rejects.toThrow();
  });

  it('shows what is due and overdue, and destroys nothing that nobody decided', async () => {
    const [due, over] = [await openedAgo(340 * 86_400_000), await openedAgo(YEAR)];
    const ids = async (preservation: 'due' | 'overdue') =>
      (await cases.list(reader, { limit: 100, preservation })).data.map((one) => one.id);
    expect(await ids('due')).toContain(due);
    expect(await ids('overdue')).toEqual([over]);
    expect(await cases.get(reader, over)).toMatchObject({ preservation: 'overdue', state: 'open' });
    expect(await sweepCases(storeOf(gate))).toBe(0);
    await cases.decide(reader, due, dismiss);
    expect(await sweepCases(storeOf(gate))).toBe(0);
    expect((await cases.evidence(reader, due)).prompt).toBe(prompt);
  });

  it('ends with the key: no copy of the database or of the files opens anything afterwards', async () => {
    const id = await openedAgo(YEAR);
    await cases.decide(reader, id, dismiss);
    const copy = await db().safetyCase.findUniqueOrThrow({ where: { id }, include: { files: true } });
    expect(copy.factsSealed).not.toBeNull();
    expect(await sweepCases(storeOf(gate))).toBe(1);
    expect(await sweepCases(storeOf(gate))).toBe(0);
    expect(await cases.get(reader, id)).toMatchObject({ preservation: 'destroyed', state: 'dismissed' });
    for (const call of [() => cases.evidence(reader, id), () => cases.file(reader, id, 'source')])
      await expect(call()).rejects.toMatchObject({ kind: 'gone', code: 'evidence_destroyed' });
    for (const { sealedSha256 } of copy.files) expect(await gate.core.blobs.stat(sealedSha256!)).toBeNull();
    expect(await gate.core.subjectKeys.open(id)).toBeNull();
    await expect(cases.preserve(reader, id, { until: '2099-01-01T00:00:00Z', reason: 'late' })).rejects.toMatchObject({
      code: 'evidence_destroyed',
    });
    expect(await db().auditEvent.count({ where: { subject: id, action: 'child_safety.destroyed' } })).toBe(1);
  });
});
