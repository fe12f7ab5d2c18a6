import { AppError, type ErrorKind } from '#kernel';

/** Stable codes of {@link SpeechError}. */
export type SpeechErrorCode =
  | 'speech_input_invalid'
  | 'speech_output_invalid'
  | 'whisper_unavailable'
  | 'whisper_model_invalid'
  | 'whisper_failed'
  | 'transcript_missing'
  | 'speaker_model_invalid';

const UNAVAILABLE = new Set<SpeechErrorCode>(['whisper_unavailable', 'whisper_failed', 'transcript_missing']);

/** The sound could not be judged. Report the speech as `unable`, never as silent. */
export class SpeechError extends AppError {
  declare readonly code: SpeechErrorCode;

  constructor(code: SpeechErrorCode, message: string, cause?: unknown) {
    const kind: ErrorKind = UNAVAILABLE.has(code) ? 'unavailable' : 'internal';
    super(kind, code, message, cause === undefined ? {} : { cause });
  }
}
