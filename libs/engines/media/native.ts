// Only the low-level half of node-av is loaded: its high-level Demuxer needs Promise.withResolvers (Node 22) and
// otherwise ends silently with zero frames.
import { AV_CHANNEL_LAYOUT_MONO, AV_CHANNEL_LAYOUT_STEREO, AV_LOG_QUIET } from 'node-av/constants';
import { FFmpegError, Log, type ChannelLayout } from 'node-av/lib';

// FFmpeg writes to stderr by itself; what matters comes back as return codes.
Log.setLevel(AV_LOG_QUIET);

/** Throws FFmpeg's own text when `code` is an error; returns it otherwise. */
export function must(code: number, what: string): number {
  if (code < 0) throw new Error(errorText(code, what));
  return code;
}

/** What failed, with FFmpeg's own words for the code. */
export function errorText(code: number, what: string): string {
  return `${what}: ${FFmpegError.strerror(code)} (${code})`;
}

/** The value, or an error when FFmpeg gave none. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value == null) throw new Error(`${what} is not there`);
  return value;
}

/** Runs every step even when one throws: native objects must be freed on all paths. */
export async function freeAll(...steps: (() => unknown)[]): Promise<void> {
  for (const step of steps) {
    try {
      await step();
    } catch {
      // A failed free has no remedy, and must not hide the first error.
    }
  }
}

/** FFmpeg's native mono or stereo layout. */
export function channelLayout(channels: 1 | 2): ChannelLayout {
  return channels === 1 ? AV_CHANNEL_LAYOUT_MONO : AV_CHANNEL_LAYOUT_STEREO;
}

export {
  AVCOL_PRI_UNSPECIFIED,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_UNSPECIFIED,
  AVCOL_TRC_ARIB_STD_B67,
  AVCOL_TRC_SMPTE2084,
  AVDISCARD_ALL,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVERROR_INVALIDDATA,
  AVMEDIA_TYPE_AUDIO,
  AVMEDIA_TYPE_VIDEO,
  AVSEEK_FLAG_BACKWARD,
  AV_BUFFERSRC_FLAG_KEEP_REF,
  AV_CODEC_FLAG_BITEXACT,
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_ID_AAC,
  AV_DISPOSITION_ATTACHED_PIC,
  AV_FRAME_FLAG_CORRUPT,
  AV_FRAME_FLAG_KEY,
  AV_NOPTS_VALUE,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
  AV_PKT_DATA_DISPLAYMATRIX,
  AV_PKT_FLAG_CORRUPT,
  AV_SAMPLE_FMT_FLT,
  AV_SAMPLE_FMT_FLTP,
  AV_TIME_BASE,
  type AVPixelFormat,
} from 'node-av/constants';
export {
  Codec,
  CodecContext,
  Dictionary,
  FilterGraph,
  FormatContext,
  Frame as NativeFrame,
  InputFormat,
  Packet,
  Rational,
  avGetCodecName,
  avGetPixFmtName,
  type FilterContext,
  type Stream,
} from 'node-av/lib';
