import type { FaceTemplate } from '#engines/faces';
import { NearestFaces } from '#engines/nearest';
import { markOf, type TemplateRow } from './rows.js';

const MARK = 4;

/** What is kept of each template beside its numbers: its row, its subject, its model. */
export class FaceRegister {
  private readonly near: NearestFaces;
  private rows = new Float64Array(0);
  private marks = new Uint32Array(0);
  private kinds = new Uint8Array(0);
  private highest = 0;
  private readonly tenants = new Map<string, number>();
  private readonly models: string[] = [];
  private readonly perModel: number[] = [];

  constructor(capacity: number) {
    this.near = new NearestFaces(capacity);
  }

  get size(): number {
    return this.near.size;
  }

  /** Bytes that are taken. */
  get bytes(): number {
    return this.near.taken + this.rows.byteLength + this.marks.byteLength + this.kinds.byteLength;
  }

  /** Whether all templates are of one model. */
  only(model: string): boolean {
    return this.perModel.every((count, i) => count === 0 || this.models[i] === model);
  }

  /** @throws NearestFullError */
  add(row: TemplateRow, template: FaceTemplate): void {
    const entry = this.near.add(template, this.scopeOf(row));
    if (entry >= this.rows.length) this.grow();
    let model = this.models.indexOf(template.model);
    if (model < 0) model = this.models.push(template.model) - 1;
    this.perModel[model] = (this.perModel[model] ?? 0) + 1;
    this.rows[entry] = Number(row.id);
    this.marks.set(markOf(row.subjectId), MARK * entry);
    this.kinds[entry] = model;
    this.highest = Math.max(this.highest, entry + 1);
  }

  /** Removes all templates of a subject: a walk over all, since it is rare. */
  removeSubject(subjectId: string): void {
    const [a, b, c, d] = markOf(subjectId);
    const { marks } = this;
    for (let at = 0; at < MARK * this.highest; at += MARK) {
      if (marks[at] !== a || marks[at + 1] !== b || marks[at + 2] !== c || marks[at + 3] !== d) continue;
      const entry = at / MARK;
      if (this.rows[entry] === 0) continue;
      this.near.remove(entry);
      this.perModel[this.kinds[entry]!]!--;
      this.rows[entry] = 0;
      marks.fill(0, at, at + MARK);
    }
  }

  /** Rows of the templates that are most like a face, for a tenant, with about their score. */
  find(template: FaceTemplate, tenantId: string, most: number): { id: bigint; estimate: number }[] {
    // A tenant without entries of its own has a scope that nothing is in.
    const scope = this.tenants.get(tenantId) ?? this.tenants.size + 1;
    return this.near.find(template, scope, most).map(({ entry, estimate }) => ({
      id: BigInt(this.rows[entry]!),
      estimate,
    }));
  }

  /** Persons are recognised for every tenant; entries of the protected register for their own, or for all. */
  private scopeOf({ kind, tenantId }: TemplateRow): number {
    if (kind === 'person' || tenantId === null) return 0;
    const known = this.tenants.get(tenantId) ?? this.tenants.size + 1;
    this.tenants.set(tenantId, known);
    return known;
  }

  private grow(): void {
    const size = this.rows.length + 16_384;
    const { rows, marks, kinds } = this;
    this.rows = new Float64Array(size);
    this.rows.set(rows);
    this.marks = new Uint32Array(MARK * size);
    this.marks.set(marks);
    this.kinds = new Uint8Array(size);
    this.kinds.set(kinds);
  }
}
