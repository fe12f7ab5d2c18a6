import type { MediaLimits } from './types.js';
import { openDecoder } from './decode.js';
import { FilterChain } from './graph.js';
import * as av from './native.js';

/** Sample rates in Hz that AAC knows and this project writes. */
export const aacRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000];

/** Sample rate and channels to encode with: those of the input where the codec knows them. */
export function audioShape(stream: av.Stream, codec: 'aac' | 'libopus'): { sampleRate: number; channels: 1 | 2 } {
  const { sampleRate, channels } = stream.codecpar;
  const known = codec === 'aac' && aacRates.includes(sampleRate);
  return { sampleRate: known ? sampleRate : 48000, channels: channels === 1 ? 1 : 2 };
}

/** Filters that bring sound to what an encoder takes: its format, rate, layout and frame size. */
export function encoderFilters(encoder: av.CodecContext, channels: number): string {
  const format = encoder.sampleFormat === av.AV_SAMPLE_FMT_FLTP ? 'fltp' : 'flt';
  const layout = channels === 1 ? 'mono' : 'stereo';
  return (
    `aresample=${encoder.sampleRate},aformat=sample_fmts=${format}:sample_rates=${encoder.sampleRate}:` +
    `channel_layouts=${layout},asetnsamples=n=${encoder.frameSize}:p=0`
  );
}

/** Decodes packets of an audio track and gives frames that fit an encoder. */
export class AudioConverter {
  private readonly frame = new av.NativeFrame();
  /** Packets that the decoder refused. */
  damaged = 0;

  private constructor(
    private readonly decoder: av.CodecContext,
    private readonly chain: FilterChain,
    private readonly take: (frame: av.NativeFrame) => Promise<void>,
  ) {
    this.frame.alloc();
  }

  /** @param take receives each frame, with pts in 1/sample rate of the encoder */
  static async open(
    stream: av.Stream,
    limits: MediaLimits,
    filters: string,
    take: (frame: av.NativeFrame) => Promise<void>,
  ): Promise<AudioConverter> {
    const decoder = await openDecoder(stream, limits);
    return new AudioConverter(decoder, new FilterChain('audio', stream.timeBase, () => filters), take);
  }

  /** Takes a packet, or null at the end. Damaged packets are skipped. */
  async push(packet: av.Packet | null): Promise<void> {
    if ((await this.decoder.sendPacket(packet)) < 0 && packet !== null) {
      this.damaged++;
      return;
    }
    while ((await this.decoder.receiveFrame(this.frame)) >= 0) {
      this.frame.pts = this.frame.bestEffortTimestamp;
      await this.chain.push(this.frame);
      this.frame.unref();
      await this.pull();
    }
    if (packet !== null) return;
    await this.chain.push(null);
    await this.pull();
  }

  private async pull(): Promise<void> {
    for (;;) {
      const frame = await this.chain.pull();
      if (frame === null) return;
      await this.take(frame);
    }
  }

  close(): void {
    this.frame.free();
    this.chain.close();
    this.decoder.freeContext();
  }
}
