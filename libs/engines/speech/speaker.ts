import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { type ModelRef } from '#contracts';
import { openSession, type Session, type SessionOptions, type Tensor } from '#engines/inference';
import { shownMessage } from '#kernel';
import { SpeechError } from './errors.js';
import { logMel } from './fbank.js';
import { RATE } from './types.js';

const Fbank = z.object({
  mels: z.number().int().min(8).max(256).default(80),
  frameMs: z.number().min(5).max(64).default(25),
  hopMs: z.number().min(2).max(64).default(10),
  window: z.enum(['povey', 'hamming', 'hann', 'rectangular']).default('povey'),
  preemphasis: z.number().min(0).max(1).default(0.97),
  removeDc: z.boolean().default(true),
  lowHz: z.number().min(0).max(7000).default(20),
  highHz: z.number().min(1000).max(8000).default(8000),
  scale: z.union([z.literal(1), z.literal(32768)]).default(1),
  meanNormalise: z.boolean().default(true),
});

/**
 * What an operator says of a speaker model. `waveform` networks take samples as [1, T] (`NT`) or [1, 1, T] (`N1T`);
 * `fbank` networks take log-mel features as [1, T, mels] (`NTF`) or [1, mels, T] (`NFT`).
 */
export const SpeakerManifest = z.strictObject({
  name: z.string().min(1).max(100),
  version: z.string().min(1).max(100),
  licence: z.string().min(1).max(300),
  input: z.discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('waveform'),
      layout: z.enum(['NT', 'N1T']).default('NT'),
      scale: z.union([z.literal(1), z.literal(32768)]).default(1),
    }),
    z.strictObject({
      kind: z.literal('fbank'),
      layout: z.enum(['NTF', 'NFT']).default('NTF'),
      fbank: Fbank.default(Fbank.parse({})),
    }),
  ]),
  /** Numbers of an embedding. */
  dimensions: z.number().int().min(2).max(4096),
  /** Cosine from which two voices count as one; from the operator's own measurements. */
  threshold: z.number().min(-1).max(1),
  /** Seconds of speech below which nothing is said; 2 by default. */
  minS: z.number().min(0.5).max(30).default(2),
  /** Seconds that are looked at, from the middle; 30 by default. */
  maxS: z.number().min(1).max(120).default(30),
});
export type SpeakerManifest = z.infer<typeof SpeakerManifest>;

/** A voice as a direction, or why there is none. */
export type VoiceEmbedding =
  | { state: 'measured'; embedding: Float32Array }
  | {
      state: 'unable';
      /** A sentence that may be shown. */
      reason: string;
    };

/** How alike two voices are. `unable` matches nobody and clears nobody. */
export type VoiceMatch = { state: 'measured'; similarity: number; same: boolean } | { state: 'unable'; reason: string };

/** Measures voices. An embedding identifies a person: it is to be sealed like a face template. */
export interface SpeakerModel {
  /** Null when the operator gave none. */
  readonly model: ModelRef | null;
  /** From the manifest; null without a model. */
  readonly threshold: number | null;
  /**
   * @param samples speech of one voice, 16 kHz mono, -1..1
   * @returns an embedding of length 1; never throws
   */
  embedVoice(samples: Float32Array): Promise<VoiceEmbedding>;
}

const unable = (reason: string) => ({ state: 'unable', reason }) as const;

/** Stands where no speaker model is configured: every voice is `unable`. */
export function noSpeakerModel(): SpeakerModel {
  return { model: null, threshold: null, embedVoice: async () => unable('No speaker model is configured.') };
}

/** Values of one network input. */
function encode(samples: Float32Array, { input }: SpeakerManifest): Tensor {
  if (input.kind === 'waveform') {
    const shape = input.layout === 'NT' ? [1, samples.length] : [1, 1, samples.length];
    return { data: input.scale === 1 ? samples : samples.map((v) => v * input.scale), shape };
  }
  const { frames, mels, values } = logMel(samples, input.fbank);
  if (input.layout === 'NTF') return { data: values, shape: [1, frames, mels] };
  const turned = new Float32Array(values.length);
  for (let t = 0; t < frames; t++) for (let m = 0; m < mels; m++) turned[m * frames + t] = values[t * mels + m] ?? 0;
  return { data: turned, shape: [1, mels, frames] };
}

/** A shorter output is rounding, not a direction. */
const LEAST_NORM = 1e-3;

/** The middle of what is too long, or why it cannot be used. */
function usable(samples: Float32Array, { minS, maxS }: SpeakerManifest): Float32Array | string {
  if (samples.length < minS * RATE) return `There is less than ${minS} s of speech.`;
  const most = Math.floor(maxS * RATE);
  const start = Math.max(0, (samples.length - most) >> 1);
  const middle = samples.slice(start, start + most);
  if (!middle.every(Number.isFinite)) return 'The sound has values that are not numbers.';
  const loudness = Math.sqrt(middle.reduce((sum, v) => sum + v * v, 0) / middle.length);
  return loudness < 1e-4 ? 'The sound is too quiet.' : middle;
}

async function embed(samples: Float32Array, session: Session, manifest: SpeakerManifest): Promise<VoiceEmbedding> {
  const sound = usable(samples, manifest);
  if (typeof sound === 'string') return unable(sound);
  const { data, shape } = encode(sound, manifest);
  const values = await session.run(data as Float32Array, [...shape]);
  const norm = Math.sqrt(values.reduce((sum, v) => sum + v * v, 0));
  if (values.length !== manifest.dimensions || !Number.isFinite(norm) || norm < LEAST_NORM) {
    return unable('The speaker model gave no usable embedding.');
  }
  return { state: 'measured', embedding: values.map((v) => v / norm) };
}

/**
 * Opens the operator's speaker model (ONNX; its first input and first output are used).
 * @param options.sha256 of the file
 * @throws SpeechError `speaker_model_invalid` when the manifest is wrong; InferenceError when the file is
 */
export async function openSpeakerModel(
  options: { file: string; sha256: string; manifest: unknown } & SessionOptions,
): Promise<SpeakerModel> {
  const { file, sha256, manifest: given, ...opts } = options;
  const read = SpeakerManifest.safeParse(given);
  if (!read.success) {
    throw new SpeechError(
      'speaker_model_invalid',
      `The manifest of the speaker model is wrong: ${z.prettifyError(read.error)}`,
    );
  }
  const manifest = read.data;
  const session = await openSession(file, sha256, opts);
  return {
    model: session.ref(manifest.name, manifest.version),
    threshold: manifest.threshold,
    embedVoice: async (samples) => {
      try {
        return await embed(samples, session, manifest);
      } catch (thrown) {
        return unable(shownMessage(thrown));
      }
    },
  };
}

const SpeakerFolder = z.looseObject({ file: z.string().min(1), sha256: z.string().regex(/^[0-9a-f]{64}$/i) });

/**
 * Opens the speaker model of a folder: `speaker.json` is its manifest with `file` and `sha256` of the network beside it.
 * @throws as {@link openSpeakerModel}; SpeechError `speaker_model_invalid` also when the folder has no such file
 */
export async function openSpeakerFolder(dir: string, options: SessionOptions = {}): Promise<SpeakerModel> {
  const text = await readFile(join(dir, 'speaker.json'), 'utf8').catch(() => '');
  const read = SpeakerFolder.safeParse(text && parsed(text));
  if (!read.success) {
    throw new SpeechError(
      'speaker_model_invalid',
      'speaker.json must be JSON with the name and the SHA-256 of a file.',
    );
  }
  const { file, sha256, ...manifest } = read.data;
  return openSpeakerModel({ file: join(dir, basename(file)), sha256: sha256.toLowerCase(), manifest, ...options });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * Compares two voices of the same model by the cosine of their embeddings.
 * @param threshold from which they count as one, -1..1
 */
export function matchVoices(a: VoiceEmbedding, b: VoiceEmbedding, threshold: number): VoiceMatch {
  if (a.state === 'unable') return a;
  if (b.state === 'unable') return b;
  if (a.embedding.length !== b.embedding.length) return unable('The embeddings are of different models.');
  let [dot, one, two] = [0, 0, 0];
  a.embedding.forEach((v, i) => {
    const w = b.embedding[i] ?? 0;
    dot += v * w;
    one += v * v;
    two += w * w;
  });
  const similarity = dot / Math.sqrt(one * two);
  // Vectors of length zero or with values that are not numbers.
  if (!Number.isFinite(similarity) || !Number.isFinite(threshold)) return unable('The embeddings cannot be compared.');
  return { state: 'measured', similarity: Math.max(-1, Math.min(1, similarity)), same: similarity >= threshold };
}
