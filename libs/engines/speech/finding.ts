import { type ModelRef, type Signal, type SpeechFinding, type Utterance } from '#contracts';
import { type SpeechSegments, type Transcript } from './types.js';
import { SPEECH_MODEL } from './vad.js';

/** Stable name of the detector. */
export const TRANSCRIPT_DETECTOR = 'speech.transcript';

/** Why something could not be done; a sentence that may be shown. */
export interface Failed {
  failed: string;
}

/** One utterance: what was said, or why nobody knows. */
export type Heard = Transcript | Failed;

function isFailed(value: object): value is Failed {
  return 'failed' in value;
}

/** Seconds as people read them. */
function shown(seconds: number): string {
  return `${seconds.toFixed(1)} s`;
}

/**
 * Why an utterance has no transcript, or null when it has one. Remarks such as `[BLANK_AUDIO]` or `(music)` are no words:
 * the speech finder heard a voice there.
 */
function missing(heard: Heard | undefined): string | null {
  if (heard === undefined) return 'no transcriber was asked';
  if (isFailed(heard)) return heard.failed;
  const words = heard.text.replace(/\[[^\]]*\]|\([^)]*\)|\*[^*]*\*/gu, '');
  return /[\p{L}\p{N}]/u.test(words) ? null : 'the transcriber gave no words for it';
}

/** The finding for a clip that has no sound track at all. */
export function noSoundTrack(): SpeechFinding {
  return { state: 'silent', seconds: 0, utterances: [], models: [] };
}

/**
 * Puts together what was found and what was understood. Fails closed: `silent` and `heard` need sound that was examined
 * and words for every utterance.
 * @param found the speech, or why the sound could not be examined
 * @param heard one entry per segment in the same order, or why there is none at all
 * @param models what found and what transcribed
 */
export function assembleSpeech(
  found: SpeechSegments | Failed,
  heard: readonly Heard[] | Failed,
  models: readonly ModelRef[],
): SpeechFinding {
  const base = { utterances: [], models: [...models] };
  if (isFailed(found)) {
    return { ...base, state: 'unable', seconds: null, reason: `The sound could not be examined: ${found.failed}` };
  }
  if (!(found.examinedS > 0)) {
    return { ...base, state: 'unable', seconds: null, reason: 'No sound could be decoded from the sound track.' };
  }
  if (found.segments.length === 0) return { ...base, state: 'silent', seconds: 0 };
  const each = found.segments.map((_, i) => ('failed' in heard ? heard : heard[i]));
  const utterances = found.segments.map(({ fromS, toS }, i): Utterance => {
    const one = each[i];
    if (one === undefined || isFailed(one) || missing(one) !== null) return { fromS, toS, text: null };
    return { fromS, toS, text: one.text.trim(), ...(one.language ? { language: one.language } : {}) };
  });
  const why = each.map(missing);
  const lostS = found.segments.reduce((sum, one, i) => (why[i] === null ? sum : sum + one.seconds), 0);
  const reason = why.find((one) => one !== null);
  const { seconds } = found;
  if (reason == null) return { ...base, utterances, state: 'heard', seconds };
  return {
    ...base,
    utterances,
    state: 'unable',
    seconds,
    reason: `${shown(lostS)} of ${shown(seconds)} of speech could not be transcribed: ${reason}`,
  };
}

/** The `unable` signal of a finding; nothing when all speech was understood or there was none. */
export function speechSignals(finding: SpeechFinding): Signal[] {
  if (finding.state !== 'unable') return [];
  const unheard = finding.utterances.filter((one) => one.text === null);
  const [first, last] = [unheard[0], unheard.at(-1)];
  return [
    {
      detector: TRANSCRIPT_DETECTOR,
      category: 'other',
      source: 'transcript',
      state: 'unable',
      score: null,
      reason: finding.reason ?? 'The speech could not be transcribed.',
      coverage: 'none',
      model: finding.models[0] ?? { name: SPEECH_MODEL, version: 'not loaded' },
      ...(first && last ? { at: { fromS: first.fromS, toS: last.toS } } : {}),
    },
  ];
}
