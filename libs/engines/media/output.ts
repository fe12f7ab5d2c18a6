import { rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { encode } from './encode.js';
import { writeFailed } from './errors.js';
import * as av from './native.js';

function wrote(code: number, what: string): void {
  if (code < 0) throw writeFailed(av.errorText(code, what));
}

/** A track of the file being written. */
interface Track {
  stream: av.Stream;
  timeBase: { num: number; den: number };
  /** Decoding time of the last packet, in the track's time base in the file. */
  lastDts?: bigint;
}

/**
 * A media file being written: at most one video and one audio track, no metadata, the index first in MP4.
 * Order of calls: add the tracks, `begin`, write, `finish`; or `abandon` at any moment.
 */
export class Output {
  private readonly ctx = new av.FormatContext();
  private readonly packet = new av.Packet();
  private video: (Track & { encoder: av.CodecContext }) | undefined;
  private audio: (Track & { encoder?: av.CodecContext }) | undefined;
  /** Durations of pictures inside the encoder, by pts. */
  private readonly durations = new Map<bigint, bigint>();
  private opened = false;
  private closed = false;

  /** @param path the file; it is overwritten */
  constructor(
    private readonly path: string,
    private readonly format: 'mp4' | 'webm' | 'matroska' = 'mp4',
  ) {
    this.packet.alloc();
    wrote(this.ctx.allocOutputContext2(null, format, `file:${resolve(path)}`), 'output format');
  }

  /** Takes the encoder over: it is freed with the output. */
  addVideo(encoder: av.CodecContext, frameRate: { num: number; den: number }): void {
    const stream = this.ctx.newStream(null);
    this.video = { stream, encoder, timeBase: encoder.timeBase };
    wrote(stream.codecpar.fromContext(encoder), 'video parameters');
    stream.timeBase = encoder.timeBase;
    if (frameRate.num > 0 && frameRate.den > 0) stream.avgFrameRate = new av.Rational(frameRate.num, frameRate.den);
  }

  /** Takes the encoder over: it is freed with the output. */
  addEncodedAudio(encoder: av.CodecContext): void {
    const stream = this.ctx.newStream(null);
    this.audio = { stream, encoder, timeBase: encoder.timeBase };
    wrote(stream.codecpar.fromContext(encoder), 'audio parameters');
    stream.timeBase = encoder.timeBase;
  }

  /** Adds a track whose packets are copied as they are. */
  addCopiedAudio(from: av.Stream): void {
    const stream = this.ctx.newStream(null);
    this.audio = { stream, timeBase: from.timeBase };
    wrote(from.codecpar.copy(stream.codecpar), 'audio parameters');
    stream.codecpar.codecTag = 0;
    stream.timeBase = from.timeBase;
  }

  async begin(): Promise<void> {
    wrote(await this.ctx.openOutput(), 'create the file');
    this.opened = true;
    // Bit-exact: no encoder name and no creation time in the file.
    const options = av.Dictionary.fromObject({
      fflags: '+bitexact',
      ...(this.format === 'mp4' && { movflags: '+faststart' }),
    });
    try {
      wrote(await this.ctx.writeHeader(options), 'write the header');
    } finally {
      options.free();
    }
  }

  /** Encodes a picture with its pts in the encoder's time base, or flushes with null. */
  async writeVideo(frame: av.NativeFrame | null): Promise<void> {
    const track = av.present(this.video, 'video track');
    if (frame !== null) this.durations.set(frame.pts, frame.duration);
    await encode(track.encoder, frame, this.packet, async (packet) => {
      // Encoders lose the duration; without it an MP4 ends before its last picture.
      packet.duration = this.durations.get(packet.pts) ?? packet.duration;
      this.durations.delete(packet.pts);
      await this.mux(track, packet);
    });
  }

  /** Encodes sound with its pts in 1/sample rate, or flushes with null. */
  async writeAudio(frame: av.NativeFrame | null): Promise<void> {
    const track = av.present(this.audio, 'audio track');
    const encoder = av.present(track.encoder, 'audio encoder');
    await encode(encoder, frame, this.packet, (packet) => this.mux(track, packet));
  }

  /** Writes a packet of a copied track; its pts are in the time base of the track it came from. */
  async copyAudio(packet: av.Packet): Promise<void> {
    // AAC has no reordering; a damaged table of times may claim otherwise, which the muxer refuses.
    packet.pts = packet.dts;
    await this.mux(av.present(this.audio, 'audio track'), packet, true);
  }

  private async mux(track: Track, packet: av.Packet, mayBeDamaged = false): Promise<void> {
    packet.streamIndex = track.stream.index;
    packet.rescaleTs(track.timeBase, track.stream.timeBase);
    packet.pos = -1n;
    // A damaged track may jump back in time, which MP4 cannot say; such packets are dropped.
    if (packet.dts === av.AV_NOPTS_VALUE) packet.dts = packet.pts;
    if (packet.dts === av.AV_NOPTS_VALUE || (track.lastDts !== undefined && packet.dts <= track.lastDts)) return;
    track.lastDts = packet.dts;
    const code = await this.ctx.interleavedWriteFrame(packet);
    // A copied packet that the muxer cannot read is the input's damage and is skipped, as players do.
    if (code !== av.AVERROR_INVALIDDATA || !mayBeDamaged) wrote(code, 'write');
  }

  /** Flushes the encoders, completes the file and frees everything. */
  async finish(): Promise<void> {
    if (this.video) await this.writeVideo(null);
    if (this.audio?.encoder) await this.writeAudio(null);
    wrote(await this.ctx.writeTrailer(), 'complete the file');
    await this.release();
  }

  /** Frees everything and removes the unfinished file. Does nothing after `finish`. */
  async abandon(): Promise<void> {
    if (this.closed) return;
    const { opened } = this;
    await this.release();
    if (opened) await rm(this.path, { force: true });
  }

  private async release(): Promise<void> {
    this.closed = true;
    await av.freeAll(
      () => (this.opened ? this.ctx.closeOutput() : undefined),
      () => this.video?.encoder.freeContext(),
      () => this.audio?.encoder?.freeContext(),
      () => this.packet.free(),
      () => this.ctx.freeContext(),
    );
  }
}
