import { distance, dot } from './template.js';
import { FACE_THRESHOLDS, type MatchUse } from './thresholds.js';
import { type FaceTemplate } from './types.js';

/** Result of comparing two faces. */
export interface FaceMatch {
  /** `unable`: one of them has no template, or they were made by different networks; never a match, never a clearance. */
  result: 'match' | 'no_match' | 'unable';
  /** Cosine of faceres minus distance of dlib, about -1..1; null when unable. */
  score: number | null;
  /** From this score on it is a match. */
  threshold: number;
  /** Share of pairs of strangers that reach the threshold, measured before (thresholds.ts). */
  falseMatchRate: number;
}

/** Cosine of faceres minus distance of dlib: higher is more alike. */
export function fusedScore(a: FaceTemplate, b: FaceTemplate): number {
  return dot(a.faceres, b.faceres) - distance(a.dlib, b.dlib);
}

/** Euclidean distance of the dlib parts. */
export function templateDistance(a: FaceTemplate, b: FaceTemplate): number {
  return distance(a.dlib, b.dlib);
}

/** Whether two faces are the same person, as far as `use` needs it. */
export function matchFaces(a: FaceTemplate | null, b: FaceTemplate | null, use: MatchUse): FaceMatch {
  const { fused: threshold, falseMatchRate } = FACE_THRESHOLDS[use];
  if (!a || !b || a.model !== b.model) return { result: 'unable', score: null, threshold, falseMatchRate };
  const score = fusedScore(a, b);
  if (!Number.isFinite(score)) return { result: 'unable', score: null, threshold, falseMatchRate };
  return { result: score >= threshold ? 'match' : 'no_match', score, threshold, falseMatchRate };
}
