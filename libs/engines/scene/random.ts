import { createHash } from 'node:crypto';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { floor, imul } = Math;

/**
 * Deterministic generator (xoshiro128**, Blackman and Vigna) started from the SHA-256 of a text, so that a scene
 * depends on its prompt and seed alone.
 */
export class Rng {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(private readonly key: string) {
    const digest = createHash('sha256').update(key).digest();
    this.a = digest.readUInt32LE(0);
    this.b = digest.readUInt32LE(4);
    this.c = digest.readUInt32LE(8);
    this.d = digest.readUInt32LE(12) | 1;
  }

  /** An independent generator for one part of the work: drawing from one never shifts another. */
  fork(name: string): Rng {
    return new Rng(`${this.key}\u0000${name}`);
  }

  /** A 32-bit unsigned integer. */
  uint32(): number {
    const scaled = imul(this.b, 5);
    const result = imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** A number in [0, 1). */
  next(): number {
    return this.uint32() / 4294967296;
  }

  /** A number in [low, high). */
  range(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** An integer from low to high, both included. */
  int(low: number, high: number): number {
    return low + floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** One element of a list that is not empty. */
  pick<T>(list: readonly T[]): T {
    return list[floor(this.next() * list.length)] as T;
  }
}
