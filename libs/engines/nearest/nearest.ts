import { AppError } from '#kernel';
import { ASKED_TABLES, ASKED_VECTOR, bindKernels, LANES, SCANNED_BYTES, SKETCH_BYTES, TABLE_BYTES, TABLES, VECTOR_BYTES, type Kernels } from './kernels.js'; // prettier-ignore
import { Selection } from './selection.js';
import { estimate, shrink, sketch, tables } from './shrink.js';

/** More was to be added than fits. */
export class NearestFullError extends AppError {
  constructor(capacity: number) {
    super(
      'unavailable',
      'faces_full',
      `The index of faces holds ${capacity} templates and no more. Raise its capacity.`,
    );
  }
}

/** A face as two vectors: 128 values of dlib, 1024 of faceres. */
export interface FaceVectors {
  dlib: Float32Array;
  faceres: Float32Array;
}

/** A candidate: number of its entry, and about how alike it is. */
export interface NearFace {
  entry: number;
  /** About cosine(faceres) - distance(dlib); the whole templates say exactly. */
  estimate: number;
}

/** How an index goes about it; the standard is what was measured. */
export interface NearestOptions {
  /** Of the sketches' best, so many are compared by their small vectors. */
  compared?: number;
  /** From so many entries on there are sketches, around the middle of these: it is about the middle of all. */
  sketchedFrom?: number;
}

const COMPARED = 10_240;
const SKETCHED_FROM = 32_768;
/** Sketches that are made with each entry that is added, until those before it have theirs. */
const AT_A_TIME = 8;
/** Entries for which room is made at a time. */
const CHUNK = 16_384;
const CHUNK_BYTES = CHUNK * (SKETCH_BYTES + VECTOR_BYTES);
const PAGE = 65_536;

const LIST = ASKED_VECTOR + VECTOR_BYTES;
const OUT = LIST + 4 * CHUNK;
const FIRST = Math.ceil((OUT + 8 * CHUNK) / PAGE) * PAGE;
/** Scope of an entry that is gone. */
const GONE = -1;

/**
 * Faces by number, each with a scope: 0 counts for every question, others for questions of that scope. Not exact: of the
 * sketches' best the small vectors choose, and both are estimates. Measured: `npm run bench -- faces`.
 */
export class NearestFaces {
  private readonly memory = new WebAssembly.Memory({ initial: FIRST / PAGE });
  private readonly kernels: Kernels = bindKernels(this.memory);
  private bytes = new Uint8Array(this.memory.buffer);
  private scopes = new Int32Array(0);
  private readonly sums = new Float64Array(VECTOR_BYTES);
  private readonly bits = new Uint8Array(SKETCH_BYTES);
  private readonly free: number[] = [];
  private used = 0;
  private middle: Float32Array | null = null;
  /** Entries below this number have sketches; the others are compared one and all. */
  private sketched = 0;
  private readonly sketchedFrom: number;
  private readonly selection: Selection;

  /** @param capacity entries at most */
  constructor(
    readonly capacity: number,
    { compared = COMPARED, sketchedFrom = SKETCHED_FROM }: NearestOptions = {},
  ) {
    this.sketchedFrom = sketchedFrom;
    this.selection = new Selection(compared, CHUNK);
  }

  /** Living entries. */
  get size(): number {
    return this.used - this.free.length;
  }

  /** Bytes of memory that are taken. */
  get taken(): number {
    return this.memory.buffer.byteLength + this.scopes.byteLength + this.selection.bytes;
  }

  /** Adds a face. @returns its number, below the capacity; numbers of removed ones are given anew. @throws NearestFullError */
  add(face: FaceVectors, scope: number): number {
    if (this.size >= this.capacity) throw new NearestFullError(this.capacity);
    const entry = this.free.pop() ?? this.used++;
    if (entry >= this.scopes.length) this.grow();
    const vector = this.vector(entry);
    shrink(face.dlib, face.faceres, vector);
    this.scopes[entry] = scope;
    this.weigh(vector, 1);
    if (entry < this.sketched) this.sketch(entry);
    this.sketchMore();
    return entry;
  }

  /** Removes a face: its numbers are overwritten. */
  remove(entry: number): void {
    if (this.scopes[entry] === GONE || entry >= this.used) return;
    this.scopes[entry] = GONE;
    this.weigh(this.vector(entry), -1);
    this.vector(entry).fill(0);
    if (entry < this.sketched) this.sketch(entry);
    this.free.push(entry);
  }

  /** The entries that are most like a face and count for a scope, best first, as far as estimates tell. */
  find(face: FaceVectors, scope: number, most: number): NearFace[] {
    const asked = new Int8Array(this.memory.buffer, ASKED_VECTOR, VECTOR_BYTES);
    shrink(face.dlib, face.faceres, asked);
    const best: NearFace[] = [];
    if (this.sketched > 0) this.compare(this.candidates(asked, scope), most, best);
    for (let first = this.sketched; first < this.used; first += CHUNK) {
      this.compare(this.all(first, Math.min(this.used, first + CHUNK), scope), most, best);
    }
    return best;
  }

  private all(first: number, end: number, scope: number): number[] {
    const found: number[] = [];
    for (let i = first; i < end; i++) if (this.scopes[i] === 0 || this.scopes[i] === scope) found.push(i);
    return found;
  }

  private candidates(asked: Int8Array, scope: number): Uint32Array {
    tables(asked, this.middle!, this.bytes.subarray(ASKED_TABLES, ASKED_TABLES + TABLES * TABLE_BYTES));
    const { selection, scopes } = this;
    selection.clear();
    for (let first = 0; first < this.sketched; first += CHUNK) {
      const at = chunkAt(first);
      const blocks = Math.ceil(Math.min(CHUNK, this.sketched - first) / LANES);
      this.kernels.scan(at, at + SKETCH_BYTES * LANES * blocks, OUT, selection.limit);
      selection.offer(
        this.bytes.subarray(OUT, OUT + SCANNED_BYTES * blocks),
        first,
        scopes.subarray(0, this.sketched),
        scope,
      );
    }
    return selection.best();
  }

  /** Puts the best of some entries among the best. */
  private compare(entries: ArrayLike<number>, most: number, best: NearFace[]): void {
    for (let first = 0; first < entries.length && most > 0; first += CHUNK) {
      const count = Math.min(CHUNK, entries.length - first);
      const list = new Uint32Array(this.memory.buffer, LIST, count);
      for (let i = 0; i < count; i++) list[i] = vectorAt(entries[first + i]!);
      this.kernels.near(LIST, LIST + 4 * count, OUT, 0);
      const out = new Uint32Array(this.memory.buffer, OUT, 2 * count);
      for (let i = 0; i < count; i++) {
        const found = estimate(out[2 * i]!, out[2 * i + 1]!);
        if (best.length === most && found <= best[most - 1]!.estimate) continue;
        if (best.length === most) best.pop();
        let at = best.length;
        while (at > 0 && best[at - 1]!.estimate < found) at--;
        best.splice(at, 0, { entry: entries[first + i]!, estimate: found });
      }
    }
  }

  /** Until the middle is settled, it is followed. */
  private weigh(vector: Int8Array, times: 1 | -1): void {
    if (this.middle) return;
    for (let i = 0; i < VECTOR_BYTES; i++) this.sums[i]! += times * vector[i]!;
  }

  /** A few sketches at a time, so that nobody waits for all of them. */
  private sketchMore(): void {
    if (!this.middle) {
      if (this.size < this.sketchedFrom) return;
      this.middle = Float32Array.from(this.sums, (sum) => sum / this.size);
    }
    const end = Math.min(this.used, this.sketched + AT_A_TIME);
    while (this.sketched < end) this.sketch(this.sketched++);
  }

  private vector(entry: number): Int8Array {
    return new Int8Array(this.memory.buffer, vectorAt(entry), VECTOR_BYTES);
  }

  private sketch(entry: number): void {
    sketch(this.vector(entry), this.middle!, this.bits);
    const block = chunkAt(entry) + SKETCH_BYTES * LANES * Math.floor((entry % CHUNK) / LANES) + (entry % LANES);
    for (let i = 0; i < SKETCH_BYTES; i++) this.bytes[block + LANES * i] = this.bits[i]!;
  }

  private grow(): void {
    this.memory.grow(CHUNK_BYTES / PAGE);
    this.bytes = new Uint8Array(this.memory.buffer);
    const scopes = new Int32Array(this.scopes.length + CHUNK).fill(GONE);
    scopes.set(this.scopes);
    this.scopes = scopes;
  }
}

/** Address of the sketches of an entry's chunk; its vectors follow them. */
function chunkAt(entry: number): number {
  return FIRST + CHUNK_BYTES * Math.floor(entry / CHUNK);
}

function vectorAt(entry: number): number {
  return chunkAt(entry) + CHUNK * SKETCH_BYTES + VECTOR_BYTES * (entry % CHUNK);
}
