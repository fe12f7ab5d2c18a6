import type {
  DecideSafetyCase,
  Evidence,
  EvidenceFileName,
  ListSafetyCases,
  MissingFile,
  PreserveCase,
  ReportingMode,
  SafetyCase,
  SafetyCaseList,
  StillView,
} from '#contracts';
import { unpackStills } from '#domain/gate';
import { recordAudit } from '#platform/audit';
import { json, type Prisma, type Transaction } from '#platform/database';
import { caseChanged, caseNotFound, evidenceDestroyed, SafetyError } from './errors.js';
import { caseKey, openFacts, reasonContext } from './facts.js';
import { actorOf, lookOf, type CaseReader } from './readers.js';
import { assertReady, openFile, type SafetyStore } from './sealing.js';
import { CaseDecision, caseView, DUE_DAYS, type CaseRow } from './view.js';
import { z } from 'zod';

/** One look at a film. */
const LOOK_MS = 60_000;

/** States in which a decision may be taken, or taken anew. */
const DECIDABLE = ['open', 'dismissed', 'to_report'];

/** What of a decision goes into the report besides what is shown; sealed with the reason. */
export const SealedReason = z.object({
  reason: z.string(),
  additional_info: z.string().optional(),
  escalate: z.string().optional(),
});
export type SealedReason = z.infer<typeof SealedReason>;

/** Child-safety cases, for the few people who may see them. Every look at evidence is put on record before it is given. */
export class SafetyCases {
  constructor(
    private readonly store: SafetyStore,
    private readonly reporting: ReportingMode,
  ) {}

  /** A page of the tenant's cases, newest first. */
  async list({ tenantId }: CaseReader, query: ListSafetyCases): Promise<SafetyCaseList> {
    const { rows, ...page } = await this.page([tenantId], query);
    const now = this.store.clock.now();
    return { ...page, data: rows.map((row) => caseView(row, now)) };
  }

  /** A page of the cases of some tenants, or of all (null). */
  async page(
    tenants: readonly string[] | null,
    query: ListSafetyCases,
  ): Promise<Omit<SafetyCaseList, 'data'> & { rows: CaseRow[] }> {
    const now = this.store.clock.now();
    const due = new Date(now.getTime() + DUE_DAYS * 86_400_000);
    const until = query.preservation === 'due' ? { gt: now, lte: due } : { lte: now };
    const rows = await this.store.database.safetyCase.findMany({
      where: {
        ...(tenants && { tenantId: { in: [...tenants] } }),
        ...(query.state && { state: query.state }),
        ...(query.preservation && { preserveUntil: until, destroyedAt: null }),
        ...(query.after && { id: { lt: query.after } }),
      },
      orderBy: { id: 'desc' },
      take: query.limit + 1,
    });
    const shown = rows.slice(0, query.limit);
    return { object: 'list', rows: shown, has_more: rows.length > query.limit, reporting: this.reporting };
  }

  /** @throws SafetyError `case_not_found`, for another tenant's case as well */
  async get(reader: CaseReader, id: string): Promise<SafetyCase> {
    return caseView(await this.row(reader, id), this.store.clock.now());
  }

  /** The words, findings and files of a case. @throws SafetyError `case_not_found`, `evidence_destroyed` */
  async evidence(reader: CaseReader, id: string): Promise<Evidence> {
    const row = await this.row(reader, id);
    await this.looked(reader, row, 'facts');
    const [facts, files] = await Promise.all([openFacts(this.store.keys, row), this.files(id)]);
    return {
      id,
      object: 'child_safety.evidence',
      clip_id: row.clipId,
      prompt: facts.prompt,
      effective_prompt: facts.effectivePrompt,
      maker: facts.maker,
      model: facts.model,
      requested_at: facts.requestedAt,
      decision: facts.record?.decision ?? null,
      signals: facts.record?.signals ?? [],
      inspection: facts.inspection,
      files: files.map(({ name, sha256, bytes }) => ({ name: name as EvidenceFileName, sha256, bytes })),
    };
  }

  /**
   * The bytes of the clip or of the reference picture, opened piece by piece; nothing plain is written anywhere.
   * @throws SafetyError `evidence_not_found`, `evidence_not_ready`, `evidence_destroyed`
   */
  async file(reader: CaseReader, id: string, name: 'source' | 'reference'): Promise<AsyncGenerator<Uint8Array>> {
    const row = await this.row(reader, id);
    const file = await this.fileOf(row, name);
    await this.looked(reader, row, name);
    return this.untilViewed(openFile(this.store, file), file);
  }

  /**
   * All bytes of the clip or of the reference picture, for players that ask for parts: put on record once a minute. That bytes
   * came says nothing about whether somebody watched them; {@link decide} is told that. @throws as {@link file}
   */
  async whole(reader: CaseReader, id: string, name: 'source' | 'reference'): Promise<Buffer> {
    const row = await this.row(reader, id);
    const file = await this.fileOf(row, name);
    if (!(await this.hasOpened(reader, id, name, new Date(Date.now() - LOOK_MS)))) await this.looked(reader, row, name);
    const pieces: Uint8Array[] = [];
    for await (const piece of openFile(this.store, file)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** One still of the clip, WebP. @throws as {@link file} */
  async still(reader: CaseReader, id: string, stillId: string, view: StillView): Promise<Uint8Array> {
    const row = await this.row(reader, id);
    const file = await this.fileOf(row, 'stills');
    await this.looked(reader, row, 'stills', { still: stillId, view });
    const pieces: Uint8Array[] = [];
    for await (const piece of openFile(this.store, file)) pieces.push(piece);
    const pictures = unpackStills(Buffer.concat(pieces)).find((one) => one.id === stillId);
    if (!pictures) throw noSuchEvidence();
    return pictures[view];
  }

  /**
   * What a person decides. Neither way releases or restores anything: a dismissed clip stays refused and under seal.
   * @throws SafetyError `case_decided` once it is being sent; `class_needed`; `not_watched`; `case_changed`; `evidence_destroyed`
   */
  async decide(reader: CaseReader, id: string, wanted: DecideSafetyCase): Promise<SafetyCase> {
    const row = await this.row(reader, id);
    if (row.destroyingAt) throw evidenceDestroyed();
    if (!DECIDABLE.includes(row.state)) {
      throw new SafetyError('conflict', 'case_decided', `The case is ${row.state}: its decision stands.`);
    }
    const report = wanted.outcome === 'report';
    const generated = (await this.files(id)).some(({ name }) => name === 'source');
    if (report && generated && !wanted.class) {
      const message = 'To report a clip, choose its class: A1, A2, B1 or B2.';
      throw new SafetyError('invalid', 'class_needed', message, { param: 'class' });
    }
    if (wanted.watched_all && !(await this.hasOpened(reader, id, 'source'))) throw notWatched();
    const decision: CaseDecision = {
      outcome: wanted.outcome,
      class: report && generated ? (wanted.class ?? null) : null,
      incident_type: report ? wanted.incident_type : null,
      by: actorOf(reader),
      at: this.store.clock.now().toISOString(),
    };
    const { reason, additional_info, escalate } = wanted;
    const key = await caseKey(this.store.keys, id);
    const reasonSealed = key.seal(JSON.stringify({ reason, additional_info, escalate }), reasonContext(id));
    const state = report ? 'to_report' : 'dismissed';
    const data = { state, decision: json(decision), reasonSealed, lastError: null };
    const said = { outcome: wanted.outcome, class: decision.class, ...(wanted.watched_all && { watched_all: true }) };
    return this.change(reader, row, data, 'child_safety.decided', said, async (tx) => {
      if (!wanted.watched_all) return;
      const viewed = { viewedAt: this.store.clock.now() };
      await tx.safetyFile.updateMany({ where: { caseId: id, name: 'source', viewedAt: null }, data: viewed });
    });
  }

  /** Preserves a case for longer. @throws SafetyError `preservation_shorter`, `evidence_destroyed`, `case_changed` */
  async preserve(reader: CaseReader, id: string, { until, reason }: PreserveCase): Promise<SafetyCase> {
    const row = await this.row(reader, id);
    if (row.destroyingAt) throw evidenceDestroyed();
    const preserveUntil = new Date(until);
    if (preserveUntil <= row.preserveUntil) {
      const message = `Preservation is only made longer: it lasts until ${row.preserveUntil.toISOString()}.`;
      throw new SafetyError('invalid', 'preservation_shorter', message, { param: 'until' });
    }
    return this.change(reader, row, { preserveUntil }, 'child_safety.preserved', {
      until,
      reason_sealed: await this.sealed(id, reason),
    });
  }

  /**
   * Puts on record that the bytes of a file are lost, so that the rest of the case can be sealed. Nothing but a person does.
   * @throws SafetyError `evidence_not_missing`, `evidence_not_found`, `evidence_destroyed`, `case_changed`
   */
  async missing(reader: CaseReader, id: string, { file: name, reason }: MissingFile): Promise<SafetyCase> {
    const row = await this.row(reader, id);
    if (row.destroyingAt) throw evidenceDestroyed();
    const file = (await this.files(id)).find((one) => one.name === name);
    if (!file) throw noSuchEvidence();
    const { sha256 } = file;
    if (file.sealedSha256 || (await this.store.blobs.has(sha256))) {
      throw new SafetyError('conflict', 'evidence_not_missing', 'This file is there. Nothing was changed.');
    }
    const facts = { file: name, sha256, reason_sealed: await this.sealed(id, reason) };
    return this.change(reader, row, {}, 'child_safety.file_missing', facts, async (tx) => {
      const data = { missingAt: this.store.clock.now() };
      await tx.safetyFile.updateMany({ where: { caseId: id, name, sha256, missingAt: null }, data });
    });
  }

  /** Words of a person for the audit record: they open with the key of the case, and no more when it is gone. */
  private async sealed(id: string, words: string): Promise<string> {
    return (await caseKey(this.store.keys, id)).seal(words, reasonContext(id));
  }

  private async change(
    reader: CaseReader,
    row: CaseRow,
    data: Prisma.SafetyCaseUncheckedUpdateManyInput,
    action: string,
    facts: Record<string, unknown>,
    within?: (tx: Transaction) => Promise<void>,
  ): Promise<SafetyCase> {
    const { database, clock } = this.store;
    const changed = await database.$transaction(async (tx) => {
      await within?.(tx);
      const { count } = await tx.safetyCase.updateMany({
        where: { id: row.id, version: row.version, destroyingAt: null },
        data: { ...data, version: row.version + 1 },
      });
      if (count === 0) throw caseChanged();
      const { tenantId, id: subject, state: fromState } = row;
      const toState = typeof data.state === 'string' ? data.state : fromState;
      await recordAudit(tx, { tenantId, actor: actorOf(reader), action, subject, fromState, toState, data: facts });
      return tx.safetyCase.findUniqueOrThrow({ where: { id: row.id } });
    });
    return caseView(changed, clock.now());
  }

  private async row({ tenantId }: CaseReader, id: string): Promise<CaseRow> {
    const row = await this.store.database.safetyCase.findFirst({ where: { id, tenantId } });
    if (!row) throw caseNotFound(id);
    return row;
  }

  private files(caseId: string) {
    return this.store.database.safetyFile.findMany({
      where: { caseId, name: { not: 'derived' } },
      orderBy: { name: 'asc' },
    });
  }

  private async fileOf(row: CaseRow, name: EvidenceFileName) {
    if (row.destroyingAt) throw evidenceDestroyed();
    const file = (await this.files(row.id)).find((one) => one.name === name);
    if (!file) throw noSuchEvidence();
    assertReady(file);
    return file;
  }

  /** Whether it is on record that this reader opened a file. */
  private async hasOpened(reader: CaseReader, subject: string, what: string, since?: Date): Promise<boolean> {
    const events = await this.store.database.auditEvent.findMany({
      where: { subject, action: 'child_safety.viewed', actor: actorOf(reader), ...(since && { at: { gt: since } }) },
      select: { data: true },
    });
    return events.some(({ data }) => (data as { what?: unknown }).what === what);
  }

  /** Nobody sees anything that is not on record by then. */
  private async looked(reader: CaseReader, row: CaseRow, what: string, more: Record<string, unknown> = {}) {
    await this.store.database.$transaction((tx) =>
      recordAudit(tx, {
        tenantId: row.tenantId,
        actor: actorOf(reader),
        action: 'child_safety.viewed',
        subject: row.id,
        data: { what, ...lookOf(reader), ...more },
      }),
    );
  }

  /** Notes that a person got a file to its end: the report says whether anybody looked at it, and never guesses. */
  private async *untilViewed(
    pieces: AsyncGenerator<Uint8Array>,
    { caseId, name, sha256 }: { caseId: string; name: string; sha256: string },
  ): AsyncGenerator<Uint8Array> {
    yield* pieces;
    await this.store.database.safetyFile.updateMany({
      where: { caseId, name, sha256, viewedAt: null },
      data: { viewedAt: this.store.clock.now() },
    });
  }
}

function notWatched(): SafetyError {
  const message = 'It is not on record that you opened the clip. Watch it, or leave out `watched_all`.';
  return new SafetyError('conflict', 'not_watched', message, { param: 'watched_all' });
}

function noSuchEvidence(): SafetyError {
  return new SafetyError(
    'not_found',
    'evidence_not_found',
    'This case has no such file. Its evidence lists those there are.',
  );
}
