import { availableParallelism } from 'node:os';
import { MediaError, toMediaError } from './errors.js';
import * as av from './native.js';
import { plausibleRate } from './rate.js';
import { decoders, type Source } from './source.js';
import type { MediaLimits } from './types.js';

/** One decoded picture. */
export interface Decoded {
  /** Owned by the decoder and valid until the next step of the generator. */
  frame: av.NativeFrame;
  index: number;
  /** In the stream's time base, strictly increasing. */
  pts: bigint;
  /** Seconds from the first frame. */
  timeS: number;
}

/** What may accompany the decoding of the pictures. */
export interface DecodeOptions {
  signal?: AbortSignal | undefined;
  /** Receives each audio packet in file order; the packet is valid during the call only. */
  onAudio?: (packet: av.Packet) => Promise<void>;
}

/**
 * Opens a decoder of the closed list for a stream; the caller frees it.
 * @throws MediaError `media_unreadable`
 */
export async function openDecoder(stream: av.Stream, limits: MediaLimits): Promise<av.CodecContext> {
  const codec = av.Codec.findDecoder(stream.codecpar.codecId);
  if (codec === null || !decoders.has(codec.name ?? ''))
    throw new MediaError('media_unreadable', 'codec is not supported');
  const ctx = new av.CodecContext();
  try {
    ctx.allocContext3(codec);
    av.must(ctx.parametersToContext(stream.codecpar), 'decoder parameters');
    ctx.pktTimebase = stream.timeBase;
    ctx.threadCount = Math.min(4, availableParallelism());
    av.must(ctx.setOption('max_pixels', String(limits.maxWidth * limits.maxHeight)), 'max_pixels');
    av.must(await ctx.open2(codec, null), 'open decoder');
    return ctx;
  } catch (thrown) {
    ctx.freeContext();
    throw toMediaError(thrown, 'media_unreadable');
  }
}

/** Gives every frame a strictly increasing time and holds the limits while decoding. */
class Clock {
  private first: bigint | undefined;
  private last: bigint | undefined;
  private index = 0;
  private readonly seconds: number;
  private readonly step: bigint;

  constructor(
    stream: av.Stream,
    private readonly limits: MediaLimits,
  ) {
    this.seconds = stream.timeBase.toDouble();
    const { num, den } = plausibleRate(stream.avgFrameRate);
    this.step = BigInt(Math.max(1, Math.round(1 / ((num / den || 25) * this.seconds))));
  }

  stamp(frame: av.NativeFrame): Decoded {
    const { maxWidth, maxHeight, maxFrames, maxDurationS } = this.limits;
    if (frame.width > maxWidth || frame.height > maxHeight) {
      throw new MediaError('media_too_large', undefined, { width: frame.width, height: frame.height });
    }
    if (this.index >= maxFrames) throw new MediaError('media_too_long', undefined, { maxFrames });
    let pts = frame.bestEffortTimestamp;
    if (pts === av.AV_NOPTS_VALUE) pts = this.last === undefined ? 0n : this.last + this.step;
    if (this.last !== undefined && pts <= this.last) pts = this.last + 1n;
    this.first ??= pts;
    this.last = pts;
    const timeS = Number(pts - this.first) * this.seconds;
    if (timeS > maxDurationS) throw new MediaError('media_too_long', undefined, { maxDurationS });
    return { frame, index: this.index++, pts, timeS };
  }
}

async function* receive(decoder: av.CodecContext, frame: av.NativeFrame, clock: Clock): AsyncGenerator<Decoded> {
  for (;;) {
    // EAGAIN, EOF and damage alike end the round: a damaged picture is skipped, as players do.
    if ((await decoder.receiveFrame(frame)) < 0) return;
    try {
      yield clock.stamp(frame);
    } finally {
      frame.unref();
    }
  }
}

async function* packets(source: Source, packet: av.Packet, opts: DecodeOptions): AsyncGenerator<void> {
  const { ctx, video, audio } = source;
  for (;;) {
    opts.signal?.throwIfAborted();
    if ((await ctx.readFrame(packet)) < 0) return;
    try {
      if (packet.streamIndex === video?.index) yield;
      else if (packet.streamIndex === audio?.index) await opts.onAudio?.(packet);
    } finally {
      packet.unref();
    }
  }
}

/**
 * Decodes the pictures of an opened clip in presentation order. Damaged packets are skipped.
 * @throws MediaError `media_empty` when nothing could be decoded, `media_too_large`, `media_too_long`,
 *   `media_unreadable`; the signal's reason when it aborts
 */
export async function* decodeVideo(source: Source, opts: DecodeOptions = {}): AsyncGenerator<Decoded> {
  const stream = av.present(source.video, 'video stream');
  const packet = new av.Packet();
  const frame = new av.NativeFrame();
  let decoder: av.CodecContext | undefined;
  let any = false;
  try {
    decoder = await openDecoder(stream, source.limits);
    packet.alloc();
    frame.alloc();
    const clock = new Clock(stream, source.limits);
    for await (const _ of packets(source, packet, opts)) {
      if ((await decoder.sendPacket(packet)) < 0) continue;
      for await (const decoded of receive(decoder, frame, clock)) {
        any = true;
        yield decoded;
      }
    }
    await decoder.sendPacket(null);
    for await (const decoded of receive(decoder, frame, clock)) {
      any = true;
      yield decoded;
    }
    if (!any) throw new MediaError('media_empty');
  } catch (thrown) {
    throw toMediaError(thrown, 'media_unreadable', opts.signal);
  } finally {
    await av.freeAll(
      () => frame.free(),
      () => packet.free(),
      () => decoder?.freeContext(),
    );
  }
}
