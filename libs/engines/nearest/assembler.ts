/** Bytes of code; nested lists are joined. */
export type Code = readonly (number | Code)[];

/** An unsigned number as WebAssembly writes it (LEB128). */
export function unsigned(value: number): number[] {
  const low = value % 128;
  return value < 128 ? [low] : [low + 128, ...unsigned(Math.floor(value / 128))];
}

/** A signed number of 32 bits (LEB128). */
function signed(value: number): number[] {
  const low = value & 127;
  const rest = value >> 7;
  const done = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
  return done ? [low] : [low | 128, ...signed(rest)];
}

/** An instruction of the vector set, by its number in the specification (WebAssembly 2.0, 5.4.8). */
const vector = (op: number): number[] => [0xfd, ...unsigned(op)];
const ALIGN = 4;

/** The instructions that the kernels use. Addresses are in bytes. */
export const op = {
  get: (local: number): Code => [0x20, ...unsigned(local)],
  set: (local: number): Code => [0x21, ...unsigned(local)],
  i32: (value: number): Code => [0x41, ...signed(value)],
  add32: [0x6a] as Code,
  less32: [0x49] as Code,
  load32: (offset: number): Code => [0x28, 2, ...unsigned(offset)],
  store32: (offset: number): Code => [0x36, 2, ...unsigned(offset)],
  load: (offset: number): Code => [vector(0x00), ALIGN, ...unsigned(offset)],
  store: (offset: number): Code => [vector(0x0b), ALIGN, ...unsigned(offset)],
  zero: [vector(0x0c), ...new Array<number>(16).fill(0)] as Code,
  xor: vector(0x51) as Code,
  popcount8: vector(0x62) as Code,
  add8: vector(0x6e) as Code,
  low8s: vector(0x87) as Code,
  high8s: vector(0x88) as Code,
  low8u: vector(0x89) as Code,
  high8u: vector(0x8a) as Code,
  add16: vector(0x8e) as Code,
  sub16: vector(0x91) as Code,
  /** Products of 16-bit pairs, two and two added. */
  dot16: vector(0xba) as Code,
  addLanes: vector(0xae) as Code,
  lane: (index: number): Code => [vector(0x1b), index],
  /** Repeats `body` while the number that it leaves is not 0. */
  loop: (body: Code): Code => [0x03, 0x40, body, 0x0d, 0, 0x0b],
};

const I32 = 0x7f;
const V128 = 0x7b;

/** A function without a result: parameters are 32-bit numbers, further locals vectors. */
export interface Kernel {
  name: string;
  parameters: number;
  vectors: number;
  body: Code;
}

const flat = (code: Code): number[] => code.flatMap((one) => (typeof one === 'number' ? [one] : flat(one)));
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const text = (value: string): number[] => sized([...Buffer.from(value)]);
const section = (id: number, bytes: readonly number[]): number[] => [id, ...sized(bytes)];

/** A module of kernels over the imported memory `env.memory`. */
export function assemble(kernels: readonly Kernel[]): Uint8Array<ArrayBuffer> {
  const types = kernels.map(({ parameters }) => [0x60, ...list(new Array<number[]>(parameters).fill([I32])), 0]);
  const bodies = kernels.map(({ vectors, body }) => {
    return sized([...list([[...unsigned(vectors), V128]]), ...flat(body), 0x0b]);
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, list(types)),
    ...section(2, list([[...text('env'), ...text('memory'), 2, 0, 1]])),
    ...section(3, list(kernels.map((_, i) => [i]))),
    ...section(7, list(kernels.map(({ name }, i) => [...text(name), 0, i]))),
    ...section(10, list(bodies)),
  ]);
}
