import { type ModelRef } from '#contracts';

/** Samples per second of everything in this room. */
export const RATE = 16_000;

/** A stretch of sound as the media room decodes it. */
export interface SoundBlock {
  /** Seconds from the start of the clip. */
  timeS: number;
  /** Must be 16,000. */
  sampleRate: number;
  /** One channel, -1..1. */
  samples: Float32Array;
}

/** One stretch of speech with its sound. */
export interface SpeechSegment {
  /** Seconds of the clip, with a little padding on both sides. */
  fromS: number;
  toS: number;
  /** Seconds of speech in it, without the padding. */
  seconds: number;
  /** 16 kHz mono; null when more speech was found than may be kept. */
  samples: Float32Array | null;
}

/** All speech of a clip. */
export interface SpeechSegments {
  /** In order, apart from each other, none much longer than 15 s. */
  segments: SpeechSegment[];
  /** Seconds of speech, without padding. */
  seconds: number;
  /** Seconds of sound that were examined; 0 means that nothing can be said. */
  examinedS: number;
}

/** What a transcriber says of one utterance. */
export interface Transcript {
  text: string;
  /** BCP 47, where it says so. */
  language?: string | undefined;
}

/** What helps a transcriber. */
export interface TranscribeHint {
  /** BCP 47, when the language is known beforehand. */
  language?: string | undefined;
  signal: AbortSignal;
}

/** Writes down what is said. Implemented here by FFmpeg's whisper filter, and remotely by `#platform/recognisers`. */
export interface Transcriber {
  readonly model: ModelRef;
  /**
   * @param wav one utterance, 16-bit PCM, 16 kHz mono (see `toWav`)
   * @throws an AppError whenever there is no transcript to rely on; the signal's reason when it aborts
   */
  transcribe(wav: Uint8Array, hint: TranscribeHint): Promise<Transcript>;
}
