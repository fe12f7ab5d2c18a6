import { topLevelBoxes } from '../testing.js';

/** Number below `below`. */
export type Pick = (below: number) => number;

/** mulberry32: the same mutations in every run. */
export function seededPick(seed: number): Pick {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

/** The box that holds the manifest store of a signed MP4. */
export function manifestBox(file: Buffer): { start: number; end: number } {
  return topLevelBoxes(file).find((one) => one.type === 'uuid')!;
}

function flip(bytes: Buffer, start: number, end: number, pick: Pick): Buffer {
  for (let left = 1 + pick(8); left > 0; left--) {
    const at = start + pick(end - start);
    bytes[at] = bytes[at]! ^ (1 << pick(8));
  }
  return bytes;
}

/** Offsets of what looks like the size of a box: four bytes before a four-letter type. */
function sizesIn(file: Buffer): number[] {
  const found: number[] = [];
  for (let at = 0; at + 8 <= file.length; at++) {
    if (/^(jumb|jumd|cbor|uuid|moov|mdat|trak|stbl|stco|ftyp)$/.test(file.toString('latin1', at + 4, at + 8)))
      found.push(at);
  }
  return found;
}

const SIZES = [0, 1, 7, 8, 9, 0x7fffffff, 0xffffffff];

/** Ways to change a signed MP4. Each is given a copy that it may write to. */
export const MUTATIONS: Record<string, (bytes: Buffer, pick: Pick) => Buffer> = {
  truncate: (bytes, pick) => bytes.subarray(0, pick(bytes.length)),
  'flip in the manifest': (bytes, pick) => {
    const { start, end } = manifestBox(bytes);
    return flip(bytes, start, end, pick);
  },
  'flip anywhere': (bytes, pick) => flip(bytes, 0, bytes.length, pick),
  'box size': (bytes, pick) => {
    const sizes = sizesIn(bytes);
    const at = sizes[pick(sizes.length)]!;
    const size = SIZES[pick(SIZES.length + 2)] ?? pick(2 * bytes.length);
    bytes.writeUInt32BE(size, at);
    return bytes;
  },
  splice: (bytes, pick) => {
    const [at, from] = [pick(bytes.length), pick(bytes.length)];
    const [removed, length] = [pick(64), pick(64)];
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + length), bytes.subarray(at + removed)]);
  },
  fill: (bytes, pick) => {
    const { start, end } = manifestBox(bytes);
    const at = start + pick(end - start);
    return bytes.fill(pick(2) * 0xff, at, at + 1 + pick(256));
  },
  'second manifest': (bytes, pick) => {
    const { start, end } = manifestBox(bytes);
    const copy = Buffer.from(bytes.subarray(start, end));
    if (pick(2)) flip(copy, 60, copy.length, pick);
    const places = topLevelBoxes(bytes).map((one) => one.end);
    const at = places[pick(places.length)]!;
    return Buffer.concat([bytes.subarray(0, at), copy, bytes.subarray(at)]);
  },
  swap: (bytes, pick) => {
    const { start, end } = manifestBox(bytes);
    const length = 1 + pick(256);
    const [one, two] = [start + pick(end - start - length), pick(bytes.length - length)];
    const kept = Buffer.from(bytes.subarray(one, one + length));
    bytes.copyWithin(one, two, two + length);
    kept.copy(bytes, two);
    return bytes;
  },
};

/** A mutation that really changes the file; what would leave it as it is does not count and is drawn again. */
export function mutated(kind: string, file: Buffer, pick: Pick): Buffer {
  for (;;) {
    const bytes = MUTATIONS[kind]!(Buffer.from(file), pick);
    if (!bytes.equals(file)) return bytes;
  }
}
