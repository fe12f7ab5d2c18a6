import { FACE_THRESHOLDS } from '#engines/faces';
import type { FaceHit } from './register.js';

/** What one face leads to. */
export type FaceVerdict =
  | { verdict: 'nobody' }
  /** A person of this job who agreed. */
  | { verdict: 'agreed'; personId: string }
  /** Somebody who did not agree to this clip. */
  | { verdict: 'refused'; subject: FaceHit['subject'] }
  /** Perhaps somebody who is protected, or perhaps not the person who agreed. */
  | { verdict: 'doubtful'; subject: FaceHit['subject'] };

/** Enough to see past everybody who may be one and the same. */
export const MOST_HITS = 12;

/**
 * Judges a face by who is like it.
 * - The best match at the consent level is a person of this job: agreed.
 * - Anybody else matches at that level: refused. A face that is like two persons is not the one who agreed for certain.
 * - Under that level, somebody protected or a person of this job is near: doubtful.
 * @param agreed ids of the persons that this job may use
 */
export function judgeFace(hits: readonly FaceHit[], agreed: ReadonlySet<string>): FaceVerdict {
  const near = hits.filter(({ score }) => score >= FACE_THRESHOLDS.gallery.fused).sort((a, b) => b.score - a.score);
  const own = ({ subject }: FaceHit) => subject.kind === 'person' && agreed.has(subject.id);
  const [best] = near;
  if (!best) return { verdict: 'nobody' };
  if (best.score >= FACE_THRESHOLDS.consent.fused) {
    return own(best) ? { verdict: 'agreed', personId: best.subject.id } : { verdict: 'refused', subject: best.subject };
  }
  const doubtful = near.find((hit) => hit.subject.kind === 'protected' || own(hit));
  return doubtful ? { verdict: 'doubtful', subject: doubtful.subject } : { verdict: 'nobody' };
}
