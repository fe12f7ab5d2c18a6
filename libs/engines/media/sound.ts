import { AudioConverter } from './audio.js';
import { MediaError, toMediaError } from './errors.js';
import * as av from './native.js';
import { openSource } from './source.js';
import type { AudioBlock, AudioOptions } from './types.js';

/** Samples per block and channel. */
const blockSize = 4096;

/**
 * The sound of a clip, resampled and mixed, in order; nothing when it has no sound. Damaged packets are skipped.
 * Abandoning the generator frees all it holds.
 * @throws MediaError `media_unreadable`, `media_too_long`; the signal's reason
 */
export async function* decodeAudio(path: string, opts: AudioOptions = {}): AsyncGenerator<AudioBlock> {
  const { sampleRate = 16000, channels = 1, signal } = opts;
  const source = await openSource(path, opts, { video: false, audio: true });
  const { ctx, audio, video, limits } = source;
  const packet = new av.Packet();
  let converter: AudioConverter | undefined;
  let ready: AudioBlock[] = [];
  let total = 0;
  const start = ctx.startTime === av.AV_NOPTS_VALUE ? 0 : Number(ctx.startTime) / Number(av.AV_TIME_BASE);
  const take = async (frame: av.NativeFrame): Promise<void> => {
    const bytes = Uint8Array.from(av.present(frame.data?.[0], 'samples').subarray(0, frame.nbSamples * channels * 4));
    const samples = new Float32Array(bytes.buffer);
    ready.push({ timeS: Number(frame.pts) / sampleRate - start, sampleRate, channels, samples });
    total += frame.nbSamples;
    if (total > (limits.maxDurationS + 1) * sampleRate)
      throw new MediaError('media_too_long', undefined, { maxDurationS: limits.maxDurationS });
  };
  try {
    if (audio === null) return;
    if (video !== null) video.discard = av.AVDISCARD_ALL;
    packet.alloc();
    const layout = channels === 1 ? 'mono' : 'stereo';
    const filters =
      `aresample=${sampleRate},aformat=sample_fmts=flt:sample_rates=${sampleRate}:channel_layouts=${layout},` +
      `asetnsamples=n=${blockSize}:p=0`;
    converter = await AudioConverter.open(audio, limits, filters, take);
    while ((await ctx.readFrame(packet)) >= 0) {
      signal?.throwIfAborted();
      if (packet.streamIndex === audio.index) await converter.push(packet);
      packet.unref();
      yield* ready;
      ready = [];
    }
    await converter.push(null);
    yield* ready;
  } catch (thrown) {
    throw toMediaError(thrown, 'media_unreadable', signal);
  } finally {
    await av.freeAll(
      () => packet.free(),
      () => converter?.close(),
      () => source.close(),
    );
  }
}
