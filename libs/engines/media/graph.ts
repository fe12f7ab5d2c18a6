import { toMediaError } from './errors.js';
import * as av from './native.js';

function fail(thrown: unknown): never {
  throw toMediaError(thrown, 'media_unreadable');
}

/**
 * A chain of FFmpeg filters with one input and one output. It rebuilds itself when the shape of the input changes
 * in mid-stream. Frames it gives are valid until the next pull. What FFmpeg refuses is thrown as MediaError
 * `media_unreadable`: the filters are fixed, so it is the input that does not fit.
 */
export class FilterChain {
  private graph: av.FilterGraph | undefined;
  private source: av.FilterContext | undefined;
  private sink: av.FilterContext | undefined;
  private shape = '';
  private readonly out = new av.NativeFrame();

  /**
   * @param kind what flows through
   * @param timeBase of the input's pts
   * @param describe the filters for an input of this size, in FFmpeg's filter syntax, without source and sink
   */
  constructor(
    private readonly kind: 'video' | 'audio',
    private readonly timeBase: { num: number; den: number },
    private readonly describe: (input: av.NativeFrame) => string,
    private readonly rate?: { num: number; den: number },
  ) {
    this.out.alloc();
  }

  private inputArguments(frame: av.NativeFrame): string {
    const base = `time_base=${this.timeBase.num}/${this.timeBase.den}`;
    if (this.kind === 'audio') {
      const { mask, nbChannels } = frame.channelLayout;
      const layout = mask === 0n ? `channels=${nbChannels}` : `channel_layout=0x${mask.toString(16)}`;
      return `${base}:sample_rate=${frame.sampleRate}:sample_fmt=${frame.format}:${layout}`;
    }
    const { num, den } = frame.sampleAspectRatio;
    const rate = this.rate && this.rate.num > 0 ? `:frame_rate=${this.rate.num}/${this.rate.den}` : '';
    return (
      `${base}:video_size=${frame.width}x${frame.height}:pix_fmt=${frame.format}:pixel_aspect=${num}/${Math.max(1, den)}` +
      `:colorspace=${frame.colorSpace}:range=${frame.colorRange}${rate}`
    );
  }

  private async build(frame: av.NativeFrame, input: string): Promise<void> {
    this.graph?.free();
    const graph = (this.graph = new av.FilterGraph());
    graph.alloc();
    graph.nbThreads = 1;
    const prefix = this.kind === 'audio' ? 'a' : '';
    av.must(graph.parsePtr(`${prefix}buffer@in=${input},${this.describe(frame)},${prefix}buffersink@out`), 'filters');
    av.must(await graph.config(), 'configure filters');
    this.source = av.present(graph.getFilter(`${prefix}buffer@in`), 'filter source');
    this.sink = av.present(graph.getFilter(`${prefix}buffersink@out`), 'filter sink');
  }

  /** Hands a frame in (a reference is taken), or null at the end. */
  async push(frame: av.NativeFrame | null): Promise<void> {
    if (frame !== null) {
      const input = this.inputArguments(frame);
      // Transfer and primaries are no arguments of the source, but the filters may depend on them.
      const shape = `${input} ${frame.colorTrc} ${frame.colorPrimaries}`;
      if (shape !== this.shape) {
        await this.build(frame, input).catch(fail);
        this.shape = shape;
      }
    }
    if (this.source === undefined) return;
    const code = await this.source.buffersrcAddFrame(frame, av.AV_BUFFERSRC_FLAG_KEEP_REF);
    if (code < 0) fail(av.errorText(code, 'filter'));
  }

  /** The next result, or null when more input is needed or all is done. */
  async pull(): Promise<av.NativeFrame | null> {
    this.out.unref();
    if (this.sink === undefined) return null;
    const code = await this.sink.buffersinkGetFrame(this.out);
    if (code === av.AVERROR_EOF || code === av.AVERROR_EAGAIN) return null;
    if (code < 0) fail(av.errorText(code, 'filter result'));
    return this.out;
  }

  /** For filters that give exactly one frame for one. */
  async convert(frame: av.NativeFrame): Promise<av.NativeFrame> {
    await this.push(frame);
    return av.present(await this.pull(), 'filter result');
  }

  /** Time base of the results; known after the first push. */
  get outTimeBase(): av.Rational {
    return av.present(this.sink, 'filter sink').buffersinkGetTimeBase();
  }

  close(): void {
    this.out.free();
    this.graph?.free();
    this.graph = this.source = this.sink = undefined;
  }
}
