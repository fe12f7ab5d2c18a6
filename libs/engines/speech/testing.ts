// Test support: sound, and a Whisper model that runs for real and always says the same.
import { decodeAudio } from '#engines/media';
import { type SpeechFinder } from './finder.js';
import { RATE, type SoundBlock, type SpeechSegments } from './types.js';

/** Everything that a finder says of a file. */
export async function lookAt(finder: SpeechFinder, path: string): Promise<SpeechSegments> {
  const look = finder.begin();
  for await (const { timeS, sampleRate, samples } of decodeAudio(path)) await look.push({ timeS, sampleRate, samples });
  return look.finish();
}

/** The whole sound of a file, 16 kHz mono. */
export async function soundOf(path: string): Promise<Float32Array> {
  const parts: number[] = [];
  for await (const { samples } of decodeAudio(path)) parts.push(...samples);
  return Float32Array.from(parts);
}

/** Samples in blocks as the media room gives them. */
export function* blocksOf(samples: Float32Array, startS = 0, size = 4096): Generator<SoundBlock> {
  for (let at = 0; at < samples.length; at += size) {
    yield { timeS: startS + at / RATE, sampleRate: RATE, samples: samples.slice(at, at + size) };
  }
}

const F32 = 0;
const F16 = 1;
const WIDTH = 32;
const VOCABULARY = 51_864;
const CONTEXT = 32;
const MELS = 80;
/** `<|0.00|>` and the end of text, in English-only models. */
const [BEGIN, END] = [50_363, 50_256];

/**
 * A whisper.cpp model of 3.5 MB whose layers add nothing, so that its position alone decides the next word: it says
 * `words` whatever it hears. It exercises loading, the network and the way of the text; it understands nothing.
 */
export function parrotModel(words: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  const integers = (...values: number[]) => {
    const bytes = Buffer.alloc(4 * values.length);
    values.forEach((value, i) => bytes.writeInt32LE(value, i * 4));
    parts.push(bytes);
  };
  const tensor = (name: string, dims: number[], type: number, fill?: (data: Buffer) => void) => {
    integers(dims.length, name.length, type, ...dims);
    const data = Buffer.alloc(dims.reduce((a, b) => a * b, 1) * (type === F16 ? 2 : 4));
    fill?.(data);
    parts.push(Buffer.from(name), data);
  };
  const ones = (data: Buffer) => {
    for (let i = 0; i < data.length; i += 4) data.writeFloatLE(1, i);
  };
  const norm = (name: string) => {
    tensor(`${name}.weight`, [WIDTH], F32, ones);
    tensor(`${name}.bias`, [WIDTH], F32);
  };
  const linear = (name: string, into: number, out: number, bias = true) => {
    tensor(`${name}.weight`, [into, out], F16);
    if (bias) tensor(`${name}.bias`, [out], F32);
  };
  const attention = (name: string) => {
    norm(`${name}_ln`);
    for (const part of ['query', 'key', 'value', 'out']) linear(`${name}.${part}`, WIDTH, WIDTH, part !== 'key');
  };
  const layer = (name: string, cross: boolean) => {
    attention(`${name}.attn`);
    if (cross) attention(`${name}.cross_attn`);
    norm(`${name}.mlp_ln`);
    linear(`${name}.mlp.0`, WIDTH, 4 * WIDTH);
    linear(`${name}.mlp.2`, 4 * WIDTH, WIDTH);
  };
  const vocabulary = [' ', ...words];
  const said = [BEGIN, ...words.map((_, i) => i + 1), END];
  integers(0x67676d6c, VOCABULARY, 64, WIDTH, 1, 1, CONTEXT, WIDTH, 1, 1, MELS, F16, MELS, 201);
  parts.push(Buffer.from(new Float32Array(MELS * 201).fill(0.01).buffer));
  integers(vocabulary.length);
  for (const word of vocabulary) {
    integers(Buffer.byteLength(word));
    parts.push(Buffer.from(word));
  }
  tensor('encoder.positional_embedding', [WIDTH, 64], F32);
  for (const [i, into] of [MELS, WIDTH].entries()) {
    tensor(`encoder.conv${i + 1}.weight`, [3, into, WIDTH], F16);
    tensor(`encoder.conv${i + 1}.bias`, [1, WIDTH], F32);
  }
  norm('encoder.ln_post');
  layer('encoder.blocks.0', false);
  tensor('decoder.positional_embedding', [WIDTH, CONTEXT], F32, (data) => {
    for (let p = 0; p < CONTEXT; p++) data.writeFloatLE(1000, (p * WIDTH + Math.min(p, said.length - 1)) * 4);
  });
  tensor('decoder.token_embedding.weight', [WIDTH, VOCABULARY], F16, (data) => {
    // 10 as a half-precision number.
    said.forEach((token, k) => data.writeUInt16LE(0x4900, (token * WIDTH + k) * 2));
  });
  norm('decoder.ln');
  layer('decoder.blocks.0', true);
  return Buffer.concat(parts);
}
