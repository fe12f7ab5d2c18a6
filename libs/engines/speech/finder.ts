import { type ModelRef } from '#contracts';
import { type SessionOptions } from '#engines/inference';
import { messageOf } from '#kernel';
import { SpeechError } from './errors.js';
import { BLOCK, Segmenter, type Span } from './segmenter.js';
import { Timeline } from './timeline.js';
import { type SoundBlock, RATE, type SpeechSegment, type SpeechSegments } from './types.js';
import { openVad, type VadStream } from './vad.js';

/** Blocks per run of the network: two seconds. */
const BATCH = 64;
/** Samples added on both sides of a stretch, so that no first or last sound is lost. */
const PAD = 0.15 * RATE;
/** Samples of speech that are kept: 120 s, 7.7 MB. */
const MOST = 120 * RATE;

/** Looks for speech in one clip. */
export interface SpeechLook {
  /**
   * Takes the next stretch of the sound track; one at a time, in order.
   * @throws SpeechError `speech_input_invalid` for another rate or values that are not sound, `speech_output_invalid`;
   * InferenceError
   */
  push(block: SoundBlock): Promise<void>;
  /** @throws as {@link SpeechLook.push} */
  finish(): Promise<SpeechSegments>;
}

/** Finds speech, one look per clip. */
export interface SpeechFinder {
  readonly model: ModelRef;
  begin(): SpeechLook;
}

class Look implements SpeechLook {
  private readonly segmenter = new Segmenter();
  private readonly times = new Timeline();
  /** Sound from sample number `heldFrom` on: what may still become part of a stretch, and what is not yet examined. */
  private held: Float32Array = new Float32Array(0);
  private heldFrom = 0;
  private examined = 0;
  private received = 0;
  private kept = 0;
  private lastTo = 0;
  private readonly segments: SpeechSegment[] = [];
  private broken: Error | undefined;

  constructor(private readonly vad: VadStream) {}

  async push({ timeS, sampleRate, samples }: SoundBlock): Promise<void> {
    if (this.broken !== undefined) throw this.broken;
    try {
      if (sampleRate !== RATE) throw new SpeechError('speech_input_invalid', `The sound has ${sampleRate} Hz.`);
      if (!samples.every(Number.isFinite)) {
        throw new SpeechError('speech_input_invalid', 'The sound has values that are not numbers.');
      }
      this.times.mark(this.received, timeS);
      const joined = new Float32Array(this.held.length + samples.length);
      joined.set(this.held);
      joined.set(samples, this.held.length);
      this.held = joined;
      this.received += samples.length;
      while (this.received - this.examined >= BATCH * BLOCK) await this.examine(BATCH * BLOCK);
    } catch (thrown) {
      // What was missed can not be made up for: the look stays broken.
      this.broken = thrown instanceof Error ? thrown : new Error(messageOf(thrown));
      throw this.broken;
    }
  }

  async finish(): Promise<SpeechSegments> {
    if (this.broken !== undefined) throw this.broken;
    const left = this.received - this.examined;
    if (left > 0) await this.examine(Math.ceil(left / BLOCK) * BLOCK);
    const last = this.segmenter.finish();
    if (last) this.take(last);
    return {
      segments: this.segments,
      seconds: this.segments.reduce((sum, one) => sum + one.seconds, 0),
      examinedS: this.received / RATE,
    };
  }

  /** @param count samples, a multiple of a block; what the sound lacks is silence */
  private async examine(count: number): Promise<void> {
    const start = this.examined - this.heldFrom;
    const samples = new Float32Array(count);
    samples.set(this.held.subarray(start, start + count));
    const chances = await this.vad.next(samples);
    this.examined += count;
    for (const chance of chances) {
      const span = this.segmenter.push(chance);
      if (span) this.take(span);
    }
    const needed = Math.max(this.heldFrom, this.segmenter.neededFrom * BLOCK - PAD);
    this.held = this.held.slice(needed - this.heldFrom);
    this.heldFrom = needed;
  }

  private take({ from, to }: Span): void {
    const end = Math.min(to * BLOCK, this.received);
    const seconds = (end - from * BLOCK) / RATE;
    if (seconds <= 0) return;
    const start = Math.max(from * BLOCK - PAD, this.lastTo, this.heldFrom);
    const stop = Math.min(end + PAD, this.received);
    const before = this.segments.at(-1);
    // Split stretches touch: the padding of one must not repeat the other, and may already hold all of it.
    if (stop <= start && before) {
      before.seconds += seconds;
      return;
    }
    this.lastTo = stop;
    const fits = this.kept + stop - start <= MOST;
    if (fits) this.kept += stop - start;
    const fromS = this.times.at(start);
    this.segments.push({
      fromS,
      toS: Math.max(fromS, this.times.at(stop)),
      seconds,
      samples: fits ? this.held.slice(start - this.heldFrom, stop - this.heldFrom) : null,
    });
  }
}

/**
 * Opens the speech finder: Silero VAD with hysteresis, padding, a least and a greatest length.
 * @throws InferenceError when the model is missing, altered, or nothing can run it
 */
export async function createSpeechFinder(opts: SessionOptions = {}): Promise<SpeechFinder> {
  const vad = await openVad(opts);
  return { model: vad.model, begin: () => new Look(vad.begin()) };
}
