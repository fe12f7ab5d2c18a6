import type { FaceSighting, Signal } from '#contracts';
import { LIKENESS_SCORE } from '#domain/consent-check';
import type { SeenTemplate } from '#domain/examination';
import { decodeTemplate } from '#engines/faces';
import type { FaceRegister } from './register.js';
import { judgeFace, MOST_HITS, type FaceVerdict } from './rule.js';

/** The signal about the faces of a clip. */
export const FACE_DETECTOR = 'likeness.face';

/**
 * Width from which a face that cannot be compared holds the clip, in pixels of the frame looked at. Smaller ones are
 * noted only: nobody is known by so few pixels, and every crowd has them.
 */
export const UNTOLD_PX = 40;

const model = { name: 'imprimatur-consent', version: '1', provider: 'js' };
const base = { detector: FACE_DETECTOR, category: 'likeness', source: 'face' } as const;

/** Faces of a clip after they were compared. */
export interface ComparedFaces {
  /** By the id of the face. */
  verdicts: Map<string, FaceVerdict>;
  /** Persons of this job who were recognised. */
  seen: string[];
}

/** Compares faces with everybody in the register. @throws when the register cannot be asked or a template not be read */
export async function compareFaces(
  register: FaceRegister,
  tenantId: string,
  templates: readonly SeenTemplate[],
  agreed: ReadonlySet<string>,
): Promise<ComparedFaces> {
  const verdicts = new Map<string, FaceVerdict>();
  for (const { face, bytes } of templates) {
    const hits = await register.find(decodeTemplate(bytes), tenantId, MOST_HITS);
    verdicts.set(face, judgeFace(hits, agreed));
  }
  const seen = [...verdicts.values()].flatMap((one) => (one.verdict === 'agreed' ? [one.personId] : []));
  return { verdicts, seen: [...new Set(seen)] };
}

const SCORES: Readonly<Record<FaceVerdict['verdict'], number>> = {
  refused: LIKENESS_SCORE.refuse,
  doubtful: LIKENESS_SCORE.hold,
  agreed: LIKENESS_SCORE.none,
  nobody: LIKENESS_SCORE.none,
};

const WORDS: Readonly<Record<FaceVerdict['verdict'], string>> = {
  refused: 'is that of somebody who did not agree to this clip',
  doubtful: 'may be that of somebody whose consent is needed',
  agreed: 'is that of a person who agreed',
  nobody: 'is nobody’s in the register',
};

/** The worst of all faces, as one measured finding. @param faces where and when each was seen */
export function faceSignal({ verdicts }: ComparedFaces, faces: readonly FaceSighting[]): Signal {
  const worst = [...verdicts].sort(([, a], [, b]) => SCORES[b.verdict] - SCORES[a.verdict])[0];
  const score = worst ? SCORES[worst[1].verdict] : LIKENESS_SCORE.none;
  const place = worst && faces.find(({ id }) => id === worst[0]);
  return {
    ...base,
    state: 'measured',
    score,
    reason: worst ? `${worst[0]} ${WORDS[worst[1].verdict]}.` : 'No face that can be compared.',
    coverage: 'medium',
    model,
    ...(place && { at: { fromS: place.fromS, toS: place.toS }, box: place.box }),
  };
}

/** Large faces that nobody can tell, as `unable`; nothing when there are none. */
export function untoldSignals(faces: readonly FaceSighting[], templates: readonly SeenTemplate[]): Signal[] {
  const told = new Set(templates.map(({ face }) => face));
  const untold = faces.filter(({ id, widthPx }) => !told.has(id) && widthPx >= UNTOLD_PX);
  if (untold.length === 0) return [];
  const largest = untold.reduce((a, b) => (b.widthPx > a.widthPx ? b : a));
  const { fromS, toS } = largest;
  const count = untold.length === 1 ? '1 face' : `${untold.length} faces`;
  return [
    {
      ...unableFaces(`${count} of ${UNTOLD_PX} pixels or more cannot be compared. ${largest.reason ?? ''}`.trim(), {
        en: 'A face in this clip is large enough to matter but cannot be compared with anybody.',
        fr: 'Un visage de ce clip est assez grand pour compter mais ne peut être comparé à personne.',
      }),
      at: { fromS, toS },
      box: largest.box,
    },
  ];
}

/** The faces could not be compared. It never reads as "nobody". */
export function unableFaces(reason: string, note?: Signal['note']): Signal {
  const words = {
    en: 'The faces in this clip could not be compared with the register of persons.',
    fr: 'Les visages de ce clip n’ont pas pu être comparés au registre des personnes.',
  };
  return { ...base, state: 'unable', score: null, reason, note: note ?? words, coverage: 'none', model };
}
