import { FACE_THRESHOLDS, JOIN, thresholdFor } from '#engines/faces';
import type { FaceHit, FaceRegister } from './register.js';

type Subject = FaceHit['subject'];

/** What one face leads to. */
export type FaceVerdict =
  | { verdict: 'nobody' }
  /** A person of this job who agreed. */
  | { verdict: 'agreed'; personId: string }
  /** Somebody who did not agree to this clip; several when the face may be made of several. */
  | { verdict: 'refused'; subjects: Subject[] }
  /** Perhaps somebody who is protected, or perhaps not the person who agreed. */
  | { verdict: 'doubtful'; subjects: Subject[] };

/** Enough to see past everybody who may be one and the same. */
export const MOST_HITS = 12;

/** Faces of strangers that are held by chance, at most, for each face that is looked at. */
const FALSE_HOLDS = 0.02;

/** Whoever is like a face, and from which scores on that means something among so many. */
export interface FaceCandidates {
  /** Of several records of one person, that of this tenant stands for them. */
  tenantId: string;
  /** Enrolled persons, best first. */
  persons: readonly FaceHit[];
  /** Entries of the protected register, best first. */
  shielded: readonly FaceHit[];
  levels: {
    /** From here on a second person in a face is no chance. */
    blend: number;
    /** Somebody protected: a person looks. */
    hold: number;
    /** Somebody protected: no doubt. */
    refuse: number;
  };
}

/**
 * Scores from which a match among many is no chance: with each tenfold of entries one more face in ten would be held, so
 * the threshold rises with them. Never over what no two strangers reached, else nobody would be found any more.
 */
export function levelsFor({ persons, shielded }: { persons: number; shielded: number }): FaceCandidates['levels'] {
  const consent = FACE_THRESHOLDS.consent.fused;
  const scaled = (count: number) => Math.min(thresholdFor(FALSE_HOLDS / Math.max(1, count)), JOIN.fused);
  const hold = Math.max(FACE_THRESHOLDS.gallery.fused, scaled(shielded));
  return {
    blend: Math.max(consent, scaled(persons)),
    hold: Math.min(consent, hold),
    refuse: Math.max(consent, hold),
  };
}

/** Asks the register for a face: persons and protected entries apart, so that many of one never hide the other. */
export async function candidatesFor(
  register: FaceRegister,
  template: Parameters<FaceRegister['find']>[0],
  tenantId: string,
): Promise<FaceCandidates> {
  const persons = await register.find(template, tenantId, MOST_HITS, 'person');
  const shielded = await register.find(template, tenantId, MOST_HITS, 'protected');
  return { tenantId, persons, shielded, levels: levelsFor(register.sizes(tenantId)) };
}

const bySubject = ({ subject }: FaceHit) => subject;
const beyondDoubt = ({ score, dlibDistance }: FaceHit) => score >= JOIN.fused && dlibDistance <= JOIN.dlib;

/** The hits that are not one and the same person as `of`. */
async function unlike(of: FaceHit, hits: readonly FaceHit[], same: FaceRegister['samePerson']): Promise<FaceHit[]> {
  const others: FaceHit[] = [];
  for (const hit of hits) if (hit !== of && !(await same(of.subject.id, hit.subject.id))) others.push(hit);
  return others;
}

/** The best hit, or the record of the same person that belongs to the tenant. */
async function atHome(
  tenantId: string,
  near: readonly FaceHit[],
  same: FaceRegister['samePerson'],
): Promise<FaceHit | undefined> {
  const [best] = near;
  if (!best || best.subject.tenantId === tenantId) return best;
  for (const hit of near) {
    if (hit.subject.tenantId === tenantId && (await same(best.subject.id, hit.subject.id))) return hit;
  }
  return best;
}

/**
 * Judges a face by who is like it.
 * - A person of this job matches at the consent level: agreed, unless somebody else matches better, or beyond doubt, or is
 *   protected (refused), or matches too well for chance (doubtful): a face may be made of two.
 * - Nobody of this job does, and anybody else matches at that level: refused.
 * - Under that level, somebody protected or a person of this job is near: doubtful.
 *
 * Several records of one person count as one.
 * @param agreed ids of the persons that this job may use
 */
export async function judgeFace(
  { tenantId, persons, shielded, levels }: FaceCandidates,
  agreed: ReadonlySet<string>,
  same: FaceRegister['samePerson'],
): Promise<FaceVerdict> {
  const consent = FACE_THRESHOLDS.consent.fused;
  const near = persons.filter(({ score }) => score >= consent);
  const own = near.find(({ subject }) => agreed.has(subject.id));
  const sure = shielded.filter(({ score }) => score >= levels.refuse);
  const lead = own ?? (await atHome(tenantId, near, same));
  const rivals = lead ? (await unlike(lead, near, same)).filter(({ subject }) => !agreed.has(subject.id)) : [];
  const certain = rivals.filter((hit) => beyondDoubt(hit) || hit.score >= lead!.score);
  const against = [...(lead && !own ? [lead] : []), ...sure, ...certain];
  if (against.length > 0) {
    const mixed = rivals.filter((hit) => hit.score >= levels.blend && !certain.includes(hit));
    return { verdict: 'refused', subjects: [...against, ...mixed].map(bySubject) };
  }
  if (own) {
    const doubt = [
      ...rivals.filter(({ score }) => score >= levels.blend),
      ...shielded.filter((one) => one.score >= consent),
    ];
    return doubt.length > 0
      ? { verdict: 'doubtful', subjects: doubt.map(bySubject) }
      : { verdict: 'agreed', personId: own.subject.id };
  }
  const alike = persons.filter(
    ({ subject, score }) => score >= FACE_THRESHOLDS.gallery.fused && agreed.has(subject.id),
  );
  const doubt = [...shielded.filter(({ score }) => score >= levels.hold), ...alike];
  return doubt.length > 0 ? { verdict: 'doubtful', subjects: doubt.map(bySubject) } : { verdict: 'nobody' };
}
