import type { FaceVectors } from '#engines/nearest';

/**
 * Made-up faces whose scores lie as those of real ones were measured (research on 54 genuine and 3,317 impostor pairs):
 * strangers: dlib distance median 0.86, 1 % below 0.54, 0.1 % below 0.46; cosine of faceres median 0.40, 1 % over 0.595,
 * 0.1 % over 0.671; fused 1 % over 0.051, 0.1 % over 0.197, which needs both to err together. One person: distance 0.36
 * (0.28 to 0.58), cosine 0.79 (0.64 to 0.90).
 * So a person is a point with a few directions that both networks see (few, or the tails would be thinner than measured),
 * and some that only one sees; a picture adds noise, more for poor ones, to both. Nothing is tuned to the index: it knows
 * neither the directions nor the middle.
 */
const SHARED = 11;
const OWN = 60;
const DLIB = 128;
const FACERES = 1024;
/** dlib: strangers are 0.86 apart, so each is 0.61 from the middle. */
const DLIB_RADIUS = 0.56;
const DLIB_NOISE = 0.255;
/** faceres: the cosine of strangers is the square of the middle's length. */
const MIDDLE = Math.sqrt(0.4);
const FACERES_NOISE = 0.72;
const SHARED_PART = 0.7;

let state = 12345;
function random(): number {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}
const TABLE = Float32Array.from({ length: 1 << 16 }, () => {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
});
/** A normal number, from a table: exact tails of single parts do not matter. */
const normal = () => TABLE[(random() * TABLE.length) | 0]!;
const normals = (count: number, scale = 1) => Float32Array.from({ length: count }, () => scale * normal());

const lengthOf = (v: Float32Array) => Math.sqrt(v.reduce((sum, x) => sum + x * x, 0));

/** Orthogonal directions of length 1 at random: a Hadamard matrix with random signs, some of its columns. */
class Directions {
  private readonly signs: Float32Array;
  private readonly columns: number[];

  constructor(
    count: number,
    private readonly size: number,
  ) {
    this.signs = Float32Array.from({ length: size }, () => (random() < 0.5 ? -1 : 1) / Math.sqrt(size));
    const all = Array.from({ length: size }, (_, i) => i);
    this.columns = Array.from({ length: count }, () => all.splice(Math.floor(random() * all.length), 1)[0]!);
  }

  /** The sum of the directions, each so much. */
  sum(parts: ArrayLike<number>): Float32Array {
    const out = new Float32Array(this.size);
    for (let k = 0; k < parts.length; k++) out[this.columns[k]!] = parts[k]!;
    for (let step = 1; step < this.size; step *= 2) {
      for (let start = 0; start < this.size; start += 2 * step) {
        for (let i = start; i < start + step; i++) {
          const [a, b] = [out[i]!, out[i + step]!];
          out[i] = a + b;
          out[i + step] = a - b;
        }
      }
    }
    for (let i = 0; i < this.size; i++) out[i]! *= this.signs[i]!;
    return out;
  }
}

const DLIB_BASIS = new Directions(SHARED, DLIB);
const DLIB_MIDDLE = normals(DLIB, 1.2 / Math.sqrt(DLIB));
const FACERES_BASIS = new Directions(SHARED + OWN + 1, FACERES);

/** What makes a person: what both networks see, and what only faceres sees. */
export interface Person {
  shared: Float32Array;
  own: Float32Array;
}

export function somebody(): Person {
  return { shared: normals(SHARED, 1 / Math.sqrt(SHARED)), own: normals(OWN, 1 / Math.sqrt(OWN)) };
}

/** One picture of a person. */
export interface Picture extends FaceVectors {
  /** All that faceres holds, in its few directions: what brute force compares. */
  inner: Float32Array;
}

/** Takes one. */
export function pictureOf({ shared, own }: Person): Picture {
  const poor = Math.exp(0.28 * normal());
  const dlib = DLIB_BASIS.sum(shared.map((value) => DLIB_RADIUS * value));
  const noise = (DLIB_NOISE * poor) / Math.sqrt(DLIB);
  for (let i = 0; i < DLIB; i++) dlib[i]! += DLIB_MIDDLE[i]! + noise * normal();
  const seen = new Float32Array(SHARED + OWN);
  const blur = (FACERES_NOISE * poor) / Math.sqrt(SHARED + OWN);
  for (let i = 0; i < SHARED; i++) seen[i] = Math.sqrt(SHARED_PART) * shared[i]! + blur * normal();
  for (let i = 0; i < OWN; i++) seen[SHARED + i] = Math.sqrt(1 - SHARED_PART) * own[i]! + blur * normal();
  const radius = Math.sqrt(1 - MIDDLE ** 2) / lengthOf(seen);
  const inner = Float32Array.of(MIDDLE, ...seen.map((value) => radius * value));
  return { dlib, faceres: FACERES_BASIS.sum(inner), inner };
}

/** Distance of dlib, cosine of faceres, and the score of both. */
export function scores(a: Picture, b: Picture): { distance: number; cosine: number; fused: number } {
  let squares = 0;
  for (let i = 0; i < DLIB; i++) squares += (a.dlib[i]! - b.dlib[i]!) ** 2;
  let cosine = 0;
  for (let i = 0; i < a.inner.length; i++) cosine += a.inner[i]! * b.inner[i]!;
  const distance = Math.sqrt(squares);
  return { distance, cosine, fused: cosine - distance };
}
