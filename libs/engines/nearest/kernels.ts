import { assemble, op, type Code } from './assembler.js';

/** 256 bits of a sketch: 128 of dlib, then 128 of faceres. */
export const SKETCH_BYTES = 32;
/** Sketches of so many entries lie together, byte by byte: first all first bytes. */
export const LANES = 16;
/** A table for each 4 bits of a sketch, of 16 bytes: how far each value of theirs is from the question. */
export const TABLES = 2 * SKETCH_BYTES;
export const TABLE_BYTES = 16;
/** Bytes that a scan writes for a block: 16 distances, a mask of 16 bits, and nothing. */
export const SCANNED_BYTES = 2 * LANES;
/** Bytes of a small vector: 128 of dlib, 512 of faceres. */
export const DLIB = 128;
export const FACERES = 512;
export const VECTOR_BYTES = DLIB + FACERES;

/** Where the question stands in the memory: the tables of its sketch, then its small vector. */
export const ASKED_TABLES = 0;
export const ASKED_VECTOR = TABLES * TABLE_BYTES;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/**
 * scan(at, end, out, limit): for each block of sketches between two addresses (one at least), from `out` on 32 bytes: a
 * byte for each sketch, how far it is, 255 at most; then 16 bits, which of them are no farther than the limit.
 */
function scan(): Code {
  const [at, end, out, limit, sum, codes, limits] = [0, 1, 2, 3, 4, 5, 6] as const;
  const table = (index: number) => [op.i32(ASKED_TABLES), op.load(TABLE_BYTES * index)];
  const body = op.loop([
    [op.zero, op.set(sum)],
    range(SKETCH_BYTES).map((i) => [
      [op.get(at), op.load(LANES * i), op.set(codes)],
      [table(2 * i), op.get(codes), op.every8(15), op.and, op.swizzle],
      [table(2 * i + 1), op.get(codes), op.i32(4), op.down8, op.swizzle],
      [op.add8, op.get(sum), op.add8, op.set(sum)],
    ]),
    [op.get(out), op.get(sum), op.store(0)],
    [op.get(out), op.get(sum), op.get(limits), op.most8, op.mask8, op.store16(LANES)],
    [op.get(out), op.i32(SCANNED_BYTES), op.add32, op.set(out)],
    [op.get(at), op.i32(SKETCH_BYTES * LANES), op.add32, op.set(at)],
    [op.get(at), op.get(end), op.less32],
  ]);
  return [op.get(limit), op.splat8, op.set(limits), body];
}

/** Adds the squared differences of 16 bytes to the four sums. */
function squares(vector: number, offset: number, part: number, asked: number, sum: number): Code {
  const half = (widen: Code): Code => [
    ...[op.get(part), widen, op.get(asked), widen, op.sub16, op.set(4)],
    ...[op.get(sum), op.get(4), op.get(4), op.dot16, op.addLanes, op.set(sum)],
  ];
  return [
    [op.get(vector), op.load(offset), op.set(part)],
    [op.i32(ASKED_VECTOR), op.load(offset), op.set(asked)],
    [half(op.low8s), half(op.high8s)],
  ];
}

/** near(list, end, out, vector): for each address of a list two numbers: squared distances of dlib and of faceres. */
function near(): Code {
  const [list, end, out, vector, part, asked, sum] = [0, 1, 2, 3, 5, 6, 7] as const;
  const total = (from: number, bytes: number, to: number): Code => [
    [op.zero, op.set(sum)],
    range(bytes / 16).map((i) => squares(vector, from + 16 * i, part, asked, sum)),
    [op.get(out), range(4).map((i) => [op.get(sum), op.lane(i), i ? op.add32 : []]), op.store32(to)],
  ];
  return op.loop([
    [op.get(list), op.load32(0), op.set(vector)],
    [total(0, DLIB, 0), total(DLIB, FACERES, 4)],
    [op.get(list), op.i32(4), op.add32, op.set(list)],
    [op.get(out), op.i32(8), op.add32, op.set(out)],
    [op.get(list), op.get(end), op.less32],
  ]);
}

/** The kernels over a memory. Nothing is checked in them: addresses come from {@link NearestFaces} alone. */
export interface Kernels {
  scan(at: number, end: number, out: number, limit: number): void;
  near(list: number, end: number, out: number, unused: number): void;
}

let compiled: WebAssembly.Module | undefined;

/** Binds the kernels to a memory. @throws WebAssembly.CompileError where the processor has no 128-bit vectors */
export function bindKernels(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(
    assemble([
      { name: 'scan', parameters: 4, vectors: 3, body: scan() },
      { name: 'near', parameters: 4, vectors: 4, body: near() },
    ]),
  );
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels;
}
