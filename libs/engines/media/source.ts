import { open as openFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkTables, type BoxFacts } from './boxes.js';
import { endsEarly } from './ebml.js';
import { MediaError, toMediaError } from './errors.js';
import * as av from './native.js';
import { plausibleRate } from './rate.js';
import { clockwise, displayMatrix } from './rotation.js';
import { defaultMediaLimits, type MediaInfo, type MediaLimits, type ReadOptions } from './types.js';

/** Names of the demuxers that may run; playlists, image sequences and devices are not among them. */
const formats = { mov: 'mov,mp4,m4a,3gp,3g2,mj2', matroska: 'matroska,webm', avi: 'avi', mpegts: 'mpegts' };

// Decoders that may run, by FFmpeg's names: the codecs of the web and of cameras, not the hundred others.
const audioDecoders = [
  ...['aac', 'mp3float', 'mp3', 'opus', 'libopus', 'vorbis', 'flac', 'ac3', 'eac3'],
  ...['pcm_s16le', 'pcm_s16be', 'pcm_s24le', 'pcm_s32le', 'pcm_f32le', 'pcm_u8', 'pcm_alaw', 'pcm_mulaw'],
];
const videoDecoders = ['h264', 'hevc', 'libdav1d', 'av1', 'vp8', 'vp9', 'mpeg4', 'mpeg2video', 'mjpeg', 'prores'];
/** Names of all decoders that may run. */
export const decoders = new Set([...videoDecoders, ...audioDecoders]);

/** Tracks at which a file is refused: the Matroska demuxer loses pictures in silence where it may open no more. */
const maxTracks = 32;

/** A clip opened for reading. Whoever opened it closes it. */
export interface Source extends BoxFacts {
  ctx: av.FormatContext;
  info: MediaInfo;
  limits: MediaLimits;
  /** Null only when opened without `video`. */
  video: av.Stream | null;
  audio: av.Stream | null;
  close(): Promise<void>;
}

/** The demuxer for a file, from its first bytes, or null. Names and extensions play no part. */
export function sniff(head: Uint8Array): keyof typeof formats | null {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const tag = bytes.toString('latin1', 4, 8);
  if (['ftyp', 'moov', 'mdat', 'free', 'skip', 'wide', 'pnot', 'styp', 'moof', 'sidx'].includes(tag)) return 'mov';
  if (bytes.length > 4 && bytes.readUInt32BE(0) === 0x1a45dfa3) return 'matroska';
  if (bytes.toString('latin1', 0, 4) === 'RIFF' && bytes.toString('latin1', 8, 11) === 'AVI') return 'avi';
  // MPEG-TS: a sync byte every 188 bytes; M2TS puts a 4-byte time before each packet.
  const sync = (start: number, step: number) => [0, 1, 2].every((i) => bytes[start + i * step] === 0x47);
  return sync(0, 188) || sync(4, 192) ? 'mpegts' : null;
}

/** What a file is, by its first bytes, and whether its tables are in proportion. */
async function identify(path: string): Promise<BoxFacts & { kind: keyof typeof formats; size: number }> {
  const facts = await stat(path);
  if (!facts.isFile()) throw new Error('not a regular file');
  const handle = await openFile(path, 'r');
  try {
    const head = Buffer.alloc(1024);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    const kind = sniff(head.subarray(0, bytesRead));
    if (kind === null) throw new Error('not a known container');
    const plain = { kind, size: facts.size, trimmed: false };
    if (kind === 'mov') return { ...plain, ...(await checkTables(handle, facts.size)) };
    if (kind === 'matroska') return { ...plain, cutOff: await endsEarly(handle, facts.size) };
    // RIFF states its length; a transport stream has none.
    return { ...plain, cutOff: kind === 'avi' && head.readUInt32LE(4) + 8 > facts.size };
  } finally {
    await handle.close();
  }
}

async function openContext(path: string, kind: keyof typeof formats): Promise<av.FormatContext> {
  const options = av.Dictionary.fromObject({
    protocol_whitelist: 'file',
    format_whitelist: formats[kind],
    // While the header is read no picture is decoded: FFmpeg would do so without the size limit.
    codec_whitelist: audioDecoders.join(','),
    max_streams: String(maxTracks),
    ...(kind === 'mov' && { enable_drefs: '0', use_absolute_path: '0' }),
  });
  const ctx = new av.FormatContext();
  try {
    // The prefix stops FFmpeg from reading a protocol into an odd file name.
    av.must(await ctx.openInput(`file:${resolve(path)}`, av.InputFormat.findInputFormat(kind), options), 'open');
    av.must(await ctx.findStreamInfo(), 'read the header');
    return ctx;
  } catch (thrown) {
    await av.freeAll(() => ctx.closeInput());
    throw thrown;
  } finally {
    options.free();
  }
}

function bestStream(ctx: av.FormatContext, type: typeof av.AVMEDIA_TYPE_VIDEO): av.Stream | null {
  const index = ctx.findBestStream(type);
  const stream = index < 0 ? undefined : ctx.streams[index];
  // A cover picture is a "video" stream of one frame; it is not the clip.
  return stream === undefined || stream.hasDisposition(av.AV_DISPOSITION_ATTACHED_PIC) ? null : stream;
}

function duration(ctx: av.FormatContext, streams: (av.Stream | null)[]): number {
  if (ctx.duration !== av.AV_NOPTS_VALUE && ctx.duration > 0n) return Number(ctx.duration) / Number(av.AV_TIME_BASE);
  const each = streams.map((s) =>
    s === null || s.duration === av.AV_NOPTS_VALUE ? 0 : Number(s.duration) * s.timeBase.toDouble(),
  );
  return Math.max(0, ...each);
}

function describe(ctx: av.FormatContext, bytes: number, video: av.Stream | null, audio: av.Stream | null): MediaInfo {
  const fps = (s: av.Stream) => plausibleRate(s.avgFrameRate).num / plausibleRate(s.avgFrameRate).den;
  return {
    container: ctx.iformat?.name ?? '',
    durationS: duration(ctx, [video, audio]),
    bytes,
    video: video && {
      codec: av.avGetCodecName(video.codecpar.codecId) ?? 'unknown',
      width: video.codecpar.width,
      height: video.codecpar.height,
      fps: fps(video),
      rotationDeg: clockwise(displayMatrix(video)),
    },
    audio: audio && {
      codec: av.avGetCodecName(audio.codecpar.codecId) ?? 'unknown',
      sampleRate: audio.codecpar.sampleRate,
      channels: audio.codecpar.channels,
    },
  };
}

/** Refuses by what the header claims; the decoder checks the same limits on what it really finds. */
function checkHeader(info: MediaInfo, limits: MediaLimits): void {
  const { video, durationS } = info;
  if (video && (video.width > limits.maxWidth || video.height > limits.maxHeight)) {
    throw new MediaError('media_too_large', undefined, { width: video.width, height: video.height });
  }
  if (durationS > limits.maxDurationS) {
    throw new MediaError('media_too_long', undefined, { durationS, maxDurationS: limits.maxDurationS });
  }
}

/**
 * Opens a clip behind a closed list of protocols, containers and codecs.
 * @throws MediaError `media_unreadable`, `media_no_video`, `media_too_large`, `media_too_long`
 */
export async function openSource(
  path: string,
  opts: ReadOptions,
  want: { video: boolean; audio: boolean },
): Promise<Source> {
  const limits = { ...defaultMediaLimits, ...opts.limits };
  opts.signal?.throwIfAborted();
  let ctx: av.FormatContext | undefined;
  const close = () => av.freeAll(() => ctx?.closeInput());
  try {
    const { kind, size, cutOff, trimmed } = await identify(path);
    ctx = await openContext(path, kind);
    if (ctx.streams.length >= maxTracks) throw new Error(`${maxTracks} tracks or more`);
    const video = bestStream(ctx, av.AVMEDIA_TYPE_VIDEO);
    const audio = bestStream(ctx, av.AVMEDIA_TYPE_AUDIO);
    const info = describe(ctx, size, video, audio);
    checkHeader(info, limits);
    if (video === null && want.video) throw new MediaError('media_no_video');
    for (const stream of ctx.streams) {
      const used = stream.index === video?.index || (want.audio && stream.index === audio?.index);
      if (!used) stream.discard = av.AVDISCARD_ALL;
    }
    return { ctx, info, limits, video, audio, cutOff, trimmed, close };
  } catch (thrown) {
    await close();
    throw toMediaError(thrown, 'media_unreadable', opts.signal);
  }
}
