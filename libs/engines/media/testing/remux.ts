import { resolve } from 'node:path';
import { openVideoEncoder, x264 } from '../encode.js';
import { FilterChain } from '../graph.js';
import * as av from '../native.js';
import { Output } from '../output.js';
import { openSource } from '../source.js';
import { picture } from './clips.js';

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
