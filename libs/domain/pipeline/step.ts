import type { Clip } from '#platform/database';
import type { ActiveState } from '#domain/gate';
import type { Move } from '#domain/gate';

/** One step of the gate. Doing it twice must do no harm: only the first to finish moves the clip. */
export interface Step {
  /** Name in timings and metrics. */
  readonly name: string;
  /** States in which there is something to do. */
  readonly from: readonly ActiveState[];
  /** Starts after which it is given up; 8 unless said. */
  readonly mostStarts?: number;
  /** Does the work and says where the clip goes. Anything thrown is tried again, or given to `fail`. */
  work(clip: Clip): Promise<Move>;
  /** Where the clip goes when the work cannot be done: never further along the way (invariant 2). */
  fail(clip: Clip, error: unknown): Move | Promise<Move>;
}
