import { resolve } from 'node:path';
import { AVMEDIA_TYPE_SUBTITLE, AV_CODEC_ID_SUBRIP } from 'node-av/constants';
import { encoderFilters } from '../audio.js';
import { openAudioEncoder, openVideoEncoder, x264 } from '../encode.js';
import { FilterChain } from '../graph.js';
import * as av from '../native.js';
import { Output } from '../output.js';
import { openSource } from '../source.js';
import { picture, tone } from './clips.js';

/** Copies the tracks of a clip into a new file with metadata. */
export async function addMetadata(input: string, output: string, metadata: Record<string, string>): Promise<void> {
  const source = await openSource(input, {}, { video: true, audio: true });
  const target = new av.FormatContext();
  const packet = new av.Packet();
  packet.alloc();
  av.must(target.allocOutputContext2(null, null, resolve(output)), 'format');
  target.metadata = av.Dictionary.fromObject(metadata);
  for (const from of source.ctx.streams) {
    const stream = target.newStream(null);
    from.codecpar.copy(stream.codecpar);
    stream.codecpar.codecTag = 0;
    stream.timeBase = from.timeBase;
  }
  av.must(await target.openOutput(), 'open');
  av.must(await target.writeHeader(null), 'header');
  while ((await source.ctx.readFrame(packet)) >= 0) {
    const [from, to] = [source.ctx.streams[packet.streamIndex], target.streams[packet.streamIndex]];
    if (from && to) packet.rescaleTs(from.timeBase, to.timeBase);
    av.must(await target.interleavedWriteFrame(packet), 'write');
    packet.unref();
  }
  av.must(await target.writeTrailer(), 'trailer');
  await target.closeOutput();
  target.freeContext();
  packet.free();
  await source.close();
}

/** Writes a clip in Matroska, MPEG-TS or AVI whose frames have the given times in milliseconds. */
export async function writeAtTimes(
  path: string,
  timesMs: number[],
  format: 'matroska' | 'mpegts' | 'avi' = 'matroska',
  filters = 'format=yuv420p',
): Promise<void> {
  const [width, height, timeBase] = [128, 96, { num: 1, den: 1000 }];
  const chain = new FilterChain('video', timeBase, () => filters);
  const output = new Output(path, format as 'matroska');
  for (const [n, ms] of timesMs.entries()) {
    const buffer = Buffer.from(picture(n, width, height, 1000));
    const frame = av.NativeFrame.fromVideoBuffer(buffer, {
      ...{ width, height, format: av.AV_PIX_FMT_RGB24, pts: BigInt(ms) },
    });
    const converted = await chain.convert(frame);
    if (n === 0) {
      const settings = { ...x264(20, 'ultrafast'), threads: 1, timeBase, frameRate: { num: 25, den: 1 } };
      output.addVideo(await openVideoEncoder(converted, settings), { num: 0, den: 1 });
      await output.begin();
    }
    await output.writeVideo(converted);
    frame.free();
  }
  await output.finish();
  chain.close();
}

/** Copies the tracks of a clip into a Matroska file and adds tracks of tiny subtitles within its first second. */
export async function addSubtitles(
  input: string,
  output: string,
  { streams, each }: { streams: number; each: number },
): Promise<void> {
  const source = await openSource(input, {}, { video: true, audio: true });
  const target = new av.FormatContext();
  const packet = new av.Packet();
  packet.alloc();
  av.must(target.allocOutputContext2(null, 'matroska', resolve(output)), 'format');
  for (const from of source.ctx.streams) {
    const stream = target.newStream(null);
    from.codecpar.copy(stream.codecpar);
    stream.codecpar.codecTag = 0;
    stream.timeBase = from.timeBase;
  }
  const first = source.ctx.streams.length;
  for (let i = 0; i < streams; i++) {
    const stream = target.newStream(null);
    stream.codecpar.codecType = AVMEDIA_TYPE_SUBTITLE;
    stream.codecpar.codecId = AV_CODEC_ID_SUBRIP;
    stream.timeBase = new av.Rational(1, 1000);
  }
  av.must(await target.openOutput(), 'open');
  av.must(await target.writeHeader(null), 'header');
  const title = new av.Packet();
  title.alloc();
  for (let n = 0; n < each * streams; n++) {
    title.data = Buffer.from('x');
    title.streamIndex = first + (n % streams);
    title.pts = title.dts = BigInt(Math.floor((n * 1000) / (each * streams)));
    title.duration = 1n;
    av.must(await target.writeFrame(title), 'write');
    title.unref();
  }
  while ((await source.ctx.readFrame(packet)) >= 0) {
    const [from, to] = [source.ctx.streams[packet.streamIndex], target.streams[packet.streamIndex]];
    if (from && to) packet.rescaleTs(from.timeBase, to.timeBase);
    av.must(await target.writeFrame(packet), 'write');
    packet.unref();
  }
  av.must(await target.writeTrailer(), 'trailer');
  await target.closeOutput();
  target.freeContext();
  title.free();
  packet.free();
  await source.close();
}

/** Writes pictures at 24 a second and a tone that goes on after them; MP4 or Matroska by the name. */
export async function writeLongSound(
  path: string,
  { frames, soundS }: { frames: number; soundS: number },
): Promise<void> {
  const [width, height, rate] = [128, 96, 48000];
  const [pictures, frameRate] = [
    { num: 1, den: 24 },
    { num: 24, den: 1 },
  ];
  const output = new Output(path, path.endsWith('.mkv') ? 'matroska' : 'mp4');
  const chain = new FilterChain('video', pictures, () => 'format=yuv420p', frameRate);
  const aac = await openAudioEncoder('aac', rate, 1);
  const sound = new FilterChain('audio', { num: 1, den: rate }, () => encoderFilters(aac, 1));
  for (let n = 0; n < frames; n++) {
    const frame = av.NativeFrame.fromVideoBuffer(Buffer.from(picture(n, width, height, 1000)), {
      ...{ width, height, format: av.AV_PIX_FMT_RGB24, pts: BigInt(n) },
    });
    const converted = await chain.convert(frame);
    converted.duration = 1n;
    if (n === 0) {
      const settings = { ...x264(20, 'ultrafast'), threads: 1, timeBase: pictures, frameRate };
      output.addVideo(await openVideoEncoder(converted, settings), frameRate);
      output.addEncodedAudio(aac);
      await output.begin();
    }
    await output.writeVideo(converted);
    frame.free();
  }
  for (let n = 0; n < soundS * 10; n++) {
    const samples = tone(n * 4800, 4800, rate, 1);
    const frame = av.NativeFrame.fromAudioBuffer(Buffer.from(samples.buffer), {
      ...{ nbSamples: 4800, format: av.AV_SAMPLE_FMT_FLT, sampleRate: rate },
      ...{ channelLayout: av.channelLayout(1), pts: BigInt(n * 4800) },
    });
    await sound.push(frame);
    for (let out = await sound.pull(); out; out = await sound.pull()) await output.writeAudio(out);
    frame.free();
  }
  await output.finish();
  chain.close();
  sound.close();
}
