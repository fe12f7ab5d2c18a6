import { assemble, op, type Code } from './assembler.js';

/** Bits of a sketch: the first half of dlib, the second of faceres. */
export const SKETCH_BYTES = 64;
/** Sketches of so many entries lie together, byte by byte: first all first bytes. */
export const LANES = 16;
/** Bytes of a small vector: 128 of dlib, 512 of faceres. */
export const DLIB = 128;
export const FACERES = 512;
export const VECTOR_BYTES = DLIB + FACERES;

/** Where the question stands in the memory: 64 bytes of its sketch, 16 times each; then its small vector. */
export const ASKED_SKETCH = 0;
export const ASKED_VECTOR = SKETCH_BYTES * LANES;

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** Bits in which 16 sketches differ from that of the question, added up as bytes 16 planes at a time. */
function block(at: number, sum: number, low: number, high: number): Code {
  return range(SKETCH_BYTES / 16).map((group) => [
    range(16).map((i) => {
      const offset = LANES * (16 * group + i);
      const differing = [op.get(at), op.load(offset), op.i32(ASKED_SKETCH), op.load(offset), op.xor, op.popcount8];
      return i === 0 ? [differing, op.set(sum)] : [op.get(sum), differing, op.add8, op.set(sum)];
    }),
    [op.get(low), op.get(sum), op.low8u, op.add16, op.set(low)],
    [op.get(high), op.get(sum), op.high8u, op.add16, op.set(high)],
  ]);
}

/** scan(at, end, out): for each sketch between two addresses (one block at least), 16 bits: how many bits differ. */
function scan(): Code {
  const [at, end, out, sum, low, high] = [0, 1, 2, 3, 4, 5] as const;
  return op.loop([
    [op.zero, op.set(low), op.zero, op.set(high)],
    block(at, sum, low, high),
    [op.get(out), op.get(low), op.store(0), op.get(out), op.get(high), op.store(16)],
    [op.get(out), op.i32(2 * LANES), op.add32, op.set(out)],
    [op.get(at), op.i32(SKETCH_BYTES * LANES), op.add32, op.set(at)],
    [op.get(at), op.get(end), op.less32],
  ]);
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
  scan(at: number, end: number, out: number): void;
  near(list: number, end: number, out: number, unused: number): void;
}

let compiled: WebAssembly.Module | undefined;

/** Binds the kernels to a memory. @throws WebAssembly.CompileError where the processor has no 128-bit vectors */
export function bindKernels(memory: WebAssembly.Memory): Kernels {
  compiled ??= new WebAssembly.Module(
    assemble([
      { name: 'scan', parameters: 3, vectors: 3, body: scan() },
      { name: 'near', parameters: 4, vectors: 4, body: near() },
    ]),
  );
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as Kernels;
}
