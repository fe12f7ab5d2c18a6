import { AppError } from '#kernel';
import { ASKED_SKETCH, ASKED_VECTOR, bindKernels, LANES, SKETCH_BYTES, VECTOR_BYTES, type Kernels } from './kernels.js';
import { estimate, shrink, sketch } from './shrink.js';

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

/** Entries that are compared by their small vectors; as many or fewer need no sketches. */
const COMPARED = 16_384;
/** Entries for which room is made at a time. */
const CHUNK = 16_384;
const CHUNK_BYTES = CHUNK * (SKETCH_BYTES + VECTOR_BYTES);
const PAGE = 65_536;
/** The middle of so many faces is the middle of all. */
const SETTLED = 65_536;

const LIST = ASKED_VECTOR + VECTOR_BYTES;
const OUT = LIST + 4 * COMPARED;
const FIRST = Math.ceil((OUT + 8 * COMPARED) / PAGE) * PAGE;
/** Scope of an entry that is gone. */
const GONE = -1;

/**
 * Faces by number, each with a scope: 0 counts for every question, others for questions of that scope. Not exact: of the
 * sketches' best 16,384 the small vectors choose, and both are estimates. Measured: `npm run bench -- faces`.
 */
export class NearestFaces {
  private readonly memory = new WebAssembly.Memory({ initial: FIRST / PAGE });
  private readonly kernels: Kernels = bindKernels(this.memory);
  private bytes = new Uint8Array(this.memory.buffer);
  private scopes = new Int32Array(0);
  private differing = new Uint16Array(0);
  private readonly middle = new Float32Array(VECTOR_BYTES);
  private readonly bits = new Uint8Array(SKETCH_BYTES);
  private readonly histogram = new Uint32Array(8 * SKETCH_BYTES + 1);
  private readonly free: number[] = [];
  private used = 0;
  /** Living entries when the middle was taken last; 0 while there are no sketches. */
  private middleOf = 0;

  /**
   * @param capacity entries at most
   * @param compared entries that are compared by their small vectors, 16,384 at most
   */
  constructor(
    readonly capacity: number,
    private readonly compared = COMPARED,
  ) {}

  /** Living entries. */
  get size(): number {
    return this.used - this.free.length;
  }

  /** Bytes of memory that are taken. */
  get taken(): number {
    return this.memory.buffer.byteLength + this.scopes.byteLength + this.differing.byteLength;
  }

  /** Adds a face. @returns its number, below the capacity; numbers of removed ones are given anew. @throws NearestFullError */
  add(face: FaceVectors, scope: number): number {
    if (this.size >= this.capacity) throw new NearestFullError(this.capacity);
    const entry = this.free.pop() ?? this.used++;
    if (entry >= this.scopes.length) this.grow();
    shrink(face.dlib, face.faceres, this.vector(entry));
    if (this.middleOf > 0) this.sketch(entry);
    this.scopes[entry] = scope;
    this.settle();
    return entry;
  }

  /** Removes a face: its numbers are overwritten. */
  remove(entry: number): void {
    if (this.scopes[entry] === GONE || entry >= this.used) return;
    this.scopes[entry] = GONE;
    this.vector(entry).fill(0);
    if (this.middleOf > 0) this.sketch(entry);
    this.free.push(entry);
  }

  /** The entries that are most like a face and count for a scope, best first, as far as estimates tell. */
  find(face: FaceVectors, scope: number, most: number): NearFace[] {
    const asked = new Int8Array(this.memory.buffer, ASKED_VECTOR, VECTOR_BYTES);
    shrink(face.dlib, face.faceres, asked);
    const entries = this.size <= this.compared ? this.all(scope) : this.candidates(asked, scope);
    return this.compare(entries, most);
  }

  private all(scope: number): number[] {
    const found: number[] = [];
    for (let i = 0; i < this.used; i++) if (this.scopes[i] === 0 || this.scopes[i] === scope) found.push(i);
    return found;
  }

  private candidates(asked: Int8Array, scope: number): number[] {
    sketch(asked, this.middle, this.bits);
    for (let i = 0; i < SKETCH_BYTES; i++)
      this.bytes.fill(this.bits[i]!, ASKED_SKETCH + LANES * i, ASKED_SKETCH + LANES * (i + 1));
    this.scanAll();
    const { bits, room } = this.limit(scope);
    const { scopes, differing } = this;
    const found: number[] = [];
    let last = room;
    for (let i = 0; i < this.used; i++) {
      const apart = differing[i]!;
      if (apart > bits || (scopes[i] !== 0 && scopes[i] !== scope)) continue;
      if (apart < bits || last-- > 0) found.push(i);
    }
    return found;
  }

  private scanAll(): void {
    const out = new Uint16Array(this.memory.buffer, OUT, CHUNK);
    for (let first = 0; first < this.used; first += CHUNK) {
      const at = chunkAt(first);
      const count = Math.min(CHUNK, this.used - first);
      this.kernels.scan(at, at + SKETCH_BYTES * LANES * Math.ceil(count / LANES), OUT);
      this.differing.set(count < CHUNK ? out.subarray(0, count) : out, first);
    }
  }

  /** How many bits may differ so that not too many entries remain, and for how many of exactly so many there is room. */
  private limit(scope: number): { bits: number; room: number } {
    const { scopes, differing, histogram } = this;
    histogram.fill(0);
    for (let i = 0; i < this.used; i++) {
      if (scopes[i] === 0 || scopes[i] === scope) histogram[differing[i]!]!++;
    }
    let room = this.compared;
    for (let bits = 0; bits < histogram.length; bits++) {
      const here = histogram[bits]!;
      if (here > room) return { bits, room };
      room -= here;
    }
    return { bits: histogram.length, room };
  }

  private compare(entries: readonly number[], most: number): NearFace[] {
    if (entries.length === 0 || most < 1) return [];
    const list = new Uint32Array(this.memory.buffer, LIST, entries.length);
    for (let i = 0; i < entries.length; i++) list[i] = vectorAt(entries[i]!);
    this.kernels.near(LIST, LIST + 4 * entries.length, OUT, 0);
    const out = new Uint32Array(this.memory.buffer, OUT, 2 * entries.length);
    const best: NearFace[] = [];
    for (let i = 0; i < entries.length; i++) {
      const found = estimate(out[2 * i]!, out[2 * i + 1]!);
      if (best.length === most && found <= best[most - 1]!.estimate) continue;
      if (best.length === most) best.pop();
      let at = best.length;
      while (at > 0 && best[at - 1]!.estimate < found) at--;
      best.splice(at, 0, { entry: entries[i]!, estimate: found });
    }
    return best;
  }

  /** Takes the middle of all faces, and their sketches, where there are many more than the last time. */
  private settle(): void {
    if (this.size <= this.compared || this.middleOf >= SETTLED || this.size < 2 * this.middleOf) return;
    const sums = new Float64Array(VECTOR_BYTES);
    for (let entry = 0; entry < this.used; entry++) {
      if (this.scopes[entry] === GONE) continue;
      const vector = this.vector(entry);
      for (let i = 0; i < VECTOR_BYTES; i++) sums[i]! += vector[i]!;
    }
    for (let i = 0; i < VECTOR_BYTES; i++) this.middle[i] = sums[i]! / this.size;
    this.middleOf = this.size;
    for (let entry = 0; entry < this.used; entry++) this.sketch(entry);
  }

  private vector(entry: number): Int8Array {
    return new Int8Array(this.memory.buffer, vectorAt(entry), VECTOR_BYTES);
  }

  private sketch(entry: number): void {
    sketch(this.vector(entry), this.middle, this.bits);
    const block = chunkAt(entry) + SKETCH_BYTES * LANES * Math.floor((entry % CHUNK) / LANES) + (entry % LANES);
    for (let i = 0; i < SKETCH_BYTES; i++) this.bytes[block + LANES * i] = this.bits[i]!;
  }

  private grow(): void {
    this.memory.grow(CHUNK_BYTES / PAGE);
    this.bytes = new Uint8Array(this.memory.buffer);
    const size = this.scopes.length + CHUNK;
    const scopes = new Int32Array(size).fill(GONE);
    scopes.set(this.scopes);
    this.scopes = scopes;
    this.differing = new Uint16Array(size);
  }
}

/** Address of the sketches of an entry's chunk; its vectors follow them. */
function chunkAt(entry: number): number {
  return FIRST + CHUNK_BYTES * Math.floor(entry / CHUNK);
}

function vectorAt(entry: number): number {
  return chunkAt(entry) + CHUNK * SKETCH_BYTES + VECTOR_BYTES * (entry % CHUNK);
}
