import type { ReferenceFaces, Signal } from '#contracts';
import type { JudgedUse, NamesJudged } from './asking.js';

/** Scores that the policy's family `likeness` is written for. */
export const LIKENESS_SCORE = { refuse: 1, hold: 0.6, none: 0 } as const;

/** The signal about names, handles and characters in a request. */
export const NAMES_DETECTOR = 'likeness.names';
/** The signal about the faces of a reference image. */
export const REFERENCE_DETECTOR = 'likeness.reference';
/** The signal about grants that ended while a clip was on its way. */
export const STANDING_DETECTOR = 'likeness.standing';

const model = { name: 'imprimatur-consent', version: '1', provider: 'js' };
const category = 'likeness' as const;

function measured(detector: string, source: Signal['source'], score: number, reasons: readonly string[]): Signal {
  const reason = [...new Set(reasons)].join(', ');
  return { detector, category, source, state: 'measured', score, ...(reason && { reason }), coverage: 'medium', model };
}

function unable(detector: string, source: Signal['source'], reason: string, note: Signal['note']): Signal {
  return {
    detector,
    category,
    source,
    state: 'unable',
    score: null,
    reason,
    ...(note && { note }),
    coverage: 'none',
    model,
  };
}

/** What the words and ids of a request lead to. Reasons are codes: no name is written down. */
export function namesSignal(judged: readonly JudgedUse[], names: NamesJudged, tooMany: boolean): Signal {
  const breaches = judged.flatMap((one) => one.breaches);
  const refused = [...breaches, ...(names.refused ? ['protected_name'] : []), ...(tooMany ? ['too_many_persons'] : [])];
  if (refused.length > 0) return measured(NAMES_DETECTOR, 'prompt', LIKENESS_SCORE.refuse, refused);
  const held = [
    ...(names.held ? ['name_to_check'] : []),
    ...(judged.some((one) => one.doubtful) ? ['limit_never'] : []),
  ];
  return measured(NAMES_DETECTOR, 'prompt', held.length ? LIKENESS_SCORE.hold : LIKENESS_SCORE.none, held);
}

/** What the faces of a reference image lead to. A face of nobody who is known is a real person's until somebody says otherwise. */
export function referenceSignal(faces: ReferenceFaces, judged: readonly JudgedUse[]): Signal {
  if (faces.state === 'unable') return unableReference(faces.reason);
  const refused = [
    ...judged.flatMap((one) => one.breaches),
    ...(faces.protected.some((one) => !one.doubtful) ? ['protected_face'] : []),
    ...(faces.strangers > 0 ? ['face_of_a_stranger'] : []),
    ...(faces.untold > 0 ? ['face_that_cannot_be_told'] : []),
  ];
  if (refused.length > 0) return measured(REFERENCE_DETECTOR, 'reference', LIKENESS_SCORE.refuse, refused);
  const held = [
    ...(faces.protected.length > 0 ? ['face_to_check'] : []),
    ...(judged.some((one) => one.doubtful) ? ['limit_never'] : []),
  ];
  return measured(REFERENCE_DETECTOR, 'reference', held.length ? LIKENESS_SCORE.hold : LIKENESS_SCORE.none, held);
}

/** The register could not be asked about the words. */
export function unableNames(reason: string): Signal {
  return unable(NAMES_DETECTOR, 'prompt', reason, {
    en: 'The words could not be compared with the register of persons.',
    fr: 'Les mots n’ont pas pu être comparés au registre des personnes.',
  });
}

/** The faces of a reference image could not be compared. */
export function unableReference(reason: string): Signal {
  return unable(REFERENCE_DETECTOR, 'reference', reason, {
    en: 'The faces of the reference image could not be compared with the register of persons.',
    fr: 'Les visages de l’image de référence n’ont pas pu être comparés au registre des personnes.',
  });
}

/** A grant that a clip rests on has ended. @param reasons codes */
export function standingSignal(reasons: readonly string[]): Signal {
  return measured(STANDING_DETECTOR, 'prompt', LIKENESS_SCORE.refuse, reasons);
}
