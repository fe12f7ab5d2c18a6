import type { CredentialsFinding, GenerationRequest, Signal, WatermarkFinding } from '#contracts';
import type { TrustSettings } from '#engines/credentials';
import type { MediaInfo } from '#engines/media';

/** How far the search for a mark goes: undistorted only, scaled and flipped, or rotated as well. */
export type MarkSearch = 'identity' | 'scale' | 'full';

/** A screened image. */
export interface ScreenedImage {
  format: string;
  width: number;
  height: number;
  signals: Signal[];
}

/** A finished clip as it reads back. */
export interface Reread {
  watermark: WatermarkFinding;
  credentials: CredentialsFinding;
  /** Still pictures for lists: WebP and JPEG. */
  thumbnail: Uint8Array;
  sheet: Uint8Array;
}

/**
 * What is done to bytes, each in a sandboxed process: no network, bounded time and memory. Paths are local files.
 * Failures of a detector come back as `unable` signals; only unreadable media throws.
 */
export interface ExaminationTasks {
  /** Draws a clip with the embedded engine. */
  render: { payload: { request: GenerationRequest; toPath: string }; result: { frames: number } };
  /** Looks at every sampled frame. */
  inspect: { payload: { path: string }; result: { info: MediaInfo; frames: number; signals: Signal[] } };
  /** Writes a copy that carries the invisible mark. `key` is 64 hex digits. */
  mark: {
    payload: { input: string; output: string; key: string; releaseId: string };
    result: { frames: number; durationS: number };
  };
  /** Reads the invisible mark. */
  readMark: { payload: { path: string; keys: string[]; search: MarkSearch }; result: WatermarkFinding };
  /** Reads the content credentials. */
  readCredentials: { payload: { path: string; mime: string; trust: TrustSettings }; result: CredentialsFinding };
  /** Reads both marks of a finished clip back and takes its still pictures, in one decoding pass. */
  reread: { payload: { path: string; keys: string[]; trust: TrustSettings }; result: Reread };
  /** Checks a reference image as if it were a frame of the result. */
  screenImage: { payload: { path: string }; result: ScreenedImage };
}

/** One of {@link ExaminationTasks}, called like a function. */
export type RunTask = <K extends keyof ExaminationTasks>(
  task: K,
  payload: ExaminationTasks[K]['payload'],
  options?: { timeoutMs?: number; signal?: AbortSignal; onProgress?: (fraction: number) => void },
) => Promise<ExaminationTasks[K]['result']>;
