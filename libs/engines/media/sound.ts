import { AudioConverter } from './audio.js';
import { MediaError, toMediaError } from './errors.js';
import * as av from './native.js';
import { openSource, type Source } from './source.js';
import type { AudioBlock, AudioOptions } from './types.js';

/** Samples per block and channel. */
const blockSize = 4096;

/** Turns the packets of a clip's sound track into blocks of samples. */
export class SoundReader {
  private readonly start: number;
  private converter: AudioConverter | undefined;
  private ready: AudioBlock[] = [];
  private total = 0;

  private constructor(
    private readonly source: Source,
    private readonly sampleRate: number,
    private readonly channels: 1 | 2,
  ) {
    const { startTime } = source.ctx;
    this.start = startTime === av.AV_NOPTS_VALUE ? 0 : Number(startTime) / Number(av.AV_TIME_BASE);
  }

  /** @throws MediaError `media_unreadable` when the codec is not among those that may run */
  static async open(source: Source, sampleRate: number, channels: 1 | 2): Promise<SoundReader> {
    const reader = new SoundReader(source, sampleRate, channels);
    const layout = channels === 1 ? 'mono' : 'stereo';
    const filters =
      `aresample=${sampleRate},aformat=sample_fmts=flt:sample_rates=${sampleRate}:channel_layouts=${layout},` +
      `asetnsamples=n=${blockSize}:p=0`;
    const stream = av.present(source.audio, 'audio stream');
    reader.converter = await AudioConverter.open(stream, source.limits, filters, (frame) => reader.take(frame));
    return reader;
  }

  /** Packets that the decoder refused so far. */
  get damaged(): number {
    return this.converter?.damaged ?? 0;
  }

  /** Takes a packet, or null at the end, and gives the blocks that are complete. @throws MediaError `media_too_long` */
  async push(packet: av.Packet | null): Promise<AudioBlock[]> {
    await this.converter?.push(packet);
    return this.ready.splice(0);
  }

  private async take(frame: av.NativeFrame): Promise<void> {
    const { sampleRate, channels } = this;
    const bytes = Uint8Array.from(av.present(frame.data?.[0], 'samples').subarray(0, frame.nbSamples * channels * 4));
    const samples = new Float32Array(bytes.buffer);
    this.ready.push({ timeS: Number(frame.pts) / sampleRate - this.start, sampleRate, channels, samples });
    this.total += frame.nbSamples;
    const { maxDurationS } = this.source.limits;
    if (this.total > (maxDurationS + 1) * sampleRate)
      throw new MediaError('media_too_long', undefined, { maxDurationS });
  }

  close(): void {
    this.converter?.close();
  }
}

/**
 * The sound of a clip, resampled and mixed, in order; nothing when it has no sound. Damaged packets are skipped.
 * Abandoning the generator frees all it holds.
 * @throws MediaError `media_unreadable`, `media_too_long`; the signal's reason
 */
export async function* decodeAudio(path: string, opts: AudioOptions = {}): AsyncGenerator<AudioBlock> {
  const { sampleRate = 16000, channels = 1, signal } = opts;
  const source = await openSource(path, opts, { video: false, audio: true });
  const { ctx, audio, video } = source;
  const packet = new av.Packet();
  let reader: SoundReader | undefined;
  try {
    if (audio === null) return;
    if (video !== null) video.discard = av.AVDISCARD_ALL;
    packet.alloc();
    reader = await SoundReader.open(source, sampleRate, channels);
    while ((await ctx.readFrame(packet)) >= 0) {
      signal?.throwIfAborted();
      const blocks = packet.streamIndex === audio.index ? await reader.push(packet) : [];
      packet.unref();
      yield* blocks;
    }
    yield* await reader.push(null);
  } catch (thrown) {
    throw toMediaError(thrown, 'media_unreadable', signal);
  } finally {
    await av.freeAll(
      () => packet.free(),
      () => reader?.close(),
      () => source.close(),
    );
  }
}
