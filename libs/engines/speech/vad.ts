import { type ModelRef } from '#contracts';
import { modelCard, modelPath, openSession, type SessionOptions, type Tensor } from '#engines/inference';
import { SpeechError } from './errors.js';
import { BLOCK } from './segmenter.js';

/** Name of the model's card. */
export const SPEECH_MODEL = 'silero-vad';

/** Samples of the block before that the network sees again. */
const CONTEXT = 64;

/** The speech network on one sound track; it remembers what came before. */
export interface VadStream {
  /**
   * Chance of speech for each of the next blocks, 0..1, in one run however many they are.
   * @param samples 16 kHz mono, a multiple of 512
   * @throws SpeechError `speech_output_invalid`; InferenceError
   */
  next(samples: Float32Array): Promise<Float32Array>;
}

/** The speech network, ready to run. */
export interface Vad {
  readonly model: ModelRef;
  begin(): VadStream;
}

const noState = (): Tensor => ({ data: new Float32Array(128), shape: [1, 1, 128] });

/**
 * Opens Silero VAD (models/convert/silero.ts says in which form).
 * @throws InferenceError when the model is missing, altered, or nothing can run it
 */
export async function openVad(opts: SessionOptions = {}): Promise<Vad> {
  const card = modelCard(SPEECH_MODEL);
  const session = await openSession(modelPath(card), card.sha256, opts);
  const begin = (): VadStream => {
    let context = new Float32Array(CONTEXT);
    let h = noState();
    let c = noState();
    return {
      next: async (samples) => {
        const count = samples.length / BLOCK;
        if (count === 0) return new Float32Array(0);
        const sound = new Float32Array(CONTEXT + samples.length);
        sound.set(context);
        sound.set(samples, CONTEXT);
        const blocks = new Float32Array(count * (CONTEXT + BLOCK));
        for (let i = 0; i < count; i++) {
          blocks.set(sound.subarray(i * BLOCK, (i + 1) * BLOCK + CONTEXT), i * (CONTEXT + BLOCK));
        }
        const given = { blocks: { data: blocks, shape: [count, CONTEXT + BLOCK] }, h, c };
        const { speech, hN, cN } = await session.runAll(given, ['speech', 'hN', 'cN']);
        const chances = speech?.data;
        if (!(chances instanceof Float32Array) || chances.length !== count || !hN || !cN || !chances.every(isChance)) {
          throw new SpeechError('speech_output_invalid', 'The speech network gave values that are not chances.');
        }
        context = sound.slice(sound.length - CONTEXT);
        h = hN;
        c = cN;
        return chances;
      },
    };
  };
  return { model: session.ref(card.name, card.version), begin };
}

function isChance(value: number): boolean {
  return value >= 0 && value <= 1.0001;
}
