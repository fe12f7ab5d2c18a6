import { shownMessage } from '#kernel';
import { whisperTranscriber, type Transcriber } from '#engines/speech';
import type { Config } from '#platform/config';
import {
  azureImageModerator,
  openAiImageModerator,
  remoteTranscriber,
  type ImageModerator,
} from '#platform/recognisers';

const OPENAI_URL = 'https://api.openai.com/v1';

/** A transcriber that cannot work: each utterance is `unable` with the reason, and the operator reads it in the log. */
function broken(reason: string): Transcriber {
  return {
    model: { name: 'whisper.cpp', version: 'unusable' },
    transcribe: () => Promise.reject(new Error(reason)),
  };
}

/**
 * Who writes down speech; null when nobody is configured. A model file that does not run is told once and leaves every
 * utterance unheard.
 */
export async function transcriberOf(config: Config, warn: (reason: string) => void): Promise<Transcriber | null> {
  const { TRANSCRIBE_URL: baseUrl, TRANSCRIBE_API_KEY: apiKey, TRANSCRIBE_MODEL: model, WHISPER_MODEL } = config;
  if (baseUrl) return remoteTranscriber({ baseUrl, apiKey, model });
  if (!WHISPER_MODEL) return null;
  try {
    return await whisperTranscriber(WHISPER_MODEL);
  } catch (e) {
    const reason = shownMessage(e);
    warn(reason);
    return broken(reason);
  }
}

/** Who judges single frames on another machine; null when nobody is configured. */
export function moderatorOf(config: Config): ImageModerator | null {
  const { IMAGE_MODERATION: kind, IMAGE_MODERATION_API_KEY: apiKey, IMAGE_MODERATION_MODEL: model } = config;
  const baseUrl = config.IMAGE_MODERATION_URL;
  if (kind === 'openai') return openAiImageModerator({ baseUrl: baseUrl ?? OPENAI_URL, apiKey, model });
  return kind === 'azure' ? azureImageModerator({ baseUrl: baseUrl!, apiKey }) : null;
}
