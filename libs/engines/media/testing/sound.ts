import { join } from 'node:path';
import { encoderFilters } from '../audio.js';
import { openAudioEncoder } from '../encode.js';
import { FilterChain } from '../graph.js';
import { decodeAudio } from '../index.js';
import * as av from '../native.js';
import { Output } from '../output.js';
import { collect } from './clips.js';

/** Samples a second of the sound that {@link writeSound} takes. */
export const soundRate = 48000;

/** Writes mono sound of 48 kHz and nothing else: AAC in MP4, or Opus in WebM. */
export async function writeSound(
  path: string,
  samples: Float32Array,
  codec: 'aac' | 'libopus',
  bitRate: number,
): Promise<string> {
  const output = new Output(path, codec === 'aac' ? 'mp4' : 'webm');
  const encoder = await openAudioEncoder(codec, soundRate, 1, bitRate);
  const filters = encoderFilters(encoder, 1);
  const chain = new FilterChain('audio', { num: 1, den: soundRate }, () => filters);
  const drain = async () => {
    for (let frame = await chain.pull(); frame !== null; frame = await chain.pull()) await output.writeAudio(frame);
  };
  output.addEncodedAudio(encoder);
  await output.begin();
  // A tenth of a second at a time: encoders and filters take sound in small pieces.
  for (let from = 0; from < samples.length; from += soundRate / 10) {
    const part = samples.slice(from, from + soundRate / 10);
    const frame = av.NativeFrame.fromAudioBuffer(Buffer.from(part.buffer), {
      nbSamples: part.length,
      format: av.AV_SAMPLE_FMT_FLT,
      sampleRate: soundRate,
      channelLayout: av.channelLayout(1),
      pts: BigInt(from),
    });
    await chain.push(frame);
    frame.free();
    await drain();
  }
  await chain.push(null);
  await drain();
  await output.finish();
  chain.close();
  return path;
}

/** All mono sound of a file at one rate. */
export async function readSound(path: string, sampleRate: number): Promise<Float32Array> {
  const blocks = await collect(decodeAudio(path, { sampleRate, channels: 1 }));
  const all = new Float32Array(blocks.reduce((sum, { samples }) => sum + samples.length, 0));
  let at = 0;
  for (const { samples } of blocks) {
    all.set(samples, at);
    at += samples.length;
  }
  return all;
}

/** Sound after a codec at so many bits a second, and at another rate. */
export async function throughCodec(
  dir: string,
  samples: Float32Array,
  codec: 'aac' | 'libopus',
  bitRate: number,
  sampleRate: number,
): Promise<Float32Array> {
  const path = join(dir, `${codec}-${bitRate}.${codec === 'aac' ? 'mp4' : 'webm'}`);
  return readSound(await writeSound(path, samples, codec, bitRate), sampleRate);
}
