export { SpeechError, type SpeechErrorCode } from './errors.js';
export {
  assembleSpeech,
  noSoundTrack,
  speechSignals,
  TRANSCRIPT_DETECTOR,
  type Failed,
  type Heard,
} from './finding.js';
export { createSpeechFinder, type SpeechFinder, type SpeechLook } from './finder.js';
export { quotesSpeech } from './quotes.js';
export {
  matchVoices,
  noSpeakerModel,
  openSpeakerFolder,
  openSpeakerModel,
  SpeakerManifest,
  type SpeakerModel,
  type VoiceEmbedding,
  type VoiceMatch,
} from './speaker.js';
export { transcribeAll, type TranscribeOptions } from './transcribe.js';
export {
  type SoundBlock,
  type SpeechSegment,
  type SpeechSegments,
  type TranscribeHint,
  type Transcriber,
  type Transcript,
} from './types.js';
export { SPEECH_MODEL } from './vad.js';
export { toWav } from './wav.js';
export { whisperTranscriber, type WhisperOptions } from './whisper.js';
