import { AudioConverter, audioShape, encoderFilters } from './audio.js';
import { decodeVideo } from './decode.js';
import { openAudioEncoder, openVideoEncoder, type VideoSettings } from './encode.js';
import { MediaError, toMediaError } from './errors.js';
import type { FilterChain } from './graph.js';
import * as av from './native.js';
import { Output } from './output.js';
import type { Source } from './source.js';

/** How a clip is to be written anew. */
export interface Plan {
  format: 'mp4' | 'webm' | 'matroska';
  video: Omit<VideoSettings, 'timeBase'>;
  /** `copy` keeps AAC as it is and encodes anything else. */
  audio: 'copy' | 'encode' | 'drop';
  /** Called with the first picture, before it is changed. */
  prepare?: (first: av.NativeFrame) => Promise<void>;
  /** Changes a picture before it is encoded; frames are numbered from 0, `timeS` counts from the first. */
  edit?: (frame: av.NativeFrame, index: number, timeS: number) => void;
  signal?: AbortSignal | undefined;
  onProgress?: ((fraction: number) => void) | undefined;
}

/** Seconds before the first picture that the sound may start; a larger gap is taken for damage. */
const maxLeadS = 10;

/** Reads an opened clip and writes it anew. Used once. */
export class Rewriter {
  private readonly output: Output;
  private begun = false;
  private early: av.Packet[] = [];
  private base = 0n;
  private converter: AudioConverter | undefined;
  private readonly copies: boolean;
  private readonly audio: av.Stream | null;
  private frames = 0;
  private firstPts: bigint | undefined;
  private endS = 0;
  /** What is being encoded and written, in other threads: one after the other, at most one picture at a time. */
  private writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly source: Source,
    private readonly chain: FilterChain,
    path: string,
    private readonly plan: Plan,
  ) {
    const { audio } = source;
    const usable = audio !== null && audio.codecpar.sampleRate > 0 && audio.codecpar.channels > 0;
    this.audio = usable && plan.audio !== 'drop' ? audio : null;
    // AAC in MPEG-TS carries its settings in each packet; elsewhere it is useless without them.
    const complete = (audio?.codecpar.extradataSize ?? 0) > 0 || source.info.container === 'mpegts';
    this.copies = plan.audio === 'copy' && audio?.codecpar.codecId === av.AV_CODEC_ID_AAC && complete;
    this.output = new Output(path, plan.format);
  }

  async run(): Promise<{ frames: number; durationS: number }> {
    try {
      const onAudio = (packet: av.Packet) => this.takeAudio(packet);
      for await (const decoded of decodeVideo(this.source, { signal: this.plan.signal, onAudio })) {
        if (decoded.index === 0) this.base = this.startOf(decoded.pts);
        decoded.frame.pts = decoded.pts - this.base;
        await this.chain.push(decoded.frame);
        await this.drain();
        this.report(decoded.timeS);
      }
      await this.chain.push(null);
      await this.drain();
      if (!this.begun) throw new MediaError('media_empty');
      await this.writing;
      await this.converter?.push(null);
      await this.output.finish();
      this.plan.onProgress?.(1);
      return { frames: this.frames, durationS: this.endS };
    } finally {
      await av.freeAll(
        () => this.writing,
        () => this.output.abandon(),
        () => this.converter?.close(),
        ...this.early.map((packet) => () => packet.free()),
      );
    }
  }

  /** Where the clip's time starts, in the video's time base: sound may come first. */
  private startOf(firstPts: bigint): bigint {
    const { ctx, video } = this.source;
    if (ctx.startTime === av.AV_NOPTS_VALUE || this.audio === null) return firstPts;
    const second = 1 / av.present(video, 'video stream').timeBase.toDouble();
    const start = BigInt(Math.round((Number(ctx.startTime) / Number(av.AV_TIME_BASE)) * second));
    const lead = Number(firstPts - start) / second;
    return lead >= 0 && lead <= maxLeadS ? start : firstPts;
  }

  private async drain(): Promise<void> {
    for (;;) {
      const frame = await this.chain.pull();
      if (frame === null) return;
      if (!this.begun) await this.begin(frame);
      const second = this.chain.outTimeBase.toDouble();
      this.firstPts ??= frame.pts;
      const timeS = Number(frame.pts - this.firstPts) * second;
      if (this.plan.edit) {
        av.must(frame.makeWritable(), 'copy a frame');
        this.plan.edit(frame, this.frames, timeS);
      }
      frame.duration = this.durationOf(frame, second);
      // The encoder chooses its own picture types, not the input's.
      frame.pictType = av.AV_PICTURE_TYPE_NONE;
      this.endS = timeS + Number(frame.duration) * second;
      this.frames++;
      await this.write(frame);
    }
  }

  /** Encodes while the next picture is decoded and changed. A failure is thrown by whoever writes next. */
  private async write(frame: av.NativeFrame): Promise<void> {
    await this.writing;
    const picture = av.present(frame.clone(), 'frame');
    this.inTurn(
      () => this.output.writeVideo(picture),
      () => picture.free(),
    );
  }

  private inTurn(work: () => Promise<void>, free: () => void): void {
    this.writing = this.writing.then(work).finally(free);
    this.writing.catch(() => undefined);
  }

  /** The frame's own duration; one period of the clip when it states none or an absurd one. */
  private durationOf(frame: av.NativeFrame, second: number): bigint {
    const { num, den } = this.plan.video.frameRate;
    const stated = Number(frame.duration) * second;
    if (stated > 0 && stated <= this.source.limits.maxDurationS) return frame.duration;
    return num > 0 ? BigInt(Math.round(den / num / second)) : 1n;
  }

  private async begin(first: av.NativeFrame): Promise<void> {
    const { video } = this.plan;
    await this.plan.prepare?.(first);
    const encoder = await openVideoEncoder(first, { ...video, timeBase: this.chain.outTimeBase }).catch((thrown) => {
      throw toMediaError(thrown, 'media_unreadable');
    });
    this.output.addVideo(encoder, video.frameRate);
    if (this.audio !== null) await this.addAudio(this.audio);
    await this.output.begin();
    this.begun = true;
    for (const packet of this.early.splice(0)) {
      try {
        await this.takeAudio(packet);
      } finally {
        packet.free();
      }
    }
  }

  private async addAudio(stream: av.Stream): Promise<void> {
    if (this.copies) return this.output.addCopiedAudio(stream);
    const codec = this.plan.format === 'webm' ? 'libopus' : 'aac';
    const { sampleRate, channels } = audioShape(stream, codec);
    const encoder = await openAudioEncoder(codec, sampleRate, channels);
    this.output.addEncodedAudio(encoder);
    const filters = encoderFilters(encoder, channels);
    this.converter = await AudioConverter.open(stream, this.source.limits, filters, (frame) =>
      this.output.writeAudio(frame),
    );
  }

  private async takeAudio(packet: av.Packet): Promise<void> {
    const { audio } = this;
    if (audio === null) return;
    if (!this.begun) {
      this.early.push(av.present(packet.clone(), 'packet'));
      return;
    }
    const { num, den } = audio.timeBase;
    const video = av.present(this.source.video, 'video stream').timeBase;
    const shift = BigInt(Math.round((Number(this.base) * video.num * den) / (video.den * num)));
    if (packet.pts !== av.AV_NOPTS_VALUE) packet.pts -= shift;
    if (packet.dts !== av.AV_NOPTS_VALUE) packet.dts -= shift;
    const { maxDurationS } = this.source.limits;
    if (packet.pts !== av.AV_NOPTS_VALUE && (Number(packet.pts) * num) / den > maxDurationS + maxLeadS) {
      throw new MediaError('media_too_long', undefined, { maxDurationS });
    }
    const own = av.present(packet.clone(), 'packet');
    this.inTurn(
      () => this.converter?.push(own) ?? this.output.copyAudio(own),
      () => own.free(),
    );
  }

  private report(timeS: number): void {
    const { durationS } = this.source.info;
    if (durationS > 0) this.plan.onProgress?.(Math.min(0.99, timeS / durationS));
  }
}
