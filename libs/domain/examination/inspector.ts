import { shownMessage } from '#kernel';
import type { BankMatch, Inspection, Signal, SpeechFinding, Still, VideoFingerprint } from '#contracts';
import type { MediaInfo } from '#engines/media';
import { assembleSpeech, noSoundTrack, speechSignals, transcribeAll, type Transcriber } from '#engines/speech';
import type { TextModel } from '#engines/text';
import type { ImageModerator } from '#platform/recognisers';
import { judgeScreenTexts, judgeUtterances } from './judge.js';
import { reviewPriority } from './priority.js';
import type { Looked, RunTask, SeenTemplate } from './tasks.js';
import { noted, unablePart } from './words.js';

/** Frames of a clip that are shown to a remote moderator. */
const REMOTE_FRAMES = 8;
/** Share of a step's time that transcribing and remote moderation may take each. */
const REMOTE_SHARE = 0.4;
/** Seconds of speech that give `speech.unheard` a score of 1. */
const UNHEARD_FULL_S = 10;

/** What is known of a clip's fingerprint; signals include `unable` when the banks cannot be asked. */
export interface LookedUp {
  matches: BankMatch[];
  signals: Signal[];
}

/** What an inspection is made with. What is null is not configured. */
export interface InspectionServices {
  run: RunTask;
  textModel: () => TextModel;
  transcriber: Transcriber | null;
  moderator: ImageModerator | null;
}

/** How one clip is inspected. */
export interface InspectOptions {
  timeoutMs: number;
  /** Looks the clip's fingerprint up in the hash banks; absent where there are none. */
  lookUp?: (fingerprint: VideoFingerprint) => Promise<LookedUp>;
  signal?: AbortSignal;
}

/** A clip after it was looked at, listened to and looked up. */
export interface Inspected {
  info: MediaInfo;
  /** All findings, ready for the policy. */
  signals: Signal[];
  inspection: Inspection;
  stills: Looked['stills'];
  templates: SeenTemplate[];
}

/** Everything that is done to judge a finished clip: the sandbox's eyes and ears, remote helpers, words, fingerprints. */
export class Inspector {
  constructor(private readonly services: InspectionServices) {}

  /**
   * Inspects a clip. Parts that fail are `unable` findings.
   * @throws MediaError when the file cannot be decoded, SandboxError when looking was ended
   */
  async inspect(path: string, { timeoutMs, lookUp, signal }: InspectOptions): Promise<Inspected> {
    const { run, moderator, textModel } = this.services;
    const images = moderator ? REMOTE_FRAMES : 0;
    const looked = await run('inspect', { path, images }, { timeoutMs, ...(signal && { signal }) });
    const deadlineMs = timeoutMs * REMOTE_SHARE;
    const [speech, remote, known] = await Promise.all([
      this.listen(looked, deadlineMs, signal),
      this.moderate(looked, deadlineMs, signal),
      this.lookUp(looked.fingerprint, lookUp),
    ]);
    const found = [
      ...looked.signals,
      ...judgeScreenTexts(looked.texts, textModel),
      ...speechSignals(speech),
      ...unexaminedSound(speech),
      ...(this.services.transcriber ? untranscribed(speech) : []),
      ...unheard(speech),
      ...judgeUtterances(speech.utterances, textModel),
      ...remote,
      ...known.signals,
    ];
    const signals = found.map((one) => noted(illustrated(one, looked.stills)));
    const { texts, faces, fingerprint, stills, info } = looked;
    return {
      info,
      signals,
      stills,
      templates: looked.templates,
      inspection: {
        ...{ frames: looked.frames, durationS: looked.durationS, texts, speech, faces, fingerprint },
        matches: known.matches,
        stills: stills.map(({ id, atS, width, height }): Still => ({ id, atS, width, height })),
        provider: looked.provider,
        models: looked.models,
        priority: reviewPriority(signals),
        timings: looked.timings,
      },
    };
  }

  private async listen({ speech }: Looked, deadlineMs: number, signal?: AbortSignal): Promise<SpeechFinding> {
    const { transcriber } = this.services;
    if (speech === null) return noSoundTrack();
    if ('failed' in speech) return assembleSpeech(speech, [], []);
    if (!transcriber) return assembleSpeech(speech, { failed: 'no transcription is configured.' }, []);
    if (speech.segments.length === 0) return assembleSpeech(speech, [], []);
    const heard = await transcribeAll(speech.segments, transcriber, { deadlineMs, ...(signal && { signal }) });
    return assembleSpeech(speech, heard, [transcriber.model]);
  }

  private async lookUp(fingerprint: VideoFingerprint, ask: InspectOptions['lookUp']): Promise<LookedUp> {
    if (!ask) return { matches: [], signals: [] };
    try {
      return await ask(fingerprint);
    } catch (e) {
      const unable = unablePart('fingerprint.banks', { category: 'other', source: 'fingerprint' }, shownMessage(e));
      return { matches: [], signals: [unable] };
    }
  }

  /** Fails closed: a moderator that was to be asked and did not answer is `unable`. */
  private async moderate({ images }: Looked, deadlineMs: number, signal?: AbortSignal): Promise<Signal[]> {
    const { moderator } = this.services;
    if (!moderator) return [];
    const late = AbortSignal.timeout(deadlineMs);
    try {
      return await moderator.moderate(images, signal ? AbortSignal.any([signal, late]) : late);
    } catch (e) {
      signal?.throwIfAborted();
      return [unablePart('remote.frames', { category: 'other', source: 'frames' }, shownMessage(e))];
    }
  }
}

/** Sound that could not be examined at all may hold anything: unlike speech without a transcript, it is never just noted. */
function unexaminedSound({ state, seconds, reason }: SpeechFinding): Signal[] {
  if (state !== 'unable' || seconds !== null) return [];
  return [
    unablePart('speech.sound', { category: 'other', source: 'sound' }, reason ?? 'The sound could not be examined.'),
  ];
}

/** A transcriber that was to be asked and failed: unlike having none, that is never just noted (invariant 2). */
function untranscribed({ utterances, reason }: SpeechFinding): Signal[] {
  if (utterances.every(({ text }) => text !== null)) return [];
  const why = reason ?? 'The transcriber gave no words.';
  return [unablePart('speech.transcriber', { category: 'other', source: 'transcript' }, why)];
}

/** Seconds of speech that nobody wrote down, as a measured finding that the policy's combinations can read. */
function unheard(speech: SpeechFinding): Signal[] {
  const lost = speech.utterances.filter(({ text }) => text === null);
  if (lost.length === 0) return [];
  const seconds = lost.reduce((sum, { fromS, toS }) => sum + (toS - fromS), 0);
  return [
    {
      detector: 'speech.unheard',
      category: 'other',
      source: 'transcript',
      state: 'measured',
      score: Math.min(0.99, seconds / UNHEARD_FULL_S),
      reason: `${seconds.toFixed(1)} s of speech without a transcript.`,
      coverage: 'none',
      model: speech.models[0] ?? { name: 'silero-vad', version: 'unknown' },
      at: { fromS: lost[0]!.fromS, toS: lost.at(-1)!.toS },
    },
  ];
}

/** The finding with the still nearest to its moment, where there is one inside its time range (or half a second away). */
function illustrated(signal: Signal, stills: readonly Still[]): Signal {
  if (signal.still !== undefined || signal.at === undefined || signal.state === 'unable') return signal;
  const { fromS, toS } = signal.at;
  const away = ({ atS }: Still) => Math.max(0, fromS - atS, atS - toS);
  const [nearest] = [...stills].sort((a, b) => away(a) - away(b));
  return nearest && away(nearest) <= 0.5 ? { ...signal, still: nearest.id } : signal;
}

/** The finding of words that ask somebody to speak, for the policy. */
export function quotedSpeech(quotes: boolean): Signal {
  const model = { name: 'imprimatur-speech-words', version: '1', provider: 'js' };
  const base = { detector: 'prompt.quotes_speech', category: 'other', source: 'prompt' } as const;
  return { ...base, state: 'measured', score: quotes ? 1 : 0, coverage: 'low', model };
}
