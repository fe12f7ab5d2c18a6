import { z } from 'zod';
import { type Transcriber } from '#engines/speech';
import { bearer, ServiceClient, type ServiceOptions } from './client.js';
import { RecogniserError } from './errors.js';

/** A service that understands `POST /v1/audio/transcriptions`. */
export interface RemoteTranscriberOptions extends ServiceOptions {
  /** As the service calls it, for example `whisper-1`. */
  model: string;
  /** `verbose_json` also tells the language; `json`, the default, is understood by more services. */
  responseFormat?: 'json' | 'verbose_json';
}

/** OpenAI's own limit. */
const MOST_BYTES = 25 * 1024 * 1024;

const Answer = z.object({ text: z.string().max(200_000), language: z.string().max(100).nullish() });

// `verbose_json` names languages in English; BCP 47 wants tags.
const TAGS =
  'ar bn ca cs da de el en es fa fi fr he hi hr hu id it ja ko ms nl no pl pt ro ru sk sr sv sw ta th tr uk ur vi zh';
const english = new Intl.DisplayNames(['en'], { type: 'language' });
const BY_NAME = new Map(TAGS.split(' ').map((tag) => [english.of(tag)?.toLowerCase() ?? tag, tag]));

function languageTag(said: string | null | undefined): string | undefined {
  const name = said?.trim().toLowerCase() ?? '';
  return /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/.test(name) ? name : BY_NAME.get(name);
}

async function encode(fields: Record<string, string>, wav: Uint8Array) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([Uint8Array.from(wav)], { type: 'audio/wav' }), 'utterance.wav');
  const encoded = new Response(form);
  const contentType = encoded.headers.get('content-type') ?? 'multipart/form-data';
  return { contentType, body: new Uint8Array(await encoded.arrayBuffer()) };
}

/**
 * A transcriber on another machine: OpenAI, or any server with the same call (faster-whisper, vLLM, whisper.cpp, ...).
 * `transcribe` throws RecogniserError for whatever is not a transcript.
 */
export function remoteTranscriber(options: RemoteTranscriberOptions): Transcriber {
  const { model, responseFormat = 'json' } = options;
  const client = new ServiceClient(options, bearer(options.apiKey));
  return {
    model: { name: 'remote.transcriptions', version: model, provider: 'remote' },
    transcribe: async (wav, { language, signal }) => {
      if (wav.byteLength > MOST_BYTES) {
        throw new RecogniserError('recogniser_input_too_large', 'The utterance is larger than such services take.');
      }
      const hint = language?.split('-')[0]?.toLowerCase();
      const fields = { model, response_format: responseFormat, temperature: '0', ...(hint ? { language: hint } : {}) };
      const answer = await client.post('/v1/audio/transcriptions', await encode(fields, wav), Answer, signal);
      const said = languageTag(answer.language) ?? language;
      return { text: answer.text, ...(said === undefined ? {} : { language: said }) };
    },
  };
}
