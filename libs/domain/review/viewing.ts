import type { Clock } from '#kernel';
import { Inspection, type CaseOutcome, type CaseStage, type CaseView, type Signal } from '#contracts';
import { EvidenceStills, readDecisions } from '#domain/gate';
import { recordAudit } from '#platform/audit';
import { assertMay, mayDo, type StaffCaller } from '#platform/auth';
import type { Clip, Database, ReviewCaseRow, ReviewNote } from '#platform/database';
import { newId } from '#kernel';
import type { StillView } from '#contracts';
import { placeOf, READING } from './access.js';
import { makerOf, provenanceOf, type LikenessReader } from './background.js';
import { caseNotFound, ReviewError } from './errors.js';
import { stoppingDecision } from './facts.js';
import type { CaseLists } from './listing.js';
import { isLeased } from './rows.js';
import { isBlind, visibleReadings } from './visible.js';
import { seeViewer, viewersOf } from './viewers.js';
import { barsOf, flaggedOf, whyOf } from './why.js';

/** What viewing stands on. */
export interface ViewingParts {
  database: Database;
  clock: Clock;
  lists: CaseLists;
  stills: Pick<EvidenceStills, 'open'>;
  likeness?: LikenessReader;
}

/** One look at a film. */
const WATCH_MS = 60_000;

const OUTCOMES: readonly CaseOutcome[] = ['release', 'release_limited', 'refuse', 'escalate', 'child_safety'];

/** Shows single cases to the people who decide them. Each look is on record. */
export class CaseViews {
  constructor(private readonly parts: ViewingParts) {}

  /** A case that this person may read, with its clip. @throws ReviewError `case_not_found` */
  async find(staff: StaffCaller, id: string): Promise<{ row: ReviewCaseRow; clip: Clip }> {
    const row = await this.parts.database.reviewCase.findUnique({ where: { id } });
    if (!row || !mayDo(staff, 'case.read', placeOf(row))) throw caseNotFound(id);
    return { row, clip: await this.parts.database.clip.findUniqueOrThrow({ where: { id: row.clipId } }) };
  }

  /** Everything about a case that this person may see. @throws ReviewError `case_not_found` */
  async view(staff: StaffCaller, id: string): Promise<CaseView> {
    const { database, clock, lists } = this.parts;
    const { row, clip } = await this.find(staff, id);
    const now = clock.now();
    const viewers = await database.$transaction(async (tx) => {
      await seeViewer(tx, id, staff, now);
      const actor = `staff:${staff.id}`;
      await recordAudit(tx, { tenantId: row.tenantId, actor, action: 'case.viewed', subject: id });
      return viewersOf(tx, id, now);
    });
    const [item] = await lists.items([id], staff);
    const [decisions, notes, maker, provenance, likeness] = await Promise.all([
      database.reviewDecision.findMany({ where: { caseId: id }, orderBy: { at: 'asc' } }),
      database.reviewNote.findMany({ where: { caseId: id }, orderBy: { at: 'asc' } }),
      makerOf(database, clip),
      provenanceOf(database, clip, row),
      this.likenessFor(staff, clip),
    ]);
    const read = decisions.some(({ reader, state }) => reader === staff.id && state !== 'undone');
    const mayNot = read || row.excluded.includes(staff.id) || (row.fresh && (await this.readClip(staff, clip.id)));
    return {
      ...item!,
      ...contentsOf(row, clip),
      object: 'case.view',
      maker,
      likeness,
      provenance,
      viewers,
      readings: visibleReadings(staff, row, decisions),
      notes: notesOf(staff, row, notes),
      conflict: row.conflict as CaseView['conflict'],
      may: mayOf(staff, row, mayNot, now),
    };
  }

  private async likenessFor(staff: StaffCaller, clip: Clip): Promise<CaseView['likeness']> {
    if (!mayDo(staff, 'likeness.read', { tenantId: clip.tenantId })) return [];
    return (await this.parts.likeness?.(clip)) ?? [];
  }

  /** Whether this person read the clip in any of its cases. */
  private async readClip(staff: StaffCaller, clipId: string): Promise<boolean> {
    const where = { clipId, reader: staff.id, state: { not: 'undone' } };
    return (await this.parts.database.reviewDecision.count({ where })) > 0;
  }

  /** Ids of the stills of a case that this person may watch: no look at it. */
  async stillsOf(staff: StaffCaller, id: string): Promise<string[]> {
    const { row, clip } = await this.find(staff, id);
    if (!mayDo(staff, 'case.watch', placeOf(row)) || row.heldAt === 'prompt' || !clip.inspection) return [];
    return Inspection.parse(clip.inspection).stills.map((still) => still.id);
  }

  /** Writes beside a case. */
  async note(staff: StaffCaller, id: string, text: string): Promise<CaseView> {
    const { row } = await this.find(staff, id);
    assertMay(staff, 'case.note', placeOf(row));
    const noteId = newId('not');
    await this.parts.database.$transaction(async (tx) => {
      const at = this.parts.clock.now();
      await tx.reviewNote.create({ data: { id: noteId, caseId: id, by: staff.id, name: staff.name, text, at } });
      const actor = `staff:${staff.id}`;
      await recordAudit(tx, { tenantId: row.tenantId, actor, action: 'case.noted', subject: noteId });
    });
    return this.view(staff, id);
  }

  /** A still of a case as WebP. A look at a clear one is on record. @throws ClipError `still_not_found` */
  async still(staff: StaffCaller, id: string, still: string, view: StillView): Promise<Uint8Array> {
    const { row, clip } = await this.find(staff, id);
    assertMay(staff, 'case.watch', placeOf(row));
    if (row.heldAt === 'prompt') throw noFilm();
    return this.parts.stills.open(clip.tenantId, clip.id, still, view, `staff:${staff.id}`);
  }

  /**
   * SHA-256 of the clip before it was marked, for playing. Put on record once a minute: players ask for many parts.
   * @throws ReviewError `case_has_no_film`
   */
  async film(staff: StaffCaller, id: string): Promise<string> {
    const { row, clip } = await this.find(staff, id);
    assertMay(staff, 'case.watch', placeOf(row));
    const sha256 = row.heldAt === 'prompt' ? null : clip.sourceSha256;
    if (!sha256) throw noFilm();
    const actor = `staff:${staff.id}`;
    await this.parts.database.$transaction(async (tx) => {
      const since = new Date(Date.now() - WATCH_MS);
      const told = await tx.auditEvent.count({
        where: { subject: id, action: 'clip.watched', actor, at: { gt: since } },
      });
      if (!told) await recordAudit(tx, { tenantId: row.tenantId, actor, action: 'clip.watched', subject: id });
    });
    return sha256;
  }
}

function noFilm(): ReviewError {
  return new ReviewError(
    'not_found',
    'case_has_no_film',
    'There are no pictures: this case is about words, or they are gone.',
  );
}

/** What was seen and heard, as of the moment that the case is about. */
function contentsOf(row: ReviewCaseRow, clip: Clip) {
  const asked = row.heldAt === 'prompt';
  const decision = stoppingDecision(clip, row.heldAt);
  const statement = row.statement as { by: string; text: string } | null;
  const inspection = clip.inspection && !asked ? Inspection.parse(clip.inspection) : null;
  const signals: Signal[] = readDecisions(clip.decisions)
    .filter(({ decision: { stage } }) => !asked || stage === 'prompt')
    .flatMap((record) => record.signals);
  const bars = barsOf(signals, decision);
  return {
    clip: {
      ...{ id: row.shownAs, held_at: row.heldAt, size: clip.size, seconds: clip.seconds },
      has_video: !asked && clip.sourceSha256 !== null,
      created_at: row.askedAt.toISOString(),
    },
    why: whyOf(row.kind as 'hold', decision, statement?.text ?? null),
    statement: statement && { ...statement, reports: row.reports },
    prompt: clip.prompt,
    effective_prompt: clip.effectivePrompt,
    signals,
    bars,
    flagged: flaggedOf(bars, inspection),
    stills: inspection?.stills ?? [],
    texts: inspection?.texts ?? [],
    speech: inspection?.speech ?? null,
    faces: inspection?.faces ?? [],
    matches: inspection?.matches ?? [],
  };
}

function notesOf(staff: StaffCaller, row: ReviewCaseRow, notes: readonly ReviewNote[]): CaseView['notes'] {
  const blind = isBlind(staff, row);
  return notes
    .filter(({ by }) => !blind || by === staff.id)
    .map(({ id, by, name, text, at }) => ({ id, by: { id: by, name }, text, at: at.toISOString() }));
}

function mayOf(staff: StaffCaller, row: ReviewCaseRow, read: boolean, now: Date): CaseView['may'] {
  const place = placeOf(row);
  const reads = mayDo(staff, READING[row.stage as CaseStage], place) && mayDo(staff, 'case.take', place);
  const others = isLeased(row, now) && row.leaseHolder !== staff.id;
  const why = ((): CaseView['may']['why_not'] => {
    if (row.state === 'closed') return 'closed';
    if (read) return 'read_before';
    if (row.state === 'pending') return 'pending';
    if (!reads) return row.stage === 'arbiter' ? 'arbiter_only' : 'not_allowed';
    return others ? 'leased' : null;
  })();
  return {
    take: why === null,
    decide: why === null && isLeased(row, now),
    outcomes: reads ? OUTCOMES.filter((outcome) => outcome !== 'escalate' || row.stage !== 'arbiter') : [],
    watch: mayDo(staff, 'case.watch', place),
    note: mayDo(staff, 'case.note', place),
    why_not: why,
  };
}
