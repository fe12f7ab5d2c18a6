import { TlogError, type TlogErrorCode } from './errors.js';
import { checkCount, checkHash, EMPTY_ROOT, nodeHash, sameHash } from './hash.js';

// Sizes go beyond 32 bits, where JavaScript's bit operators do not reach.
const half = (value: number) => Math.floor(value / 2);
const odd = (value: number) => value % 2 === 1;

/** Largest power of two below `size` (2 or more): where RFC 6962 divides a tree. */
export function splitPoint(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/** The place of a leaf and the hashes beside its way to the root. */
export interface InclusionClaim {
  /** From 0, below `size`. */
  index: number;
  /** Leaves of the tree, 1 or more. */
  size: number;
  /** 32 bytes. */
  leafHash: Uint8Array;
  /** Hashes of 32 bytes, from the leaf's sibling upwards. */
  proof: readonly Uint8Array[];
}

/**
 * Root that follows from a leaf and its inclusion proof (RFC 9162, 2.1.3.2). It says nothing until compared with a root
 * that is known. Throws TlogError `tlog_inclusion_invalid` when index, size, hashes or the proof's length cannot be.
 */
export function rootFromInclusion({ index, size, leafHash, proof }: InclusionClaim): Uint8Array {
  const code: TlogErrorCode = 'tlog_inclusion_invalid';
  checkCount(index, 0, code);
  checkCount(size, index + 1, code);
  for (const hash of [leafHash, ...proof]) checkHash(hash, code);
  let root = leafHash;
  let node = index;
  let last = size - 1;
  for (const sibling of proof) {
    if (last === 0) throw new TlogError(code, 'The inclusion proof is too long for a tree of this size.');
    if (odd(node) || node === last) {
      root = nodeHash(sibling, root);
      for (; !odd(node) && node !== 0; node = half(node)) last = half(last);
    } else {
      root = nodeHash(root, sibling);
    }
    node = half(node);
    last = half(last);
  }
  if (last !== 0) throw new TlogError(code, 'The inclusion proof is too short for a tree of this size.');
  return root;
}

/** Checks that a leaf is in the tree with this root. Throws TlogError `tlog_inclusion_invalid` when it is not shown. */
export function verifyInclusion({ root, ...claim }: InclusionClaim & { root: Uint8Array }): void {
  checkHash(root, 'tlog_inclusion_invalid');
  if (!sameHash(rootFromInclusion(claim), root)) {
    throw new TlogError(
      'tlog_inclusion_invalid',
      'The proof leads to another root: this leaf is not shown to be in it.',
    );
  }
}

/** Two trees, the first said to be the beginning of the second. */
export interface ConsistencyClaim {
  /** Leaves of the first tree, 1 or more: that every tree begins with the empty one needs no proof and shows nothing. */
  from: number;
  /** Leaves of the second tree, `from` or more. */
  to: number;
  /** 32 bytes. */
  fromRoot: Uint8Array;
  /** 32 bytes. */
  toRoot: Uint8Array;
  /** Hashes of 32 bytes as in RFC 6962, 2.1.2; empty when the sizes are the same. */
  proof: readonly Uint8Array[];
}

function rootsFromConsistency({ from, to, fromRoot, proof }: ConsistencyClaim): [Uint8Array, Uint8Array] | null {
  let node = from - 1;
  let last = to - 1;
  for (; odd(node); node = half(node)) last = half(last);
  // The first tree is one whole subtree of the second: its root is not repeated in the proof.
  const [seed, ...rest] = node === 0 ? [fromRoot, ...proof] : proof;
  if (!seed) return null;
  let first = seed;
  let second = seed;
  for (const hash of rest) {
    if (last === 0) return null;
    if (odd(node) || node === last) {
      first = nodeHash(hash, first);
      second = nodeHash(hash, second);
      for (; !odd(node) && node !== 0; node = half(node)) last = half(last);
    } else {
      second = nodeHash(second, hash);
    }
    node = half(node);
    last = half(last);
  }
  return last === 0 ? [first, second] : null;
}

/**
 * Checks that the first tree is the beginning of the second, so that nothing was changed or taken out between them
 * (RFC 9162, 2.1.4.2). Throws TlogError `tlog_consistency_invalid` when it is not shown.
 */
export function verifyConsistency(claim: ConsistencyClaim): void {
  const code: TlogErrorCode = 'tlog_consistency_invalid';
  const { from, to, fromRoot, toRoot, proof } = claim;
  checkCount(from, 1, code);
  checkCount(to, from, code);
  for (const hash of [fromRoot, toRoot, ...proof]) checkHash(hash, code);
  if (from === to) {
    if (proof.length === 0 && sameHash(fromRoot, toRoot)) return;
    throw new TlogError(code, 'Two trees of the same size must have the same root and an empty proof.');
  }
  const roots = rootsFromConsistency(claim);
  if (!roots || !sameHash(roots[0], fromRoot) || !sameHash(roots[1], toRoot)) {
    throw new TlogError(code, 'The proof does not show that the first tree is the beginning of the second.');
  }
}

/** Root of a tree whose leaves come one after another (RFC 6962, 2.1), in memory for one hash a level. */
export class MerkleAccumulator {
  private readonly stack: Uint8Array[] = [];
  private count = 0;

  /** Leaves so far. */
  get size(): number {
    return this.count;
  }

  /** Adds the hash of the next leaf, 32 bytes as `leafHash` gives it. */
  add(hash: Uint8Array): void {
    checkHash(hash);
    let node = hash;
    // As many subtrees are full now as the number before it ends in ones.
    for (let full = this.count++; odd(full); full = half(full)) node = nodeHash(this.stack.pop()!, node);
    this.stack.push(node);
  }

  /** Root over the leaves so far, 32 bytes; without any, the hash of nothing. */
  root(): Uint8Array {
    const [last, ...rest] = [...this.stack].reverse();
    return last ? rest.reduce((right, left) => nodeHash(left, right), last) : EMPTY_ROOT;
  }
}
