import type {
  AppliedLabel,
  CredentialsFinding,
  FaceSighting,
  FaceTaken,
  GenerationRequest,
  LabelProfile,
  ModelRef,
  ScreenText,
  Signal,
  Still,
  VideoFingerprint,
  WatermarkFinding,
} from '#contracts';
import type { TrustSettings } from '#engines/credentials';
import type { Laid, QueryFrame, SmallFrame, SoundFingerprint } from '#engines/fingerprint';
import type { LivenessSample } from '#engines/liveness';
import type { JpegStill, MediaInfo } from '#engines/media';
import type { Failed, SpeechSegments } from '#engines/speech';
import type { WindowReading } from '#engines/watermark';
import type { Outcome } from './look/part.js';

/** How far the search for a mark goes: undistorted only, scaled and flipped, or rotated as well. */
export type MarkSearch = 'identity' | 'scale' | 'full';

/** A screened image. */
export interface ScreenedImage {
  format: string;
  width: number;
  height: number;
  signals: Signal[];
  /** Everybody in it, when faces were asked for. */
  faces: { state: 'looked'; seen: FaceSighting[] } | { state: 'unable'; reason: string };
  templates: SeenTemplate[];
}

/** What a clip is recognised by, in the stored forms of `#engines/fingerprint`. */
export interface Prints {
  picture: Uint8Array;
  /** Null when there is no sound track. */
  sound: Uint8Array | null;
  /** Seconds of the longer track. */
  durationS: number;
}

/** The pictures of a file that somebody asks about. Seconds are those of the file. */
export interface TracedPictures {
  /** Where they end, as decoded. */
  endS: number;
  /** Seconds that the header claims for the file; 0 when it is silent. */
  claimedS: number;
  /** Where frames should have been and none could be decoded. */
  holes: { startS: number; endS: number }[];
  /** What the mark says stretch by stretch; empty when none was found anywhere. */
  windows: WindowReading[];
  /** About eight a second. */
  frames: QueryFrame[];
  /** Where the marked picture is not the whole frame: how it lies, in frames of `size`, and the frames of the first half minute. */
  displaced: { laid: Laid; size: { width: number; height: number }; frames: SmallFrame[] } | null;
}

/** What was read from a file that somebody asks about. */
export interface Traced {
  /** What the container says of itself; null when it could not be opened. */
  info: MediaInfo | null;
  watermark: Outcome<WatermarkFinding>;
  picture: Outcome<TracedPictures>;
  /** Null when there is no sound track. */
  sound: Outcome<{ endS: number; fingerprint: SoundFingerprint } | null>;
}

/** A finished clip as it reads back. */
export interface Reread {
  watermark: WatermarkFinding;
  credentials: CredentialsFinding;
  /** Still pictures for lists: WebP and JPEG. */
  thumbnail: Uint8Array;
  sheet: Uint8Array;
  prints: Prints;
}

/** What a face is recognised by; sealed or forgotten by whoever receives it, never written into a decision. */
export interface SeenTemplate {
  /** Id of the {@link FaceSighting}. */
  face: string;
  /** As `encodeTemplate` of `#engines/faces` wrote it. */
  bytes: Uint8Array;
}

/** The one large face of a picture, or why there is no template of it. */
export interface PortraitFace {
  face: FaceTaken;
  /** As `encodeTemplate` of `#engines/faces` wrote it: seal it. Null unless `face` is `taken`. */
  template: { model: string; bytes: Uint8Array } | null;
}

/** Everything that was seen and heard in a clip inside the sandbox. */
export interface Looked {
  info: MediaInfo;
  /** Frames that were looked at. */
  frames: number;
  /** Seconds that were decoded. */
  durationS: number;
  /** Findings of every detector; one that failed is `unable`. */
  signals: Signal[];
  texts: ScreenText[];
  faces: FaceSighting[];
  templates: SeenTemplate[];
  fingerprint: VideoFingerprint;
  /** Speech with its sound, not yet written down; null when there is no sound track. */
  speech: SpeechSegments | Failed | null;
  stills: (Still & { blurred: Uint8Array; clear: Uint8Array })[];
  /** Frames for remote moderation, as many as were asked for; JPEG. */
  images: { timeS: number; jpeg: Uint8Array }[];
  provider: string;
  models: ModelRef[];
  /** Milliseconds per part. */
  timings: Record<string, number>;
}

/** What was seen and heard in the recording of somebody who enrols. Biometric throughout: seal it or forget it. */
export interface EnrolmentLook {
  /** Seconds, as decoded. */
  durationS: number;
  /** False when something was damaged, missing or cut off. */
  complete: boolean;
  observations: LivenessSample[];
  /** Templates at several moments, as `encodeTemplate` writes them. */
  views: { timeS: number; template: Uint8Array }[];
  /** Seconds of scene changes. */
  cuts: number[];
  /** Lines that were read; null when nobody could. */
  texts: string[] | null;
  /** Null when there is no sound that could be listened to. */
  speech: SpeechSegments | null;
  /** The one who is seen most, from the best views; `under18` is the greatest share of anybody in it. Null: none usable. */
  face: { model: string; template: Uint8Array; under18: number } | null;
  /** Why a face could not be used. */
  faceUnable: string | null;
  /** The head in the best view, JPEG. */
  portrait: Uint8Array | null;
  /** 32-bit floats, little-endian; null without a speaker model or enough speech. */
  voice: { model: string; template: Uint8Array } | null;
}

/**
 * What is done to bytes, each in a sandboxed process: no network, bounded time and memory. Paths are local files.
 * Failures of a detector come back as `unable` signals; only unreadable media throws.
 */
export interface ExaminationTasks {
  /** Draws a clip with the embedded engine. */
  render: { payload: { request: GenerationRequest; toPath: string }; result: { frames: number } };
  /** Looks at and listens to a finished clip. @param images most frames to give back for remote moderation */
  inspect: { payload: { path: string; images?: number }; result: Looked };
  /** Writes a copy that carries the label, if there is one, and the invisible mark over it. `key` is 64 hex digits. */
  mark: {
    payload: { input: string; output: string; key: string; releaseId: string; label?: LabelProfile };
    result: { frames: number; durationS: number; label?: AppliedLabel };
  };
  /** Reads the invisible mark. */
  readMark: { payload: { path: string; keys: string[]; search: MarkSearch }; result: WatermarkFinding };
  /** Reads the content credentials. */
  readCredentials: { payload: { path: string; mime: string; trust: TrustSettings }; result: CredentialsFinding };
  /** The manifest store of a file, for the bundle of a report; null when none can be read. */
  manifestStore: { payload: { path: string; mime: string; trust: TrustSettings }; result: Uint8Array | null };
  /** Takes the prints of a clip. */
  fingerprints: { payload: { path: string }; result: Prints };
  /** Reads the mark and the prints of a file that somebody asks about, as a whole and stretch by stretch. */
  trace: { payload: { path: string; keys: string[]; search: MarkSearch }; result: Traced };
  /** Reads both marks of a finished clip back, takes its still pictures and its prints; each track is decoded once. */
  reread: { payload: { path: string; keys: string[]; trust: TrustSettings }; result: Reread };
  /** Pictures of single moments. @param when ascending seconds, or a number of moments spread over the clip */
  stills: { payload: { path: string; when: number[] | number; width: number }; result: JpegStill[] };
  /** Checks a reference image as if it were a frame of the result. @param faces looks at the faces in it too */
  screenImage: { payload: { path: string; faces?: boolean }; result: ScreenedImage };
  /** Takes the template of the one large face of a picture. */
  portrait: { payload: { path: string }; result: PortraitFace };
  /** Looks at the recording of somebody who enrols. @param mirrored whether its pictures are mirror images */
  enrol: { payload: { path: string; mirrored: boolean }; result: EnrolmentLook };
}

/** One of {@link ExaminationTasks}, called like a function. */
export type RunTask = <K extends keyof ExaminationTasks>(
  task: K,
  payload: ExaminationTasks[K]['payload'],
  options?: { timeoutMs?: number; signal?: AbortSignal; onProgress?: (fraction: number) => void },
) => Promise<ExaminationTasks[K]['result']>;
