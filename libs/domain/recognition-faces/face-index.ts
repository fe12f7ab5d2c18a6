import { messageOf, sleep } from '#kernel';
import { fusedScore, templateDistance, type FaceTemplate } from '#engines/faces';
import { NearestFullError } from '#engines/nearest';
import type { Database } from '#platform/database';
import type { SubjectKeys } from '#platform/keys';
import type { Subject } from '#domain/recognition';
import { FaceIndexError } from './errors.js';
import { FaceRegister } from './register.js';
import { facesAfter, facesById, facesOf, openFace, type TemplateRow } from './rows.js';

/** Somebody whose face is like the one that was asked for. */
export interface FaceHit {
  subject: Subject;
  /** Cosine of faceres minus distance of dlib, of the whole templates (FACE_THRESHOLDS). */
  score: number;
  /** Distance of dlib alone. */
  dlibDistance: number;
}

/** How a {@link FaceIndex} behaves. */
export interface FaceIndexOptions {
  /** Templates that are held at most, about 730 bytes each; with more nothing can be told. */
  capacity?: number;
  /** Milliseconds that a question waits for the first load. */
  waitMs?: number;
  /** Told how far the loading is, and when it fails (it is tried again at the next question). */
  log?: { info(facts: object, text: string): void; warn(facts: object, text: string): void };
}

/** Templates that are read at a time: the driver takes a whole page in one go. */
const PAGE = 256;
/** Loading says how far it is after so many. */
const TOLD = 50_000;
const WAIT_MS = 10_000;
const CAPACITY = 1_000_000;
/** Templates of the index's best that may be read in whole for an answer, beside three for each that is wanted. */
const COMPARED = 64;
/** So many are read at once, beside those that are wanted. */
const FIRST = 14;
/** Estimates that are lower by more than this than the last wanted score are not read: five times their usual error. */
const MARGIN = 0.09;
/** Templates that did not open are tried again, so many at a question. */
const AGAIN = 100;

const quiet = { info: () => undefined, warn: () => undefined };

/**
 * All faces of all subjects, in this process. Loaded once, from then on brought up to date with each question: what was
 * committed before the question counts in the answer. Erased subjects are gone with their rows, and their templates do
 * not open besides. Ask it in the worker only.
 */
export class FaceIndex {
  private register: FaceRegister;
  private cursor = 0n;
  private loaded = false;
  private full = false;
  private readonly unread = new Set<bigint>();
  private running: Promise<void> | null = null;
  private closed = false;

  constructor(
    private readonly database: Database,
    private readonly keys: SubjectKeys,
    private readonly options: FaceIndexOptions = {},
  ) {
    this.register = new FaceRegister(this.capacity);
  }

  /** How many templates can be asked, and the memory that they take. */
  get size(): { templates: number; bytes: number } {
    return { templates: this.register.size, bytes: this.register.bytes };
  }

  /** Starts loading; does not wait. Until it is done, questions are answered with `faces_loading`. */
  start(): void {
    void this.refresh().catch((e: unknown) => this.log.warn({ err: messageOf(e) }, 'faces could not be loaded'));
  }

  /** Ends loading. */
  async close(): Promise<void> {
    this.closed = true;
    await this.running?.catch(() => undefined);
  }

  /** Takes in all changes that are committed by now; loads first where that was not done. @throws what the database throws */
  async refresh(): Promise<void> {
    // A look that is under way may have read past what was committed since.
    await this.running?.catch(() => undefined);
    this.running ??= this.follow().finally(() => (this.running = null));
    await this.running;
  }

  /**
   * The subjects whose faces are most like one, best first, one answer each: persons of all tenants, and protected
   * entries of the tenant and of all. No threshold is applied.
   * @param most answers at most
   * @throws FaceIndexError when it cannot tell, with the reason
   */
  async find(template: FaceTemplate, tenantId: string, most: number): Promise<FaceHit[]> {
    await this.ready();
    this.check(template.model);
    const near = this.register.find(template, tenantId, 3 * most + COMPARED);
    const best = new Map<string, FaceHit>();
    await this.compare(template, near.slice(0, most + FIRST), best);
    const floor = ([...best.values()].sort(byScore)[most - 1]?.score ?? -Infinity) - MARGIN;
    await this.compare(
      template,
      near.slice(most + FIRST).filter(({ estimate }) => estimate >= floor),
      best,
    );
    return [...best.values()].sort(byScore).slice(0, most);
  }

  private async ready(): Promise<void> {
    try {
      // The first load of a large register takes minutes: nobody waits for that.
      if (!this.loaded) await Promise.race([this.refresh(), sleep(this.options.waitMs ?? WAIT_MS)]);
      if (this.loaded) await this.refresh();
    } catch (cause) {
      throw new FaceIndexError('faces_unread', 'The faces could not be read from the database.', cause);
    }
    if (!this.loaded) throw new FaceIndexError('faces_loading', 'The faces are still being loaded.');
  }

  private check(model: string): void {
    if (this.full) {
      throw new FaceIndexError('faces_full', `There are more than the ${this.capacity} faces that fit the index.`);
    }
    if (this.unread.size > 0) throw unreadable(this.unread.size);
    if (!this.register.only(model)) {
      const text = 'Faces were kept by other networks than those that look now: their subjects have to enrol again.';
      throw new FaceIndexError('face_models_differ', text);
    }
  }

  /** The whole templates say how alike they are. */
  private async compare(
    asked: FaceTemplate,
    near: readonly { id: bigint }[],
    best: Map<string, FaceHit>,
  ): Promise<void> {
    if (near.length === 0) return;
    const ids = near.map(({ id }) => id);
    const opened = await this.open(await facesById(this.database, ids));
    const failed = opened.filter(({ template }) => !template).map(({ row }) => row.id);
    // Erased between the question and here: row and key are gone.
    const left = failed.length > 0 ? await facesById(this.database, failed) : [];
    if (left.length > 0) throw unreadable(left.length);
    for (const { row, template } of opened) {
      if (!template) continue;
      const score = fusedScore(asked, template);
      if ((best.get(row.subjectId)?.score ?? -Infinity) >= score) continue;
      const subject = { kind: row.kind, id: row.subjectId, tenantId: row.tenantId };
      best.set(row.subjectId, { subject, score, dlibDistance: templateDistance(asked, template) });
    }
  }

  private async follow(): Promise<void> {
    if (this.full) await this.makeRoom();
    if (!this.loaded) await this.load();
    for (let more = true; more && !this.closed;) {
      const changes = await this.database.likenessChange.findMany({
        where: { seq: { gt: this.cursor } },
        orderBy: { seq: 'asc' },
        take: PAGE,
      });
      const subjects = [...new Set(changes.map(({ subjectId }) => subjectId))];
      await this.renew(subjects);
      this.cursor = changes.at(-1)?.seq ?? this.cursor;
      more = changes.length === PAGE;
    }
    if (this.unread.size > 0) await this.tryAgain();
  }

  private async load(): Promise<void> {
    const { _max } = await this.database.likenessChange.aggregate({ _max: { seq: true } });
    this.register = new FaceRegister(this.capacity);
    this.unread.clear();
    let last = 0n;
    let told = 0;
    for (let more = true; more && !this.closed && !this.full;) {
      const rows = await facesAfter(this.database, last, PAGE);
      await this.take(rows);
      last = rows.at(-1)?.id ?? last;
      more = rows.length === PAGE;
      if (this.register.size - told >= TOLD) {
        told = this.register.size;
        this.log.info({ faces: told }, 'faces are being loaded');
      }
      // Others in this process have their turn.
      await new Promise(setImmediate);
    }
    if (this.closed) return;
    // What was committed meanwhile has a later number, and is taken anew.
    this.cursor = _max.seq ?? 0n;
    this.loaded = true;
    this.log.info({ ...this.size, unreadable: this.unread.size }, 'faces are loaded');
  }

  private async renew(subjectIds: readonly string[]): Promise<void> {
    if (subjectIds.length === 0) return;
    const rows = await facesOf(this.database, subjectIds);
    const opened = await this.open(rows);
    for (const id of subjectIds) this.register.removeSubject(id);
    this.put(opened);
  }

  private async tryAgain(): Promise<void> {
    const ids = [...this.unread].slice(0, AGAIN);
    const rows = await facesById(this.database, ids);
    await this.renew([...new Set(rows.map(({ subjectId }) => subjectId))]);
    const there = new Set(rows.map(({ id }) => id));
    for (const id of ids) if (!there.has(id)) this.unread.delete(id);
  }

  private async take(rows: readonly TemplateRow[]): Promise<void> {
    this.put(await this.open(rows));
  }

  private put(opened: readonly { row: TemplateRow; template: FaceTemplate | null }[]): void {
    for (const { row, template } of opened) {
      this.unread.delete(row.id);
      if (!template) this.unread.add(row.id);
      else this.add(row, template);
    }
  }

  private add(row: TemplateRow, template: FaceTemplate): void {
    try {
      this.register.add(row, template);
    } catch (e) {
      if (!(e instanceof NearestFullError)) throw e;
      // What did not fit is missed: nothing can be said until there is room for all of it.
      this.full = true;
    }
  }

  private open(rows: readonly TemplateRow[]) {
    return Promise.all(rows.map(async (row) => ({ row, template: await openFace(this.keys, row) })));
  }

  /** Begins anew once all of it fits. */
  private async makeRoom(): Promise<void> {
    if ((await this.database.likenessTemplate.count({ where: { what: 'face' } })) > this.capacity) return;
    this.full = this.loaded = false;
  }

  private get capacity(): number {
    return this.options.capacity ?? CAPACITY;
  }

  private get log() {
    return this.options.log ?? quiet;
  }
}

const byScore = (a: FaceHit, b: FaceHit) => b.score - a.score;

function unreadable(count: number): FaceIndexError {
  const text = `${count} faces that are kept cannot be opened. Restore the keys of their subjects, or erase these.`;
  return new FaceIndexError('face_template_unreadable', text);
}
