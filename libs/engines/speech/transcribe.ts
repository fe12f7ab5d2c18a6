import { DeadlineError, shownMessage } from '#kernel';
import { type Failed, type Heard } from './finding.js';
import { type SpeechSegment, type Transcriber, type TranscribeHint } from './types.js';
import { toWav } from './wav.js';

/** How {@link transcribeAll} works. */
export interface TranscribeOptions extends Partial<TranscribeHint> {
  /** Milliseconds for all utterances together. */
  deadlineMs: number;
  /** Utterances in flight at once; 2 by default. */
  concurrency?: number;
}

/**
 * Transcribes every utterance of a clip. Never throws for a single one: what could not be transcribed says why.
 * After the deadline the rest is given up unasked.
 * @returns one entry per segment, in order
 * @throws the signal's reason when the caller aborts
 */
export async function transcribeAll(
  segments: readonly SpeechSegment[],
  transcriber: Transcriber,
  { deadlineMs, concurrency = 2, language, signal }: TranscribeOptions,
): Promise<Heard[]> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(new DeadlineError('Transcribing', deadlineMs)), deadlineMs);
  const both = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  const heard: Heard[] = [];
  let next = 0;
  const one = async ({ samples }: SpeechSegment): Promise<Heard> => {
    if (samples === null) return { failed: 'there is more speech in this clip than can be transcribed' };
    try {
      both.throwIfAborted();
      return await untilAborted(transcriber.transcribe(toWav(samples), { language, signal: both }), both);
    } catch (thrown) {
      signal?.throwIfAborted();
      return { failed: shownMessage(thrown) } satisfies Failed;
    }
  };
  const work = async () => {
    for (let at = next++; at < segments.length; at = next++) heard[at] = await one(segments[at] as SpeechSegment);
  };
  try {
    await Promise.all(Array.from({ length: Math.max(1, concurrency) }, work));
    return heard;
  } finally {
    clearTimeout(timer);
  }
}

/** A transcriber that does not listen to its signal must not hold the clip up. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_, fail) => {
    stop = () => fail(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}
