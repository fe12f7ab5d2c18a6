import { AppError } from '#kernel';
import { aacRates, encoderFilters } from './audio.js';
import { openAudioEncoder, openVideoEncoder, x264 } from './encode.js';
import { writeFailed } from './errors.js';
import { FilterChain } from './graph.js';
import * as av from './native.js';
import { Output } from './output.js';
import { rationalRate } from './rate.js';
import type { ClipFormat, ClipWriter } from './types.js';

/** RGB to BT.709 4:2:0, tagged as such, so that every player shows the colours that were written. */
const colourFilters =
  'scale=out_color_matrix=bt709:out_range=tv:flags=bicubic+accurate_rnd,format=yuv420p,' +
  'setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709:range=tv';

class Mp4ClipWriter implements ClipWriter {
  private frames = 0;
  private samples = 0;
  private closed = false;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly format: ClipFormat,
    private readonly output: Output,
    private readonly pictures: FilterChain,
    private readonly sound: FilterChain | undefined,
  ) {}

  writeRgb(rgb: Uint8Array): Promise<void> {
    return this.inTurn(async () => {
      const frame = rgbFrame(rgb, this.format, BigInt(this.frames));
      try {
        const picture = await this.pictures.convert(frame);
        picture.duration = 1n;
        await this.output.writeVideo(picture);
        this.frames++;
      } finally {
        frame.free();
      }
    });
  }

  writeAudio(samples: Float32Array): Promise<void> {
    return this.inTurn(async () => {
      const { sound } = this;
      const { audio } = this.format;
      if (sound === undefined || audio === undefined || samples.length % audio.channels !== 0) {
        throw new AppError('invalid', 'invalid_audio', 'The samples do not fit the audio format of this clip.');
      }
      const count = samples.length / audio.channels;
      if (count === 0) return;
      const frame = av.NativeFrame.fromAudioBuffer(
        Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength),
        {
          nbSamples: count,
          format: av.AV_SAMPLE_FMT_FLT,
          sampleRate: audio.sampleRate,
          channelLayout: av.channelLayout(audio.channels),
          pts: BigInt(this.samples),
        },
      );
      try {
        this.samples += count;
        await sound.push(frame);
      } finally {
        frame.free();
      }
      await this.drainSound(sound);
    });
  }

  close(): Promise<void> {
    return this.inTurn(async () => {
      this.closed = true;
      if (this.sound) {
        await this.sound.push(null);
        await this.drainSound(this.sound);
      }
      await this.output.finish();
      await this.release();
    });
  }

  private async drainSound(sound: FilterChain): Promise<void> {
    for (;;) {
      const frame = await sound.pull();
      if (frame === null) return;
      await this.output.writeAudio(frame);
    }
  }

  /** Native objects bear no two calls at once; after a failure the file is gone and every further call is refused. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.queue.then(async () => {
      if (this.closed) throw new AppError('conflict', 'clip_closed', 'This clip is already closed.');
      try {
        await work();
      } catch (thrown) {
        this.closed = true;
        await this.output.abandon();
        await this.release();
        throw thrown;
      }
    });
    this.queue = mine.catch(() => undefined);
    return mine;
  }

  private release(): Promise<void> {
    return av.freeAll(
      () => this.pictures.close(),
      () => this.sound?.close(),
    );
  }
}

function rgbFrame(rgb: Uint8Array, { width, height }: ClipFormat, pts: bigint): av.NativeFrame {
  if (rgb.length !== width * height * 3) {
    throw new AppError('invalid', 'invalid_frame', `A frame of ${width}x${height} needs ${width * height * 3} bytes.`);
  }
  const bytes = Buffer.from(rgb.buffer, rgb.byteOffset, rgb.byteLength);
  return av.NativeFrame.fromVideoBuffer(bytes, { width, height, format: av.AV_PIX_FMT_RGB24, pts });
}

function checkFormat({ width, height, fps, audio }: ClipFormat): void {
  const side = (n: number) => Number.isInteger(n) && n >= 2 && n <= 8192 && n % 2 === 0;
  if (!side(width) || !side(height) || !(fps > 0 && fps <= 240)) {
    throw new AppError('invalid', 'invalid_clip_format', 'Width and height must be even, 2 to 8192; fps up to 240.');
  }
  if (audio && (!aacRates.includes(audio.sampleRate) || (audio.channels !== 1 && audio.channels !== 2))) {
    throw new AppError('invalid', 'invalid_clip_format', `Sound needs 1 or 2 channels at ${aacRates.join(', ')} Hz.`);
  }
}

async function addSound(output: Output, audio: NonNullable<ClipFormat['audio']>): Promise<FilterChain> {
  const encoder = await openAudioEncoder('aac', audio.sampleRate, audio.channels);
  output.addEncodedAudio(encoder);
  const filters = encoderFilters(encoder, audio.channels);
  return new FilterChain('audio', { num: 1, den: audio.sampleRate }, () => filters);
}

/**
 * Starts a new MP4 (H.264, and AAC when there is sound) with the index first; an existing file is overwritten. The
 * same calls give the same bytes. Calls are carried out one after the other; a failed call removes the file.
 * @throws AppError `invalid_clip_format`, `media_write_failed`; the writer's calls also `invalid_frame`,
 *   `invalid_audio` and `clip_closed`
 */
export async function openClipWriter(path: string, format: ClipFormat): Promise<ClipWriter> {
  checkFormat(format);
  const { width, height, crf = 18, preset = 'veryfast', threads = 2 } = format;
  const frameRate = rationalRate(format.fps);
  const timeBase = { num: frameRate.den, den: frameRate.num };
  const output = new Output(path);
  const pictures = new FilterChain('video', timeBase, () => colourFilters, frameRate);
  const sample = rgbFrame(new Uint8Array(width * height * 3), format, 0n);
  let sound: FilterChain | undefined;
  try {
    const like = await pictures.convert(sample);
    const settings = { ...x264(crf, preset), threads, timeBase, frameRate };
    output.addVideo(await openVideoEncoder(like, settings), frameRate);
    if (format.audio) sound = await addSound(output, format.audio);
    await output.begin();
    return new Mp4ClipWriter(format, output, pictures, sound);
  } catch (thrown) {
    await av.freeAll(
      () => output.abandon(),
      () => pictures.close(),
      () => sound?.close(),
    );
    throw thrown instanceof AppError ? thrown : writeFailed(thrown);
  } finally {
    sample.free();
  }
}
