/** What a decoder may be made to do by one file. Checked on the header and again while decoding. */
export interface MediaLimits {
  /** Largest width in pixels. Default 4096. */
  maxWidth: number;
  /** Largest height in pixels. Default 4096. */
  maxHeight: number;
  /** Longest duration in seconds. Default 120. */
  maxDurationS: number;
  /** Most video frames decoded. Default 7200. */
  maxFrames: number;
}

/** The limits used where a call names none. */
export const defaultMediaLimits: MediaLimits = {
  maxWidth: 4096,
  maxHeight: 4096,
  maxDurationS: 120,
  maxFrames: 7200,
};

/** What the header of a clip says; nothing has been decoded. */
export interface MediaInfo {
  /** FFmpeg's short name of the demuxer, for example `mov,mp4,m4a,3gp,3g2,mj2`. */
  container: string;
  /** Seconds; 0 when the container does not say. */
  durationS: number;
  /** File size in bytes. */
  bytes: number;
  /** The main video track (the one every call works on); `width` and `height` are coded (before rotation), `rotationDeg` is clockwise 0..359; `fps` is the mean, 0 when unknown. */
  video: { codec: string; width: number; height: number; fps: number; rotationDeg: number } | null;
  /** The main audio track. */
  audio: { codec: string; sampleRate: number; channels: number } | null;
}

/** One upright picture. */
export interface Frame {
  /** Number of the frame in the clip, from 0, counted in presentation order. */
  index: number;
  /** Seconds from the first frame of the clip. */
  timeS: number;
  width: number;
  height: number;
  /** Packed RGB, 8 bit, rows from the top, `width * height * 3` bytes; the receiver owns it. */
  rgb: Uint8Array;
  /** Why this frame was chosen. */
  why: 'first' | 'regular' | 'scene' | 'last' | 'dense';
}

/** The luma of one picture, upright. */
export interface LumaFrame {
  /** Number of the frame in the clip, from 0, counted in presentation order. */
  index: number;
  /** Seconds from the first frame of the clip. */
  timeS: number;
  width: number;
  height: number;
  /** 8-bit luma, tight, `width * height` bytes; the receiver owns it. */
  data: Uint8Array;
}

/** Options common to all calls that open a clip. */
export interface ReadOptions {
  limits?: Partial<MediaLimits>;
  signal?: AbortSignal;
}

/** Options of `sampleFrames`. */
export interface SampleOptions extends ReadOptions {
  /** Regular frames per second of clip. Default 2. */
  perSecond?: number;
  /** Also give the first frame after every hard cut. Default true. */
  sceneChanges?: boolean;
  /** Give at most this many frames; the first and the last are always among them. Default: no limit. */
  maxFrames?: number;
  /** Scale down so that the longer side has at most this many pixels. Default: the size of the clip. */
  maxSide?: number;
}

/** Options of `watchClip`. */
export interface WatchOptions extends ReadOptions {
  /** Regular frames per second of clip. Default 2. */
  perSecond?: number;
  /** Frames after cuts, beyond the regular ones, per second of clip. Default 2. */
  cutsPerSecond?: number;
  /** Frames in all; the first and the last are always among them. Default 482: four a second over 120 s. */
  maxFrames?: number;
  /** Longer side of the frames in pixels at most. Default 1920. */
  maxSide?: number;
  /** Width in pixels of the luma that `onLuma` gets; the height follows the picture. Default 160. */
  lumaWidth?: number;
}

/** A frame of `watchClip`. */
export interface WatchedFrame extends Frame {
  /** A hard cut lies between this frame and the one given before (or at this frame); false for the first. */
  newShot: boolean;
}

/** What `watchClip` calls, each awaited before decoding goes on: at most one frame is waiting at a time. */
export interface Watchers {
  /** The frames to look at: regular ones, the first after a cut, first and last, in order. */
  onFrame?: (frame: WatchedFrame) => void | Promise<void>;
  /** Every decoded frame, small, upright, area averaged; `cut`: it starts a new shot. Comes before `onFrame`. */
  onLuma?: (luma: LumaFrame, cut: boolean) => void | Promise<void>;
  /** The sound as `decodeAudio` gives it by default: 16 kHz mono, in blocks, interleaved with the pictures as in the file. */
  onAudio?: (block: AudioBlock) => void | Promise<void>;
}

/** When each frame of a clip stands where; made by `watchClip` for `denseFrames`. */
export interface Timeline {
  /** Seconds from the first frame, by frame number. */
  timesS: Float64Array;
  /** Times as the file states them, in its own unit, by frame number. */
  pts: BigInt64Array;
  /** Numbers of the frames at which decoding can start, ascending. */
  keys: number[];
  /** False when the file's times cannot tell frames apart, so that only decoding from the start finds them. */
  seekable: boolean;
}

/** What one pass over a clip came to. A clip that is not `complete` must not be taken for clean. */
export interface WatchSummary {
  info: MediaInfo;
  decodedFrames: number;
  /** Frames given to `onFrame`. */
  sampledFrames: number;
  /** Hard cuts found, given or not. */
  cuts: number;
  /** Seconds from the first frame to the end of the last, as decoded. */
  durationS: number;
  /** Seconds that the header claims for the pictures (for the whole clip where it does not say); 0 when silent. */
  claimedS: number;
  /** Pictures that the header claims, or null when silent. */
  claimedFrames: number | null;
  /** Packets and pictures that were missing, cut off, refused or patched up by the decoder. */
  damaged: number;
  /** Frames whose time had to be made up. */
  retimed: number;
  /** A bound kept frames back that would have been looked at otherwise. */
  capped: boolean;
  /**
   * Nothing damaged, the file not cut off, and as many frames and seconds as the header claims (a quarter of a second
   * of grace; where the header speaks of the whole clip, sound counts).
   */
  complete: boolean;
  /** `unread`: there was no `onAudio`. `failed`: the track could not be decoded at all, and why. */
  sound: { state: 'unread' | 'none' | 'decoded' | 'failed'; damaged: number; reason?: string };
  timeline: Timeline;
}

/** A stretch of a clip in seconds from the first frame; both ends belong to it. */
export interface TimeSpan {
  fromS: number;
  toS: number;
}

/** Options of `denseFrames`. */
export interface DenseOptions extends ReadOptions {
  /** Of the same file, from `watchClip`. */
  timeline: Timeline;
  /** Frames in all; when the spans hold more, they are spread over them. Default 240. */
  maxFrames?: number;
  /** Longer side of the frames in pixels at most. Default 1920. */
  maxSide?: number;
}

/** Options of `decodeLuma`. */
export interface LumaOptions extends ReadOptions {
  /** Scale so that the shorter side has this many pixels (area filter). Default: the size of the clip. */
  shortSide?: number;
  /** Give every n-th frame, counted from the first one at or after `startS`. Default 1. */
  every?: number;
  /** Give at most this many frames. */
  maxFrames?: number;
  /** Seconds from the first frame; earlier frames are skipped. */
  startS?: number;
  /** Seconds from the first frame; decoding stops at the first frame at or after it. */
  endS?: number;
}

/**
 * Changes the luma of one frame in place.
 * @param luma 8-bit luma, tight, `width * height` bytes; valid only during the call
 * @param index number of the frame from 0
 * @param timeS seconds from the first frame
 */
export type MarkLuma = (luma: Uint8Array, width: number, height: number, index: number, timeS: number) => void;

/** Options of `decodeAudio`. */
export interface AudioOptions extends ReadOptions {
  /** Hz. Default 16000. */
  sampleRate?: number;
  /** Default 1 (channels are mixed down). */
  channels?: 1 | 2;
}

/** A stretch of sound. */
export interface AudioBlock {
  /** Seconds from the start of the clip. */
  timeS: number;
  sampleRate: number;
  channels: 1 | 2;
  /** Interleaved, -1..1; the receiver owns it. */
  samples: Float32Array;
}

/** A grey drawing to lay over a picture. All four numbers are even, as 4:2:0 needs, and in pixels. */
export interface GreyPatch {
  left: number;
  top: number;
  width: number;
  height: number;
  /** 0 black to 255 white, `width * height` bytes. */
  grey: Uint8Array;
  /** 0 clear to 255 solid, `width * height` bytes. */
  alpha: Uint8Array;
}

/** The drawings that lie over a picture. @param timeS seconds from the first frame */
export type Overlay = (timeS: number) => readonly GreyPatch[];

/** Options of `rewriteLuma`. */
export interface RewriteOptions extends ReadOptions {
  /** Asked once, with the size of the pictures as they will be written; drawn before the luma is changed. */
  overlay?: (width: number, height: number) => Promise<Overlay>;
  /** x264 constant rate factor 0..51. Default 18. */
  crf?: number;
  /** x264 preset. Default `veryfast`. */
  preset?: string;
  /** Encoder threads; part of what the bytes depend on. Default 2. */
  threads?: number;
  /** Called with 0..1 while working. */
  onProgress?: (fraction: number) => void;
}

/** What `openClipWriter` makes. */
export interface ClipFormat {
  /** Pixels, even. */
  width: number;
  /** Pixels, even. */
  height: number;
  /** Frames per second. */
  fps: number;
  /** Present when the clip has sound. */
  audio?: { sampleRate: number; channels: 1 | 2 };
  /** x264 constant rate factor 0..51. Default 18. */
  crf?: number;
  /** x264 preset. Default `veryfast`. */
  preset?: string;
  /** Encoder threads; part of what the bytes depend on. Default 2. */
  threads?: number;
}

/** Writes one clip; calls must not overlap. */
export interface ClipWriter {
  /** Adds one picture: packed RGB24, `width * height * 3` bytes. */
  writeRgb(rgb: Uint8Array): Promise<void>;
  /** Adds sound: interleaved samples -1..1 in any amount. */
  writeAudio(samples: Float32Array): Promise<void>;
  /** Writes what is left and finishes the file. Without it the file is not playable. */
  close(): Promise<void>;
}

/** Options of `transcode`. */
export interface TranscodeOptions extends ReadOptions {
  /** Constant rate factor of the codec. Default 23 (h264, hevc), 32 (av1, vp9). */
  crf?: number;
  /** Scale so that the shorter side has this many pixels. */
  shortSide?: number;
  /** Constant frame rate of the result. Default: the frame times of the input. */
  fps?: number;
  /** Default `h264`. */
  codec?: 'h264' | 'hevc' | 'av1' | 'vp9';
  dropAudio?: boolean;
}

/** Limits of `checkImage`. */
export interface ImageLimits {
  /** Default 40 million. */
  maxPixels?: number;
  /** Default 50 MiB. */
  maxBytes?: number;
}
