import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot, sha256Hex } from '#kernel';
import { sealCase, sweepCases, type SafetyCases } from '#domain/child-safety';
import type { Clip } from '#platform/database';
import { caseParts, startReceiver, storeOf, young } from '../support/cases.js';
import { CLIP, GateHarness } from '../support/gate.js';
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
      last_error: expect.stringContaining('4100') as string,
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
