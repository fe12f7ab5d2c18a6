/** What a lane is asked. One request at a time; each gets one {@link LaneReply}. */
export type LaneRequest =
  | { kind: 'load'; key: string; bytes: Uint8Array; provider: string; intraOpThreads: number }
  | { kind: 'run'; key: string; data: Float32Array; shape: number[] };

/** A lane's answer. `data` is the first output of a run, in row-major order. */
export type LaneReply = { ok: true; data?: Float32Array } | { ok: false; message: string };

/** A network as every lane loads it. */
export interface LoadedModel {
  /** Same key, same bytes, provider and threads. */
  key: string;
  bytes: Uint8Array;
  provider: string;
  intraOpThreads: number;
}
