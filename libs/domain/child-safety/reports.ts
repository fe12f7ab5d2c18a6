import { INCIDENT_TYPES, type IndustryClass, type ReportingMode, type SafetyCase, type SafetyStage } from '#contracts';
import { sha256Hex, shownMessage } from '#kernel';
import { recordAudit } from '#platform/audit';
import { json } from '#platform/database';
import { SealedReason } from './cases.js';
import type { CyberTipLine, TipFile, TipLineAccount } from './cybertipline.js';
import { oneYearAfter } from './desk.js';
import { caseChanged, caseNotFound, evidenceDestroyed, SafetyError } from './errors.js';
import { caseKey, openFacts, reasonContext } from './facts.js';
import { fileDetailsXml, reportXml, type ReportedFile, type Reporter } from './report.js';
import { actorOf, lookOf, type CaseReader } from './readers.js';
import { openFile, type SafetyStore } from './sealing.js';
import { CaseDecision, caseView, type CaseRow, type Receipt } from './view.js';

/** How this deployment reports. */
export interface ReportingSettings {
  mode: ReportingMode;
  reporter: Reporter;
  /** Used in production alone; null where it is not set. */
  account: TipLineAccount | null;
}

/** An attempt that is older was broken off. */
const BROKEN_OFF_MS = 15 * 60_000;

/** Reports of cases: the draft, and the sending, which only a person starts. */
export class SafetyReports {
  constructor(
    private readonly store: SafetyStore,
    private readonly settings: ReportingSettings,
  ) {}

  /** The report as it would be sent now. Looking at it is put on record. @throws SafetyError */
  async draft(reader: CaseReader, id: string): Promise<string> {
    const row = await this.row(reader, id);
    await this.record(reader, row, 'child_safety.viewed', { what: 'report', ...lookOf(reader) });
    return this.report(row);
  }

  /**
   * Details of one file as they would be sent; the receiver's numbers are 0. Looking is put on record.
   * @throws SafetyError `evidence_not_found`
   */
  async draftFile(reader: CaseReader, id: string, name: 'source' | 'reference'): Promise<string> {
    const row = await this.row(reader, id);
    await this.record(reader, row, 'child_safety.viewed', { what: `report.${name}`, ...lookOf(reader) });
    const file = (await this.files(row)).find((one) => one.name === name);
    if (!file) throw new SafetyError('not_found', 'evidence_not_found', 'This case has no such file.');
    return fileDetailsXml(file, { reportId: '0', fileId: '0' });
  }

  /**
   * Sends the report of a case that a person decided to report. `off` refuses. `test` does everything but sending: no code
   * that could reach the network is loaded.
   * @throws SafetyError `reporting_off`, `case_not_to_report`, `case_is_rehearsal`, `evidence_not_ready`, `case_changed`;
   *   TipLineError `report_not_taken`: the case can be sent again
   */
  async send(reader: CaseReader, id: string): Promise<SafetyCase> {
    const { mode } = this.settings;
    if (mode === 'off') {
      const message = 'Reporting is switched off: nothing was sent. The setting is CHILD_SAFETY_REPORTING.';
      throw new SafetyError('conflict', 'reporting_off', message);
    }
    const row = await this.sendable(reader, id);
    const [report, files] = [await this.report(row), await this.files(row)];
    if (mode === 'test') return this.rehearse(reader, row, report, files);
    return this.reportNow(reader, row, report, files);
  }

  private async sendable(reader: CaseReader, id: string): Promise<CaseRow> {
    const row = await this.row(reader, id);
    const { mode } = this.settings;
    const brokenOff =
      row.state === 'sending' && this.store.clock.now().getTime() - (row.sendingAt?.getTime() ?? 0) > BROKEN_OFF_MS;
    if (!(row.state === 'to_report' || brokenOff || (row.state === 'rehearsed' && mode === 'production'))) {
      const message = `The case is ${row.state}: only a case that a person decided to report is sent, and once.`;
      throw new SafetyError('conflict', 'case_not_to_report', message);
    }
    if (row.synthetic && mode === 'production') {
      const message = 'Only injected signals opened this case: a rehearsal is not reported.';
      throw new SafetyError('conflict', 'case_is_rehearsal', message);
    }
    if (!row.sealedAt) {
      throw new SafetyError(
        'conflict',
        'evidence_not_ready',
        'The files of this case are being sealed. Send it in a moment.',
      );
    }
    return row;
  }

  private async rehearse(reader: CaseReader, row: CaseRow, report: string, files: ReportedFile[]): Promise<SafetyCase> {
    // Everything that production would write is written, and thrown away.
    files.forEach((file) => fileDetailsXml(file, { reportId: '0', fileId: '0' }));
    return this.finish(reader, row, 'rehearsed', { mode: 'test', report_id: null, report });
  }

  private async reportNow(reader: CaseReader, row: CaseRow, report: string, files: TipFile[]): Promise<SafetyCase> {
    const { account } = this.settings;
    if (!account) throw new SafetyError('conflict', 'reporting_off', 'Reporting has no account: nothing was sent.');
    const { database, clock } = this.store;
    const begun = await this.move(reader, row, 'sending', { sendingBy: actorOf(reader), sendingAt: clock.now() });
    const { CyberTipLine } = await import('./cybertipline.js');
    const line = new CyberTipLine(account);
    try {
      const reportId =
        (await this.finishedBefore(line, row)) ??
        (await line.send(report, files, (number) => this.opened(row, number)));
      return await this.finish(reader, begun, 'reported', { mode: 'production', report_id: reportId, report });
    } catch (e) {
      const lastError = shownMessage(e);
      await database.safetyCase.updateMany({
        where: { id: row.id, version: begun.version, state: 'sending' },
        data: { state: 'to_report', lastError, version: { increment: 1 } },
      });
      throw e;
    }
  }

  /** Of an attempt that broke off: the number under which it arrived after all. */
  private async finishedBefore(line: CyberTipLine, { reportId }: CaseRow): Promise<string | null> {
    return reportId && (await line.takeBack(reportId)) ? reportId : null;
  }

  private async opened({ id }: CaseRow, reportId: string): Promise<void> {
    await this.store.database.safetyCase.update({ where: { id }, data: { reportId } });
  }

  private async finish(
    reader: CaseReader,
    row: CaseRow,
    state: 'reported' | 'rehearsed',
    { report, ...sent }: { mode: ReportingMode; report_id: string | null; report: string },
  ): Promise<SafetyCase> {
    const now = this.store.clock.now();
    const receipt: Receipt = { ...sent, by: actorOf(reader), at: now.toISOString(), report_sha256: sha256Hex(report) };
    // The year begins anew with the report, and never ends earlier than it would have.
    const year = oneYearAfter(now);
    const preserveUntil = state === 'reported' && year > row.preserveUntil ? year : row.preserveUntil;
    const changed = await this.move(
      reader,
      row,
      state,
      { receipt: json(receipt), preserveUntil, lastError: null },
      sent,
    );
    return caseView(changed, now);
  }

  private async move(
    reader: CaseReader,
    row: CaseRow,
    state: string,
    data: object,
    facts: Record<string, unknown> = {},
  ): Promise<CaseRow> {
    return this.store.database.$transaction(async (tx) => {
      const { count } = await tx.safetyCase.updateMany({
        where: { id: row.id, version: row.version, destroyingAt: null },
        data: { ...data, state, version: row.version + 1 },
      });
      if (count === 0) throw caseChanged();
      await recordAudit(tx, {
        tenantId: row.tenantId,
        actor: actorOf(reader),
        action: `child_safety.${state}`,
        subject: row.id,
        fromState: row.state,
        toState: state,
        data: facts,
      });
      return tx.safetyCase.findUniqueOrThrow({ where: { id: row.id } });
    });
  }

  private async report(row: CaseRow): Promise<string> {
    const facts = await openFacts(this.store.keys, row);
    const decision = row.decision ? CaseDecision.parse(row.decision) : null;
    const written = await this.reason(row);
    return reportXml(
      {
        id: row.id,
        clipId: row.clipId,
        stage: row.stage as SafetyStage,
        openedAt: row.openedAt,
        rules: row.rules,
        facts,
        decision: { ...written, incident_type: decision?.incident_type ?? INCIDENT_TYPES[0] },
      },
      this.settings.reporter,
      this.store.clock.now(),
    );
  }

  private async reason(row: CaseRow): Promise<Pick<SealedReason, 'additional_info' | 'escalate'>> {
    if (!row.reasonSealed) return {};
    const key = await caseKey(this.store.keys, row.id);
    const { additional_info, escalate } = SealedReason.parse(
      JSON.parse(key.open(row.reasonSealed, reasonContext(row.id)).toString('utf8')),
    );
    return { additional_info, escalate };
  }

  private async files(row: CaseRow): Promise<TipFile[]> {
    const { requestedAt, released } = await openFacts(this.store.keys, row);
    const chosen: IndustryClass | null = row.decision ? CaseDecision.parse(row.decision).class : null;
    const rows = await this.store.database.safetyFile.findMany({
      where: { caseId: row.id, name: { in: ['source', 'reference'] }, sealedSha256: { not: null } },
      orderBy: { name: 'desc' },
    });
    return rows.map((file) => ({
      name: file.name as 'source' | 'reference',
      sha256: file.sha256,
      viewed: file.viewedAt !== null,
      requestedAt,
      class: chosen,
      delivered: released !== null && file.name === 'source',
      read: async () => {
        const pieces: Uint8Array[] = [];
        for await (const piece of openFile(this.store, file)) pieces.push(piece);
        return Buffer.concat(pieces);
      },
    }));
  }

  private async row({ tenantId }: CaseReader, id: string): Promise<CaseRow> {
    const row = await this.store.database.safetyCase.findFirst({ where: { id, tenantId } });
    if (!row) throw caseNotFound(id);
    if (row.destroyingAt) throw evidenceDestroyed();
    return row;
  }

  private async record(reader: CaseReader, row: CaseRow, action: string, data: Record<string, unknown>): Promise<void> {
    const { tenantId, id: subject } = row;
    await this.store.database.$transaction((tx) =>
      recordAudit(tx, { tenantId, actor: actorOf(reader), action, subject, data }),
    );
  }
}
