import type { Signal } from '#contracts';

/** Weak detectors, by the start of their names: what they say counts in part. All others count in full. */
const WEAK: readonly (readonly [prefix: string, share: number])[] = [
  ['vision.motion', 0.5],
  ['vision.objects', 0.5],
  ['face.', 0.4],
  ['ocr.third_party_mark', 0.4],
  ['speech.unheard', 0.3],
];
/** Findings that are `unable` on many ordinary clips and only noted. */
const ROUTINE = new Set(['speech.transcript', 'face.identity', 'fingerprint.plain']);
/** Something could not be examined: before what is merely quiet, after what was found. */
const UNABLE = 0.3;

function weight(signal: Signal): number {
  if (signal.state === 'unable') return signal.shadow || ROUTINE.has(signal.detector) ? 0 : UNABLE;
  const score = signal.score ?? 0;
  if (signal.category === 'sexual_minors') return score >= 0.2 ? 1 : score;
  const share = WEAK.find(([prefix]) => signal.detector.startsWith(prefix))?.[1] ?? 1;
  return share * score;
}

/**
 * How pressing a clip would be for a moderator, 0..1: its strongest finding, where child safety counts in full from a low
 * score on and weak detectors in part. It orders the queue and is never a reason for a decision.
 */
export function reviewPriority(signals: readonly Signal[]): number {
  return signals.reduce((most, signal) => Math.max(most, weight(signal)), 0);
}
