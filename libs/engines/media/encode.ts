import { writeFailed } from './errors.js';
import * as av from './native.js';

/** How pictures are compressed. */
export interface VideoSettings {
  /** FFmpeg's encoder name. */
  encoder: 'libx264' | 'libx265' | 'libsvtav1' | 'libvpx-vp9';
  /** Encoder options (`crf`, `preset`, ...). */
  options: Record<string, string>;
  threads: number;
  timeBase: { num: number; den: number };
  frameRate: { num: number; den: number };
}

/** A shorter search for motion: three quarters of veryfast's time, a tenth more bytes, 0.6 dB less (docs/performance.md). */
const QUICK = ['me=dia', 'subme=1', 'ref=1', 'partitions=i8x8,i4x4'];

/** x264 as this project uses it: the same pictures and settings give the same bytes. `quick` is for the gate's own pass. */
export function x264(crf: number, preset: string, quick = false): Pick<VideoSettings, 'encoder' | 'options'> {
  // Closed captions of the input are side data of its frames and would be copied into the stream. Without
  // cpu-independent, x264's macroblock tree gives other bytes from run to run on some processors.
  const params = ['cpu-independent=1', ...(quick ? QUICK : [])].join(':');
  return { encoder: 'libx264', options: { crf: String(crf), preset, a53cc: '0', 'x264-params': params } };
}

/** Opens a video encoder for frames like `sample`; the caller frees it. */
export async function openVideoEncoder(sample: av.NativeFrame, settings: VideoSettings): Promise<av.CodecContext> {
  const codec = av.present(av.Codec.findEncoderByName(settings.encoder as never), settings.encoder);
  const ctx = new av.CodecContext();
  const options = av.Dictionary.fromObject(settings.options);
  try {
    ctx.allocContext3(codec);
    ctx.width = sample.width;
    ctx.height = sample.height;
    ctx.pixelFormat = sample.format as av.AVPixelFormat;
    ctx.sampleAspectRatio = sample.sampleAspectRatio;
    ctx.colorRange = sample.colorRange;
    ctx.colorSpace = sample.colorSpace;
    ctx.colorPrimaries = sample.colorPrimaries;
    ctx.colorTrc = sample.colorTrc;
    ctx.timeBase = new av.Rational(settings.timeBase.num, settings.timeBase.den);
    const { num, den } = settings.frameRate;
    ctx.framerate = num > 0 && den > 0 ? new av.Rational(num, den) : new av.Rational(25, 1);
    ctx.threadCount = settings.threads;
    ctx.setFlags(av.AV_CODEC_FLAG_GLOBAL_HEADER, av.AV_CODEC_FLAG_BITEXACT);
    av.must(await ctx.open2(codec, options), `open ${settings.encoder}`);
    return ctx;
  } catch (thrown) {
    ctx.freeContext();
    throw thrown;
  } finally {
    options.free();
  }
}

/**
 * Opens FFmpeg's own AAC encoder (or libopus for WebM); the caller frees it.
 * @param bitRate bits a second
 */
export async function openAudioEncoder(
  name: 'aac' | 'libopus',
  sampleRate: number,
  channels: 1 | 2,
  bitRate = 128_000,
): Promise<av.CodecContext> {
  const codec = av.present(av.Codec.findEncoderByName(name as never), name);
  const ctx = new av.CodecContext();
  try {
    ctx.allocContext3(codec);
    ctx.sampleRate = sampleRate;
    ctx.sampleFormat = name === 'aac' ? av.AV_SAMPLE_FMT_FLTP : av.AV_SAMPLE_FMT_FLT;
    ctx.channelLayout = av.channelLayout(channels);
    ctx.bitRate = BigInt(bitRate);
    ctx.timeBase = new av.Rational(1, sampleRate);
    ctx.threadCount = 1;
    ctx.setFlags(av.AV_CODEC_FLAG_GLOBAL_HEADER, av.AV_CODEC_FLAG_BITEXACT);
    av.must(await ctx.open2(codec, null), `open ${name}`);
    return ctx;
  } catch (thrown) {
    ctx.freeContext();
    throw thrown;
  }
}

/** Sends a frame (null at the end) and hands every finished packet to `take`. */
export async function encode(
  ctx: av.CodecContext,
  frame: av.NativeFrame | null,
  packet: av.Packet,
  take: (packet: av.Packet) => Promise<void>,
): Promise<void> {
  const sent = await ctx.sendFrame(frame);
  if (sent < 0) throw writeFailed(av.errorText(sent, 'encode'));
  for (;;) {
    const code = await ctx.receivePacket(packet);
    if (code === av.AVERROR_EAGAIN || code === av.AVERROR_EOF) return;
    if (code < 0) throw writeFailed(av.errorText(code, 'encode'));
    try {
      await take(packet);
    } finally {
      packet.unref();
    }
  }
}
