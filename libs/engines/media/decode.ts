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

/** What decoding met on the way; it counts up while the generator runs. */
export interface Tally {
  /** Packets and pictures of the video track that were missing, cut off, refused or patched up by the decoder. */
  damaged: number;
  /** Frames whose time had to be made up: they had none, or one not after the frame before. */
  retimed: number;
}

/** What may accompany the decoding of the pictures. */
export interface DecodeOptions {
  signal?: AbortSignal | undefined;
  tally?: Tally;
  /** Receives each audio packet in file order; the packet is valid during the call only. */
  onAudio?: (packet: av.Packet) => Promise<void>;
}

/** Failures in a row after which the rest of a file, or of what a decoder holds, is given up. */
const maxFailures = 32;
/** Packets in a row without a picture after which the rest is given up: no decoder holds back a tenth of it. */
const maxSilent = 1024;
/** Packets in all for each picture allowed: interlaced pictures come in two. */
const packetsPerFrame = 2;

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
    const hevc = codec.name === 'hevc';
    // One thread: only so can its strictness be changed on the way (see `note`).
    ctx.threadCount = hevc ? 1 : Math.min(4, availableParallelism());
    av.must(ctx.setOption('max_pixels', String(limits.maxWidth * limits.maxHeight)), 'max_pixels');
    // FFmpeg's HEVC decoder keeps damage to itself otherwise.
    if (hevc) av.must(ctx.setOption('err_detect', 'explode'), 'err_detect');
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
  /** One second: more than pictures are ever reordered by. */
  private readonly jump: bigint;
  /** Added to the times of the file since the last jump back. */
  private shift = 0n;

  constructor(
    stream: av.Stream,
    private readonly limits: MediaLimits,
    private readonly tally: Tally,
  ) {
    this.seconds = stream.timeBase.toDouble();
    const { num, den } = plausibleRate(stream.avgFrameRate);
    this.step = BigInt(Math.max(1, Math.round(1 / ((num / den || 25) * this.seconds))));
    this.jump = BigInt(Math.max(1, Math.round(1 / this.seconds)));
  }

  stamp(frame: av.NativeFrame): Decoded {
    const { maxWidth, maxHeight, maxFrames, maxDurationS } = this.limits;
    if (frame.width > maxWidth || frame.height > maxHeight) {
      throw new MediaError('media_too_large', undefined, { width: frame.width, height: frame.height });
    }
    if (this.index >= maxFrames) throw new MediaError('media_too_long', undefined, { maxFrames });
    const pts = this.next(frame.bestEffortTimestamp);
    this.first ??= pts;
    this.last = pts;
    const timeS = Number(pts - this.first) * this.seconds;
    if (timeS > maxDurationS) throw new MediaError('media_too_long', undefined, { maxDurationS });
    return { frame, index: this.index++, pts, timeS };
  }

  private next(stated: bigint): bigint {
    const { last } = this;
    if (stated !== av.AV_NOPTS_VALUE && (last === undefined || stated + this.shift > last)) return stated + this.shift;
    this.tally.retimed++;
    if (last === undefined) return 0n;
    if (stated === av.AV_NOPTS_VALUE) return last + this.step;
    // A jump far back is a new count (joined streams, a false first time): what follows goes on from here. Without
    // that a whole clip could be squeezed into one moment.
    if (last - (stated + this.shift) > this.jump) {
      this.shift = last + this.step - stated;
      return last + this.step;
    }
    return last + 1n;
  }
}

/** True when the decoder says that it patched the picture up. */
function patched(frame: av.NativeFrame): boolean {
  return frame.decodeErrorFlags !== 0 || frame.hasFlags(av.AV_FRAME_FLAG_CORRUPT);
}

/** Counts what a decoder refused. From then on it is to show what it can, as players do: all that it makes is looked at. */
function note(decoder: av.CodecContext, tally: Tally): void {
  if (tally.damaged++ === 0) decoder.setOption('err_detect', '0');
}

async function* receive(
  decoder: av.CodecContext,
  frame: av.NativeFrame,
  clock: Clock,
  tally: Tally,
): AsyncGenerator<Decoded> {
  for (let failed = 0; ;) {
    const code = await decoder.receiveFrame(frame);
    if (code === av.AVERROR_EAGAIN || code === av.AVERROR_EOF) return;
    if (code < 0) {
      // A damaged picture is skipped, as players do; others may wait in the decoder's threads.
      note(decoder, tally);
      if (++failed >= maxFailures) return;
      continue;
    }
    if (patched(frame)) tally.damaged++;
    try {
      yield clock.stamp(frame);
    } finally {
      frame.unref();
    }
  }
}

async function* packets(source: Source, packet: av.Packet, opts: DecodeOptions, tally: Tally): AsyncGenerator<void> {
  const { ctx, video, audio } = source;
  for (let failed = 0; ;) {
    opts.signal?.throwIfAborted();
    const code = await ctx.readFrame(packet);
    if (code < 0) {
      if (code === av.AVERROR_EOF) return;
      tally.damaged++;
      // One unreadable packet does not end the clip; a container that goes on failing does.
      if (++failed >= maxFailures) return;
      continue;
    }
    failed = 0;
    try {
      if (packet.streamIndex === video?.index) {
        if (packet.hasFlags(av.AV_PKT_FLAG_CORRUPT)) tally.damaged++;
        yield;
      } else if (packet.streamIndex === audio?.index) await opts.onAudio?.(packet);
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
  const tally = opts.tally ?? { damaged: 0, retimed: 0 };
  const most = packetsPerFrame * source.limits.maxFrames + maxSilent;
  let [any, silent, taken] = [false, 0, 0];
  try {
    decoder = await openDecoder(stream, source.limits);
    packet.alloc();
    frame.alloc();
    const clock = new Clock(stream, source.limits, tally);
    for await (const _ of packets(source, packet, opts, tally)) {
      if (++taken > most) throw new MediaError(any ? 'media_too_long' : 'media_empty', undefined, { maxPackets: most });
      if (++silent > maxSilent) {
        tally.damaged++;
        break;
      }
      if ((await decoder.sendPacket(packet)) < 0) {
        note(decoder, tally);
        continue;
      }
      for await (const decoded of receive(decoder, frame, clock, tally)) {
        any = true;
        silent = 0;
        yield decoded;
      }
    }
    await decoder.sendPacket(null);
    for await (const decoded of receive(decoder, frame, clock, tally)) {
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
