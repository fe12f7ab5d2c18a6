/** Values of one input or output of a network, row by row. */
export interface Tensor {
  /** `int64` for shapes and sampling rates; everything else is `float32`. */
  data: Float32Array | BigInt64Array;
  /** For example `[n, 224, 224, 3]`; empty for a scalar. */
  shape: readonly number[];
}

/** Inputs or outputs of a network by name. */
export type Tensors = Record<string, Tensor>;

/** What a lane is asked. One request at a time; each gets one {@link LaneReply}. */
export type LaneRequest =
  ({ kind: 'load' } & LoadedModel) | { kind: 'run'; key: string; feeds: Tensors; outputs: readonly string[] | null };

/** What a network calls its inputs and outputs, in the order of the file. */
export interface Names {
  inputs: readonly string[];
  outputs: readonly string[];
}

/** A lane's answer: names after a load, outputs after a run. */
export type LaneReply = { ok: true; names?: Names; results?: Tensors } | { ok: false; message: string };

/** A network as every lane loads it. */
export interface LoadedModel {
  /** Same key, same bytes, provider and threads. */
  key: string;
  bytes: Uint8Array;
  provider: string;
  intraOpThreads: number;
  /** Whether freed memory is kept for the next run. */
  arena: boolean;
}
